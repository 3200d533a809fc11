/**
 * The store on SQLite in a worker thread (StorePort). `record` only makes text of an entry and puts it in a bounded queue;
 * nothing the disk does reaches the caller. What the queue cannot take is counted, shown and raised as an alarm.
 */
import { randomUUID } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import type { JournalEntry, Rule } from '../../shared/events.ts'
import type { AlarmsPort, Clock, ConductRow, SessionFilter, StoreIntegrity, StorePort } from '../ports.ts'
import { forgetStepwise, stepwise, surveyed } from './stepwise.ts'
import { createLink, StoreFailure } from './link.ts'
import { refuseOldNode } from './node.ts'
import type { OtherOp, RuleRow, WriteOp } from './protocol.ts'
import { TORN_ALARM } from './tornfiles.ts'
import { createTrustedClock } from '../trustedclock.ts'

/** A batch is written after so many ms, entries or characters, whichever comes first. */
const BATCH_MS = 50
/** After a batch of many the next one waits longer: a batch costs some 2 ms of CPU whatever its size, and more compress better. */
const BUSY_BATCH_MS = 250
const BUSY_ENTRIES = 8
const BATCH_ENTRIES = 500
const BATCH_CHARS = 4 * 1024 * 1024
/** The whole queue (RELIABILITY: at most 10,000 events). */
export const MAX_QUEUED = 10_000
const MAX_QUEUED_CHARS = 32 * 1024 * 1024
/** Longer evidence and transcript is cut: nobody reads more, and one hostile session must not fill the queue. */
const MAX_DETAIL_CHARS = 256 * 1024
const CUT_LINES = 200
const RETRY_MS = 1000
/** Enough to decide by. */
const GOOD_SENDERS = 100
const PRUNE_MS = 60_000
const DAY_MS = 86_400_000
/** Pruning believes the clock only so far beyond the newest session: a clock ten years ahead must not empty the journal. */
const BELIEVED_GAP_MS = 7 * DAY_MS

export interface StoreDeps {
  readonly dataDir: string
  readonly clock: Clock
  readonly alarms: AlarmsPort
  /** Read at each pruning. */
  readonly retentionDays: () => number
}

interface Batch {
  readonly batch: number
  readonly lines: string[]
  readonly entries: number
  readonly chars: number
  sent: boolean
}

export interface Store extends StorePort {
  /** Ends the worker as a crash would; for tests of what happens then. */
  crash(): Promise<void>
}

