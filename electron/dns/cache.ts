/**
 * Readings by question, kept as long as POLICY allows: what exists up to 24 h, what does not up to 15 min by its SOA, trouble 10 s.
 * Bounded: what was not used for long goes first. On the monotonic clock, so a clock step neither empties nor freezes it.
 */
import { isTemporary } from '../../shared/dns/answer.ts'
import type { Reading } from '../../shared/dns/reply.ts'
import type { Clock } from '../ports.ts'

const DAY_S = 86_400
const NEGATIVE_S = 900
/** POLICY allows 30 s. Shorter heals sooner; a question that many ask at once is one query anyway. */
const TEMPORARY_S = 10
export const CACHE_ENTRIES = 50_000

export interface Cached extends Reading {
  readonly server: string | null
  /** Monotonic, whole ms (which V8 keeps without an object of its own). */
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
  readonly #entries: Generations<Cached>

  constructor(clock: Clock, limit = CACHE_ENTRIES) {
    this.#clock = clock
    this.#entries = new Generations(limit)
  }

  get(key: string): Cached | undefined {
    const entry = this.#entries.get(key)
    return entry === undefined || entry.expiresAt <= this.#clock.monotonic() ? undefined : entry
  }

  put(key: string, reading: Reading, server: string | null): void {
    const seconds = keptFor(reading)
    const { status, records, chain, ttl, next } = reading
    if (seconds > 0) this.#entries.set(key, { status, records, chain, ttl, next, server, expiresAt: Math.floor(this.#clock.monotonic() + seconds * 1000) })
    else this.#entries.delete(key)
  }

  delete(key: string): void {
    this.#entries.delete(key)
  }

  clear(): void {
    this.#entries.clear()
  }
}

/**
 * A map of at most `limit` entries that forgets what was least used: a young and an old half; when the young one is full it becomes the
 * old one, and the old one goes as a whole. (Deleting the first key of a big Map again and again, as for a strict LRU, costs tens of µs each.)
 */
export class Generations<T> {
  readonly #half: number
  #young = new Map<string, T>()
  #old = new Map<string, T>()

  constructor(limit: number) {
    this.#half = Math.max(1, Math.floor(limit / 2))
  }

  get(key: string): T | undefined {
    const young = this.#young.get(key)
    if (young !== undefined) return young
    const old = this.#old.get(key)
    if (old !== undefined) this.set(key, old)
    return old
  }

  set(key: string, value: T): void {
    this.#young.set(key, value)
    if (this.#young.size < this.#half) return
    this.#old = this.#young
    this.#young = new Map()
  }

  delete(key: string): void {
    this.#young.delete(key)
    this.#old.delete(key)
  }

  clear(): void {
    this.#young.clear()
    this.#old.clear()
  }

  get size(): number {
    return this.#young.size + this.#old.size
  }
}
