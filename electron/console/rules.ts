/**
 * Bans and whitelist as the console and the command line change them. Whitelisting and unbanning also drop what is
 * cached of the clients concerned, so that the next connection is judged by what DNS says now (POLICY, Gathering).
 */
import type { Rule, RuleKind } from '../../shared/events.ts'
import type { Outcome } from '../../shared/api.ts'
import { parseAddress } from '../../shared/net/ip.ts'
import { parseScope } from '../../shared/gate/scope.ts'
import type { RuleInput } from '../ports.ts'
import type { ConsoleDeps } from './deps.ts'

type Deps = Pick<ConsoleDeps, 'rules' | 'store' | 'resolver' | 'onError'>
type Hit = Awaited<ReturnType<ConsoleDeps['store']['acceptedWithin']>>[number]

const PREVIEW_DAYS = 30
/** How many of a scope's last sessions are looked at for clients to forget. */
const FORGET_SESSIONS = 200

export async function addRule(deps: Deps, input: RuleInput): Promise<Outcome<{ readonly rule: Rule }>> {
  const outcome = await guarded(deps, () => deps.rules.add(input))
  if (outcome.ok && input.kind === 'allow') await forget(deps, input.scope, outcome.rule)
  return outcome
}

export async function removeRule(deps: Deps, kind: RuleKind, scope: string): Promise<Outcome<{ readonly rule: Rule }>> {
  const outcome = await guarded(deps, () => deps.rules.remove(kind, scope))
  if (outcome.ok && kind === 'ban') await forget(deps, scope, outcome.rule)
  return outcome
}

/** The scope as it would be kept, and the good senders of the last 30 days inside it; a name's are not known by address. */
export async function previewRule(deps: Deps, kind: RuleKind, scope: string): Promise<Outcome<{ readonly scope: string; readonly wouldHit: readonly Hit[] }>> {
  const parsed = parseScope(kind, scope)
  if (!parsed.ok) return parsed
  const wouldHit = parsed.scope.kind === 'name' ? [] : await deps.store.acceptedWithin(parsed.scope.text, PREVIEW_DAYS)
  return { ok: true, scope: parsed.scope.text, wouldHit }
}

/** A rule that cannot be kept (disk full) is refused in words: it would not survive a restart. */
async function guarded<T extends { readonly ok: boolean }>(deps: Deps, change: () => Promise<T>): Promise<T | { readonly ok: false; readonly problem: string }> {
  try {
    return await change()
  } catch (error) {
    deps.onError(error)
    return { ok: false, problem: `The rule could not be kept: ${error instanceof Error ? error.message : 'unknown trouble'}` }
  }
}

/** The typed address itself, and the clients lately seen within a network or under a name. The rule holds already: trouble here is only logged. */
async function forget(deps: Deps, typed: string, rule: Rule): Promise<void> {
  const address = parseAddress(typed.trim())
  if (address !== null) deps.resolver.forget(address.text)
  if (address !== null && rule.scope === address.text) return
  try {
    const scope = parseScope(rule.kind, rule.scope)
    if (!scope.ok) return
    const within = scope.scope.kind === 'network' ? { client: scope.scope.text } : { name: scope.scope.name }
    const sessions = await deps.store.sessions({ ...within, limit: FORGET_SESSIONS })
    for (const client of new Set(sessions.map((session) => session.client))) deps.resolver.forget(client)
  } catch (error) {
    deps.onError(error)
  }
}
