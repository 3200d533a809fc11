/** Where a person's mail address is forgotten, with the field in focus. */
import type { ChangeRoute } from '../useroute.ts'

export function openForget(change: ChangeRoute): void {
  change({ page: 'reports', session: null })
  focusWhenThere(60)
}

/** The page may still be loading what stands above it. */
function focusWhenThere(tries: number): void {
  requestAnimationFrame(() => {
    const field = document.getElementById('forget')
    if (field !== null) field.focus()
    else if (tries > 0) focusWhenThere(tries - 1)
  })
}
