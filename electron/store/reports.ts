/**
 * Figures for reports, kept as sessions are written: counts by the hour, and who came most by the day and month. What is counted is written
 * together with the mark of how far it got, so that a crash neither loses nor doubles anything, and a journal of an older version is
 * counted in the same way, in steps. They outlive the sessions (KEPT_DAYS), in some 6 MB a year at most.
 */
import type Database from 'better-sqlite3'
import type { Rule, SessionRecord } from '../../shared/events.ts'
import { neighbourhood, parseAddress } from '../../shared/net/ip.ts'
import { add, banEnded, banKey, banMade, countInto, dayOf, hourOf, NOTICE_EVENTS, noticeKey, readCounts } from '../../shared/report/count.ts'
import type { BanEvent, Counts } from '../../shared/report/count.ts'
import { KEPT_OF_DAY, KEPT_OF_MONTH, TopCounter } from '../../shared/report/top.ts'
import type { StoredTop } from '../../shared/report/top.ts'
import { createOffsets, dateOfDay, dayNumber } from '../../shared/report/zone.ts'
import { identityOf, outcomeOf } from '../../shared/search/sender.ts'
import { localOffset } from '../clock.ts'
import type { Blocks } from './blocks.ts'

export const KEPT_DAYS = 5 * 366
const DAY_MS = 86_400_000
const MINUTE_MS = 60_000
const BLOCKS_A_STEP = 8
const PRUNE_AT_ONCE = 1000
/** Written together, as senders are. */
const FULL_SESSIONS = 8192
/** A session may end long after it began: so many days after its end a day or month is closed. */
const OPEN_DAYS = 2
const MONTH_DAYS = 31
/** Stored lists that are open at once while counting. */
const MOST_OPEN = 24

export type TopKind = 'sender' | 'network' | 'sender of month' | 'network of month'

