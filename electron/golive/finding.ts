/** One finding of the wizard in a line of code; what others said is escaped. */
import type { Finding } from '../../shared/golive.ts'
import { visibleText } from '../../shared/net/safetext.ts'

/** `todo`: what to do; `lines`: to type or to paste. */
export function finding(id: string, state: Finding['state'], says: string, todo: string | null = null, lines: readonly string[] = []): Finding {
  return { id, state, says: visibleText(says, 1000), todo, lines: lines.map((line) => visibleText(line, 1000)) }
}

/** As `finding`, where no answer came: nothing is known to be wrong. */
export function unsure(id: string, says: string, todo: string | null = null): Finding {
  return { ...finding(id, 'warning', says, todo), unsure: true }
}
