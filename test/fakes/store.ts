/** A store in memory, for tests of what uses one. It passes the same contract suite as the real one (test/contract/store.ts). */
import type { ConductRow, StorePort } from '../../electron/ports.ts'
import { compileFilter } from '../../electron/store/match.ts'
import { isWidened, searchMatcher } from '../../shared/search/match.ts'
import { countSession, identityOf, rankOf, senderKeyOf, standingOf } from '../../shared/search/sender.ts'
import type { Sender, SenderBook } from '../../shared/search/sender.ts'
import { wider } from '../../shared/search/query.ts'
import type { Search } from '../../shared/search/query.ts'
import type { JournalEntry, Rule } from '../../shared/events.ts'
import { RULE_SETS } from '../../shared/gate/whatif.ts'
import { SurveyTally } from '../../shared/notice/survey.ts'
import { WhatIfTally } from '../../shared/gate/whatiftally.ts'
import { directReport } from './report.ts'
import { readForgettable } from '../../shared/net/forget.ts'

export interface FakeStore extends StorePort {
  /** Everything recorded, oldest first. */
  readonly entries: readonly JournalEntry[]
  /** While set, writes of rules fail with this message. */
  failWith: string | null
}

type Book = SenderBook & { readonly all: ReadonlyMap<string, Sender> }

function bookOf(entries: readonly JournalEntry[]): Book {
  const all = new Map<string, Sender>()
  const book: Book = {
    all, get: (key) => all.get(key) ?? null, pools: (near) => [...all.values()].filter((each) => each.key.startsWith(`${near} `)),
    put: (sender) => void all.set(sender.key, sender), remove: (key) => void all.delete(key),
  }
  for (const { session } of entries) countSession(book, session)
  return book
}

function keyIn(book: Book, session: JournalEntry['session']): string {
  const identity = identityOf(session)
  return identity === null ? '' : senderKeyOf(book, identity)
}

