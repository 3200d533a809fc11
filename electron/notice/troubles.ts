/** The troubles of the last days, for the digest: when each alarm came and went. What comes and goes within the hour is one. Kept in the store as far as that works. */
import type { AlarmsFeed, Clock, StorePort } from '../ports.ts'

/** Times ms since 1970; `until` null: it still stands. */
export interface Trouble {
  readonly code: string
  readonly text: string
  readonly since: number
  readonly until: number | null
  readonly times: number
}

export interface Troubles {
  /** Those that stood at some time of the span. */
  between(from: number, until: number): readonly Trouble[]
  close(): void
}

export interface TroublesDeps {
  readonly store: Pick<StorePort, 'get' | 'put'>
  readonly alarms: AlarmsFeed
  readonly clock: Pick<Clock, 'now'>
}

const KEY = 'troubles'
const MOST = 100
const FOLD_MS = 3_600_000
const SAVE_MS = 1000
/** Good news, and what the admin has just done. */
const NO_TROUBLE = ['notice-fixed', 'settings-restart']

export async function openTroubles({ store, alarms, clock }: TroublesDeps): Promise<Troubles> {
  let troubles = (await store.get(KEY).then(readTroubles, () => [])).map((each) => (each.until === null ? { ...each, until: clock.now() } : each))
  let saving: NodeJS.Timeout | null = null

  const save = () => {
    saving ??= setTimeout(() => {
      saving = null
      store.put(KEY, troubles).catch(() => undefined)
    }, SAVE_MS)
    saving.unref()
  }
  const began = (code: string, text: string) => {
    const now = clock.now()
    const last = troubles.findLast((each) => each.code === code)
    const same = last !== undefined && (last.until === null || now - last.until < FOLD_MS)
    const next: Trouble = same ? { ...last, text, until: null, times: last.until === null ? last.times : last.times + 1 } : { code, text, since: now, until: null, times: 1 }
    troubles = [...troubles.filter((each) => each !== last || !same), next].slice(-MOST)
    save()
  }
  const ended = (code: string) => {
    troubles = troubles.map((each) => (each.code === code && each.until === null ? { ...each, until: clock.now() } : each))
    save()
  }
  for (const { code, text } of alarms.list()) if (!NO_TROUBLE.includes(code)) began(code, text)
  const stop = alarms.onChange((raised, cleared) => {
    if (raised !== null && !NO_TROUBLE.includes(raised.code)) began(raised.code, raised.text)
    if (cleared !== null) ended(cleared)
  })

  return {
    between: (from, until) => troubles.filter((each) => each.since < until && (each.until === null || each.until >= from)),
    close() {
      stop()
      if (saving !== null) clearTimeout(saving)
    },
  }
}

function readTroubles(value: unknown): Trouble[] {
  if (!Array.isArray(value)) return []
  return value.flatMap((each: Partial<Trouble> | null) =>
    (typeof each?.code === 'string' && typeof each.text === 'string' && typeof each.since === 'number' && typeof each.times === 'number' && (each.until === null || typeof each.until === 'number') ? [each as Trouble] : []))
}