/** Rejects with one clear line if the data folder cannot be used; a database that is merely busy, full or torn is not a reason. */
export async function createStore(deps: StoreDeps): Promise<Store> {
  refuseOldNode()
  mkdirSync(deps.dataDir, { recursive: true, mode: 0o700 })
  const { alarms } = deps
  const started = { wall: deps.clock.now(), monotonic: deps.clock.monotonic() }
  const trusted = createTrustedClock(deps.clock, () => undefined)
  let newest = started.wall
  let bytes: number | null = null
  let written = 0
  let dropped = 0
  let queued = 0
  let queuedChars = 0
  let trouble: string | null = null
  let nextBatch = 1
  let collecting: string[] = []
  let collectingChars = 0
  let flushTimer: NodeJS.Timeout | null = null
  let busy = false
  let retryTimer: NodeJS.Timeout | null = null
  const unwritten: Batch[] = []

  const setTrouble = (why: string | null) => {
    trouble = why
    if (why === null) alarms.clear('store-trouble')
    else alarms.raise('store-trouble', 'critical', `The journal cannot be written: ${why}. Mail is not affected; what is not yet written is kept in memory as far as it goes.`)
  }
  const link = createLink({ dataDir: deps.dataDir, run: randomUUID() }, deps.clock, {
    onReady(message) {
      newest = message.newest ?? started.wall
      if (message.trouble !== null) setTrouble(message.trouble)
      for (const batch of unwritten.filter((each) => each.batch <= message.batch)) forget(batch, true)
    },
    onTorn(message) {
      alarms.raise(TORN_ALARM, 'critical', `The database was damaged. It was moved to ${message.aside}; a fresh one is in use, with ${message.rules} ${message.rules === 1 ? 'rule' : 'rules'} kept. Earlier sessions are in the moved file only.`)
    },
    onDamaged() {
      alarms.raise('store-damaged', 'warning', 'Some stored sessions are damaged and cannot be read; they are left out of lists. A backup may have them.')
    },
    onTrouble: setTrouble,
    onBytes: (now) => (bytes = now),
  })

  const forget = (batch: Batch, isWritten: boolean) => {
    const at = unwritten.indexOf(batch)
    if (at === -1) return
    unwritten.splice(at, 1)
    queued -= batch.entries
    queuedChars -= batch.chars
    if (isWritten) written += batch.entries
    else drop(batch.entries)
  }
  const drop = (entries: number) => {
    dropped += entries
    alarms.raise('store-dropped', 'critical', `${dropped} sessions are not in the journal: it could not be written, and its queue was full. Mail was not affected.`)
  }
  const send = (batch: Batch) => {
    batch.sent = true
    link.ask({ op: 'write', batch: batch.batch, lines: batch.lines }).then(
      () => {
        forget(batch, true)
        if (trouble !== null) setTrouble(null)
      },
      (error: unknown) => {
        batch.sent = false
        setTrouble(error instanceof Error ? error.message : String(error))
        if (error instanceof StoreFailure && error.passing) retryTimer ??= setTimeout(retry, RETRY_MS)
        else forget(batch, false)
      },
    )
  }
  const retry = () => {
    retryTimer = null
    for (const batch of unwritten.filter((each) => !each.sent)) send(batch)
  }
  const flush = () => {
    if (flushTimer !== null) clearTimeout(flushTimer)
    flushTimer = null
    if (collecting.length === 0) return
    const batch = { batch: nextBatch++, lines: collecting, entries: collecting.length / 2, chars: collectingChars, sent: false }
    collecting = []
    collectingChars = 0
    busy = batch.entries >= BUSY_ENTRIES
    unwritten.push(batch)
    // While an earlier batch waits for another try this one waits with it.
    if (retryTimer === null) send(batch)
  }
  /** What was recorded or changed before is written, or at least tried, before this is done. */
  const ask = (op: WriteOp | OtherOp) => {
    flush()
    return link.ask(op)
  }

  const prune = () => {
    const uptime = deps.clock.monotonic() - started.monotonic
    const believed = Math.min(trusted.now(), newest + BELIEVED_GAP_MS + uptime)
    link.ask({ op: 'prune', before: believed - deps.retentionDays() * DAY_MS, believed }).catch(() => undefined)
  }
  const pruneTimer = setInterval(prune, PRUNE_MS)
  pruneTimer.unref()

  try {
    await link.open()
  } catch (error) {
    clearInterval(pruneTimer)
    throw error
  }

  return {
    record(entry) {
      const lines = linesOf(entry)
      const chars = lines[0].length + lines[1].length
      if (queued >= MAX_QUEUED || queuedChars + chars > MAX_QUEUED_CHARS) {
        drop(1)
        return
      }
      queued++
      queuedChars += chars
      collecting.push(...lines)
      collectingChars += chars
      if (collecting.length >= BATCH_ENTRIES * 2 || collectingChars >= BATCH_CHARS) flush()
      else flushTimer ??= setTimeout(flush, busy ? BUSY_BATCH_MS : BATCH_MS)
    },
    stats: () => ({ queued, written, dropped, bytes, trouble }),
    sessions: async (filter: SessionFilter) => (await ask({ op: 'sessions', filter })) as Awaited<ReturnType<StorePort['sessions']>>,
    entry: async (id) => (await ask({ op: 'entry', session: id })) as JournalEntry | null,
    acceptedWithin: async (network, days, most = GOOD_SENDERS) =>
      (await ask({ op: 'acceptedWithin', network, days, now: deps.clock.now(), most })) as Awaited<ReturnType<StorePort['acceptedWithin']>>,
    senders: async (query) => (await ask({ op: 'senders', query })) as Awaited<ReturnType<StorePort['senders']>>,
    sender: async (key) => (await ask({ op: 'sender', key })) as Awaited<ReturnType<StorePort['sender']>>,
    report: async (span) => (await ask({ op: 'report', span, now: deps.clock.now() })) as Awaited<ReturnType<StorePort['report']>>,
    forget: (address, onProgress) => forgetStepwise(ask, address, onProgress),
    sizes: async () => (await ask({ op: 'sizes' })) as Awaited<ReturnType<StorePort['sizes']>>,
    integrity: async () => (await ask({ op: 'integrity' })) as StoreIntegrity,
    whatIf: (spec, options) => stepwise(ask, spec, options),
    counts: async (since) => (await ask({ op: 'counts', since })) as Record<string, number>,
    async loadRules() {
      const rows = JSON.parse((await ask({ op: 'loadRules' })) as string) as RuleRow[]
      return rows.map(([kind, scope, reason, by, since, until, hits, lastHit]): Rule =>
        lastHit === null ? { kind, scope, reason, by, since, until, hits } : { kind, scope, reason, by, since, until, hits, lastHit: new Date(lastHit).toISOString() })
    },
    survey: (spec) => surveyed(ask, spec),
    putRule: async (rule) => void (await ask({ op: 'putRule', rule })),
    deleteRule: async (kind, scope) => void (await ask({ op: 'deleteRule', kind, scope })),
    addHits: async (hits) => void (await ask({ op: 'addHits', hits })),
    get: async (key) => JSON.parse((await ask({ op: 'get', key })) as string) as unknown,
    put: async (key, value) => void (await ask({ op: 'put', key, value: JSON.stringify(value) })),
    graceStarts: async () => new Map((await ask({ op: 'graceStarts' })) as [string, number][]),
    putGraceStart: async (network, at) => void (await ask({ op: 'putGraceStart', network, at })),
    hitHistory: async (rules, from) => (await ask({ op: 'hitHistory', rules, from })) as Awaited<ReturnType<StorePort['hitHistory']>>,
    loadConduct: async () => JSON.parse((await ask({ op: 'loadConduct' })) as string) as ConductRow[],
    putConduct: async (rows) => void (await ask({ op: 'putConduct', rows })),
    loadNotices: async () => new Map((await ask({ op: 'loadNotices' })) as [string, string][]),
    noticeMessage: async (notice) => (await ask({ op: 'noticeMessage', notice })) as string | null,
    putNotice: async (notice, value, message) => void (await ask({ op: 'putNotice', notice, value, message })),
    deleteNotice: async (notice) => void (await ask({ op: 'deleteNotice', notice })),
    backup: async (file) => void (await ask({ op: 'backup', file })),
    async close() {
      clearInterval(pruneTimer)
      flush()
      if (retryTimer !== null) clearTimeout(retryTimer)
      for (const batch of unwritten.filter((each) => !each.sent)) send(batch)
      await link.close()
      if (retryTimer !== null) clearTimeout(retryTimer)
    },
    async crash() {
      await link.worker()?.terminate()
    },
  }
}

function linesOf(entry: JournalEntry): [string, string] {
  const session = JSON.stringify(entry.session)
  const details = JSON.stringify([entry.evidence, entry.transcript])
  if (details.length <= MAX_DETAIL_CHARS) return [session, details]
  const cut = entry.transcript.slice(0, CUT_LINES).map((line) => ({ ...line, text: line.text.slice(0, 500) }))
  const note = { ms: cut.at(-1)?.ms ?? 0, who: 'note' as const, text: 'the rest of the transcript was too long to keep' }
  const shorter = JSON.stringify([entry.evidence, [...cut, note]])
  return [session, shorter.length <= MAX_DETAIL_CHARS ? shorter : JSON.stringify([[], [...cut, note]])]
}