export function createFakeStore(now: () => number = Date.now): FakeStore {
  const entries: JournalEntry[] = []
  const rules = new Map<string, Rule>()
  const values = new Map<string, string>()
  const grace = new Map<string, number>()
  const counted: { readonly key: string; readonly hour: number; readonly hits: number }[] = []
  const notices = new Map<string, { readonly value: string; readonly message: string }>()
  const conduct = new Map<string, ConductRow>()
  const keyOf = (kind: string, scope: string) => `${kind} ${scope}`
  const sessionsOf = (search: Search) => {
    const all = entries.map(({ session }) => session)
    const exact = all.filter(searchMatcher(search))
    const wide = exact.length > 0 ? null : wider(search)
    return wide === null ? exact : all.filter(searchMatcher(wide))
  }
  const fake: FakeStore = {
    entries,
    failWith: null,
    record: (entry) => void entries.push(structuredClone(entry)),
    stats: () => ({ queued: 0, written: entries.length, dropped: 0, bytes: null, trouble: fake.failWith }),
    sessions(filter) {
      const before = filter.before === undefined ? entries.length : entries.findIndex((each) => each.session.id === filter.before)
      const older = entries.slice(0, Math.max(0, before)).map((each) => each.session).reverse()
      const { matches } = compileFilter(filter)
      const wide = filter.search === undefined || entries.some((each) => matches(each.session)) ? null : wider(filter.search)
      const found = older.filter(wide === null ? matches : compileFilter({ ...filter, search: wide }).matches)
      return Promise.resolve(found.slice(0, filter.limit))
    },
    entry: (id) => Promise.resolve(entries.find((each) => each.session.id === id) ?? null),
    integrity: () => Promise.resolve({ tested: true, damage: null }),
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
    senders(query) {
      const book = bookOf(entries)
      const sought = query.search === undefined || query.search.groups.length === 0 ? null : sessionsOf(query.search)
      const found = sought === null ? null : new Set(sought.map((session) => keyIn(book, session)))
      const wanted = [...book.all.values()].filter((each) =>
        (query.standing === undefined || standingOf(each) === query.standing) && (query.finding === undefined || each.findings.includes(query.finding)) &&
        (query.since === undefined || each.lastSeen >= query.since) && (query.newSince === undefined || each.firstSeen >= query.newSince) && (found === null || found.has(each.key)))
      const sorted = { refused: rankOf, last: () => 0, attempts: (each: Sender) => each.attempts, refusals: (each: Sender) => each.refused }[query.sort]
      wanted.sort((a, b) => sorted(b) - sorted(a) || b.lastSeen - a.lastSeen || (a.key < b.key ? -1 : 1))
      const from = query.after === undefined ? 0 : Number(query.after)
      const end = from + query.limit
      return Promise.resolve({ senders: wanted.slice(from, end), total: wanted.length, next: end < wanted.length ? String(end) : null, uncounted: 0, widened: query.search !== undefined && sought !== null && isWidened(query.search, sought) })
    },
    sender(key) {
      const { all } = bookOf(entries)
      return Promise.resolve(all.get(key) ?? [...all.values()].find((each) => each.addresses.includes(key)) ?? null)
    },
    counts(since) {
      const counts: Record<string, number> = {}
      for (const { session } of entries) {
        if (session.at >= since) counts[session.disposition] = (counts[session.disposition] ?? 0) + 1
      }
      return Promise.resolve(counts)
    },
    async whatIf({ from, until, acceptedFrom, terms, list }, options) {
      options?.signal?.throwIfAborted()
      const tally = new WhatIfTally(terms)
      for (const entry of [...entries].reverse()) {
        if (entry.session.at >= from && entry.session.at < until) tally.add(entry.session, () => entry.evidence)
        else if (entry.session.at >= acceptedFrom && entry.session.at < from) tally.addEarlier(entry.session)
      }
      options?.onProgress?.(entries.length, entries.length)
      const listed = list.kind === 'none' ? [] : list.kind === 'changing' ? tally.changing(list.rules, list.limit) : RULE_SETS.flatMap((rules) => tally.refused(rules, list.limit))
      return Promise.resolve({ counts: tally.counts(), senders: [...new Map(listed.map((each) => [each.lastId, each])).values()] })
    },
    survey({ from, until, refusedOnly }) {
      const tally = new SurveyTally()
      for (const { session } of [...entries].reverse()) {
        const at = Date.parse(session.at)
        if (at >= from && at < until && (!refusedOnly || /^(?:rejected|deferred|would-)/.test(session.disposition))) tally.add(session)
      }
      return Promise.resolve(tally.result(now()))
    },
    forget(address) {
      const person = readForgettable(address)
      if (!person.ok) return Promise.reject(new Error(person.problem))
      let sessions = 0
      for (const [at, entry] of entries.entries()) {
        const text = JSON.stringify(entry)
        if (!person.isIn(text)) continue
        entries[at] = JSON.parse(person.without(text)) as JournalEntry
        sessions++
      }
      return Promise.resolve({ sessions, notices: [], rules: [], values: 0 })
    },
    sizes: () => Promise.resolve({ bytes: 4096, logBytes: 0, freeBytes: 0, sessions: entries.length, oldest: null, newest: null, months: [], rules: rules.size, senders: 0, hours: 0 }),
    report: (span) => Promise.resolve({ ...directReport(entries.map(({ session }) => session), span, Intl.DateTimeFormat().resolvedOptions().timeZone, now()), uncounted: 0 }),
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
    loadNotices: () => Promise.resolve(new Map([...notices].map(([id, { value }]) => [id, value]))),
    noticeMessage: (id) => Promise.resolve(notices.get(id)?.message ?? null),
    putNotice: (id, value, message) => attempt(() => void notices.set(id, { value, message: message ?? notices.get(id)?.message ?? '' })),
    deleteNotice: (id) => attempt(() => void notices.delete(id)),
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
