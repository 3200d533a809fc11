/** What a ban or a whitelist entry for one session may cover: its address, its network, its verified name; never a claimed one. */
import type { RuleKind, SessionRecord } from '../../shared/events.ts'
import { clientScope, neighbourhood, parseAddress } from '../../shared/net/ip.ts'

export interface ScopeChoice {
  readonly kind: 'address' | 'network' | 'name' | 'below'
  readonly scope: string
}

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
