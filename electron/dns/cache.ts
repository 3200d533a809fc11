/**
 * Readings by question, kept as long as POLICY allows: what exists up to 24 h, what does not up to 15 min by its SOA, trouble 10 s.
 * Bounded: the least recently used go first. On the monotonic clock, so a clock step neither empties nor freezes it.
 */
import { isTemporary } from '../../shared/dns/answer.ts'
import type { Reading } from '../../shared/dns/reply.ts'
import type { Clock } from '../ports.ts'

const DAY_S = 86_400
const NEGATIVE_S = 900
/** POLICY allows 30 s. Shorter heals sooner; a question that many ask at once is one query anyway. */
const TEMPORARY_S = 10
export const CACHE_ENTRIES = 50_000

export interface Cached {
  readonly reading: Reading
  readonly server: string | null
  readonly expiresAt: number
}

/** How long a reading is kept, in seconds; 0: not at all (TTL 0; a negative answer without SOA, RFC 2308 §5). */
export function keptFor(reading: Reading): number {
  if (isTemporary(reading.status)) return TEMPORARY_S
  // A CNAME whose target must be asked separately exists, however the target fares.
  const longest = reading.status === 'found' || reading.next !== null ? DAY_S : NEGATIVE_S
  return Math.min(reading.ttl ?? 0, longest)
}

export class Cache {
  readonly #clock: Clock
  readonly #limit: number
  readonly #entries = new Map<string, Cached>()

  constructor(clock: Clock, limit = CACHE_ENTRIES) {
    this.#clock = clock
    this.#limit = limit
  }

  get(key: string): Cached | undefined {
    const entry = this.#entries.get(key)
    if (entry === undefined) return undefined
    this.#entries.delete(key)
    if (entry.expiresAt <= this.#clock.monotonic()) return undefined
    this.#entries.set(key, entry)
    return entry
  }

  put(key: string, reading: Reading, server: string | null): void {
    this.#entries.delete(key)
    const seconds = keptFor(reading)
    if (seconds <= 0) return
    this.#entries.set(key, { reading, server, expiresAt: this.#clock.monotonic() + seconds * 1000 })
    if (this.#entries.size <= this.#limit) return
    for (const oldest of this.#entries.keys()) {
      this.#entries.delete(oldest)
      break
    }
  }

  delete(key: string): void {
    this.#entries.delete(key)
  }

  get size(): number {
    return this.#entries.size
  }
}
