import { reportAnswer, reportSilence } from './online'
import { Offline, Problem } from './problem'
import type { Page, Session } from './types'
import { rememberWho, sessionToken, whoNow } from './who'

export const PREFIX = '/api/v1'

type Query = Record<string, string | number | boolean | readonly string[] | null | undefined>

interface Options {
  query?: Query
  body?: unknown
  form?: FormData
  /** The version that is edited; sent as `If-Match`. */
  version?: number | '*'
  headers?: Record<string, string>
  signal?: AbortSignal
}

/** The address of a resource; each part of the path percent-encoded. */
export function address(parts: (string | number)[], query: Query = {}): string {
  const path = parts.map((part) => encodeURIComponent(String(part))).join('/')
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (Array.isArray(value)) for (const one of value) search.append(name, one)
    else if (value !== undefined && value !== null && value !== '') search.set(name, String(value))
  }
  const tail = search.toString()
  return `${PREFIX}/${path}${tail ? `?${tail}` : ''}`
}

export function get<T>(parts: (string | number)[], options: Options = {}): Promise<T> {
  return send<T>('GET', parts, options)
}

/** All items of a list, page after page. */
export async function every<T>(parts: (string | number)[], options: Options = {}): Promise<T[]> {
  const found: T[] = []
  let cursor: string | null = ''
  while (cursor !== null) {
    const query: Query = { ...options.query, limit: 200, cursor }
    const page: Page<T> = await get(parts, { ...options, query })
    found.push(...page.items)
    cursor = page.next
  }
  return found
}

export function post<T>(parts: (string | number)[], body?: unknown, options: Options = {}): Promise<T> {
  return send<T>('POST', parts, { ...options, body })
}

export function patch<T>(parts: (string | number)[], body: unknown, options: Options = {}): Promise<T> {
  return send<T>('PATCH', parts, { ...options, body })
}

export function put<T>(parts: (string | number)[], body: unknown, options: Options = {}): Promise<T> {
  return send<T>('PUT', parts, { ...options, body })
}

export function remove<T = void>(parts: (string | number)[], options: Options = {}): Promise<T> {
  return send<T>('DELETE', parts, options)
}

export function upload<T>(parts: (string | number)[], form: FormData, options: Options = {}): Promise<T> {
  return send<T>('POST', parts, { ...options, form })
}

/** Sends something and hears the events that it is answered with, each as soon as it comes. */
export async function postEvents(
  parts: (string | number)[],
  body: unknown,
  signal: AbortSignal,
  hear: (name: string, data: unknown) => void,
): Promise<void> {
  const headers = { Accept: 'text/event-stream' }
  const answer = await reach(address(parts), request('POST', { body, headers, signal }))
  if (!answer.headers.get('Content-Type')?.startsWith('text/event-stream') || !answer.body)
    throw new Problem(answer.status, (await read(answer)) ?? notOurs(answer))
  let left = ''
  const pieces = answer.body.pipeThrough(new TextDecoderStream()).getReader()
  for (let piece = await pieces.read(); !piece.done; piece = await pieces.read()) {
    const events = (left + piece.value).split('\n\n')
    left = events.pop() ?? ''
    for (const event of events) {
      const name = /^event: (.*)$/m.exec(event)?.[1]
      const data = /^data: (.*)$/m.exec(event)?.[1]
      if (name && data) hear(name, JSON.parse(data))
    }
  }
}

async function send<T>(method: string, parts: (string | number)[], options: Options): Promise<T> {
  const answer = await reach(address(parts, options.query), request(method, options))
  if (answer.status === 204) return undefined as T
  const body = await read(answer)
  if (!body) throw new Problem(answer.status, notOurs(answer))
  if (answer.ok) return body as T
  const problem = new Problem(answer.status, body)
  if (method === 'GET' || !isOfOldSession(problem)) throw problem
  await enterAnew()
  return send<T>(method, parts, options)
}

/** The browser is in another session than this page knows of: somebody logged in in another tab. Nothing was done. */
function isOfOldSession({ status, message }: Problem): boolean {
  return status === 403 && message.startsWith('X-CSRF-Token')
}

/** Goes on in the browser's session, if it is the same person's. */
async function enterAnew(): Promise<void> {
  const [token, who] = [sessionToken(), whoNow()]
  rememberWho(await get<Session>(['session']))
  if (whoNow() === who && sessionToken() !== token) return
  throw new Problem(401, {
    detail: 'Somebody else has logged in in this browser meanwhile.',
    hint: 'What you typed is kept until you log in again.',
  })
}

function request(method: string, options: Options): RequestInit {
  const headers: Record<string, string> = { Accept: 'application/json', ...options.headers }
  if (options.body !== undefined) headers['Content-Type'] = 'application/json'
  if (options.version !== undefined)
    headers['If-Match'] = options.version === '*' ? '*' : `"${options.version}"`
  const token = sessionToken()
  if (method !== 'GET' && token) headers['X-CSRF-Token'] = token
  return {
    method,
    headers,
    body: options.form ?? (options.body === undefined ? undefined : JSON.stringify(options.body)),
    credentials: 'same-origin',
    signal: options.signal,
  }
}

/** A request that changes something is never sent twice by itself; reading is tried once more. */
async function reach(url: string, init: RequestInit): Promise<Response> {
  for (const last of init.method === 'GET' ? [false, true] : [true]) {
    try {
      const answer = await fetch(url, init)
      if (!isGateway(answer)) {
        reportAnswer()
        return answer
      }
    } catch (error) {
      if (init.signal?.aborted) throw error
    }
    if (!last) await new Promise((go) => setTimeout(go, 300))
  }
  reportSilence()
  throw new Offline(init.method === 'GET')
}

/** What stands before the server says that the server itself does not answer: silence, in other words. */
function isGateway(answer: Response): boolean {
  return [502, 503, 504].includes(answer.status) && !answer.headers.get('Content-Type')?.includes('json')
}

/** The service answers with objects only; nothing where it was somebody else. */
async function read(answer: Response): Promise<Record<string, never> | undefined> {
  try {
    const body: unknown = JSON.parse(await answer.text())
    return typeof body === 'object' && body !== null ? (body as Record<string, never>) : undefined
  } catch {
    return undefined
  }
}

/** An answer of something between: the log-in page of a proxy, or its own refusal. */
function notOurs(answer: Response): { detail: string; hint: string } {
  if (answer.status === 413)
    return {
      detail: 'This is larger than what stands before the server lets through.',
      hint: 'Send it in parts, or ask whoever runs the proxy.',
    }
  return {
    detail: `Something else than Seedbed answered${answer.ok ? '' : ` (${answer.status})`}: a proxy, or a page to log in at.`,
    hint: 'Load the page again; what you typed is kept.',
  }
}
