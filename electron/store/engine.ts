/**
 * The store itself, within the worker: the open database, the mirror of the rules, and every operation on them. Everything
 * here may throw what SQLite says; the worker decides what becomes of it.
 */
import { closeSync, openSync, renameSync, rmSync, statSync } from 'node:fs'
import type Database from 'better-sqlite3'
import type { Rule } from '../../shared/events.ts'
import { createBlocks } from './blocks.ts'
import { createHits } from './hits.ts'
import type { LaterMark } from './match.ts'
import { createMirror } from './mirror.ts'
import type { NumberedChange } from './mirror.ts'
import type { SenderQuery } from '../ports.ts'
import type { WriteOp } from './protocol.ts'
import { createReportReader } from './reportread.ts'
import { createReports } from './reports.ts'
import type { Span } from '../../shared/report/span.ts'
import { databaseFile, isTorn, moveAside, openDatabase } from './schema.ts'
import { createForgetting } from './forget.ts'
import { createSearch } from './search.ts'
import { INTEGRITY_UNTESTED, MOST_TESTED_BYTES, testIntegrity } from './integrity.ts'
import { createSizes } from './sizes.ts'
import { createSenders } from './senders.ts'

const PRUNE_BLOCKS = 32

export interface EngineOptions {
  readonly sqlite: typeof Database
  readonly dataDir: string
  readonly run: string
  readonly now: () => number
  /** The calendar that reports go by, IANA; the machine's if not said. */
  readonly zone?: string
  readonly onTorn: (aside: string, rules: number) => void
  readonly onDamaged: (first: number) => void
}

