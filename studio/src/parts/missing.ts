import { useState } from 'react'

/** A form whose button can always be pressed: what is missing is said beside its field, and the first such field is gone to. */
export function useMissing() {
  const [pressed, setPressed] = useState(false)
  return {
    /** What to say beside a field that is empty; nothing before the button was pressed. */
    said: (value: string | null | undefined, sentence: string): string | undefined =>
      pressed && !value?.trim() ? sentence : undefined,
    /** Whether all of these are there; else it is shown within `form` what is not. */
    complete: (form: Element | null, ...needed: (string | null | undefined)[]): boolean => {
      const whole = needed.every((value) => value?.trim())
      setPressed(!whole)
      if (!whole) goToWrong(form)
      return whole
    },
  }
}

/** Puts the cursor into the first field that says that it is wrong, once that is drawn; on another tab, if it is there. */
export function goToWrong(within: Element | null): void {
  drawn(() => {
    const found = wrongField(within)
    if (found) return found.focus()
    within?.querySelector<HTMLElement>('[role="tab"][data-wrong]')?.click()
    drawn(() => wrongField(within)?.focus())
  })
}

/** The first field of a form that says that it is wrong; of rows that are wrong as a whole the first of all. */
export function wrongField(within: Element | null): HTMLElement | null {
  const said = within?.querySelector<HTMLElement>('[aria-invalid="true"], .mantine-InputWrapper-error')
  if (!said || said.matches('[aria-invalid]')) return said ?? null
  const all = said.closest('.mantine-InputWrapper-root')
  return all?.querySelector<HTMLElement>('input, textarea, button') ?? null
}

function drawn(then: () => void): void {
  requestAnimationFrame(() => requestAnimationFrame(then))
}
