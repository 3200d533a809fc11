/**
 * What a sender is, and what is counted of it: a client's address (IPv6: its /64); or, where verified names and EHLO names agree
 * on a domain, the hosts of that domain within one /24 or /64 together, as the pools of large providers retry from any of
 * theirs. Who was verified once stays the same sender when its DNS breaks.
 */
import { getDomain } from 'tldts'
import type { Disposition, Finding, SessionRecord } from '../events.ts'
import { clientScope, neighbourhood, parseAddress } from '../net/ip.ts'
import type { Address } from '../net/ip.ts'
import { retryOf } from './retry.ts'

/** One day, by UTC: days since 1970, attempts, refusals (or what would have been), acceptances. */
export type SenderDay = readonly [day: number, attempts: number, refused: number, accepted: number]

/** Times in ms since 1970. */
export interface Sender {
  /** "192.0.2.7", "2001:db8:0:1::/64", or "192.0.2.0/24 acme.example". */
  readonly key: string
  /** Registrable domain: of the verified name, else of what is claimed. */
  readonly domain: string | null
  readonly verified: boolean
  /** Lately seen, the latest last; at most MOST_ADDRESSES. */
  readonly addresses: readonly string[]
  readonly attempts: number
  readonly refused: number
  readonly deferred: number
  readonly accepted: number
  readonly firstSeen: number
  readonly lastSeen: number
  /** The first refusal since mail was last accepted; null: not refused now. */
  readonly refusedSince: number | null
  readonly disposition: Disposition
  /** Of the last session that was judged. */
  readonly findings: readonly Finding[]
  /** The latest attempts since mail was last accepted, ascending; at most MOST_TIMES. */
  readonly times: readonly number[]
  readonly days: readonly SenderDay[]
}

export const MOST_ADDRESSES = 16
export const MOST_TIMES = 12
export const MOST_DAYS = 120
const DAY_MS = 86_400_000

type Outcome = 'refused' | 'deferred' | 'accepted' | 'none'

/** What a disposition means for the sender; what observe mode would have done counts as done. */
export function outcomeOf(disposition: Disposition): Outcome {
  switch (disposition) {
    case 'rejected': case 'would-reject': return 'refused'
    case 'deferred': case 'would-defer': return 'deferred'
    case 'accepted': case 'whitelisted': case 'exempt': return 'accepted'
    case 'banned': case 'limited': case 'bounced-by-backend': case 'aborted': return 'none'
  }
}

export type Standing = 'refused' | 'deferred' | 'accepted' | 'undecided'

export function standingOf(sender: Pick<Sender, 'refusedSince' | 'disposition' | 'accepted'>): Standing {
  if (sender.refusedSince !== null) return 'refused'
  if (outcomeOf(sender.disposition) === 'deferred') return 'deferred'
  return sender.accepted > 0 ? 'accepted' : 'undecided'
}

/** Refused correspondents first: whose mail was accepted before, then who retries like a mail server, then the other refused ones, then who is deferred. */
export function rankOf(sender: Sender): number {
  const standing = standingOf(sender)
  if (standing !== 'refused') return standing === 'deferred' ? 1 : 0
  if (sender.accepted > 0) return 4
  return retryOf(sender.times).kind === 'server' ? 3 : 2
}

/** Who a session's client is: by itself, and as one of a domain's hosts where its names agree. */
export interface Identity {
  readonly address: Address
  readonly own: string
  readonly neighbourhood: string
  readonly pool: string | null
  readonly domain: string | null
  readonly verified: boolean
}

export function identityOf(session: Pick<SessionRecord, 'client' | 'ehlo' | 'ptrNames' | 'verifiedName'>): Identity | null {
  const address = parseAddress(session.client)
  if (address === null) return null
  const near = neighbourhood(address).text
  const greeted = session.ehlo === null ? null : registrable(session.ehlo)
  const verified = session.verifiedName === null ? null : registrable(session.verifiedName)
  const base = { address, own: clientScope(address).text, neighbourhood: near }
  if (verified === null) return { ...base, pool: null, domain: greeted ?? registrable(session.ptrNames[0] ?? ''), verified: false }
  const agreed = verified === greeted && session.verifiedName !== null && !isGenericName(session.verifiedName, address)
  return { ...base, pool: agreed ? `${near} ${verified}` : null, domain: verified, verified: true }
}

function registrable(name: string): string | null {
  return getDomain(name.replace(/\.$/, ''))
}