/** `zone`: IANA; null: this machine's, which is had without its name. `now`: ms since 1970, for what happens without a session. */
export function createReports(db: Database.Database, blocks: Pick<Blocks, 'after' | 'sessions' | 'countAbove'>, zone: string | null, now: () => number) {
  const mark = db.prepare<[], { value: string }>("SELECT value FROM marks WHERE key = 'reported'")
  const setMark = db.prepare("INSERT OR REPLACE INTO marks VALUES ('reported', ?)")
  const hour = db.prepare<[number], { counts: string }>('SELECT counts FROM report_hours WHERE hour = ?')
  const putHour = db.prepare('INSERT OR REPLACE INTO report_hours VALUES (?, ?)')
  const top = db.prepare<[number, string], { top: string }>('SELECT top FROM report_tops WHERE day = ? AND kind = ?')
  const putTop = db.prepare('INSERT OR REPLACE INTO report_tops VALUES (?, ?, ?, ?)')
  const lastDay = db.prepare<[], { day: number | null }>('SELECT max(day) AS day FROM report_tops')
  const openDays = db.prepare<[number], { day: number; kind: TopKind }>('SELECT day, kind FROM report_tops WHERE open = 1 AND day < ?')
  const putFix = db.prepare('INSERT OR IGNORE INTO report_fixes VALUES (?, ?, ?)')
  const pruneHours = db.prepare(`DELETE FROM report_hours WHERE hour IN (SELECT hour FROM report_hours WHERE hour < ? LIMIT ${PRUNE_AT_ONCE})`)
  const pruneTops = db.prepare(`DELETE FROM report_tops WHERE (day, kind) IN (SELECT day, kind FROM report_tops WHERE day < ? LIMIT ${PRUNE_AT_ONCE})`)
  const pruneFixes = db.prepare(`DELETE FROM report_fixes WHERE notice IN (SELECT notice FROM report_fixes WHERE at < ? LIMIT ${PRUNE_AT_ONCE})`)
  const offsetOf = zone === null ? localOffset : createOffsets(zone)

  interface Pending {
    readonly from: number
    to: number
    readonly hours: Map<number, Record<string, number>>
    readonly tops: Map<string, { readonly day: number; readonly kind: TopKind; readonly counter: TopCounter }>
  }
  let pending: Pending | null = null

  let lastMonth = { day: Number.NaN, first: 0 }
  /** The first day of a day's month. */
  const monthOf = (day: number): number => {
    if (lastMonth.day !== day) lastMonth = { day, first: dayNumber(`${dateOfDay(day).slice(0, 7)}-01`) }
    return lastMonth.first
  }
  const markedTo = () => Number(mark.get()?.value ?? 0)
  const countedTo = () => pending?.to ?? markedTo()
  const started = (): Pending => (pending ??= { from: markedTo(), to: markedTo(), hours: new Map(), tops: new Map() })

  const storedTop = (day: number, kind: TopKind): StoredTop | null => {
    const row = top.get(day, kind)
    return row === undefined ? null : (JSON.parse(row.top) as StoredTop)
  }
  const counterOf = (tops: Pending['tops'], day: number, kind: TopKind): TopCounter => {
    const key = `${day} ${kind}`
    const known = tops.get(key)
    if (known !== undefined) return known.counter
    const counter = new TopCounter(storedTop(day, kind))
    tops.set(key, { day, kind, counter })
    return counter
  }
  const count = ({ hours, tops }: Pending, session: SessionRecord): void => {
    const at = Date.parse(session.at)
    if (Number.isNaN(at)) return
    const offset = offsetOf(at)
    const key = hourOf(at, offset)
    let counts = hours.get(key)
    if (counts === undefined) hours.set(key, (counts = {}))
    countInto(counts, session)
    const outcome = outcomeOf(session.disposition)
    const [sender, network] = keysOf(session)
    const day = dayOf(at, offset)
    const month = monthOf(day)
    for (const [start, kind, who] of [[day, 'sender', sender], [day, 'network', network], [month, 'sender of month', sender], [month, 'network of month', network]] as const) {
      counterOf(tops, start, kind).add(who, outcome === 'refused', outcome === 'accepted')
    }
  }
  /** Counts that come without a session: an import of a hundred thousand bans changes one hour, and is written once (`settle`). */
  let unsettled = new Map<number, Record<string, number>>()
  const addNow = (at: number, key: string, by: number): void => {
    const place = hourOf(at, offsetOf(at))
    const counts = unsettled.get(place) ?? {}
    unsettled.set(place, counts)
    add(counts, key, by)
  }
  const writeHours = (hours: ReadonlyMap<number, Counts>): void => {
    for (const [key, counted] of hours) {
      const counts = readCounts(hour.get(key)?.counts ?? '{}')
      for (const name in counted) add(counts, name, counted[name] ?? 0)
      putHour.run(key, JSON.stringify(counts))
    }
  }
  const closeDays = (newest: number): void => {
    for (const { day, kind } of openDays.all(newest - OPEN_DAYS)) {
      const ofMonth = kind.endsWith('month')
      if (ofMonth && day + MONTH_DAYS >= newest - OPEN_DAYS) continue
      putTop.run(day, kind, 0, JSON.stringify(new TopCounter(storedTop(day, kind)).stored(ofMonth ? KEPT_OF_MONTH : KEPT_OF_DAY)))
    }
  }

  return {
    /** Sessions that were just appended, the first of which has this number. Ignored while earlier ones are not counted. */
    note(first: number, sessions: readonly SessionRecord[]): void {
      if (countedTo() !== first - 1) return
      const step = started()
      for (const session of sessions) count(step, session)
      step.to = first + sessions.length - 1
    },

    /** Counts some more of what is in the journal, in memory; true if there may be more. */
    countStep(): boolean {
      const from = countedTo()
      const heads = blocks.after(from, BLOCKS_A_STEP)
      const last = heads.at(-1)
      if (last === undefined) return false
      const step = started()
      for (const head of heads) {
        for (const { number, session } of blocks.sessions(head).reverse()) if (number > from) count(step, session)
      }
      step.to = last.first + last.sessions - 1
      return true
    },

    /** Writes what was counted. Within the caller's transaction. */
    flush(): void {
      if (pending === null) return
      const { hours, tops, to } = pending
      writeHours(hours)
      for (const { day, kind, counter } of tops.values()) putTop.run(day, kind, 1, JSON.stringify(counter.stored()))
      closeDays(lastDay.get()?.day ?? 0)
      setMark.run(String(to))
      pending = null
    },
    isFull: () => pending !== null && (pending.to - pending.from >= FULL_SESSIONS || pending.tops.size > MOST_OPEN),
    /** After a transaction that did not last. */
    forget(): void {
      pending = null
      unsettled = new Map()
    },
    /** Writes what came without a session, at the end of the transaction in which it came. */
    settle(): void {
      if (unsettled.size === 0) return
      writeHours(unsettled)
      unsettled = new Map()
    },
    /** The number of the last session whose counts are written down. */
    writtenTo: markedTo,
    uncounted: () => blocks.countAbove(countedTo()),

    hits(minute: number, hits: number): void {
      addNow(minute * MINUTE_MS, banKey('spared'), hits)
    },
    /** Before the rule is written. */
    ruleMade(rule: Rule, replaced: Pick<Rule, 'since'> | null): void {
      const event = banMade(rule, replaced)
      if (event !== null) addNow(now(), banKey(event), 1)
    },
    banEnded(until: string | null): void {
      const event: BanEvent = banEnded(until, now())
      addNow(now(), banKey(event), 1)
    },
    /** What a notice's new text tells that the one before did not. */
    notice(value: string, before: string | null): void {
      const known = new Set(storyOf(before).events.map(({ at, kind }) => `${at} ${kind}`))
      const { id, sentAt, events } = storyOf(value)
      for (const { at, kind } of events) {
        const event = NOTICE_EVENTS.find((each) => each === kind)
        if (event === undefined || known.has(`${at} ${kind}`)) continue
        addNow(at, noticeKey(event), 1)
        if (event === 'fixed' && sentAt !== null) putFix.run(id, at, at - sentAt)
      }
    },

    /** Deletes some of what is older than reports are kept; `believed`: the time now, ms. True if there may be more. Within the caller's transaction. */
    pruneStep(believed: number): boolean {
      const oldest = believed - KEPT_DAYS * DAY_MS
      const gone = [pruneHours.run(Math.floor(oldest / MINUTE_MS)), pruneTops.run(Math.floor(oldest / DAY_MS)), pruneFixes.run(oldest)]
      return gone.some(({ changes }) => changes === PRUNE_AT_ONCE)
    },
  }
}