/** Opens the data folder; a torn database is moved aside and replaced by a fresh one with the rules of the mirror. */
export function openEngine(options: EngineOptions) {
  const { sqlite, dataDir, run } = options
  const file = databaseFile(dataDir)
  const mirror = createMirror(dataDir)
  let db: Database.Database
  try {
    db = openDatabase(sqlite, file)
  } catch (error) {
    if (!isTorn(error)) throw error
    const aside = moveAside(file, new Date(options.now()))
    db = openDatabase(sqlite, file)
    options.onTorn(aside, mirror.read().rules.length)
  }

  const mark = db.prepare<[string], { value: string }>('SELECT value FROM marks WHERE key = ?')
  const setMark = db.prepare('INSERT OR REPLACE INTO marks VALUES (?, ?)')
  const allRules = db.prepare<[], Rule>('SELECT kind, scope, reason, by, since, until, hits FROM rules')
  const rulesJson = db.prepare<[], { json: string }>(
    'SELECT json_group_array(json_array(kind, scope, reason, by, since, until, hits, last_hit)) AS json FROM rules',
  )
  const oneRule = db.prepare<[string, string], { since: string; until: string | null }>('SELECT since, until FROM rules WHERE kind = ? AND scope = ?')
  const putRule = db.prepare('INSERT OR REPLACE INTO rules (kind, scope, reason, by, since, until, hits, last_hit) VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
  const deleteRule = db.prepare('DELETE FROM rules WHERE kind = ? AND scope = ?')
  const hitRule = db.prepare('UPDATE rules SET hits = hits + ?, last_hit = max(ifnull(last_hit, 0), ?) WHERE kind = ? AND scope = ?')
  const value = db.prepare<[string], { value: string }>('SELECT value FROM small_values WHERE key = ?')
  const putValue = db.prepare('INSERT OR REPLACE INTO small_values VALUES (?, ?)')
  const starts = db.prepare<[], { network: string; at: number }>('SELECT network, at FROM grace_starts')
  const putStart = db.prepare('INSERT OR IGNORE INTO grace_starts VALUES (?, ?)')
  const conductJson = db.prepare<[], { json: string }>('SELECT json_group_array(json_array(kind, scope, value)) AS json FROM conduct')
  const putConduct = db.prepare('INSERT OR REPLACE INTO conduct VALUES (?, ?, ?)')
  const noticeValues = db.prepare<[], { id: string; value: string }>('SELECT id, value FROM notices ORDER BY id')
  const noticeValue = db.prepare<[string], { value: string }>('SELECT value FROM notices WHERE id = ?')
  const noticeMessage = db.prepare<[string], { message: string }>('SELECT message FROM notices WHERE id = ?')
  const putNotice = db.prepare('INSERT INTO notices VALUES (?, ?, ifnull(?, \'\')) ON CONFLICT DO UPDATE SET value = excluded.value, message = ifnull(?, message)')
  const deleteNotice = db.prepare('DELETE FROM notices WHERE id = ?')
  const dropConduct = db.prepare('DELETE FROM conduct WHERE kind = ? AND scope = ?')
  const newest = db.prepare<[], { newest: number | null }>('SELECT newest FROM blocks ORDER BY first DESC LIMIT 1')
  const hits = createHits(db)
  const blocks = createBlocks(db, options.onDamaged)
  const senders = createSenders(db, blocks, (wanted, limit) => search.sessions({ search: wanted, limit }))
  const reports = createReports(db, blocks, options.zone ?? null, options.now)
  /** Only asked when a page wants it: with the name of the zone come some 6 MB of calendars. */
  const zoneName = () => options.zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone
  let readReport: ReturnType<typeof createReportReader> | null = null
  const readSizes = createSizes(db, file, zoneName)
  const markedFrom = (name: LaterMark) => Number(mark.get(name)?.value ?? 1)
  const search = createSearch(blocks, { pairs: markedFrom('pairs'), findings: markedFrom('findings') })

  const storeRule = (rule: Rule) => putRule.run(rule.kind, rule.scope, rule.reason, rule.by, rule.since, rule.until, rule.hits, rule.lastHit === undefined ? null : Date.parse(rule.lastHit))
  const lastChange = () => Number(mark.get('change')?.value ?? 0)
  const lastBatch = () => {
    const [ofRun, batch] = (mark.get('batch')?.value ?? '').split(' ')
    return ofRun === run ? Number(batch) : 0
  }
  // The mirror knows of changes that the database has lost (a fresh file, or a lost write-ahead log).
  if (mirror.last() > lastChange()) {
    const { rules, last } = mirror.read()
    db.transaction(() => {
      db.exec('DELETE FROM rules')
      for (const rule of rules) storeRule(rule)
      setMark.run('change', String(last))
    })()
  }

  /** All of it or nothing, in the file and in memory. */
  const transact = <T>(work: () => T): T => {
    try {
      return db.transaction(work)()
    } catch (error) {
      blocks.forget()
      senders.forget()
      reports.forget()
      throw error
    }
  }

  const forgetting = createForgetting({ db, file, blocks, transact, rewriteMirror: () => mirror.rewrite(allRules.all(), lastChange()) })

  const applyOne = (write: WriteOp, changed: (change: { put: Rule } | { del: [Rule['kind'], string] }) => void) => {
    switch (write.op) {
      case 'write': {
        // Sent again after a worker died between the write and its answer.
        if (write.batch <= lastBatch()) return
        const added = blocks.append(write.lines.filter((_, at) => at % 2 === 0), write.lines.filter((_, at) => at % 2 === 1))
        senders.note(added.first, added.sessions)
        reports.note(added.first, added.sessions)
        setMark.run('batch', `${run} ${write.batch}`)
        return
      }
      case 'putRule':
        reports.ruleMade(write.rule, oneRule.get(write.rule.kind, write.rule.scope) ?? null)
        storeRule(write.rule)
        changed({ put: write.rule })
        return
      case 'deleteRule':
        {
          const ban = write.kind === 'ban' ? oneRule.get('ban', write.scope) : undefined
          if (ban !== undefined) reports.banEnded(ban.until)
        }
        deleteRule.run(write.kind, write.scope)
        changed({ del: [write.kind, write.scope] })
        return
      case 'addHits':
        for (const each of write.hits) {
          hitRule.run(each.hits, each.minute * 60_000, each.kind, each.scope)
          hits.add(each)
          if (each.kind === 'ban') reports.hits(each.minute, each.hits)
        }
        return
      case 'put':
        putValue.run(write.key, write.value)
        return
      case 'putGraceStart':
        putStart.run(write.network, write.at)
        return
      case 'putConduct':
        for (const [kind, scope, value] of write.rows) {
          if (value === null) dropConduct.run(kind, scope)
          else putConduct.run(kind, scope, value)
        }
        return
      case 'putNotice':
        reports.notice(write.value, noticeValue.get(write.notice)?.value ?? null)
        putNotice.run(write.notice, write.value, write.message, write.message)
        return
      case 'deleteNotice':
        deleteNotice.run(write.notice)
    }
  }

  return {
    /** All of them or none, durable when it returns (one sync for all). */
    apply(writes: readonly WriteOp[]): void {
      const changes: NumberedChange[] = []
      transact(() => {
        let n = lastChange()
        for (const write of writes) applyOne(write, (change) => changes.push({ n: ++n, ...change }))
        reports.settle()
        if (changes.length > 0) setMark.run('change', String(n))
      })
      if (changes.length === 0) return
      try {
        if (mirror.exists()) mirror.append(changes)
        else mirror.rewrite(allRules.all(), lastChange())
      } catch {
        // The database has them; the mirror is made anew by `tidyMirror`.
      }
    },
    ...search,
    blocks,
    /** JSON, see protocol.ts. SQLite makes it three times faster than we could. */
    rulesJson: () => rulesJson.get()?.json ?? '[]',
    value: (key: string) => value.get(key)?.value ?? 'null',
    graceStarts: () => starts.all().map((row): [string, number] => [row.network, row.at]),
    hitHistory: hits.history,
    notices: () => noticeValues.all().map((row): [string, string] => [row.id, row.value]),
    noticeMessage: (id: string) => noticeMessage.get(id)?.message ?? null,
    conductJson: () => conductJson.get()?.json ?? '[]',
    lastBatch,
    newest: () => newest.get()?.newest ?? null,
    bytes(): number | null {
      try {
        return statSync(file).size
      } catch {
        return null
      }
    },

    /** One small step; true if there may be more to do. */
    joinStep: () => transact(() => blocks.joinOnce()),
    senders: (query: SenderQuery) => senders.page(query),
    sender: (key: string) => senders.one(key),
    uncounted: () => senders.uncounted(),
    countStep: () => senders.countStep(),
    /** Writes what was counted, if it is much or `anyway`: lists of reports are long, and are written seldom. */
    flushCounts(anyway: 'all' | 'senders' | null): void {
      const [ofSenders, ofReports] = [anyway !== null || senders.isFull(), anyway === 'all' || reports.isFull()]
      if (!ofSenders && !ofReports) return
      transact(() => {
        if (ofSenders) senders.flush()
        if (ofReports) reports.flush()
      })
    },
    reportStep: () => reports.countStep(),
    unreported: () => reports.uncounted(),
    /** What is counted by now; `now`: ms since 1970. */
    report: (span: Span, now: number) => ({ ...(readReport ??= createReportReader(db, zoneName()))(span, now), uncounted: reports.uncounted() }),
    forgetStep: (run: string, address: string, first: boolean) => forgetting.step(run, address, first),
    sizes: readSizes,
    integrity: () => (statSync(file).size > MOST_TESTED_BYTES ? INTEGRITY_UNTESTED : testIntegrity(db)),
    warmStep: () => blocks.warm(),
    /** `believed`: the time now, ms. Sessions that reports have not counted yet stay until they are. */
    pruneStep: (before: number, believed = before) =>
      transact(() => {
        const more = [hits.pruneStep(before), senders.pruneStep(before), reports.pruneStep(believed)].includes(true)
        const first = blocks.prune(before, PRUNE_BLOCKS, reports.writtenTo())
        if (first.held) reports.flush()
        const { pruned } = first.held ? blocks.prune(before, PRUNE_BLOCKS, reports.writtenTo()) : first
        return pruned === PRUNE_BLOCKS || more
      }),
    /** Makes the mirror anew if it is missing, behind, or much longer than the rules it holds. */
    tidyMirror(): void {
      const held = mirror.read()
      const rules = allRules.all()
      if (held.last === lastChange() && held.rules.length === rules.length && held.lines <= rules.length * 2 + 1000) return
      mirror.rewrite(rules, lastChange())
    },

    /** A consistent copy while writes go on; it appears under its name only when it is whole. */
    async backup(target: string): Promise<void> {
      const beside = `${target}.part-${process.pid}`
      rmSync(beside, { force: true })
      closeSync(openSync(beside, 'wx', 0o600))
      try {
        await db.backup(beside)
        renameSync(beside, target)
      } catch (error) {
        rmSync(beside, { force: true })
        throw error
      }
    },
    close: () => void db.close(),
    /** After an error that `isTorn`: the file is moved aside, to be followed by another openEngine. */
    moveAside(): string {
      db.close()
      return moveAside(file, new Date(options.now()))
    },
    mirroredRules: () => mirror.read().rules.length,
  }
}

export type Engine = ReturnType<typeof openEngine>
