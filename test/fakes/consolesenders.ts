/** The Senders page's part of the console's double: the real handlers over a store in memory with the double's sessions. */
import { createNoticeStandings } from '../../electron/console/noticestandings.ts'
import { getSender, listSenders } from '../../electron/console/senders.ts'
import { effective } from '../../electron/settingsfile.ts'
import type { Outbox } from '../../electron/notice/outbox.ts'
import type { Proposals } from '../../shared/api/notices.ts'
import { parseSettings } from '../../shared/config.ts'
import { PrefixMap } from '../../shared/gate/prefixes.ts'
import { parseScope } from '../../shared/gate/scope.ts'
import type { JournalEntry, Rule } from '../../shared/events.ts'
import type { SessionDetail } from '../../shared/api.ts'
import type { Address } from '../../shared/net/ip.ts'
import { createFakeStore } from './store.ts'

export interface SendersOf {
  readonly entries: () => readonly JournalEntry[]
  readonly rules: () => readonly Rule[]
  readonly notices: { readonly proposed: Proposals; readonly outbox: Outbox }
  readonly detail: (entry: JournalEntry) => Pick<SessionDetail, 'sentence' | 'remedies'>
}

const parsed = parseSettings({ hostname: 'mx.shop.example', domains: ['shop.example'], backend: '127.0.0.1:2526', listen: ['127.0.0.1:0'] })
const filled = parsed.ok ? effective(parsed.value, '/nowhere/porch.json') : null

export function sendersDouble({ entries, rules, notices, detail }: SendersOf) {
  const deps = () => {
    if (filled?.ok !== true) throw new Error('settings')
    const store = createFakeStore()
    for (const entry of entries()) store.record(entry)
    const match = (client: Address) => ({ ban: matching(rules(), 'ban', client), allow: matching(rules(), 'allow', client) })
    const clock = { now: Date.now, monotonic: () => performance.now() }
    const standings = createNoticeStandings({ clock, notices: () => notices.outbox.list(), proposals: () => Promise.resolve(notices.proposed) })
    return {
      store, clock, detail: (entry: JournalEntry) => Promise.resolve(detail(entry)), standings,
      settings: { current: () => filled.value, onChange: () => () => undefined, mode: () => ({ mode: 'enforce' as const, until: null }), setMode: () => Promise.resolve(false) },
      strikes: { of: () => ({ strikes: [], step: 0, suggestedAt: null }) },
      rules: { match, hasNames: () => false, matchName: () => null, hit: () => undefined, list: rules, add: () => Promise.reject(new Error('not here')), remove: () => Promise.reject(new Error('not here')), onChange: () => () => undefined },
    }
  }
  return {
    list: (input: Parameters<typeof listSenders>[1]) => listSenders(deps() as unknown as Parameters<typeof listSenders>[0], input),
    get: (input: { readonly key: string; readonly text?: string }) => getSender(deps() as unknown as Parameters<typeof getSender>[0], input.key, input.text),
  }
}

function matching(rules: readonly Rule[], kind: Rule['kind'], client: Address): Rule | null {
  const map = new PrefixMap<Rule>()
  for (const rule of rules) {
    const scope = rule.kind === kind ? parseScope(kind, rule.scope) : null
    if (scope?.ok === true && scope.scope.kind === 'network') map.set(scope.scope.network, rule)
  }
  return map.find(client, () => true)
}