/** "dyn-192-0-2-7.isp.example": a name made of the address says whose line it is, not whose server. */
export function isGenericName(name: string, address: Address): boolean {
  if (address.family === 6) return name.replace(/[^0-9a-f]/gi, '').includes(address.bytes.slice(8).map((octet) => octet.toString(16).padStart(2, '0')).join(''))
  const [a, b, c, d] = address.bytes
  const numbers = [...name.matchAll(/\d+/g)].map(([digits]) => Number(digits))
  const follows = (one: number | undefined, two: number | undefined) => numbers.some((value, at) => value === one && numbers[at + 1] === two)
  const hex = address.bytes.map((octet) => octet.toString(16).padStart(2, '0')).join('')
  return follows(c, d) || follows(d, c) || (follows(a, b) && follows(b, c)) || name.toLowerCase().includes(hex)
}

/** Where senders are kept: the store's table, or a double in memory. */
export interface SenderBook {
  get(key: string): Sender | null
  /** The senders that are hosts of a domain within a neighbourhood. */
  pools(neighbourhood: string): readonly Sender[]
  put(sender: Sender): void
  remove(key: string): void
}

/** The sender a session belongs to as the book stands; the key it would have if there is none yet. */
export function senderKeyOf(book: Pick<SenderBook, 'pools'>, identity: Identity): string {
  if (identity.pool !== null) return identity.pool
  const known = book.pools(identity.neighbourhood).find((each) => each.addresses.includes(identity.address.text) || (!identity.verified && each.domain === identity.domain))
  return known?.key ?? identity.own
}

/** Counts one session; sessions come in the order in which they finished. */
export function countSession(book: SenderBook, session: SessionRecord): void {
  const identity = identityOf(session)
  if (identity === null) return
  const key = senderKeyOf(book, identity)
  let known = book.get(key)
  if (key !== identity.own) {
    // Its names agree from now on: what was counted of the address alone is of the same sender.
    const alone = book.get(identity.own)
    if (alone !== null) book.remove(identity.own)
    if (alone !== null) known = known === null ? { ...alone, key } : merged(known, alone)
  }
  book.put(counted(known, key, identity, session))
}

function counted(known: Sender | null, key: string, identity: Identity, session: SessionRecord): Sender {
  const at = Date.parse(session.at)
  const outcome = outcomeOf(session.disposition)
  const one = (wanted: Outcome) => (outcome === wanted ? 1 : 0)
  const naming = identity.verified || known?.verified !== true ? { domain: identity.domain ?? known?.domain ?? null, verified: identity.verified } : { domain: known.domain, verified: true }
  const times = outcome === 'accepted' ? [] : [...(known?.times ?? []), at].sort((a, b) => a - b).slice(-MOST_TIMES)
  return {
    key, ...naming,
    addresses: [...(known?.addresses ?? []).filter((each) => each !== identity.address.text), identity.address.text].slice(-MOST_ADDRESSES),
    attempts: (known?.attempts ?? 0) + 1, refused: (known?.refused ?? 0) + one('refused'), deferred: (known?.deferred ?? 0) + one('deferred'), accepted: (known?.accepted ?? 0) + one('accepted'),
    firstSeen: Math.min(known?.firstSeen ?? at, at), lastSeen: Math.max(known?.lastSeen ?? at, at),
    refusedSince: outcome === 'accepted' ? null : outcome === 'refused' ? (known?.refusedSince ?? at) : (known?.refusedSince ?? null),
    disposition: session.disposition,
    findings: session.verdict === null ? (known?.findings ?? []) : session.findings,
    times,
    days: withDay(known?.days ?? [], [Math.floor(at / DAY_MS), 1, one('refused'), one('accepted')]),
  }
}

function withDay(days: readonly SenderDay[], more: SenderDay): readonly SenderDay[] {
  const same = days.find(([day]) => day === more[0])
  const sum: SenderDay = same === undefined ? more : [more[0], same[1] + more[1], same[2] + more[2], same[3] + more[3]]
  return [...days.filter(([day]) => day !== more[0]), sum].sort(([a], [b]) => a - b).slice(-MOST_DAYS)
}

function merged(one: Sender, other: Sender): Sender {
  const [older, newer] = one.lastSeen < other.lastSeen ? [one, other] : [other, one]
  return {
    ...newer, key: one.key, domain: one.domain, verified: one.verified,
    addresses: [...new Set([...older.addresses, ...newer.addresses])].slice(-MOST_ADDRESSES),
    attempts: one.attempts + other.attempts, refused: one.refused + other.refused, deferred: one.deferred + other.deferred, accepted: one.accepted + other.accepted,
    firstSeen: Math.min(one.firstSeen, other.firstSeen),
    refusedSince: newer.refusedSince ?? (newer.accepted > 0 ? null : older.refusedSince),
    times: [...older.times, ...newer.times].sort((a, b) => a - b).slice(-MOST_TIMES),
    days: other.days.reduce(withDay, one.days),
  }
}
