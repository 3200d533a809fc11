/**
 * The letters to the admin, in memory and in the store, beside the notices but apart from them: they are in no list and count in no cap.
 * A change holds only when it is on disk, with one exception: red alarms are mailed also when the store keeps nothing, for that may be
 * the alarm. Such a letter lives in memory; kill -9 may then tell it a second time.
 */
import { stepLetter } from '../../shared/notice/letter.ts'
import type { Letter } from '../../shared/notice/letter.ts'
import type { OutboxEvent } from '../../shared/notice/outbox.ts'
import type { Clock, StorePort } from '../ports.ts'
import { createTurns } from '../turns.ts'
import type { PostQueue } from './mailer.ts'

/** As long as it must be known that a day's digest was told, and longer. */
const KEEP_MS = 60 * 86_400_000
/** A store that does not answer in that time keeps nothing now. */
const PATIENT_MS = 10_000

export interface Letters extends PostQueue<Letter> {
  /** Rejects if it cannot be kept, unless it may live in memory. */
  put(letter: Letter, message: string, memory: 'never' | 'if need be'): Promise<void>
  close(): Promise<void>
}

export interface LettersDeps {
  readonly store: Pick<StorePort, 'loadNotices' | 'noticeMessage' | 'putNotice' | 'deleteNotice'>
  readonly clock: Pick<Clock, 'now'>
  /** How long the store is waited for, ms (tests). */
  readonly patientMs?: number
}

interface Kept {
  readonly letter: Letter
  /** Of one that lives in memory only. */
  readonly message: string | null
}

/** Never rejects: without what was stored it begins empty (the notices' own alarm tells). */
export async function openLetters({ store, clock, patientMs = PATIENT_MS }: LettersDeps): Promise<Letters> {
  const letters = new Map<string, Kept>()
  const turns = createTurns()

  const keep = (letter: Letter, message: string | null) => withinTime(store.putNotice(letter.id, JSON.stringify(letter), message), patientMs)
  const apply = async (id: string, event: OutboxEvent): Promise<Letter | null> => {
    const known = letters.get(id)
    if (known === undefined) return null
    const next = stepLetter(known.letter, event, clock.now())
    if (next === known.letter) return next
    if (known.message !== null) letters.set(id, { letter: next, message: known.message })
    else {
      // That it was not taken may be forgotten: then it is tried again, which is due anyway.
      const kept = keep(next, null)
      await (event.kind === 'refused' ? kept.catch(() => undefined) : kept)
      letters.set(id, { letter: next, message: null })
    }
    return next
  }

  try {
    for (const [id, value] of await store.loadNotices()) {
      const letter = readLetter(value)
      if (letter?.id !== id) continue
      if (clock.now() - letter.createdAt > KEEP_MS) await store.deleteNotice(id)
      else letters.set(id, { letter, message: null })
    }
    for (const { letter } of [...letters.values()]) if (letter.state === 'sending') await apply(letter.id, { kind: 'lost', why: 'Porch ended in that moment' })
  } catch {
    // What is 'sending' is not sent again in any case.
  }

  return {
    list: () => [...letters.values()].map(({ letter }) => letter),
    message: (id) => {
      const known = letters.get(id)
      return known?.message == null ? store.noticeMessage(id) : Promise.resolve(known.message)
    },
    apply: (id, event) => turns.next(() => apply(id, event)),
    put: (letter, message, memory) => turns.next(async () => {
      try {
        await keep(letter, message)
        letters.set(letter.id, { letter, message: null })
      } catch (error) {
        if (memory === 'never') throw error
        // It may have been kept after all, later than we waited: it must not be found at the next start.
        store.deleteNotice(letter.id).catch(() => undefined)
        letters.set(letter.id, { letter, message })
      }
    }),
    async close() {
      await turns.done()
    },
  }
}

async function withinTime(work: Promise<void>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('the store does not answer')), ms)
  })
  try {
    await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
    work.catch(() => undefined)
  }
}

/** Our own writing; null for a notice, and for what is damaged. */
function readLetter(text: string): Letter | null {
  try {
    const value = JSON.parse(text) as Partial<Letter> | null
    const whole = (value?.kind === 'digest' || value?.kind === 'alarms') && typeof value.id === 'string' && typeof value.state === 'string' && typeof value.createdAt === 'number' && Array.isArray(value.begun) && Array.isArray(value.over)
    return whole ? (value as Letter) : null
  } catch {
    return null
  }
}
