/**
 * The live stream: every finished session, and those open for more than half a second, to every console that watches,
 * in batches of 50 ms. A console that is too slow loses the oldest of what waits for it, is told how many, and costs no
 * memory beyond its buffer. Without consoles a session costs one comparison.
 */
import type { LiveBatch } from '../../shared/api.ts'
import type { SessionRecord } from '../../shared/events.ts'
import type { Clock, GatePort } from '../ports.ts'

export type LiveSession = LiveBatch['sessions'][number]

const BATCH_MS = 50
const POLL_MS = 250
/** A session shorter than this is only shown when it is finished. */
const OPEN_MS = 500
/** How many of the open sessions are looked at. */
const OPEN_LIMIT = 500
/** Sessions that wait for one console; the oldest half goes when it is full. */
const BUFFER = 2000

export interface LiveHub {
  /** Called by the gate for each finished session. Never waits, never throws. */
  publish(record: SessionRecord, open: boolean): void
  /** The gate whose open sessions are looked at (it is made after the hub). */
  watchOpen(gate: Pick<GatePort, 'openSessions'>): void
  /** Batches until `signal` aborts or the hub closes; the first one at once, with what is open. */
  subscribe(signal: AbortSignal): AsyncGenerator<LiveBatch, void, void>
  subscribers(): number
  close(): void
}

interface Subscriber {
  buffer: LiveSession[]
  missed: number
  /** Set while the console waits for more. */
  wake: (() => void) | null
}

export function createLiveHub(clock: Clock): LiveHub {
  const subscribers = new Set<Subscriber>()
  let gate: Pick<GatePort, 'openSessions'> | null = null
  let timer: ReturnType<typeof setInterval> | null = null
  let ticks = 0
  let closed = false
  /** What was last shown of each open session, to send it again only when it changed. */
  let shown = new Map<string, string>()

  const publish = (record: SessionRecord, open: boolean) => {
    if (subscribers.size === 0) return
    const session = { ...record, open }
    for (const subscriber of subscribers) keep(subscriber, session)
  }

  const tick = () => {
    ticks += 1
    if (ticks % (POLL_MS / BATCH_MS) === 0) pollOpen()
    for (const subscriber of subscribers) if (subscriber.buffer.length > 0) subscriber.wake?.()
  }

  /** Tells everyone what of the open sessions is news, and returns them all for whoever comes new. */
  const pollOpen = () => {
    const before = clock.now() - OPEN_MS
    const open = (gate?.openSessions(OPEN_LIMIT) ?? []).filter((record) => Date.parse(record.at) <= before)
    const states = open.map((record) => [record.id, stateOf(record)] as const)
    open.forEach((record, index) => {
      if (shown.get(record.id) !== states[index]?.[1]) publish(record, true)
    })
    shown = new Map(states)
    return open
  }

  const start = () => {
    timer ??= setInterval(tick, BATCH_MS).unref()
  }
  const stop = () => {
    if (timer !== null) clearInterval(timer)
    timer = null
    shown.clear()
  }

  async function* subscribe(signal: AbortSignal): AsyncGenerator<LiveBatch, void, void> {
    const subscriber: Subscriber = { buffer: pollOpen().map((record) => ({ ...record, open: true })), missed: 0, wake: null }
    const over = () => signal.aborted || closed
    const wake = () => subscriber.wake?.()
    signal.addEventListener('abort', wake)
    subscribers.add(subscriber)
    start()
    try {
      while (!over()) {
        yield take(subscriber)
        if (!over()) await new Promise<void>((resolve) => (subscriber.wake = resolve))
        subscriber.wake = null
      }
    } finally {
      signal.removeEventListener('abort', wake)
      subscribers.delete(subscriber)
      if (subscribers.size === 0) stop()
    }
  }

  return {
    publish,
    watchOpen(watched) {
      gate = watched
    },
    subscribe,
    subscribers: () => subscribers.size,
    close() {
      closed = true
      stop()
      for (const subscriber of subscribers) subscriber.wake?.()
    },
  }
}

function keep(subscriber: Subscriber, session: LiveSession): void {
  if (subscriber.buffer.length >= BUFFER) {
    subscriber.buffer.splice(0, BUFFER / 2)
    subscriber.missed += BUFFER / 2
  }
  subscriber.buffer.push(session)
}

function take(subscriber: Subscriber): LiveBatch {
  const batch = { sessions: subscriber.buffer, missed: subscriber.missed }
  subscriber.buffer = []
  subscriber.missed = 0
  return batch
}

/** What of an open session is worth sending again; its length alone is not. */
function stateOf(record: SessionRecord): string {
  const { ehlo, iprev, verdict, disposition, tls, reply, transactions, ptrNames } = record
  const recipients = transactions.reduce((sum, transaction) => sum + transaction.recipients.length + 1, record.recipients.length)
  return JSON.stringify([ehlo, iprev, verdict, disposition, tls, reply, recipients, ptrNames.length])
}
