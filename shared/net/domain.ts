/** Names: which ones are host names, and how they are compared (case and a final dot do not matter). */

const DOT = 46
const HYPHEN = 45
const UNDERSCORE = 95

/** LDH labels and underscore, at most 63 and 253 octets, none beginning or ending with a hyphen (POLICY, Gathering evidence). One label is enough; a final dot is allowed. */
export function isHostName(text: string): boolean {
  const end = text.endsWith('.') ? text.length - 1 : text.length
  if (end > 253) return false
  let label = 0
  for (let at = 0; at <= end; at += 1) {
    const code = at === end ? DOT : text.charCodeAt(at)
    if (code === DOT) {
      if (at === label || at - label > 63 || text.charCodeAt(label) === HYPHEN || text.charCodeAt(at - 1) === HYPHEN) return false
      label = at + 1
    } else if (!isLetterOrDigit(code) && code !== HYPHEN && code !== UNDERSCORE) return false
  }
  return true
}

/** ASCII only: no fold makes another letter one of these. */
function isLetterOrDigit(code: number): boolean {
  const lower = code | 0x20
  return (code >= 48 && code <= 57) || (lower >= 97 && lower <= 122)
}

/** Lower case, without the final dot. */
export function canonicalName(text: string): string {
  return (text.endsWith('.') ? text.slice(0, -1) : text).toLowerCase()
}

/** Whether `name` is `parent` or below it; both canonical. */
export function isAtOrBelow(name: string, parent: string): boolean {
  return name === parent || name.endsWith(`.${parent}`)
}
