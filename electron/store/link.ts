/**
 * The store's end of the worker: starts it, starts it again when it dies or no longer answers (with growing pauses), and
 * sends again what was not answered. Every operation may be repeated without harm.
 */
import { existsSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import type { Clock } from '../ports.ts'
import type { FromWorker, OtherOp, Request, WorkerStart, WriteOp } from './protocol.ts'

/** What a question hears that comes too late. */
export const STORE_CLOSED = 'the store is closed'
const CHECK_MS = 5000
/** No answer for so long: trouble is told. */
const SILENT_MS = 15_000
/** No answer for so long: the worker is ended and another one started. */
const STUCK_MS = 60_000
const MAX_PAUSE_MS = 30_000
/** How often a question is sent to a new worker before it is taken for the cause of the deaths. */
const MAX_SENDS = 3

export interface LinkEvents {
  onReady(message: Extract<FromWorker, { kind: 'ready' }>): void
  onTorn(message: Extract<FromWorker, { kind: 'torn' }>): void
  onDamaged(): void
  /** The worker is gone or silent; null: it answers again. */
  onTrouble(why: string | null): void
  onBytes(bytes: number): void
}

/** A write or question that failed; `passing`: worth another try. */
export class StoreFailure extends Error {
  readonly passing: boolean

  constructor(message: string, passing: boolean) {
    super(message)
    this.passing = passing
  }
}

interface Pending {
  readonly request: Request
  sends: number
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
}

/** Beside this file when unbundled; beside the entry when bundled, which is this file or the parent of its chunks. */
function workerUrl(): URL {
  if (import.meta.url.endsWith('.ts')) return new URL('./worker.ts', import.meta.url)
  const beside = new URL('./store-worker.js', import.meta.url)
  return existsSync(beside) ? beside : new URL('../store-worker.js', import.meta.url)
}

export function createLink(start: WorkerStart, clock: Clock, events: LinkEvents) {
  const pending = new Map<number, Pending>()
  let worker: Worker | null = null
  let up = false
  let closing = false
  let nextId = 1
  let heard = clock.monotonic()
  let pause = 1000
  let restart: NodeJS.Timeout | null = null
  let fail: (error: Error) => void = () => undefined

  const post = (each: Pending) => {
    each.sends++
    worker?.postMessage(each.request)
  }
  const take = (message: FromWorker) => {
    heard = clock.monotonic()
    switch (message.kind) {
      case 'ready':
        up = true
        pause = 1000
        events.onTrouble(null)
        events.onReady(message)
        for (const each of pending.values()) post(each)
        return
      case 'fatal':
        closing = true
        fail(new Error(message.message))
        return
      case 'torn':
        events.onTorn(message)
        return
      case 'damaged':
        events.onDamaged()
        return
      case 'done':
        if (message.bytes !== null) events.onBytes(message.bytes)
        pending.get(message.id)?.resolve(message.value)
        pending.delete(message.id)
        return
      case 'failed':
        pending.get(message.id)?.reject(new StoreFailure(message.message, message.passing))
        pending.delete(message.id)
    }
  }
  const launch = () => {
    restart = null
    const own = new Worker(workerUrl(), { workerData: start })
    worker = own
    heard = clock.monotonic()
    let why = 'it ended'
    own.on('message', take)
    own.on('error', (error: Error) => {
      why = error.message
    })
    own.on('exit', () => {
      if (worker !== own) return
      worker = null
      if (closing) {
        rejectAll(STORE_CLOSED)
        return
      }
      if (!up) fail(new Error(`the store’s worker could not start: ${why}`))
      up = false
      events.onTrouble(`its worker stopped (${why}) and is started again`)
      for (const each of [...pending.values()].filter((one) => one.sends >= MAX_SENDS)) {
        pending.delete(each.request.id)
        each.reject(new StoreFailure('the store’s worker stopped', true))
      }
      restart = setTimeout(launch, pause)
      pause = Math.min(MAX_PAUSE_MS, pause * 2)
    })
  }
  const rejectAll = (why: string) => {
    for (const each of pending.values()) each.reject(new StoreFailure(why, true))
    pending.clear()
  }
  const check = setInterval(() => {
    if (!up || worker === null) return
    const silent = clock.monotonic() - heard
    if (pending.size > 0 && silent > SILENT_MS) events.onTrouble(`its worker has not answered for ${Math.round(silent / 1000)} s`)
    if (pending.size > 0 && silent > STUCK_MS) void worker.terminate()
    if (pending.size === 0) heard = clock.monotonic()
    void ask({ op: 'ping' }).catch(() => undefined)
  }, CHECK_MS)
  check.unref()

  const ask = (op: WriteOp | OtherOp): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (closing) {
        reject(new StoreFailure(STORE_CLOSED, false))
        return
      }
      const each: Pending = { request: { id: nextId++, ...op }, sends: 0, resolve, reject }
      pending.set(each.request.id, each)
      if (up) post(each)
    })

  return {
    ask,
    /** Settles when the worker is ready; rejects if the folder cannot be used or the worker cannot start. */
    open(): Promise<void> {
      return new Promise((resolve, reject) => {
        fail = (error) => {
          closing = true
          clearInterval(check)
          if (restart !== null) clearTimeout(restart)
          reject(error)
        }
        launch()
        worker?.on('message', (message: FromWorker) => {
          if (message.kind !== 'ready') return
          fail = () => undefined
          resolve()
        })
      })
    },
    /** The worker itself, for tests that end it. */
    worker: () => worker,
    async close(): Promise<void> {
      clearInterval(check)
      if (restart !== null) clearTimeout(restart)
      const last = up ? ask({ op: 'close' }).catch(() => undefined) : Promise.resolve()
      closing = true
      let timer: NodeJS.Timeout | undefined
      await Promise.race([last, new Promise((resolve) => (timer = setTimeout(resolve, 5000)))])
      clearTimeout(timer)
      rejectAll(STORE_CLOSED)
      await worker?.terminate()
    },
  }
}
