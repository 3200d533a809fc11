/**
 * The names inside answers, as the rules count them: PTR names and MX hosts, deduplicated, bounded and in a settled order.
 * Promises: never throws, whatever the records hold; what is shown is printable ASCII.
 */
import { isHostName } from '../net/domain.ts'
import type { Answer } from './answer.ts'

/** POLICY, Gathering evidence: more names than these are ignored. */
export const MAX_PTR_NAMES = 10
export const MAX_MX_HOSTS = 5

/** Lower case, without the final dot (an escaped dot is part of its label; the root is "."), other octets than printable ASCII as \DDD (RFC 1035 §5.1). */
export function recordName(text: string): string {
  const name = text.length > 1 && text.endsWith('.') && !/(?<!\\)(?:\\\\)*\\\.$/.test(text) ? text.slice(0, -1) : text
  return name.replace(/[^\x21-\x7e]/g, escapeCharacter).toLowerCase()
}

function escapeCharacter(character: string): string {
  return `\\${String(Math.min(character.charCodeAt(0), 999)).padStart(3, '0')}`
}

/** The first 10 PTR names in the order received; a name that is repeated (in any case) counts once. */
export function ptrNamesOf(answer: Answer | undefined): readonly string[] {
  if (answer?.status !== 'found') return []
  return distinct(answer.records.map(recordName)).slice(0, MAX_PTR_NAMES)
}

/** The first 5 MX hosts by preference (then by name, so that rotated answers give one verdict). A null MX (RFC 7505) is no MX. */
export function mxHostsOf(answer: Answer | undefined): readonly string[] {
  if (answer?.status !== 'found') return []
  const exchanges = answer.records.map((record) => {
    const space = record.indexOf(' ')
    return { preference: Number(record.slice(0, space)), host: recordName(record.slice(space + 1)) }
  })
  const ordered = exchanges
    .filter(({ host }) => host !== '.' && host !== '')
    .sort((a, b) => a.preference - b.preference || (a.host < b.host ? -1 : a.host > b.host ? 1 : 0))
  return distinct(ordered.map(({ host }) => host)).slice(0, MAX_MX_HOSTS)
}

/** Whether a name out of an answer may be asked for (POLICY: a name is validated before it is asked). */
export function canBeAsked(name: string): boolean {
  return isHostName(name)
}

function distinct(names: readonly string[]): string[] {
  return [...new Set(names)]
}
