/**
 * Filters of the Live page: what the chips say, how they stand in the address bar, how they match a session in
 * the buffer, and what the server is asked for. What matches here is what the server finds, or less.
 */
import { DISPOSITIONS, FINDINGS } from '../../shared/events.ts'
import type { Disposition, Finding, SessionRecord } from '../../shared/events.ts'
import { canonicalName, isAtOrBelow, isHostName } from '../../shared/net/domain.ts'
import { contains, parseAddress, parseNetwork } from '../../shared/net/ip.ts'

export interface Filter {
  readonly disposition: Disposition | null
  readonly finding: Finding | null
  /** An address or network in canonical spelling. */
  readonly network: string | null
  /** A domain: EHLO, PTR or verified names at or below it. */
  readonly domain: string | null
  readonly text: string | null
}

export const NO_FILTER: Filter = { disposition: null, finding: null, network: null, domain: null, text: null }

export const FILTER_KEYS = ['disposition', 'finding', 'network', 'domain', 'text'] as const
export type FilterKey = (typeof FILTER_KEYS)[number]

export function isEmpty(filter: Filter): boolean {
  return FILTER_KEYS.every((key) => filter[key] === null)
}

/** Reads what an address bar may say; whatever is unknown or malformed is left out. */
export function filterFromQuery(query: URLSearchParams): Filter {
  const text = query.get('text')?.slice(0, 400) ?? ''
  return {
    disposition: DISPOSITIONS.find((known) => known === query.get('disposition')) ?? null,
    finding: FINDINGS.find((known) => known === query.get('finding')) ?? null,
    network: parseNetwork(query.get('network') ?? '')?.text ?? null,
    domain: domainOf(query.get('domain') ?? ''),
    text: text.trim() === '' ? null : text,
  }
}

export function filterToQuery(filter: Filter): URLSearchParams {
  const query = new URLSearchParams()
  for (const key of FILTER_KEYS) {
    const value = filter[key]
    if (value !== null) query.set(key, value)
  }
  return query
}

/** The predicate for one filter; prepared once, called for each session. */
export function matcher(filter: Filter): (session: SessionRecord & { readonly open: boolean }) => boolean {
  const { disposition, finding, domain } = filter
  const network = filter.network === null ? null : parseNetwork(filter.network)
  const text = filter.text?.trim().toLowerCase() ?? null
  return (session) =>
    (disposition === null || (!session.open && session.disposition === disposition)) &&
    (finding === null || session.findings.includes(finding)) &&
    (network === null || isWithin(session.client, network)) &&
    (domain === null || namesOf(session).some((name) => isAtOrBelow(canonicalName(name), domain))) &&
    (text === null || haystack(session).includes(text))
}

/** What `sessions.list` is asked for; the finding is left to `matcher`. */
export function toRequest(filter: Filter): { disposition?: string; client?: string; name?: string; text?: string } {
  return {
    ...(filter.disposition === null ? {} : { disposition: filter.disposition }),
    ...(filter.network === null ? {} : { client: filter.network }),
    ...(filter.domain === null ? {} : { name: filter.domain }),
    ...(filter.text === null ? {} : { text: filter.text.trim() }),
  }
}

/** What someone types into the search field: an address or network, a domain (typed with a dot in front), or text. */
export function filterFromTyped(typed: string): Partial<Filter> {
  const trimmed = typed.trim()
  if (trimmed === '') return { text: null }
  const network = parseNetwork(trimmed)
  if (network !== null) return { network: network.text, text: null }
  if (trimmed.startsWith('.') && domainOf(trimmed.slice(1)) !== null) return { domain: domainOf(trimmed.slice(1)), text: null }
  return { text: trimmed.slice(0, 400) }
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

function haystack(session: SessionRecord): string {
  return [session.id, session.client, ...namesOf(session), session.sender ?? '', ...session.recipients].join('\n').toLowerCase()
}
