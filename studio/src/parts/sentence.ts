/** Words of the server with a stop at their end. */
export function stopped(words: string): string {
  const text = words.trim()
  return !text || /[.!?…:]$/.test(text) ? text : `${text}.`
}

/** Words of the server as a sentence: with a capital at its beginning, too. */
export function sentence(words: string): string {
  const text = stopped(words)
  return text.charAt(0).toUpperCase() + text.slice(1)
}
