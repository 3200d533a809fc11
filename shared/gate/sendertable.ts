/**
 * A set of senders with some marks each, for counting millions of them: twelve octets a sender at most two thirds full, nothing
 * for the garbage collector. Senders are known by 64 bits of a hash of their key; two that share all of them are one here
 * (among ten million, one chance in hundreds of thousands). Beyond its bound it counts no new ones, and says so.
 */
import { mixed, twoHashes } from '../hash.ts'

const FIRST_SLOTS = 4096
/** Some 6 million senders, 84 MB. */
const MOST_SLOTS = 2 ** 23
const FULL = 0.7

export class SenderTable {
  #high = new Uint32Array(FIRST_SLOTS)
  #low = new Uint32Array(FIRST_SLOTS)
  #marks = new Uint16Array(FIRST_SLOTS)
  #size = 0
  #overflowed = false
  readonly #mostSlots: number

  constructor(mostSlots = MOST_SLOTS) {
    this.#mostSlots = mostSlots
  }

  /** Adds marks (bits of 16, not none) to a sender; returns those that it had before. */
  mark(key: string, marks: number): number {
    const { high, low } = hash64(key)
    const slot = this.#slotOf(high, low)
    const before = this.#marks[slot] ?? 0
    if (before === 0) {
      if (this.#size >= this.#high.length * FULL && !this.#grow()) {
        this.#overflowed = true
        return 0
      }
      return this.#insert(high, low, marks)
    }
    this.#marks[slot] = before | marks
    return before
  }

  /** 0: never marked. */
  marksOf(key: string): number {
    const { high, low } = hash64(key)
    return this.#marks[this.#slotOf(high, low)] ?? 0
  }

  /** Senders that have any of these marks. */
  count(marks: number): number {
    let count = 0
    for (const each of this.#marks) if ((each & marks) !== 0) count++
    return count
  }

  /** Some senders were too many to be counted. */
  overflowed(): boolean {
    return this.#overflowed
  }

  #insert(high: number, low: number, marks: number): number {
    const slot = this.#slotOf(high, low)
    this.#high[slot] = high
    this.#low[slot] = low
    this.#marks[slot] = marks
    this.#size++
    return 0
  }

  /** The sender's slot, or the free one where it belongs (linear probing; there is always a free one). */
  #slotOf(high: number, low: number): number {
    const mask = this.#marks.length - 1
    let slot = (high ^ low) & mask
    while (this.#marks[slot] !== 0 && (this.#high[slot] !== high || this.#low[slot] !== low)) slot = (slot + 1) & mask
    return slot
  }

  #grow(): boolean {
    const slots = this.#marks.length * 2
    if (slots > this.#mostSlots) return false
    const [high, low, marks] = [this.#high, this.#low, this.#marks]
    this.#high = new Uint32Array(slots)
    this.#low = new Uint32Array(slots)
    this.#marks = new Uint16Array(slots)
    this.#size = 0
    for (const [slot, each] of marks.entries()) if (each !== 0) this.#insert(high[slot] ?? 0, low[slot] ?? 0, each)
    return true
  }
}

function hash64(key: string): { readonly high: number; readonly low: number } {
  const { a, b } = twoHashes(key)
  return { high: mixed(a), low: mixed(b ^ (a >>> 7)) }
}
