/**
 * Suggestions for the rules, each with the senders of the last 30 days whom it would hit or free, without those that the admin
 * has dismissed. Asked for when the admin looks, never on the SMTP path.
 */
import type { SuggestedChange, SuggestionList } from '../../shared/api/rulework.ts'
import type { Outcome } from '../../shared/api.ts'
import type { SessionRecord } from '../../shared/events.ts'
import { suggest } from '../../shared/gate/suggest.ts'
import type { Suggestion } from '../../shared/gate/suggest.ts'
import { canonicalName } from '../../shared/net/domain.ts'
import type { ConsoleDeps } from './deps.ts'

type Deps = Pick<ConsoleDeps, 'rules' | 'store' | 'strikes' | 'clock' | 'registered'>
type Sender = SuggestedChange['senders'][number]

const DAYS = 30
/** Of each kind; unused bans cost nothing to look at, and are lifted all at once. */
const MOST: Readonly<Record<Suggestion['kind'], number>> = { 'ban-network': 50, 'ban-correspondent': 50, 'allow-provider': 50, 'lift-unused': 1000 }
const REFUSED_SESSIONS = 200
/** The latest ones are remembered. */
const MOST_DISMISSED = 5000
const DISMISSED = 'dismissed-suggestions'

export async function suggestions(deps: Deps): Promise<readonly SuggestedChange[]> {
  return (await suggestionList(deps)).open
}

export async function suggestionList(deps: Deps): Promise<SuggestionList> {
  const now = deps.clock.now()
  const [refused, asking] = await Promise.all([dismissedKeys(deps), deps.registered?.look() ?? false])
  const all = suggest({ rules: deps.rules.list(), earned: deps.strikes.earned(), registered: deps.registered?.known() ?? [], now })
  const isDismissed = ({ kind, scope }: Suggestion) => refused.has(`${kind} ${scope}`)
  const counts = { 'ban-network': 0, 'lift-unused': 0, 'ban-correspondent': 0, 'allow-provider': 0 }
  const shown = all.filter((suggestion) => {
    if (isDismissed(suggestion)) return false
    counts[suggestion.kind] += 1
    return counts[suggestion.kind] <= MOST[suggestion.kind]
  })
  const since = new Date(now - DAYS * 86_400_000).toISOString()
  const open: SuggestedChange[] = []
  for (const suggestion of shown) open.push({ ...suggestion, senders: await sendersOf(deps, suggestion, since) })
  return { open, counts, dismissed: all.filter(isDismissed).slice(0, MOST_DISMISSED), ...(asking ? { asking } : {}) }
}

/** Remembered in the store; what is dismissed again moves to the end of the memory. */
export async function dismissSuggestion(deps: Deps, kind: Suggestion['kind'], scope: string, dismissed: boolean): Promise<Outcome<object>> {
  const key = `${kind} ${scope}`
  const keys = await dismissedKeys(deps)
  keys.delete(key)
  if (dismissed) keys.add(key)
  try {
    await deps.store.put(DISMISSED, [...keys].slice(-MOST_DISMISSED))
    return { ok: true }
  } catch (error) {
    return { ok: false, problem: `It could not be kept: ${error instanceof Error ? error.message : 'unknown trouble'}` }
  }
}

async function dismissedKeys(deps: Deps): Promise<Set<string>> {
  const kept = await deps.store.get(DISMISSED)
  return new Set(Array.isArray(kept) ? kept.filter((key) => typeof key === 'string') : [])
}

async function sendersOf(deps: Deps, suggestion: Suggestion, since: string): Promise<readonly Sender[]> {
  switch (suggestion.kind) {
    case 'ban-network':
    case 'ban-correspondent':
      return deps.store.acceptedWithin(suggestion.scope, DAYS)
    case 'lift-unused':
      // Nobody has run into it, so nobody is freed.
      return []
    case 'allow-provider':
      return refusedUnder(deps, suggestion.scope, since)
  }
}

/** Clients with such a verified name that were refused, or would have been. */
async function refusedUnder(deps: Deps, scope: string, since: string): Promise<Sender[]> {
  const name = scope.replace(/^\./, '')
  const matches = (verified: string) => (scope.startsWith('.') ? canonicalName(verified).endsWith(scope) : canonicalName(verified) === scope)
  const found = new Map<string, Sender>()
  const take = ({ client, verifiedName }: SessionRecord) => {
    if (verifiedName === null || !matches(verifiedName)) return
    found.set(client, { client, name: verifiedName, sessions: (found.get(client)?.sessions ?? 0) + 1 })
  }
  for (const disposition of ['rejected', 'would-reject']) {
    for (const session of await deps.store.sessions({ name, disposition, since, limit: REFUSED_SESSIONS })) take(session)
  }
  return [...found.values()].sort((a, b) => b.sessions - a.sessions)
}
