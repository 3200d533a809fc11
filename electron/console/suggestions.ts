/** Suggestions for the rules, each with the senders of the last 30 days whom it would hit or free. Asked for when the admin looks, never on the SMTP path. */
import type { SuggestedChange } from '../../shared/api.ts'
import type { SessionRecord } from '../../shared/events.ts'
import { suggest } from '../../shared/gate/suggest.ts'
import type { Suggestion } from '../../shared/gate/suggest.ts'
import { canonicalName } from '../../shared/net/domain.ts'
import type { ConsoleDeps } from './deps.ts'

type Deps = Pick<ConsoleDeps, 'rules' | 'store' | 'strikes' | 'clock'>
type Sender = SuggestedChange['senders'][number]

const DAYS = 30
/** Of each kind. */
const MOST = 50
const REFUSED_SESSIONS = 200

export async function suggestions(deps: Deps): Promise<readonly SuggestedChange[]> {
  const now = deps.clock.now()
  const all = suggest({ rules: deps.rules.list(), earned: deps.strikes.earned(), now })
  const counts = new Map<Suggestion['kind'], number>()
  const shown = all.filter(({ kind }) => {
    const count = (counts.get(kind) ?? 0) + 1
    counts.set(kind, count)
    return count <= MOST
  })
  const since = new Date(now - DAYS * 86_400_000).toISOString()
  const changes: SuggestedChange[] = []
  for (const suggestion of shown) changes.push({ ...suggestion, senders: await sendersOf(deps, suggestion, since) })
  return changes
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
