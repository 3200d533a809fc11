/**
 * Which banned addresses a registry is worth asking about, so that a registered network full of them can be suggested (POLICY, Bans).
 * Pure. Only where several bans stand close together is anything asked, and of each neighbourhood only a few members.
 */
import type { Rule } from '../events.ts'
import { networkOf, parseNetwork } from '../net/ip.ts'
import type { Address, Network } from '../net/ip.ts'
import { PrefixMap } from './prefixes.ts'
import { readScope } from './scope.ts'

/** One registration: to whom, and its networks (canonical). */
export interface Registered {
  readonly cidrs: readonly string[]
  readonly holder: string
}

/** So many banned members of one region are worth questions; and so many of one neighbourhood, more than one of them. */
export const SEVERAL = 8
/** Of a region, a neighbourhood in it, and a registration that is close enough to speak for all that is within; in bits. */
const BITS = { 4: { region: 16, neighbourhood: 24, close: 20 }, 6: { region: 32, neighbourhood: 48, close: 44 } } as const
/** A crowded neighbourhood may be dealt out in small pieces. */
const MOST_OF_ONE = 4

export interface QuestionsInput {
  readonly rules: readonly Rule[]
  readonly known: readonly Registered[]
  /** Asked lately, whatever came of it. `address`: canonical. */
  readonly isTried: (address: string) => boolean
}

/** One address of each neighbourhood that no registration speaks for yet, the most crowded one first. */
export function registryQuestions({ rules, known, isTried }: QuestionsInput): string[] {
  const close = closelyKnown(known)
  return [...regionsOf(rules)]
    .filter((places) => places.reduce((sum, members) => sum + members.length, 0) >= SEVERAL)
    .flat()
    .sort((a, b) => b.length - a.length)
    .flatMap((members) => {
      const tried = members.filter(({ text }) => isTried(text)).length
      if (tried >= (members.length >= SEVERAL ? MOST_OF_ONE : 1)) return []
      const next = members.find((member) => !isTried(member.text) && !isWithin(close, member))
      return next === undefined ? [] : [next.text]
    })
}

/** Whether an answer that came meanwhile speaks for this address. */
export function isSpokenFor(address: Address, known: readonly Registered[]): boolean {
  return isWithin(closelyKnown(known), address)
}

function isWithin(networks: PrefixMap<true>, address: Address): boolean {
  return networks.find(address, () => true) !== null
}

function closelyKnown(known: readonly Registered[]): PrefixMap<true> {
  const close = new PrefixMap<true>()
  for (const { cidrs } of known) {
    for (const cidr of cidrs) {
      const network = parseNetwork(cidr)
      if (network !== null && network.prefix >= BITS[network.address.family].close) close.set(network, true)
    }
  }
  return close
}

/** Banned addresses (/64s) by neighbourhood, and those by region. */
function regionsOf(rules: readonly Rule[]): Iterable<Address[][]> {
  const regions = new Map<string, Map<string, Address[]>>()
  for (const rule of rules) {
    const scope = rule.kind === 'ban' ? readScope('ban', rule.scope) : null
    if (scope?.kind !== 'network' || !isSingle(scope.network)) continue
    const { address } = scope.network
    const { region, neighbourhood } = BITS[address.family]
    const within = upsert(regions, networkOf(address, region).text, () => new Map<string, Address[]>())
    upsert(within, networkOf(address, neighbourhood).text, (): Address[] => []).push(address)
  }
  return [...regions.values()].map((within) => [...within.values()])
}

function upsert<T>(map: Map<string, T>, key: string, made: () => T): T {
  const there = map.get(key)
  if (there !== undefined) return there
  const value = made()
  map.set(key, value)
  return value
}

/** A ban of one client: an IPv4 address, or an IPv6 /64. */
export function isSingle({ address, prefix }: Network): boolean {
  return prefix === (address.family === 4 ? 32 : 64)
}
