/** Names: which ones are host names, and how they are compared (case and a final dot do not matter). */

const LABEL = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/i

/** LDH labels and underscore, at most 63 and 253 octets, none beginning or ending with a hyphen (POLICY, Gathering evidence). One label is enough; a final dot is allowed. */
export function isHostName(text: string): boolean {
  const name = text.endsWith('.') ? text.slice(0, -1) : text
  return name.length <= 253 && name.split('.').every((label) => LABEL.test(label))
}

/** Lower case, without the final dot. */
export function canonicalName(text: string): string {
  return (text.endsWith('.') ? text.slice(0, -1) : text).toLowerCase()
}

/** Whether `name` is `parent` or below it; both canonical. */
export function isAtOrBelow(name: string, parent: string): boolean {
  return name === parent || name.endsWith(`.${parent}`)
}
