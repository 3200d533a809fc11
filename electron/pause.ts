/** The admin's pause: until when new senders are told to try again later. Kept in memory, on the monotonic clock: it ends by itself, at the latest with the process. */
import type { Clock } from './ports.ts'

export interface Pause {
  /** When it ends, ms since 1970; null: not paused. */
  until(): number | null
  /** From now; replaces a pause that holds. */
  begin(forMs: number): void
  end(): void
  /** Called when a pause begins and when one is ended by hand. */
  onChange(listener: () => void): () => void
  close(): void
}

export function createPause(clock: Clock): Pause {
  const listeners = new Set<() => void>()
  /** On the monotonic clock, which decides, and on the wall's, which is told. */
  let pause: { readonly ends: number; readonly told: number } | null = null
  const tell = () => {
    for (const listener of listeners) listener()
  }
  return {
    until() {
      if (pause !== null && pause.ends <= clock.monotonic()) pause = null
      return pause?.told ?? null
    },
    begin(forMs) {
      pause = { ends: clock.monotonic() + forMs, told: clock.now() + forMs }
      tell()
    },
    end() {
      if (pause === null) return
      pause = null
      tell()
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close: () => listeners.clear(),
  }
}
