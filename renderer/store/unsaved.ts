/** What was typed and not saved yet, kept over a reload of this window; not longer. */

const PREFIX = 'porch.unsaved.'

export function keptText(name: string): string | null {
  try {
    return sessionStorage.getItem(PREFIX + name)
  } catch {
    return null
  }
}

/** Null: nothing is kept of it any more. */
export function keepText(name: string, text: string | null): void {
  try {
    if (text === null) sessionStorage.removeItem(PREFIX + name)
    else sessionStorage.setItem(PREFIX + name, text)
  } catch {
    // A full or forbidden storage: a reload loses it then.
  }
}
