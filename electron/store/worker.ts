/**
 * The store's worker thread. It takes requests in order; writes that wait together become one transaction and one sync to
 * disk. Trouble with the database (busy, full, out of reach) is answered, not fatal: the next request tries again.
 */
import { isMainThread, parentPort, workerData } from 'node:worker_threads'
import Sqlite from 'better-sqlite3'
import { openEngine } from './engine.ts'
import type { Engine } from './engine.ts'
import { createMirror } from './mirror.ts'
import type { SenderPage, SenderQuery } from '../ports.ts'
import type { ReportFigures } from '../../shared/report/fold.ts'
import type { Span } from '../../shared/report/span.ts'
import { isWrite } from './protocol.ts'
import type { FromWorker, OtherOp, Request, RuleRow, WorkerStart, WriteOp } from './protocol.ts'
import { FatalStoreError, isTorn } from './schema.ts'
import { createSurveys } from './survey.ts'
import { createWhatIfRuns } from './whatif.ts'

const REOPEN_MS = 1000
const TIDY_MS = 1000
const TIDY_PAUSE_MS = 2
const FLUSH_MS = 10_000
/** Every so many times the lists of reports are written as well; after a crash they are counted again from the journal. */
const ALL_FLUSHES = 30
/** A question about senders waits so long for what is not counted yet, and then is told how much that is. */
const COUNT_MS = 60
/** The mirror is compared with the database once the start is over. */
const MIRROR_MS = 5000
const PRUNE_PAUSE_MS = 50
const WARM_PAUSE_MS = 20

const port = parentPort
const { dataDir, run } = workerData as WorkerStart
const queue: Request[] = []
let engine: Engine | null = null
let openFailed: { readonly error: Error; readonly at: number } | null = null
let draining = false
const whatIf = createWhatIfRuns()
const surveys = createSurveys(Date.now)

const say = (message: FromWorker) => port?.postMessage(message)
const errorOf = (error: unknown) => (error instanceof Error ? error : new Error(String(error)))

/** The open store; throws why it is not open. Opening is tried at most once a second. */
function opened(): Engine {
  if (engine !== null) return engine
  if (openFailed !== null && performance.now() - openFailed.at < REOPEN_MS) throw openFailed.error
  try {
    engine = openEngine({
      sqlite: Sqlite,
      dataDir,
      run,
      now: Date.now,
      onTorn: (aside, rules) => say({ kind: 'torn', aside, rules }),
      onDamaged: () => say({ kind: 'damaged' }),
    })
    openFailed = null
    return engine
  } catch (error) {
    openFailed = { error: errorOf(error), at: performance.now() }
    throw error
  }
}

/** Runs once more on a fresh file if the old one proves torn. */
function withEngine<T>(work: (engine: Engine) => T): T {
  try {
    return work(opened())
  } catch (error) {
    if (!isTorn(error) || engine === null) throw error
    replaceTorn(engine)
    return work(opened())
  }
}

function replaceTorn(torn: Engine): void {
  engine = null
  const aside = torn.moveAside()
  say({ kind: 'torn', aside, rules: torn.mirroredRules() })
}

function drain(): void {
  draining = false
  while (queue.length > 0) {
    const writes: ({ readonly id: number } & WriteOp)[] = []
    for (let next = queue[0]; next !== undefined && isWrite(next); next = queue[0]) {
      writes.push(next)
      queue.shift()
    }
    if (writes.length > 0) applyAll(writes)
    const other = queue.shift()
    if (other !== undefined) void answer(other)
  }
}

/** A batch that could not be written; later ones wait for it, so that numbers on disk have no gap. */
let resumeAt: number | null = null
let resumeWhy = ''

function applyAll(writes: readonly ({ readonly id: number } & WriteOp)[]): void {
  const batches = writes.flatMap((each) => (each.op === 'write' ? [each.batch] : []))
  try {
    if (resumeAt !== null && batches.length > 0 && !batches.includes(resumeAt)) throw new Waiting(resumeWhy)
    withEngine((store) => {
      store.apply(writes)
    })
    if (batches.length > 0) resumeAt = null
    const bytes = engine?.bytes() ?? null
    for (const { id } of writes) say({ kind: 'done', id, value: null, bytes })
    tidySoon()
  } catch (error) {
    const passing = isPassing(error)
    if (passing && batches.length > 0) {
      resumeAt = Math.min(resumeAt ?? Number.POSITIVE_INFINITY, ...batches)
      resumeWhy = errorOf(error).message
    }
    for (const { id } of writes) say({ kind: 'failed', id, message: errorOf(error).message, passing })
  }
}

/** An earlier batch is still unwritten, for the reason told. */
class Waiting extends Error {}

function isPassing(error: unknown): boolean {
  return error instanceof Waiting || (error instanceof Error && 'code' in error && typeof error.code === 'string')
}

async function answer(request: Request): Promise<void> {
  try {
    const value = await perform(request)
    say({ kind: 'done', id: request.id, value, bytes: engine?.bytes() ?? null })
    if (request.op === 'close') port?.close()
  } catch (error) {
    // A search is started anew on the fresh file: it finds nothing there, but it answers.
    if (isTorn(error) && engine !== null) replaceTorn(engine)
    say({ kind: 'failed', id: request.id, message: errorOf(error).message, passing: isPassing(error) })
  }
}

