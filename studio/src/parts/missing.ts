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

/** Puts the cursor into the first field that says that it is wrong, once that is drawn. */
export function goToWrong(within: Element | null): void {
  requestAnimationFrame(() =>
    requestAnimationFrame(() => within?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()),
  )
}
