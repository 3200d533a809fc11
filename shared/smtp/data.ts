/**
 * Reads message data (RFC 5321 §4.1.1.4, §4.5.2): finds CRLF.CRLF across every chunk boundary and hands on the
 * dot-stuffed octets before it exactly as they came. A bare CR, a bare LF and NUL are faults after which the reader must
 * not be used again. Promises: linear time, two octets held, and an outcome that does not depend on the chunks.
 */
import { CR, DOT, LF, NUL } from './octets.ts'
import type { OctetFault } from './lines.ts'

/** Longest line of data, without its CRLF. */
export const MAX_DATA_LINE = 1_048_576

export type DataEvent = 'more' | 'end' | OctetFault

/** Which limit the message went over first: its size, or the length of a line. */
export type Excess = 'size' | 'line'

// Where the next octet stands: at the start of a line, within one, after a CR, after a dot that starts a line, after that dot and a CR.
const START = 0
const TEXT = 1
const AFTER_CR = 2
const AFTER_DOT = 3
const AFTER_DOT_CR = 4
type State = typeof START | typeof TEXT | typeof AFTER_CR | typeof AFTER_DOT | typeof AFTER_DOT_CR

/** What is held back in each state until it is known whether it belongs to the final dot or to a fault. */
const HELD: readonly Uint8Array[] = [
  new Uint8Array(0), new Uint8Array(0), new Uint8Array([CR]), new Uint8Array([DOT]), new Uint8Array([DOT, CR]),
]
const heldIn = (state: State): Uint8Array => HELD[state] ?? new Uint8Array(0)

export class DataReader {
  /** Where in the chunk the next phase goes on. */
  next = 0
  /** Octets of the message so far: line ends counted, stuffed dots and the final dot not (RFC 1870 §3). */
  octets = 0
  /** Set once, when the message goes over a limit; reading may go on to find its end. */
  excess: Excess | null = null
  #state: State = START
  #lineLength = 0
  readonly #limit: number

  /** `limit`: octets of a message. */
  constructor(limit: number) {
    this.#limit = limit
  }

  /** Reads on in `chunk` from octet `from`; the pieces that surely belong to the message go to `emit`, none of them after a fault. */
  read(chunk: Uint8Array, from: number, emit: (wire: Uint8Array) => void): DataEvent {
    const before = heldIn(this.#state)
    const outcome = this.#scan(chunk, from)
    if (outcome !== 'more' && outcome !== 'end') return outcome
    const kept = outcome === 'end' ? 3 : heldIn(this.#state).length
    const length = before.length + (this.next - from) - kept
    if (length <= 0) return outcome
    if (before.length > 0) emit(before)
    if (length > before.length) emit(chunk.subarray(from, from + length - before.length))
    return outcome
  }

  #scan(chunk: Uint8Array, from: number): DataEvent {
    const end = chunk.length
    let state = this.#state
    let counted = from
    let at = from
    for (; at < end; at++) {
      const octet = chunk[at]!
      if (octet > DOT && state <= TEXT) {
        state = TEXT
        continue
      }
      if (octet === NUL) return 'nul'
      if (octet === LF) {
        if (state === AFTER_DOT_CR) {
          this.next = at + 1
          this.#state = START
          return 'end'
        }
        if (state !== AFTER_CR) return 'bare-lf'
        this.#count(at + 1 - counted, 2)
        counted = at + 1
        state = START
      } else if (state === AFTER_CR || state === AFTER_DOT_CR) {
        return 'bare-cr'
      } else if (octet === CR) {
        // The dot and this CR are the message's only if no LF follows, and then they are a fault: not counted.
        if (state === AFTER_DOT) counted = at + 1
        state = state === AFTER_DOT ? AFTER_DOT_CR : AFTER_CR
      } else if (octet === DOT && state === START) {
        state = AFTER_DOT
        counted = at + 1
      } else {
        state = TEXT
      }
    }
    this.#count(at - counted, state === AFTER_CR ? 1 : 0)
    this.#state = state
    this.next = end
    return 'more'
  }

  /** `added` octets of one line, of which the last `lineEnd` belong to its CRLF. */
  #count(added: number, lineEnd: 0 | 1 | 2): void {
    const room = MAX_DATA_LINE + lineEnd - this.#lineLength
    const space = this.#limit - this.octets
    if (this.excess === null && (added > room || added > space)) this.excess = added > room && room < space ? 'line' : 'size'
    this.octets += added
    this.#lineLength = lineEnd === 2 ? 0 : this.#lineLength + added
  }
}
