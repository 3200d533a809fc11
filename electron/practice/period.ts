/**
 * Until when this data folder was played with: what practice mode has left in the journal is no observation of real mail, and
 * the card that asks whether to enforce counts from there on.
 */
import type { Clock, StorePort } from '../ports.ts'

const KEY = 'practice'

/** At each start. `until` null: practice goes on. Not being able to write it is no reason not to start. */
export async function notePeriod(store: Pick<StorePort, 'get' | 'put'>, clock: Clock, practice: boolean): Promise<void> {
  try {
    const known = await store.get(KEY)
    if (practice) await store.put(KEY, { until: null })
    else if (known !== null && untilOf(known) === null) await store.put(KEY, { until: clock.now() })
  } catch {
    // The store tells its own trouble.
  }
}

/** ms since 1970; null: never practised here. */
export async function practisedUntil(store: Pick<StorePort, 'get'>): Promise<number | null> {
  return untilOf(await store.get(KEY))
}

function untilOf(value: unknown): number | null {
  return typeof value === 'object' && value !== null && 'until' in value && typeof value.until === 'number' ? value.until : null
}
