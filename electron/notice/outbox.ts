/**
 * The notices there are, in memory and in the store. A change holds only when it is on disk; changes come one after another. Beside the
 * store a plain copy is kept, so that a torn database does not take the timelines along; what comes back from there is never sent again.
 */
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { isInMessage } from '../forgotten.ts'
import type { Forgettable } from '../../shared/net/forget.ts'
import { step } from '../../shared/notice/outbox.ts'
import type { Notice, OutboxEvent } from '../../shared/notice/outbox.ts'
import type { AlarmsPort, Clock, StorePort } from '../ports.ts'
import { messageOf } from '../settingsfile.ts'
import { createTurns } from '../turns.ts'

const DAY = 86_400_000
/** Drafts that nobody came back to, and stories that are long over, are dropped. */
const KEEP_DRAFT_MS = 7 * DAY
const KEEP_MS = 400 * DAY

export interface Outbox {
  list(): readonly Notice[]
  get(id: string): Notice | null
  /** The bytes that are (or were) sent. */
  message(id: string): Promise<string | null>
  /** A new draft, or another version of one. Rejects if it cannot be kept. */
  put(notice: Notice, message: string): Promise<void>
  /** The notice after the event, once that is on disk; the same object if it meant nothing; null if there is none. Rejects if it cannot be kept. */
  apply(id: string, event: OutboxEvent): Promise<Notice | null>
  /** Queues a draft unless a reason speaks against it at that very moment, with all changes before it taken into account: two at once never pass one cap. */
  queue(id: string, against: (notice: Notice) => string | null, holdMs?: number): Promise<Notice | { readonly against: string } | null>
  drop(id: string): Promise<void>
  /** Takes a mail address out of all notices (their messages are the store's affair); those that wait to be sent to it are cancelled. The ids of those that named it. */
  forget(person: Forgettable): Promise<readonly string[]>
  onChange(listener: () => void): () => void
  close(): Promise<void>
}

export interface OutboxDeps {
  readonly store: Pick<StorePort, 'loadNotices' | 'noticeMessage' | 'putNotice' | 'deleteNotice'>
  readonly clock: Clock
  readonly alarms: AlarmsPort
  /** Null: no copy beside the store. */
  readonly dataDir: string | null
}

/** Never rejects: without what was stored it begins empty, and says so. */
export async function createOutbox(deps: OutboxDeps): Promise<Outbox> {
  const { store, clock, alarms } = deps
  const copyFile = deps.dataDir === null ? null : join(deps.dataDir, 'notices', 'notices.json')
  const notices = new Map<string, Notice>()
  const listeners = new Set<() => void>()
  const turns = createTurns()

  const changed = () => {
    for (const listener of listeners) listener()
  }
  const copy = async () => {
    if (copyFile === null || deps.dataDir === null) return
    try {
      mkdirSync(join(deps.dataDir, 'notices'), { recursive: true, mode: 0o700 })
      await writeFileAtomic(copyFile, JSON.stringify([...notices.values()]), { mode: 0o600 })
    } catch {
      // The store has them.
    }
  }
  const keep = async (notice: Notice, message: string | null) => {
    await store.putNotice(notice.id, JSON.stringify(notice), message)
    notices.set(notice.id, notice)
    await copy()
    changed()
  }
  const apply = async (id: string, event: OutboxEvent): Promise<Notice | null> => {
    const notice = notices.get(id)
    if (notice === undefined) return null
    const next = step(notice, event, clock.now())
    if (next !== notice) await keep(next, null)
    return next
  }

  try {
    for (const [id, value] of await store.loadNotices()) {
      const notice = readNotice(value)
      if (notice?.id === id) notices.set(id, notice)
    }
    for (const notice of copyFile === null ? [] : readCopy(copyFile)) {
      if (notices.has(notice.id)) continue
      // Whether it was sent is not known any more.
      const lost = notice.state === 'queued' ? step(notice, { kind: 'hand-over' }, clock.now()) : notice
      await keep(step(lost, { kind: 'lost', why: 'the database was damaged' }, clock.now()), null)
    }
    for (const notice of [...notices.values()]) {
      if (notice.state === 'sending') await apply(notice.id, { kind: 'lost', why: 'Porch ended in that moment' })
      else if (isOld(notice, clock.now())) await dropNow(notice.id)
    }
  } catch (error) {
    alarms.raise('notices', 'warning', `Notices could not be read, or not all of them: ${messageOf(error)}`)
  }

  async function dropNow(id: string): Promise<void> {
    await store.deleteNotice(id)
    notices.delete(id)
    await copy()
    changed()
  }

  const forget = async (person: Forgettable): Promise<readonly string[]> => {
    const named = [...notices.values()].filter((notice) => person.isIn(JSON.stringify(notice)))
    // What waits and says the name in its text goes nowhere either.
    for (const { id, state } of [...notices.values()]) {
      if ((state === 'draft' || state === 'queued') && isInMessage(person, (await store.noticeMessage(id)) ?? '')) await apply(id, { kind: 'cancel' })
    }
    for (const { id, to } of named) {
      if (person.isIn(to)) await apply(id, { kind: 'cancel' })
      const now = notices.get(id)
      if (now !== undefined) await keep(JSON.parse(person.without(JSON.stringify(now))) as Notice, null)
    }
    return named.map(({ id }) => id)
  }

  return {
    list: () => [...notices.values()],
    get: (id) => notices.get(id) ?? null,
    message: (id) => store.noticeMessage(id),
    put: (notice, message) => turns.next(async () => {
      // What has left, or may, is not written over.
      if ((notices.get(notice.id)?.state ?? 'draft') !== 'draft') throw new Error('it is no draft any more')
      await keep(notice, message)
    }),
    apply: (id, event) => turns.next(() => apply(id, event)),
    queue: (id, against, holdMs = 0) => turns.next(async () => {
      const notice = notices.get(id)
      const reason = notice?.state === 'draft' ? against(notice) : null
      return reason === null ? apply(id, { kind: 'queue', holdMs }) : { against: reason }
    }),
    drop: (id) => turns.next(() => dropNow(id)),
    forget: (person) => turns.next(() => forget(person)),
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async close() {
      await turns.done()
    },
  }
}

/** Takes a mail address out of all notices without a gate (`Outbox.forget`). Rejects if they cannot be kept. */
export async function forgetInNotices(deps: OutboxDeps, person: Forgettable): Promise<readonly string[]> {
  const outbox = await createOutbox(deps)
  try {
    return await outbox.forget(person)
  } finally {
    await outbox.close()
  }
}

function isOld({ state, createdAt, sentAt }: Notice, now: number): boolean {
  return now - Math.max(createdAt, sentAt ?? 0) > (state === 'draft' ? KEEP_DRAFT_MS : KEEP_MS)
}

/** Our own writing; null for what is damaged. */
function readNotice(text: string): Notice | null {
  try {
    const value = JSON.parse(text) as Partial<Notice> | null
    return typeof value?.id === 'string' && typeof value.state === 'string' && typeof value.to === 'string' && typeof value.createdAt === 'number' && Array.isArray(value.events) ? (value as Notice) : null
  } catch {
    return null
  }
}

function readCopy(file: string): Notice[] {
  try {
    const values = JSON.parse(readFileSync(file, 'utf8')) as unknown
    return Array.isArray(values) ? values.flatMap((value) => readNotice(JSON.stringify(value)) ?? []) : []
  } catch {
    return []
  }
}
