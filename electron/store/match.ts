/**
 * What the filters of `porch sessions` and the search field mean, once, for the real store and its double: a test of one
 * record, and the words ("terms") by which the store rules out whole blocks without reading them. A record that matches
 * always has the terms.
 */
import { DISPOSITIONS, FINDINGS } from '../../shared/events.ts'
import type { Finding, SessionRecord } from '../../shared/events.ts'
import { canonicalName, isAtOrBelow } from '../../shared/net/domain.ts'
import { contains, networkOf, ofBytes, parseAddress, parseNetwork } from '../../shared/net/ip.ts'
import type { Address, Network } from '../../shared/net/ip.ts'
import { domainOf, namesOf, recipientsOf, sendersOf } from '../../shared/search/fields.ts'
import { clueMatcher } from '../../shared/search/match.ts'
import type { Clue, Search } from '../../shared/search/query.ts'
import type { SessionFilter } from '../ports.ts'

type Terms = readonly (readonly string[])[]

export interface Query {
  /** Lower-case texts: of each group the JSON of a matching record contains one, whatever its case. Records without them need not be parsed. */
  readonly needles: Terms
  /** All groups must hold; of one group any term. */
  readonly groups: Terms
  /** Likewise, but blocks written before there were such terms do not have them. */
  readonly later: readonly Later[]
  readonly matches: (session: SessionRecord) => boolean
  /** ISO time compared as ms; sessions that began earlier do not match. */
  readonly since: number
}

/** Terms that came with a later version of the store: only blocks from the number in the mark of that name on have them. */
export interface Later {
  readonly mark: LaterMark
  readonly terms: readonly string[]
}
export type LaterMark = 'pairs' | 'findings'

interface Part {
  readonly groups: Terms
  readonly later?: Later
  readonly needles?: Terms
  readonly matches: Query['matches']
}

/** Address prefixes that have a term of their own. */
const LEVELS = { 4: [32, 24, 16, 8], 6: [128, 64, 48, 32] } as const
/** A network between two levels is looked for as the networks of the finer one, if they are no more than these. */
const FINEST_SPLIT = 64
/** Recipients by families of senders of one session that have a term each. */
const MOST_PAIRS = 100
const MANY_PAIRS = 'p:*'

export function compileFilter(filter: SessionFilter): Query {
  const parts: Part[] = []
  if (filter.client !== undefined) parts.push(clientPart(filter.client))
  if (filter.name !== undefined) parts.push(namePart(filter.name))
  if (filter.rcpt !== undefined) parts.push(mailPart(filter.rcpt, 'r', recipientsOf))
  if (filter.sender !== undefined) parts.push(mailPart(filter.sender, 's', sendersOf))
  if (filter.disposition !== undefined) parts.push(dispositionPart(filter.disposition))
  if (filter.finding !== undefined) parts.push(findingPart(filter.finding))
  if (filter.search !== undefined) parts.push(...searchParts(filter.search))
  const since = filter.since === undefined ? Number.NEGATIVE_INFINITY : Date.parse(filter.since)
  return {
    needles: parts.flatMap((part) => part.needles ?? []),
    groups: parts.flatMap((part) => part.groups),
    later: parts.flatMap((part) => part.later ?? []),
    matches: (session) => (filter.since === undefined || Date.parse(session.at) >= since) && parts.every((part) => part.matches(session)),
    since,
  }
}

