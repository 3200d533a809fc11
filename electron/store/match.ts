/**
 * What the filters of `porch sessions` mean, once, for the real store and its double: a test of one record, and the words
 * ("terms") by which the store rules out whole blocks without reading them. A record that matches always has the terms.
 */
import { DISPOSITIONS } from '../../shared/events.ts'
import type { SessionRecord } from '../../shared/events.ts'
import { canonicalName, isAtOrBelow, isHostName } from '../../shared/net/domain.ts'
import { contains, networkOf, parseAddress, parseNetwork } from '../../shared/net/ip.ts'
import type { Address, Network } from '../../shared/net/ip.ts'
import type { SessionFilter } from '../ports.ts'

export interface Query {
  /** Lower-case texts that the JSON of a matching record contains, whatever its case: records without them need not be parsed. */
  readonly needles: readonly string[]
  /** All groups must hold; of one group any term. */
  readonly groups: readonly (readonly string[])[]
  readonly matches: (session: SessionRecord) => boolean
  /** ISO time compared as ms; sessions that began earlier do not match. */
  readonly since: number
}

type Part = Pick<Query, 'groups' | 'matches'> & { readonly needle?: string }

/** Address prefixes that have a term of their own. */
const LEVELS = { 4: [32, 24, 16, 8], 6: [128, 64, 48, 32] } as const

/** `wide`: free text is looked for anywhere in the record, not only as an address or name. */
export function compileFilter(filter: SessionFilter, wide = false): Query {
  const parts: Part[] = []
  if (filter.client !== undefined) parts.push(clientPart(filter.client))
  if (filter.name !== undefined) parts.push(namePart(filter.name))
  if (filter.rcpt !== undefined) parts.push(mailPart(filter.rcpt, 'r', recipientsOf))
  if (filter.sender !== undefined) parts.push(mailPart(filter.sender, 's', sendersOf))
  if (filter.disposition !== undefined) parts.push(dispositionPart(filter.disposition))
  if (filter.text !== undefined && filter.text.trim() !== '') parts.push(wide ? widePart(filter.text.trim()) : textPart(filter.text.trim()))
  const since = filter.since === undefined ? Number.NEGATIVE_INFINITY : Date.parse(filter.since)
  return {
    needles: parts.flatMap((part) => (part.needle !== undefined && PLAIN.test(part.needle) ? [part.needle] : [])),
    groups: parts.flatMap((part) => part.groups),
    matches: (session) => (filter.since === undefined || Date.parse(session.at) >= since) && parts.every((part) => part.matches(session)),
    since,
  }
}

/** Characters that JSON writes as they are. */
const PLAIN = /^(?:[\x20-\x7e](?<![\\]))+$/

const NOTHING: Part = { groups: [['never']], matches: () => false }

function clientPart(text: string): Part {
  const network = parseNetwork(text.trim())
  if (network === null) return NOTHING
  return {
    groups: addressGroups(network),
    ...(network.prefix === 32 && network.address.family === 4 ? { needle: network.text } : {}),
    matches: (session) => {
      const address = parseAddress(session.client)
      return address !== null && contains(network, address)
    },
  }
}

function addressGroups(network: Network): string[][] {
  const level = LEVELS[network.address.family].find((prefix) => prefix <= network.prefix)
  return level === undefined ? [] : [[addressTerm(network.address, level)]]
}

function addressTerm(address: Address, prefix: number): string {
  return `c:${prefix}:${networkOf(address, prefix).address.text}`
}

function namePart(text: string): Part {
  const name = canonicalName(text.trim().replace(/^\*?\./, ''))
  if (name === '') return NOTHING
  return { needle: name, groups: [[`n:${name}`]], matches: (session) => namesOf(session).some((each) => isAtOrBelow(each, name)) }
}

