/**
 * What the rules could do better (POLICY, Bans and Whitelist): networks full of banned members, bans nobody runs into, large
 * providers' verified names, and correspondents that earned a ban. Pure; whom each would hit is looked up by the caller.
 */
import type { Rule } from '../events.ts'
import { networkOf, parseNetwork } from '../net/ip.ts'
import type { Network } from '../net/ip.ts'
import { PrefixMap } from './prefixes.ts'
import { isSingle } from './registered.ts'
import type { Registered } from './registered.ts'
import { readScope } from './scope.ts'

export type Suggestion =
  /** Ban `scope` in place of its `members`, each banned on its own. `holder`: to whom it is registered, where that is why. */
  | { readonly kind: 'ban-network'; readonly scope: string; readonly members: readonly string[]; readonly holder?: string }
  /** Lift the ban: nobody has run into it since `idleSince` (ISO 8601; its last hit, or its beginning). */
  | { readonly kind: 'lift-unused'; readonly scope: string; readonly idleSince: string }
  /** Ban this client: it earned a ban at `earnedAt`, but mail of it was accepted at `acceptedAt`. */
  | { readonly kind: 'ban-correspondent'; readonly scope: string; readonly earnedAt: string; readonly acceptedAt: string }
  /** Whitelist the verified names of a large provider. */
  | { readonly kind: 'allow-provider'; readonly scope: string; readonly provider: string }

/** A good correspondent with a strike too many; times in ms since 1970. */
export interface Earned {
  readonly scope: string
  readonly earnedAt: number
  readonly acceptedAt: number
}

/** So many banned members make a network suspicious. */
export const MANY = 8
/** And so many a registered network that is wider than the neighbourhood. */
export const MANY_REGISTERED = 16
export const UNUSED_DAYS = 90
/** The neighbourhood of a banned address, by family, in bits: a /64 is banned as one client already. */
const WIDER = { 4: 24, 6: 56 } as const
const DAY = 86_400_000

/** Names that the big senders' reverse DNS leads back to. */
export const PROVIDERS: readonly { readonly scope: string; readonly provider: string }[] = [
  { scope: '.outbound.protection.outlook.com', provider: 'Microsoft 365 and Outlook.com' },
  { scope: '.google.com', provider: 'Gmail and Google Workspace' },
  { scope: '.yahoo.com', provider: 'Yahoo and AOL' },
  { scope: '.icloud.com', provider: 'Apple iCloud' },
  { scope: '.me.com', provider: 'Apple iCloud' },
  { scope: '.amazonses.com', provider: 'Amazon SES' },
  { scope: '.sendgrid.net', provider: 'SendGrid' },
  { scope: '.mailgun.net', provider: 'Mailgun' },
  { scope: '.mcsv.net', provider: 'Mailchimp' },
  { scope: '.messagingengine.com', provider: 'Fastmail' },
  { scope: '.pphosted.com', provider: 'Proofpoint' },
  { scope: '.mimecast.com', provider: 'Mimecast' },
  { scope: 'mout.gmx.net', provider: 'GMX' },
  { scope: 'mout.web.de', provider: 'WEB.DE' },
  { scope: 'mout.kundenserver.de', provider: 'IONOS' },
]

export interface SuggestInput {
  readonly rules: readonly Rule[]
  readonly earned: readonly Earned[]
  /** Registrations that are known (RDAP). */
  readonly registered?: readonly Registered[]
  readonly now: number
}

/** The most urgent first: correspondents, networks (most members first), unused bans (longest unused first), providers. */
export function suggest({ rules, earned, registered, now }: SuggestInput): Suggestion[] {
  const bans = rules.flatMap((rule) => {
    const scope = rule.kind === 'ban' ? readScope('ban', rule.scope) : null
    return scope?.kind === 'network' ? [{ rule, network: scope.network }] : []
  })
  const known = new PrefixMap<Rule>()
  for (const { rule, network } of bans) known.set(network, rule)
  const banned = (network: Network) => known.find(network.address, () => true, network.prefix) !== null
  const allowed = new Set(rules.filter((rule) => rule.kind === 'allow').map((rule) => rule.scope))
  return [
    ...earned.filter(({ scope }) => {
      const network = parseNetwork(scope)
      return network !== null && !banned(network) && !allowed.has(scope)
    }).sort((a, b) => b.earnedAt - a.earnedAt).map(({ scope, earnedAt, acceptedAt }): Suggestion => ({ kind: 'ban-correspondent', scope, earnedAt: iso(earnedAt), acceptedAt: iso(acceptedAt) })),
    ...crowded(bans, banned, registered ?? []),
    ...unused(bans.map(({ rule }) => rule), now),
    ...PROVIDERS.filter(({ scope }) => !covered(scope, allowed)).map(({ scope, provider }): Suggestion => ({ kind: 'allow-provider', scope, provider })),
  ]
}