function perform(request: OtherOp | WriteOp): unknown {
  switch (request.op) {
    case 'sessions':
      return withEngine((store) => store.sessions(request.filter))
    case 'entry':
      return withEngine((store) => store.entry(request.session))
    case 'acceptedWithin':
      return withEngine((store) => store.acceptedWithin(request.network, request.days, request.now, request.most))
    case 'senders':
      return senders(request.query)
    case 'sender':
      count()
      return withEngine((store) => store.sender(request.key))
    case 'counts':
      return withEngine((store) => store.counts(request.since))
    case 'loadRules':
      return loadRules()
    case 'get':
      return withEngine((store) => store.value(request.key))
    case 'graceStarts':
      return withEngine((store) => store.graceStarts())
    case 'hitHistory':
      return withEngine((store) => store.hitHistory(request.rules, request.from))
    case 'loadConduct':
      return withEngine((store) => store.conductJson())
    case 'loadNotices':
      return withEngine((store) => store.notices())
    case 'noticeMessage':
      return withEngine((store) => store.noticeMessage(request.notice))
    case 'backup':
      return withEngine((store) => store.backup(request.file))
    case 'forget':
      return withEngine((store) => store.forgetStep(request.run, request.address, request.first))
    case 'sizes':
      return withEngine((store) => store.sizes())
    case 'integrity':
      return withEngine((store) => store.integrity())
    case 'report':
      return report(request.span, request.now)
    case 'prune':
      return prune(request.before, request.believed)
    case 'whatif':
      return withEngine((store) => whatIf.step(store.blocks, request.run, request.spec, request.first))
    case 'whatifDrop':
      return whatIf.drop(request.run)
    case 'survey':
      return withEngine((store) => surveys.step(store.blocks, request.run, request.spec, request.first))
    case 'ping':
      return null
    case 'close':
      engine?.close()
      engine = null
      return null
    case 'write':
    case 'putRule':
    case 'deleteRule':
    case 'addHits':
    case 'put':
    case 'putGraceStart':
    case 'putConduct':
    case 'putNotice':
    case 'deleteNotice':
      throw new Error('a write is no question')
  }
}

/** A database that is busy or out of reach must not let the banned in: the mirror has the rules as well. */
function loadRules(): string {
  try {
    return withEngine((store) => store.rulesJson())
  } catch (error) {
    const mirror = createMirror(dataDir)
    if (!mirror.exists()) throw error
    return JSON.stringify(mirror.read().rules.map((rule): RuleRow => [rule.kind, rule.scope, rule.reason, rule.by, rule.since, rule.until, rule.hits, null]))
  }
}

async function senders(query: SenderQuery): Promise<SenderPage> {
  count()
  const uncounted = withEngine((store) => store.uncounted())
  if (uncounted > 0) tidySoon()
  return { ...(await withEngine((store) => store.senders(query))), uncounted }
}

function report(span: Span, now: number): ReportFigures {
  count((store) => store.reportStep(), 'all')
  const figures = withEngine((store) => store.report(span, now))
  if (figures.uncounted > 0) tidySoon()
  return figures
}

/** Counts what is not counted yet (senders, if not said otherwise), for a moment at most. */
function count(step = (store: Engine) => store.countStep(), flush: 'all' | 'senders' = 'senders'): void {
  const end = performance.now() + COUNT_MS
  try {
    while (withEngine(step) && performance.now() < end);
    withEngine((store) => store.flushCounts(flush))
  } catch (error) {
    // A full or busy disk: what was counted before can still be read.
    if (isTorn(error)) throw error
  }
}

async function prune(before: number, believed: number): Promise<void> {
  while (engine !== null && withEngine((store) => store.pruneStep(before, believed))) {
    await new Promise((resolve) => setTimeout(resolve, PRUNE_PAUSE_MS))
  }
}

let tidyTimer: NodeJS.Timeout | null = null
/** Housekeeping a while after a write, in steps, writes first. */
function tidySoon(): void {
  tidyTimer ??= setTimeout(tidy, TIDY_MS).unref()
}

let flushTimer: NodeJS.Timeout | null = null
let flushes = 0
function flushCounts(): void {
  flushTimer = null
  try {
    engine?.flushCounts(++flushes % ALL_FLUSHES === 0 ? 'all' : 'senders')
  } catch {
    // They are counted again from the journal.
  }
}

function tidy(): void {
  tidyTimer = null
  if (engine === null) return
  try {
    const more = withEngine((store) => store.joinStep() || store.countStep() || store.reportStep())
    withEngine((store) => store.flushCounts(null))
    if (more) tidyTimer = setTimeout(tidy, TIDY_PAUSE_MS).unref()
    else flushTimer ??= setTimeout(flushCounts, FLUSH_MS).unref()
  } catch {
    // Trouble shows when the next session is written.
  }
}

/** So that the first search finds in memory what it needs. */
function warm(): void {
  try {
    if (engine?.warmStep() === true) setTimeout(warm, WARM_PAUSE_MS).unref()
  } catch {
    // Then the first search reads it, or says what is the matter.
  }
}

function start(): void {
  let trouble: string | null = null
  try {
    opened()
  } catch (error) {
    if (error instanceof FatalStoreError) {
      say({ kind: 'fatal', message: error.message })
      return
    }
    trouble = errorOf(error).message
  }
  say({ kind: 'ready', batch: engine?.lastBatch() ?? 0, newest: engine?.newest() ?? null, trouble })
  tidySoon()
  setTimeout(() => {
    try {
      engine?.tidyMirror()
    } catch {
      // A full disk: the database has the rules; tried again at the next start.
    }
    warm()
  }, MIRROR_MS).unref()
  port?.on('message', (request: Request) => {
    queue.push(request)
    if (draining) return
    draining = true
    setImmediate(drain)
  })
}

if (!isMainThread) start()