/** "joe@shop.example" exactly; "@shop.example" its domain; "shop.example" that and below; "<>" or "" the null reverse-path. */
function mailPart(text: string, prefix: 'r' | 's', of: (session: SessionRecord) => readonly string[]): Part {
  const wanted = text.trim().toLowerCase()
  const bare = wanted === '<>' ? '' : wanted.replace(/^<(.*)>$/, '$1')
  if (bare === '' || bare.lastIndexOf('@') > 0) {
    return { needle: bare, groups: [[`${prefix}:${bare}`]], matches: (session) => of(session).some((each) => each.toLowerCase() === bare) }
  }
  const exactly = bare.startsWith('@')
  const domain = canonicalName(exactly ? bare.slice(1) : bare.replace(/^\*?\./, ''))
  if (domain === '') return NOTHING
  return {
    needle: domain,
    groups: [[`${prefix}@${domain}`]],
    matches: (session) =>
      of(session).some((each) => {
        const own = domainOf(each)
        return own === domain || (!exactly && isAtOrBelow(own, domain)) || (!exactly && each.toLowerCase() === bare)
      }),
  }
}

function dispositionPart(text: string): Part {
  if (!(DISPOSITIONS as readonly string[]).includes(text)) return NOTHING
  return { needle: `"disposition":"${text}"`, groups: [[`d:${text}`]], matches: (session) => session.disposition === text }
}

/** The console's search field: an address, network, mail address, domain or session id. */
function textPart(text: string): Part {
  if (parseNetwork(text) !== null) return clientPart(text)
  const parts = [mailPart(text, 's', sendersOf), mailPart(text, 'r', recipientsOf), idPart(text)]
  if (!text.includes('@') && isHostName(text.replace(/^\*?\./, ''))) parts.push(namePart(text))
  return { groups: [parts.flatMap((part) => part.groups.flat())], matches: (session) => parts.some((part) => part.matches(session)) }
}

function idPart(text: string): Part {
  return { needle: text.toLowerCase(), groups: [[idTerm(text)]], matches: (session) => session.id === text }
}

function widePart(text: string): Part {
  const wanted = text.toLowerCase()
  return {
    needle: wanted,
    groups: [],
    matches: (session) =>
      [session.id, session.client, ...namesOf(session), ...sendersOf(session), ...recipientsOf(session)].some((each) =>
        each.toLowerCase().includes(wanted),
      ),
  }
}

export function idTerm(id: string): string {
  return `i:${id}`
}

/** Every term of a record. Repeats within a block cost nothing. */
export function sessionTerms(session: SessionRecord, add: (term: string) => void): void {
  add(idTerm(session.id))
  add(`d:${session.disposition}`)
  const address = parseAddress(session.client)
  if (address !== null) {
    for (const prefix of LEVELS[address.family]) add(addressTerm(address, prefix))
  }
  for (const name of namesOf(session)) addWithParents('n:', name, add)
  for (const [prefix, addresses] of [['s', sendersOf(session)], ['r', recipientsOf(session)]] as const) {
    for (const each of addresses) {
      const lower = each.toLowerCase()
      add(`${prefix}:${lower}`)
      // A path without a domain (<postmaster>) is found by its bare word.
      addWithParents(`${prefix}@`, lower.includes('@') ? domainOf(lower) : canonicalName(lower), add)
    }
  }
}

/** "n:a.b.c", "n:b.c", "n:c"; a hostile name of a thousand dots has no more than 32. */
function addWithParents(prefix: string, name: string, add: (term: string) => void): void {
  add(prefix + name)
  const labels = name.split('.')
  for (let from = Math.max(1, labels.length - 32); from < labels.length; from++) add(prefix + labels.slice(from).join('.'))
}

function namesOf(session: SessionRecord): string[] {
  const names = [...session.ptrNames]
  if (session.ehlo !== null) names.push(session.ehlo)
  if (session.verifiedName !== null) names.push(session.verifiedName)
  return names.map(canonicalName)
}

function sendersOf(session: SessionRecord): readonly string[] {
  const senders = session.transactions.map((each) => each.sender)
  return session.sender === null ? senders : [...senders, session.sender]
}

function recipientsOf(session: SessionRecord): readonly string[] {
  return [...session.recipients, ...session.transactions.flatMap((each) => each.recipients.map((recipient) => recipient.address))]
}

function domainOf(address: string): string {
  const at = address.lastIndexOf('@')
  return at === -1 ? '' : canonicalName(address.slice(at + 1))
}
