/**
 * Work on many rules at once and what a rule would do (shared/api/rulework.ts): lifting and putting back in pieces, editing,
 * whom a rule would have met in the last 30 days. Asked for by the admin, never on the SMTP path.
 */
import type { Impact, Change, Sender } from '../../shared/api/rulework.ts'
import type { Rule, RuleKind, SessionRecord } from '../../shared/events.ts'
import { canonicalName } from '../../shared/net/domain.ts'
import { parseScope } from '../../shared/gate/scope.ts'
import type { Scope } from '../../shared/gate/scope.ts'
import type { SessionFilter } from '../ports.ts'
import { forgetMany, guarded } from './rules.ts'
import type { RuleDeps } from './rules.ts'

const DAYS = 30
/** Of each disposition, so many sessions are counted. */
const MOST_COUNTED = 2000
const REFUSED = ['rejected', 'deferred', 'would-reject', 'would-defer', 'banned'] as const
const MOST_SENDERS = 20_000
const SHOWN_SENDERS = 100

/** Together, so that they cost few writes. What is not there any more is nobody's problem. */
export async function liftRules(deps: RuleDeps, wanted: readonly { readonly kind: RuleKind; readonly scope: string }[]): Promise<{ readonly removed: readonly Rule[]; readonly problem: string | null }> {
  const outcomes = await Promise.all(wanted.map(({ kind, scope }) => guarded(deps, () => deps.rules.remove(kind, scope))))
  const removed = outcomes.flatMap((outcome) => (outcome.ok ? [outcome.rule] : []))
  await forgetMany(deps, removed.filter(({ kind }) => kind === 'ban'))
  if (removed.length === wanted.length) return { removed, problem: null }
  const there = new Set(deps.rules.list().map(({ kind, scope }) => `${kind} ${scope}`))
  const failed = outcomes.flatMap((outcome, at) => (outcome.ok || !there.has(`${wanted[at]?.kind} ${wanted[at]?.scope}`) ? [] : [outcome.problem]))
  return { removed, problem: failed[0] ?? null }
}

export async function restoreRules(deps: RuleDeps, wanted: readonly Rule[]): Promise<Change<{ readonly restored: number }>> {
  const now = deps.clock.now()
  const current = wanted.filter(({ until }) => until === null || Date.parse(until) > now)
  const outcomes = await Promise.all(current.map((rule) => guarded(deps, () => deps.rules.restore(rule))))
  await forgetMany(deps, outcomes.flatMap((outcome) => (outcome.ok && outcome.rule.kind === 'allow' ? [outcome.rule] : [])))
  const failed = outcomes.flatMap((outcome) => (outcome.ok ? [] : [outcome.problem]))
  return failed[0] === undefined ? { ok: true, restored: outcomes.length } : { ok: false, problem: failed[0] }
}

/** Since and hits stay; what is changed by hand is the admin's. */
export async function editRule(deps: RuleDeps, input: { readonly kind: RuleKind; readonly scope: string; readonly reason: string; readonly forMs?: number | null | undefined }): Promise<Change<{ readonly rule: Rule; readonly before: Rule }>> {
  const parsed = parseScope(input.kind, input.scope)
  if (!parsed.ok) return parsed
  const before = deps.rules.list().find(({ kind, scope }) => kind === input.kind && scope === parsed.scope.text)
  if (before === undefined) return { ok: false, problem: `${parsed.scope.text} is not there any more` }
  const until = input.forMs === undefined ? before.until : input.forMs === null ? null : new Date(Math.min(deps.clock.now() + input.forMs, 8.64e15)).toISOString()
  const outcome = await guarded(deps, () => deps.rules.restore({ ...before, by: 'admin', reason: input.reason, until }))
  return outcome.ok ? { ok: true, rule: outcome.rule, before } : outcome
}

export async function impactOf(deps: RuleDeps, kind: RuleKind, typed: string): Promise<Change<Impact>> {
  const parsed = parseScope(kind, typed)
  if (!parsed.ok) return parsed
  const { scope } = parsed
  const [wouldHit, refused] = await Promise.all([acceptedOf(deps, scope), refusedOf(deps, scope)])
  return { ok: true, scope: scope.text, wouldHit, refused }
}

export function goodSenders(deps: RuleDeps): Promise<readonly Sender[]> {
  return Promise.all(['0.0.0.0/0', '::/0'].map((all) => deps.store.acceptedWithin(all, DAYS, MOST_SENDERS))).then((families) => families.flat().sort((a, b) => b.sessions - a.sessions))
}

async function acceptedOf(deps: RuleDeps, scope: Scope): Promise<readonly Sender[]> {
  if (scope.kind === 'network') return deps.store.acceptedWithin(scope.text, DAYS)
  const sessions = await sessionsOf(deps, scope, ['accepted', 'whitelisted'])
  const senders = new Map<string, Sender>()
  for (const { client, verifiedName } of sessions.flat()) senders.set(client, { client, name: verifiedName, sessions: (senders.get(client)?.sessions ?? 0) + 1 })
  return [...senders.values()].sort((a, b) => b.sessions - a.sessions).slice(0, SHOWN_SENDERS)
}

async function refusedOf(deps: RuleDeps, scope: Scope): Promise<Impact['refused']> {
  const found = await sessionsOf(deps, scope, REFUSED)
  const all = found.flat()
  return { sessions: all.length, clients: new Set(all.map(({ client }) => client)).size, atLeast: found.some((sessions) => sessions.length >= MOST_COUNTED) }
}

/** Of each disposition a list; names as they were verified, since a claimed name matches nothing. */
async function sessionsOf(deps: RuleDeps, scope: Scope, dispositions: readonly string[]): Promise<SessionRecord[][]> {
  const since = new Date(deps.clock.now() - DAYS * 86_400_000).toISOString()
  const filter: Omit<SessionFilter, 'limit'> = scope.kind === 'network' ? { client: scope.text, since } : { name: scope.name, since }
  const lists: SessionRecord[][] = []
  for (const disposition of dispositions) {
    const sessions = await deps.store.sessions({ ...filter, disposition, limit: MOST_COUNTED })
    lists.push(sessions.filter(({ verifiedName }) => scope.kind === 'network' || (verifiedName !== null && bears(canonicalName(verifiedName), scope))))
  }
  return lists
}

function bears(name: string, scope: Extract<Scope, { kind: 'name' }>): boolean {
  return scope.below ? name.endsWith(`.${scope.name}`) : name === scope.name
}
