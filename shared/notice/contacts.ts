/**
 * Who could be written to about a sender's DNS, where each address comes from, and how far it is trusted (POLICY, Notices). Pure.
 * Promise: nothing that the client merely claims leads to a mail unless the admin ticks it by hand; for a null sender not even then.
 */
import { isTemporary } from '../dns/answer.ts'
import type { Answer, Question } from '../dns/answer.ts'
import { ptrQuestion } from '../dns/plan.ts'
import { canonicalName } from '../net/domain.ts'
import { reverseName } from '../net/ip.ts'
import type { Address } from '../net/ip.ts'
import { registrableDomain } from '../gate/verdict.ts'
import { contactKey, placeholderReason, readContact, readMailAddress } from './mailaddress.ts'
import type { ContactRole, RegisteredDomain, RegisteredNetwork } from './registry.ts'
import type { Step } from './remedy.ts'

/** `ptr`, `ehlo`, `sender`: only claimed by the client. `recipient`: one of the shop's own, for the notice to a customer. */
export type ContactSource =
  | { readonly kind: 'soa'; readonly zone: string }
  | { readonly kind: 'network'; readonly role: ContactRole; readonly network: string }
  | { readonly kind: 'domain'; readonly role: ContactRole; readonly domain: string }
  | { readonly kind: 'verified'; readonly name: string }
  | { readonly kind: 'typed' }
  | { readonly kind: 'recipient' }
  | { readonly kind: 'ptr' | 'ehlo' | 'sender'; readonly claimed: string }

export type Trust = 'verified' | 'typed' | 'claimed'

export interface ContactCandidate {
  readonly address: string
  readonly source: ContactSource
  readonly trust: Trust
  /** For whose steps of a remedy; null for the shop's own recipient. */
  readonly party: Step['who'] | null
  /** What speaks against it, such as a registry's remark; else null. */
  readonly note: string | null
}

/** What is known of the sender; names as in the session's record. */
export interface ContactSubject {
  readonly client: Address
  readonly ehlo: string | null
  readonly ptrNames: readonly string[]
  readonly verifiedName: string | null
  /** Null: no MAIL was said; '': the null reverse-path. */
  readonly sender: string | null
}

export interface ContactFacts {
  readonly soa: { readonly zone: string; readonly rname: string } | null
  readonly network: RegisteredNetwork | null
  readonly domain: RegisteredDomain | null
}

/** Trusted ones first, in the order in which they should be tried. An address appears once, with its best source. */
export function contactCandidates(subject: ContactSubject, facts: ContactFacts): ContactCandidate[] {
  const all = [...zoneContact(facts), ...networkContacts(facts), ...verifiedContacts(subject, facts), ...claimedContacts(subject)]
  return all.filter(({ address }, index) => all.findIndex((other) => contactKey(other.address) === contactKey(address)) === index)
}

/** An address that the admin typed; a reason instead if it is none. Whether anybody reads it is the admin's own affair, but is said. */
export function typedContact(text: string): ContactCandidate | { readonly problem: string } {
  const address = readMailAddress(text)
  if (address === null) return { problem: 'that is not a mail address that can be written to; expected one such as noc@isp.example' }
  const reason = placeholderReason(address)
  return { address, source: { kind: 'typed' }, trust: 'typed', party: null, note: reason === null ? null : `this address ${reason}` }
}

/** "host\.master.isp.example" → host.master@isp.example (RFC 1035 §3.3.13); null for a placeholder or what is no mailbox. */
export function rnameAddress(rname: string): string | null {
  const dot = /^(?:[^\\.]|\\.)+/.exec(rname)?.[0].length ?? 0
  if (dot === 0 || rname.charAt(dot) !== '.') return null
  const local = rname.slice(0, dot).replace(/\\(\d{3}|.)/g, (_, escape: string) => (escape.length === 3 ? String.fromCharCode(Number(escape)) : escape))
  return readContact(`${local}@${canonicalName(rname.slice(dot + 1))}`)
}

/** Nibbles of an IPv6 reverse zone, longest first: what is delegated is /64, /60, /56, /48 or wider. */
const V6_CUTS = [32, 16, 15, 14, 12, 11, 10, 9, 8, 7, 6]

/**
 * The SOA questions that find the reverse zone of an address: its own reverse name, where a CNAME leads (RFC 2317), and the names above,
 * the longest first. The first that is `found` is the zone. Never as high as a registry's own zone for a /8.
 */
