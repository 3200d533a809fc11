/**
 * One timer for thousands of deadlines, in slots of 10 ms. Promises: nothing fires before its time, and at most a slot (and the event
 * loop's delay) after it; adding and removing cost the same however many there are; what is removed is let go at once.
 */
import type { Clock } from '../ports.ts'

export interface Expiring {
  /** Monotonic ms; does not change. */
  readonly expiresAt: number
}

const SLOT_MS = 10

export class Expiry<T extends Expiring> {
  readonly #clock: Clock
  readonly #expired: (entry: T) => void
  readonly #slots = new Map<number, Set<T>>()
  /** The keys of #slots, ascending. Deadlines come almost in order, so a new one belongs at or near the end. */
  #order: number[] = []
  #timer: NodeJS.Timeout | null = null

  constructor(clock: Clock, expired: (entry: T) => void) {
    this.#clock = clock
    this.#expired = expired
  }

  add(entry: T): void {
    const slot = slotOf(entry)
    const present = this.#slots.get(slot)
    if (present !== undefined) {
      present.add(entry)
      return
    }
    this.#slots.set(slot, new Set([entry]))
    let at = this.#order.length
    while (at > 0 && this.#order[at - 1]! > slot) at -= 1
    this.#order.splice(at, 0, slot)
    if (at === 0) this.#arm()
  }

  remove(entry: T): void {
    this.#slots.get(slotOf(entry))?.delete(entry)
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    this.#slots.clear()
    this.#order = []
  }

  readonly #fire = (): void => {
    const now = this.#clock.monotonic()
    for (let slot = this.#order[0]; slot !== undefined && slot * SLOT_MS <= now; slot = this.#order[0]) {
      this.#order.shift()
      const due = this.#slots.get(slot) ?? []
      this.#slots.delete(slot)
      for (const entry of due) this.#expired(entry)
    }
    this.#dropEmpty()
    this.#arm()
  }

  /** A slot whose entries were all removed need not wake us. */
  #dropEmpty(): void {
    for (let slot = this.#order[0]; slot !== undefined && this.#slots.get(slot)?.size === 0; slot = this.#order[0]) {
      this.#order.shift()
      this.#slots.delete(slot)
    }
  }

  #arm(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    const first = this.#order[0]
    this.#timer = first === undefined ? null : setTimeout(this.#fire, Math.max(1, Math.ceil(first * SLOT_MS - this.#clock.monotonic())))
  }
}

function slotOf(entry: Expiring): number {
  return Math.ceil(entry.expiresAt / SLOT_MS)
}
