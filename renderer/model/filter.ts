/**
 * Filters of the Live page: what the chips say, how they stand in the address bar, how they match a session in
 * the buffer, and what the server is asked for. What stands in the search field filters as it is typed; Enter makes a chip of it.
 */
import { DISPOSITIONS, FINDINGS } from '../../shared/events.ts'
import type { Disposition, Finding, SessionRecord } from '../../shared/events.ts'
import { canonicalName, isAtOrBelow, isHostName } from '../../shared/net/domain.ts'
import { contains, parseAddress, parseNetwork } from '../../shared/net/ip.ts'
import { recipientsOf, sendersOf } from '../../shared/search/fields.ts'
import { clueMatcher, searchMatcher } from '../../shared/search/match.ts'
import { parseSearch, wider } from '../../shared/search/query.ts'

/** As much as the server takes. */
const MAX_TEXT = 400

export interface Filter {
  readonly disposition: Disposition | null
  readonly finding: Finding | null
  /** An address or network in canonical spelling. */
  readonly network: string | null
  /** A domain: EHLO, PTR or verified names at or below it. */
  readonly domain: string | null
  readonly text: string | null
  /** What stands in the search field. */
  readonly typed: string | null
}

export const NO_FILTER: Filter = { disposition: null, finding: null, network: null, domain: null, text: null, typed: null }

export const FILTER_KEYS = ['disposition', 'finding', 'network', 'domain', 'text'] as const
export type FilterKey = (typeof FILTER_KEYS)[number]

/** Whether nothing is filtered at all. */
export function isEmpty(filter: Filter): boolean {
  return filter.typed === null && hasNoChips(filter)
}

export function hasNoChips(filter: Filter): boolean {
  return FILTER_KEYS.every((key) => filter[key] === null)
}

/** Reads what an address bar may say; whatever is unknown or malformed is left out. */
export function filterFromQuery(query: URLSearchParams): Filter {
  return {
    disposition: DISPOSITIONS.find((known) => known === query.get('disposition')) ?? null,
    finding: FINDINGS.find((known) => known === query.get('finding')) ?? null,
    network: parseNetwork(query.get('network') ?? '')?.text ?? null,
    domain: domainOf(query.get('domain') ?? ''),
    text: textOf(query.get('text')),
    typed: textOf(query.get('q')),
  }
}

export function filterToQuery(filter: Filter): URLSearchParams {
  const query = new URLSearchParams()
  for (const key of FILTER_KEYS) {
    const value = filter[key]
    if (value !== null) query.set(key, value)
  }
  if (filter.typed !== null) query.set('q', filter.typed)
  return query
}

export type Matcher = (session: SessionRecord & { readonly open: boolean }) => boolean

/** The predicate for one filter; prepared once, called for each session. */
export function matcher(filter: Filter): Matcher {
  return matcherOf(filter, [filter.text, filter.typed].flatMap((text) => (text === null ? [] : [textMatcher(text)])))
}

/** The same where nothing was found and the store takes the search a step wider. Null: it does not. */
export function widerMatcher(filter: Filter): Matcher | null {
  const asked = askedText(filter)
  const wide = asked === null ? null : wider(parseSearch(asked))
  if (wide === null) return null
  return matcherOf(filter, [searchMatcher(wide), ...(filter.text === null || filter.typed === null ? [] : [textMatcher(filter.typed)])])
}

/** The text that the store is asked for; what is typed beside a chip of text is not. */
export function askedText(filter: Filter): string | null {
  return filter.text ?? filter.typed
}

function matcherOf(filter: Filter, texts: readonly ((session: SessionRecord) => boolean)[]): Matcher {
  const { disposition, finding, domain } = filter
  const network = filter.network === null ? null : parseNetwork(filter.network)
  return (session) =>
    (disposition === null || (!session.open && session.disposition === disposition)) &&
    (finding === null || session.findings.includes(finding)) &&
    (network === null || isWithin(session.client, network)) &&
    (domain === null || namesOf(session).some((name) => isAtOrBelow(canonicalName(name), domain))) &&
    texts.every((matches) => matches(session))
}

/** What `sessions.list` is asked for; what is typed beside a chip of text is left to `matcher`. */
export function toRequest(filter: Filter): { disposition?: string; finding?: string; client?: string; name?: string; text?: string } {
  const text = askedText(filter)
  return {
    ...(filter.disposition === null ? {} : { disposition: filter.disposition }),
    ...(filter.finding === null ? {} : { finding: filter.finding }),
    ...(filter.network === null ? {} : { client: filter.network }),
    ...(filter.domain === null ? {} : { name: filter.domain }),
    ...(text === null ? {} : { text: text.trim() }),
  }
}

/** What becomes a chip of what was typed: an address or network, a domain (typed with a dot in front), or text. */
export function filterFromTyped(typed: string): Partial<Filter> {
  const trimmed = typed.trim()
  if (trimmed === '') return { typed: null }
  const clues = parseSearch(trimmed).groups.flat()
  const [clue] = clues
  if (clues.length === 1 && clue?.kind === 'network') return { network: clue.network, typed: null }
  if (trimmed.startsWith('.') && domainOf(trimmed.slice(1)) !== null) return { domain: domainOf(trimmed.slice(1)), typed: null }
  return { text: trimmed.slice(0, MAX_TEXT), typed: null }
}

/** What goes back into the search field when a chip is edited. */
export function typedOf(filter: Filter, key: 'network' | 'domain' | 'text'): string {
  return key === 'domain' ? `.${filter.domain ?? ''}` : (filter[key] ?? '')
}

function domainOf(text: string): string | null {
  return isHostName(text) && text.includes('.') ? canonicalName(text) : null
}

function isWithin(client: string, network: NonNullable<ReturnType<typeof parseNetwork>>): boolean {
  const address = parseAddress(client)
  return address !== null && contains(network, address)
}

function namesOf(session: SessionRecord): string[] {
  return [session.ehlo, session.verifiedName, ...session.ptrNames].filter((name) => name !== null)
}

/**
 * As the store searches, and for one word also any part of a name or address: while it is typed it is no whole one yet. A mail
 * address is typed from its beginning: one that only ends alike is somebody else's.
 */
function textMatcher(text: string): (session: SessionRecord) => boolean {
  const search = parseSearch(text)
  const exact = searchMatcher(search)
  const part = text.trim().toLowerCase()
  if (/\s/.test(part)) return exact
  const begins = (session: SessionRecord) => [...sendersOf(session), ...recipientsOf(session)].some((each) => each.toLowerCase().startsWith(part))
  const isMail = search.groups.flat().every(({ kind }) => kind === 'mailbox')
  const typing = isMail ? begins : clueMatcher({ kind: 'part', part })
  return (session) => typing(session) || exact(session)
}

function textOf(value: string | null): string | null {
  return value === null || value.trim() === '' ? null : value.slice(0, MAX_TEXT)
}