/** Texts of characters that JSON writes as they are; a group with any other says nothing. */
const PLAIN = /^(?:[\x20-\x7e](?<![\\"]))+$/
function plain(...needles: readonly string[]): Terms {
  return needles.every((needle) => PLAIN.test(needle)) ? [needles] : []
}

/** How the JSON of a record begins its client's address, as far as the network fixes it octet by octet; '' for other networks. */
function clientNeedle({ address, prefix }: Network): string {
  if (address.family === 6) return prefix === 128 ? `"client":"${address.text}"` : ''
  const octets = address.bytes.slice(0, prefix >> 3)
  return octets.length === 4 ? `"client":"${address.text}"` : octets.length === 0 ? '' : `"client":"${octets.join('.')}.`
}

const NOTHING: Part = { groups: [['never']], matches: () => false }

function clientPart(text: string): Part {
  const network = parseNetwork(text.trim())
  if (network === null) return NOTHING
  return {
    groups: addressGroups(network),
    needles: [[clientNeedle(network)]],
    matches: (session) => {
      const address = parseAddress(session.client)
      return address !== null && contains(network, address)
    },
  }
}

/** The level at or above the network, and the parts of it that make up the network where they are few. */
function addressGroups(network: Network): string[][] {
  const levels = LEVELS[network.address.family]
  const level = levels.find((prefix) => prefix <= network.prefix)
  const above = level === undefined ? [] : [[addressTerm(network.address, level)]]
  if (level === network.prefix) return above
  const finer = levels.findLast((prefix) => prefix > network.prefix)
  const count = finer === undefined ? Number.POSITIVE_INFINITY : 2 ** (finer - network.prefix)
  return finer === undefined || count > FINEST_SPLIT ? above : [...above, Array.from({ length: count }, (_, index) => addressTerm(partOf(network, finer, index), finer))]
}

/** The `index`th network of that prefix length within another; they differ by less than an octet and a half. */
function partOf(network: Network, prefix: number, index: number): Address {
  const bytes = [...network.address.bytes]
  for (let bit = 0; bit < prefix - network.prefix; bit++) {
    const place = prefix - 1 - bit
    if ((index >> bit) & 1) bytes[place >> 3] = (bytes[place >> 3] ?? 0) | (0x80 >> (place & 7))
  }
  return ofBytes(bytes)
}

function addressTerm(address: Address, prefix: number): string {
  return `c:${prefix}:${networkOf(address, prefix).address.text}`
}

function namePart(text: string): Part {
  const name = canonicalName(text.trim().replace(/^\*?\./, ''))
  if (name === '') return NOTHING
  return { needles: plain(name), groups: [[`n:${name}`]], matches: (session) => namesOf(session).some((each) => isAtOrBelow(each, name)) }
}

/** "joe@shop.example" exactly; "@shop.example" its domain; "shop.example" that and below; "<>" or "" the null reverse-path. */
function mailPart(text: string, prefix: 'r' | 's', of: (session: SessionRecord) => readonly string[]): Part {
  const wanted = text.trim().toLowerCase()
  const bare = wanted === '<>' ? '' : wanted.replace(/^<(.*)>$/, '$1')
  if (bare === '' || bare.lastIndexOf('@') > 0) {
    return { needles: plain(bare), groups: [[`${prefix}:${bare}`]], matches: (session) => of(session).some((each) => each.toLowerCase() === bare) }
  }
  const exactly = bare.startsWith('@')
  const domain = canonicalName(exactly ? bare.slice(1) : bare.replace(/^\*?\./, ''))
  if (domain === '') return NOTHING
  return {
    needles: plain(domain),
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
  return { needles: [[`"disposition":"${text}"`]], groups: [[`d:${text}`]], matches: (session) => session.disposition === text }
}

function findingPart(text: string): Part {
  const finding = FINDINGS.find((known) => known === text)
  if (finding === undefined) return NOTHING
  return { needles: [[`"${finding}"`]], groups: [], later: { mark: 'findings', terms: [findingTerm(finding)] }, matches: (session) => session.findings.includes(finding) }
}

function findingTerm(finding: Finding): string {
  return `f:${finding}`
}

function searchParts(search: Search): Part[] {
  const pairs = pairTerms(search)
  return search.groups.map((group, index): Part => {
    const matchers = group.map(clueMatcher)
    const terms = group.map(clueTerms)
    return {
      needles: needlesOf(group),
      // A part of a word has no term: then the group rules nothing out.
      groups: terms.some((each) => each.length === 0) ? [] : conjoined(terms),
      ...(index === 0 && pairs !== null ? { later: { mark: 'pairs', terms: pairs } } : {}),
      matches: (session) => matchers.some((matches) => matches(session)),
    }
  })
}

/** Any of the clues, each of which is a conjunction: exact for one clue, else by the last (narrowest) condition of each. */
function conjoined(terms: readonly Terms[]): Terms {
  const [only] = terms
  if (terms.length === 1 && only !== undefined) return only
  return [terms.flatMap((each) => each.at(-1) ?? [])]
}

function needlesOf(group: readonly Clue[]): Terms {
  const needles = group.flatMap((clue) => {
    switch (clue.kind) {
      case 'network': {
        const network = parseNetwork(clue.network)
        return [network === null ? '' : clientNeedle(network)]
      }
      case 'session': return plain(clue.id)[0] ?? ['']
      case 'mailbox': return plain(clue.mailbox)[0] ?? ['']
      case 'domain': return plain(clue.domain)[0] ?? ['']
      case 'word': return plain(clue.word)[0] ?? ['']
      case 'part': return plain(clue.part)[0] ?? ['']
    }
  })
  // One that says nothing is in every text.
  return [needles]
}

function clueTerms(clue: Clue): Terms {
  switch (clue.kind) {
    case 'network': {
      const network = parseNetwork(clue.network)
      return network === null ? [['never']] : addressGroups(network)
    }
    case 'session':
      return [[idTerm(clue.id)]]
    case 'mailbox':
      return [sides(clue.role).map((side) => `${side}:${clue.mailbox}`)]
    case 'domain':
      return [[...sides(clue.role).map((side) => `${side}@${clue.domain}`), ...(clue.role === 'recipient' ? [] : [`n:${clue.domain}`])]]
    case 'word':
      return [[idTerm(clue.word), `n:${clue.word}`, `s:${clue.word}`, `r:${clue.word}`]]
    case 'part':
      return []
  }
}

function sides(role: 'sender' | 'recipient' | 'either'): readonly ('s' | 'r')[] {
  switch (role) {
    case 'sender': return ['s']
    case 'recipient': return ['r']
    case 'either': return ['s', 'r']
  }
}

/**
 * "joe@shop.example got nothing from acme.example": two that are everywhere may never have met, and only a term of the two says
 * so without reading every block. Null where a side is no mailbox or no domain.
 */
function pairTerms(search: Search): readonly string[] | null {
  const side = (role: 'sender' | 'recipient') => search.groups.find((group) => group.every((clue) => 'role' in clue && clue.role === role))
  const recipients = side('recipient')?.map((clue) => (clue.kind === 'mailbox' ? clue.mailbox : null))
  const senders = side('sender')?.map((clue) => (clue.kind === 'mailbox' ? familyOf(domainOf(clue.mailbox)) : clue.kind === 'domain' ? familyOf(clue.domain) : null))
  if (recipients === undefined || senders === undefined || recipients.includes(null) || senders.includes(null)) return null
  return [MANY_PAIRS, ...recipients.flatMap((recipient) => senders.map((sender) => `p:${recipient} ${sender}`))]
}

/**
 * The last two labels of a name, three under endings such as "co.uk"; null for a name that is all ending. By shape alone: the
 * public suffix list changes, and what stands in a block must not.
 */
function familyOf(name: string): string | null {
  const labels = name.split('.')
  const [second = '', top = ''] = labels.slice(-2)
  const count = top.length === 2 && second.length <= 3 ? 3 : 2
  return labels.length < count ? null : labels.slice(-count).join('.')
}

export function idTerm(id: string): string {
  return `i:${id}`
}

/** Every term of a record. Repeats within a block cost nothing. */
export function sessionTerms(session: SessionRecord, add: (term: string) => void): void {
  add(idTerm(session.id))
  add(`d:${session.disposition}`)
  for (const finding of session.findings) add(findingTerm(finding))
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
  addPairs(session, add)
}

/** Each recipient with each family of names on the sender's side. */
function addPairs(session: SessionRecord, add: (term: string) => void): void {
  const recipients = new Set(recipientsOf(session).map((each) => each.toLowerCase()))
  if (recipients.size === 0) return
  const names = new Set([...namesOf(session), ...sendersOf(session).map(domainOf)])
  const domains = new Set([...names].flatMap((name) => familyOf(name) ?? []))
  if (recipients.size * domains.size > MOST_PAIRS) add(MANY_PAIRS)
  else for (const recipient of recipients) for (const domain of domains) add(`p:${recipient} ${domain}`)
}

/** "n:a.b.c", "n:b.c", "n:c"; a hostile name of a thousand dots has no more than 32. */
function addWithParents(prefix: string, name: string, add: (term: string) => void): void {
  add(prefix + name)
  const labels = name.split('.')
  for (let from = Math.max(1, labels.length - 32); from < labels.length; from++) add(prefix + labels.slice(from).join('.'))
}
