/** What a ban or a whitelist entry for one session may cover: its address, its network, its verified name; never a claimed one. */
import type { RuleKind, SessionRecord } from '../../shared/events.ts'
import { parseScope } from '../../shared/gate/scope.ts'
import { clientScope, neighbourhood, parseAddress } from '../../shared/net/ip.ts'
import type { NetworkAnswer } from './wishes.ts'

export interface ScopeChoice {
  readonly kind: 'address' | 'network' | 'name' | 'below' | 'registered'
  readonly scope: string
  /** The other networks of a registered one that is several. */
  readonly more?: readonly string[]
  /** What the registry calls it. */
  readonly name?: string
}

/** The registered network as a choice; null if none is known, or if it is so wide that it cannot be meant. */
export function registeredChoice(kind: RuleKind, answer: NetworkAnswer): ScopeChoice | null {
  if (!answer.known) return null
  const [scope, ...more] = answer.cidrs.flatMap((cidr) => {
    const parsed = parseScope(kind, cidr)
    return parsed.ok && parsed.scope.kind === 'network' && parsed.scope.network.prefix >= WIDEST[parsed.scope.network.address.family] ? [parsed.scope.text] : []
  })
  if (scope === undefined || more.length >= MOST_NETWORKS || more.length + 1 < answer.cidrs.length) return null
  const name = answer.name ?? answer.handle
  return { kind: 'registered', scope, more, ...(name === null ? {} : { name }) }
}

/** A registry's own block is no one's network. */
const WIDEST = { 4: 8, 6: 16 } as const
const MOST_NETWORKS = 32

export function scopesFor(kind: RuleKind, session: Pick<SessionRecord, 'client' | 'verifiedName'>): readonly ScopeChoice[] {
  const address = parseAddress(session.client)
  const choices: ScopeChoice[] = []
  if (address !== null) {
    const own = kind === 'ban' ? clientScope(address).text : address.text
    const network = neighbourhood(address).text
    choices.push({ kind: 'address', scope: own })
    if (network !== own) choices.push({ kind: 'network', scope: network })
  }
  if (kind === 'ban' || session.verifiedName === null) return choices
  choices.push({ kind: 'name', scope: session.verifiedName })
  const parent = session.verifiedName.split('.').slice(1).join('.')
  if (parent.includes('.')) choices.push({ kind: 'below', scope: `.${parent}` })
  return choices
}

/** How long a rule may hold, in ms; null: for good. */
export const HOUR = 3_600_000
export const BAN_LENGTHS = [HOUR, 24 * HOUR, 96 * HOUR, 32 * 24 * HOUR, null] as const
export const ALLOW_LENGTHS = [HOUR, 24 * HOUR, 30 * 24 * HOUR, null] as const
