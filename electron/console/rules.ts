/**
 * Bans and whitelist as the console and the command line change them, one by one or from a list. Whitelisting and unbanning
 * also drop what is cached of the clients concerned, so that the next connection is judged by what DNS says now (POLICY,
 * Gathering). Their strikes are dropped by the rules themselves; only who bears a whitelisted name is found out here.
 */
import type { Rule, RuleKind } from '../../shared/events.ts'
import type { Outcome } from '../../shared/api.ts'
import { canonicalName, isAtOrBelow } from '../../shared/net/domain.ts'
import { parseAddress } from '../../shared/net/ip.ts'
import type { ListedRule } from '../../shared/gate/rulelist.ts'
import { parseScope } from '../../shared/gate/scope.ts'
import type { RuleInput } from '../ports.ts'
import type { ConsoleDeps } from './deps.ts'

type Deps = Pick<ConsoleDeps, 'rules' | 'store' | 'strikes' | 'clock' | 'onError'> & { readonly resolver: Pick<ConsoleDeps['resolver'], 'forget'> }
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

/** How many whitelisted networks and names of one import are looked up for what is cached of them. */
const FORGET_SCOPES = 50

/** Together, so that they cost few writes. What could not be added is named, up to the first; the rest holds. */
export async function importRules(deps: Deps, listed: readonly ListedRule[]): Promise<Outcome<{ readonly added: number }>> {
  const now = deps.clock.now()
  const current = listed.filter(({ until }) => typeof until !== 'string' || Date.parse(until) > now)
  const outcomes = await Promise.all(current.map(({ kind, scope, reason, until }) => {
    const forMs = until === undefined ? {} : { forMs: until === null ? null : Date.parse(until) - now }
    return guarded(deps, () => deps.rules.add({ kind, scope, reason, by: 'admin', at: now, ...forMs }))
  }))
  const allowed = outcomes.flatMap((outcome) => (outcome.ok && outcome.rule.kind === 'allow' ? [outcome.rule] : []))
  const single = (rule: Rule) => parseAddress(rule.scope) !== null
  for (const rule of allowed.filter(single)) deps.resolver.forget(rule.scope)
  for (const rule of allowed.filter((each) => !single(each)).slice(0, FORGET_SCOPES)) await forget(deps, rule.scope, rule)
  const failed = outcomes.flatMap((outcome) => (outcome.ok ? [] : [outcome.problem]))
  if (failed.length > 0) return { ok: false, problem: `${failed.length} of ${listed.length} rules were not added: ${failed[0]}` }
  return { ok: true, added: outcomes.length }
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
    if (scope.scope.kind === 'network') return
    const { name } = scope.scope
    const bearers = sessions.filter(({ verifiedName }) => verifiedName !== null && isAtOrBelow(canonicalName(verifiedName), name))
    for (const client of new Set(bearers.map((session) => session.client))) {
      const itself = parseScope('allow', client)
      if (itself.ok) deps.strikes.forgive(itself.scope)
    }
  } catch (error) {
    deps.onError(error)
  }
}