export function reverseZoneQuestions(client: Address, ptr: Answer | undefined): Question[] {
  const reverse = reverseName(client)
  const labels = reverse.split('.')
  const target = ptr !== undefined && !isTemporary(ptr.status) ? ptr.chain.at(-1) : undefined
  const delegated = target === undefined ? [] : upwards(target, reverseSuffix(target) === null ? 2 : 4)
  const cuts = client.family === 4 ? [4, 3, 2].map((octets) => labels.slice(4 - octets).join('.')) : V6_CUTS.map((nibbles) => labels.slice(32 - nibbles).join('.'))
  return [...new Set([...delegated, ...cuts])].slice(0, 16).map((name) => ({ name, type: 'SOA' as const }))
}

function reverseSuffix(name: string): string | null {
  return name.endsWith('.in-addr.arpa') || name.endsWith('.ip6.arpa') ? name : null
}

function upwards(name: string, least: number): string[] {
  const labels = name.split('.')
  return labels.slice(0, Math.max(0, labels.length - least + 1)).map((_, index) => labels.slice(index).join('.'))
}

/** The PTR question whose answer tells of a delegation. */
export function delegationQuestion(client: Address): Question {
  return ptrQuestion(client)
}

/** "mname rname serial …" → rname. */
export function rnameOf(soa: Answer): string | null {
  return soa.status === 'found' ? (soa.records[0]?.split(' ')[1] ?? null) : null
}

function zoneContact({ soa }: ContactFacts): ContactCandidate[] {
  const address = soa === null ? null : rnameAddress(soa.rname)
  return soa === null || address === null ? [] : [{ address, source: { kind: 'soa', zone: soa.zone }, trust: 'verified', party: 'address-owner', note: null }]
}

function networkContacts({ network }: ContactFacts): ContactCandidate[] {
  if (network === null) return []
  return network.contacts.filter(({ role }) => role !== 'administrative').map(({ address, role, note }) => ({
    address, source: { kind: 'network', role, network: network.cidrs.join(', ') }, trust: 'verified', party: 'address-owner', note,
  }))
}

/** The name leads to the address and back: whoever owns it can be told. The registry's abuse desk of a domain is for crimes, not for records. */
function verifiedContacts({ verifiedName }: ContactSubject, { domain }: ContactFacts): ContactCandidate[] {
  const own = verifiedName === null ? null : postmasterOf(verifiedName)
  const registered = domain === null ? [] : domain.contacts.filter(({ role }) => role !== 'abuse')
  return [
    ...(own === null || verifiedName === null ? [] : [{ address: own, source: { kind: 'verified' as const, name: verifiedName }, trust: 'verified' as const, party: 'domain-owner' as const, note: null }]),
    ...registered.map(({ address, role, note }): ContactCandidate => ({ address, source: { kind: 'domain', role, domain: domain?.domain ?? '' }, trust: 'verified', party: 'domain-owner', note })),
  ]
}

function claimedContacts({ ehlo, ptrNames, verifiedName, sender }: ContactSubject): ContactCandidate[] {
  // A null sender is a bounce or a machine: what it claims is not even offered (POLICY: never to a null sender's claim).
  if (sender === '') return []
  const claim = (kind: 'ptr' | 'ehlo' | 'sender', claimed: string): ContactCandidate[] => {
    const address = postmasterOf(claimed)
    return address === null ? [] : [{ address, source: { kind, claimed }, trust: 'claimed', party: 'domain-owner', note: null }]
  }
  const at = sender?.lastIndexOf('@') ?? -1
  return [
    ...ptrNames.filter((name) => name !== verifiedName).slice(0, 3).flatMap((name) => claim('ptr', name)),
    ...(ehlo === null ? [] : claim('ehlo', ehlo)),
    ...(sender === null || at === -1 ? [] : claim('sender', sender.slice(at + 1))),
  ]
}

/** postmaster@ the domain that one registers (RFC 5321 §4.5.1 has every mail domain read it). */
function postmasterOf(name: string): string | null {
  const domain = registrableDomain(canonicalName(name))
  return domain === null ? null : readContact(`postmaster@${domain}`)
}

/** One line for lists: "RDAP abuse contact of 198.51.100.0/24". */
export function sourceText(source: ContactSource): string {
  switch (source.kind) {
    case 'soa': return `responsible for the reverse zone ${source.zone} (SOA)`
    case 'network': return `${source.role} contact of the network ${source.network} (RDAP)`
    case 'domain': return `${source.role} contact of the domain ${source.domain} (RDAP)`
    case 'verified': return `postmaster of the verified name ${source.name}`
    case 'typed': return 'typed by hand'
    case 'recipient': return 'your own customer, the recipient'
    case 'ptr': return `postmaster of ${source.claimed}, a reverse name that does not lead back: only claimed`
    case 'ehlo': return `postmaster of ${source.claimed}, the name it greets with: only claimed`
    case 'sender': return `postmaster of ${source.claimed}, the domain it writes as: only claimed`
  }
}
