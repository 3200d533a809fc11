/** A store in memory, for tests of what uses one. It passes the same contract suite as the real one (test/contract/store.ts). */
import type { ConductRow, StorePort } from '../../electron/ports.ts'
import { compileFilter } from '../../electron/store/match.ts'
import type { JournalEntry, Rule } from '../../shared/events.ts'

export interface FakeStore extends StorePort {
  /** Everything recorded, oldest first. */
  readonly entries: readonly JournalEntry[]
  /** While set, writes of rules fail with this message. */
  failWith: string | null
}

export function createFakeStore(now: () => number = Date.now): FakeStore {
  const entries: JournalEntry[] = []
  const rules = new Map<string, Rule>()
  const values = new Map<string, string>()
  const grace = new Map<string, number>()
  const counted: { readonly key: string; readonly hour: number; readonly hits: number }[] = []
  const conduct = new Map<string, ConductRow>()
  const keyOf = (kind: string, scope: string) => `${kind} ${scope}`
  const fake: FakeStore = {
    entries,
    failWith: null,
    record: (entry) => void entries.push(structuredClone(entry)),
    stats: () => ({ queued: 0, written: entries.length, dropped: 0, bytes: null, trouble: fake.failWith }),
    sessions(filter) {
      const before = filter.before === undefined ? entries.length : entries.findIndex((each) => each.session.id === filter.before)
      const older = entries.slice(0, Math.max(0, before)).map((each) => each.session).reverse()
      const found = older.filter(compileFilter(filter).matches)
      const wide = found.length === 0 && filter.text !== undefined ? older.filter(compileFilter(filter, true).matches) : found
      return Promise.resolve(wide.slice(0, filter.limit))
    },
    entry: (id) => Promise.resolve(entries.find((each) => each.session.id === id) ?? null),
    acceptedWithin(network, days, most = 100) {
      const { matches } = compileFilter({ client: network, since: new Date(now() - days * 86_400_000).toISOString(), limit: 1 })
      const found = new Map<string, { client: string; name: string | null; sessions: number }>()
      for (const { session } of [...entries].reverse()) {
        if ((session.disposition !== 'accepted' && session.disposition !== 'whitelisted') || !matches(session)) continue
        const known = found.get(session.client) ?? { client: session.client, name: session.verifiedName, sessions: 0 }
        found.set(session.client, { ...known, sessions: known.sessions + 1 })
      }
      return Promise.resolve([...found.values()].sort((a, b) => b.sessions - a.sessions).slice(0, most))
    },
    counts(since) {
      const counts: Record<string, number> = {}
      for (const { session } of entries) {
        if (session.at >= since) counts[session.disposition] = (counts[session.disposition] ?? 0) + 1
      }
      return Promise.resolve(counts)
    },
    loadRules: () => Promise.resolve([...rules.values()]),
    putRule: (rule) =>
      attempt(() => {
        rules.set(keyOf(rule.kind, rule.scope), rule)
      }),
    deleteRule: (kind, scope) =>
      attempt(() => {
        rules.delete(keyOf(kind, scope))
      }),
    addHits: (hits) =>
      attempt(() => {
        for (const each of hits) {
          counted.push({ key: keyOf(each.kind, each.scope), hour: Math.floor(each.minute / 60) * 3_600_000, hits: each.hits })
          const rule = rules.get(keyOf(each.kind, each.scope))
          if (rule === undefined) continue
          const at = new Date(each.minute * 60_000).toISOString()
          rules.set(keyOf(each.kind, each.scope), { ...rule, hits: rule.hits + each.hits, lastHit: (rule.lastHit ?? '') > at ? (rule.lastHit ?? at) : at })
        }
      }),
    get: (key) => Promise.resolve(values.has(key) ? (JSON.parse(values.get(key) ?? 'null') as unknown) : null),
    put: (key, value) => attempt(() => void values.set(key, JSON.stringify(value))),
    graceStarts: () => Promise.resolve(new Map(grace)),
    putGraceStart: (network, at) => attempt(() => void (grace.has(network) || grace.set(network, at))),
    hitHistory: (asked, from) =>
      Promise.resolve(asked.map(({ kind, scope }) => {
        const hours = new Map<number, number>()
        for (const { key, hour, hits } of counted) if (key === keyOf(kind, scope) && hour >= from) hours.set(hour, (hours.get(hour) ?? 0) + hits)
        return [...hours].sort((a, b) => a[0] - b[0])
      })),
    loadConduct: () => Promise.resolve([...conduct.values()]),
    putConduct: (rows) =>
      attempt(() => {
        for (const row of rows) {
          if (row[2] === null) conduct.delete(keyOf(row[0], row[1]))
          else conduct.set(keyOf(row[0], row[1]), row)
        }
      }),
    backup: () => attempt(() => undefined),
    close: () => Promise.resolve(),
  }
  const attempt = (change: () => void): Promise<void> => {
    if (fake.failWith !== null) return Promise.reject(new Error(fake.failWith))
    change()
    return Promise.resolve()
  }
  return fake
}