interface Banned {
  readonly rule: Rule
  readonly network: Network
}

interface Crowd {
  readonly network: Network
  readonly members: string[]
  readonly holder?: string
}

/** Neighbourhoods and registered networks in one order: a network that is both is suggested once, with its holder. */
function crowded(bans: readonly Banned[], banned: (network: Network) => boolean, registered: readonly Registered[]): Suggestion[] {
  const singles = bans.filter(({ network }) => isSingle(network))
  const crowds = new Map<string, Crowd>()
  for (const crowd of [...crowdedNeighbourhoods(singles), ...crowdedRegistered(singles, registered)]) crowds.set(crowd.network.text, crowd)
  return [...crowds.values()]
    .filter(({ network }) => !banned(network))
    .sort((a, b) => b.members.length - a.members.length)
    .map(({ network, members, holder }) => ({ kind: 'ban-network', scope: network.text, members, ...(holder === undefined ? {} : { holder }) }))
}

function crowdedNeighbourhoods(singles: readonly Banned[]): Crowd[] {
  const crowds = new Map<string, Crowd>()
  for (const { rule, network } of singles) {
    const wider = networkOf(network.address, WIDER[network.address.family])
    const crowd = crowds.get(wider.text) ?? { network: wider, members: [] }
    crowd.members.push(rule.scope)
    crowds.set(wider.text, crowd)
  }
  return [...crowds.values()].filter(({ members }) => members.length >= MANY)
}

/** Members count for the most specific registration that holds them; one of several networks is suggested network by network. */
function crowdedRegistered(singles: readonly Banned[], registered: readonly Registered[]): Crowd[] {
  const byNetwork = new PrefixMap<Crowd>()
  const all = registered.map(({ cidrs, holder }) => cidrs.flatMap((text): Crowd[] => {
    const network = parseNetwork(text)
    if (network === null) return []
    const part = { network, holder, members: [] }
    byNetwork.set(network, part)
    return [part]
  }))
  for (const { rule, network } of singles) byNetwork.find(network.address, () => true, network.prefix)?.members.push(rule.scope)
  return all.flatMap((parts) => {
    const members = parts.reduce((sum, part) => sum + part.members.length, 0)
    const isWide = parts.some(({ network }) => network.prefix < WIDER[network.address.family])
    return members >= (isWide ? MANY_REGISTERED : MANY) ? parts.filter((part) => part.members.length > 1) : []
  })
}

function unused(bans: readonly Rule[], now: number): Suggestion[] {
  return bans
    .map((rule) => ({ scope: rule.scope, idle: Math.max(rule.lastHit === undefined ? 0 : Date.parse(rule.lastHit), Date.parse(rule.since)) }))
    .filter(({ idle }) => now - idle >= UNUSED_DAYS * DAY)
    .sort((a, b) => a.idle - b.idle)
    .map(({ scope, idle }) => ({ kind: 'lift-unused', scope, idleSince: iso(idle) }))
}

/** Whether the entry itself, or one for the names above it, is there. */
function covered(scope: string, allowed: ReadonlySet<string>): boolean {
  if (allowed.has(scope)) return true
  for (let dot = scope.indexOf('.'); dot !== -1; dot = scope.indexOf('.', dot + 1)) if (allowed.has(scope.slice(dot))) return true
  return false
}

function iso(ms: number): string {
  return new Date(Math.min(Math.max(ms, -8.64e15), 8.64e15)).toISOString()
}
