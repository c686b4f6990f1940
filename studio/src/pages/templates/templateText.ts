import type { Json } from '../../api/types'

export type TemplateDocument = Record<string, Json>

/** The sentences of a template with slots: texts, or texts with how many are to be made of each. */
export function slotTexts(document: TemplateDocument): string[] {
  const items = Array.isArray(document.items) ? document.items : []
  return items.map((one) => {
    if (one && typeof one === 'object' && !Array.isArray(one)) return String(one.text ?? one.template ?? '')
    return String(one)
  })
}

/** The line that stands for a template in a list. */
export function firstText(document: TemplateDocument): string {
  if (typeof document.prompt === 'string') return document.prompt.split('\n')[0] ?? ''
  return slotTexts(document)[0] ?? String(document.description ?? '')
}

/** The variables of a text, each once: those in braces. */
export function variablesOf(text: string): string[] {
  return [...new Set([...text.matchAll(/\{([A-Za-z_][A-Za-z0-9_ ]*)\}/g)].map((found) => found[1] ?? ''))]
}

/** Every text of a document together. */
export function allText(document: TemplateDocument): string {
  const { prompt, system } = document
  return [prompt, system, ...slotTexts(document)].filter((one) => typeof one === 'string').join('\n')
}