export type Reports = ReturnType<typeof createReports>

/** Who a session is counted for: "v acme.example" (verified), "c acme.example" (claimed) or "" without any; and its network. */
function keysOf(session: SessionRecord): readonly [sender: string, network: string] {
  const identity = identityOf(session)
  const sender = identity?.domain == null ? '' : `${identity.verified ? 'v' : 'c'} ${identity.domain.toLowerCase()}`
  const address = parseAddress(session.client)
  return [sender, address === null ? session.client : neighbourhood(address).text]
}

/** A stored notice, as far as it is one. */
function storyOf(text: string | null): { readonly id: string; readonly sentAt: number | null; readonly events: readonly { readonly at: number; readonly kind: string }[] } {
  try {
    const { id, sentAt, events } = JSON.parse(text ?? '{}') as { readonly id?: unknown; readonly sentAt?: unknown; readonly events?: unknown }
    return { id: typeof id === 'string' ? id : '', sentAt: typeof sentAt === 'number' ? sentAt : null, events: Array.isArray(events) ? events.flatMap(eventOf) : [] }
  } catch {
    return { id: '', sentAt: null, events: [] }
  }
}

function eventOf(event: unknown): { readonly at: number; readonly kind: string }[] {
  const { at, kind } = (event ?? {}) as { readonly at?: unknown; readonly kind?: unknown }
  return typeof at === 'number' && typeof kind === 'string' ? [{ at, kind }] : []
}
