/**
 * Reads command lines out of arbitrary chunks (RFC 5321 §2.3.8). Only CRLF ends a line; a bare CR, a bare LF and NUL
 * are faults after which the reader must not be used again. Promises: time linear in the octets, at most one line
 * (2,048 octets) held, and an outcome that does not depend on how the octets were cut into chunks.
 */
import { CR, LF, NUL, octetText } from './octets.ts'

/** Longest command line with its CRLF (RFC 5321 §4.5.3.1.4, raised for ESMTP parameters and SMTPUTF8). */
export const MAX_LINE = 2048
/** Without parameters (RFC 5321 §4.5.3.1.4). */
export const MAX_PLAIN_LINE = 512
/** A line that is still not over after this many octets never will be. */
export const MAX_DISCARDED = 65_536

export type OctetFault = 'bare-cr' | 'bare-lf' | 'nul'

/** `text`: octets as characters, without CRLF. `too-long`: a line over MAX_LINE, discarded up to its end. `more`: the chunk is used up. */
export type LineEvent =
  | { readonly kind: 'line'; readonly text: string }
  | { readonly kind: 'too-long' }
  | { readonly kind: 'endless' }
  | { readonly kind: 'fault'; readonly fault: OctetFault }
  | { readonly kind: 'more' }

const MORE: LineEvent = { kind: 'more' }
const TOO_LONG: LineEvent = { kind: 'too-long' }
const ENDLESS: LineEvent = { kind: 'endless' }

export class LineReader {
  /** Where in the chunk the next call goes on. */
  next = 0
  #held: Uint8Array | null = null
  /** Octets of the unfinished line so far, those that were discarded included. */
  #length = 0
  #afterCr = false

  /** The next event in `chunk` from octet `from` on. */
  read(chunk: Uint8Array, from: number): LineEvent {
    const end = chunk.length
    for (let at = from; at < end; at++) {
      const octet = chunk[at]
      if (this.#afterCr) {
        return octet === LF ? this.#complete(chunk, from, at + 1) : fault('bare-cr')
      }
      if (octet === CR) this.#afterCr = true
      else if (octet === LF) return fault('bare-lf')
      else if (octet === NUL) return fault('nul')
      if (this.#length + (at + 1 - from) > MAX_DISCARDED) return ENDLESS
    }
    this.#hold(chunk, from)
    this.next = end
    return MORE
  }

  /** Forgets an unfinished line (STARTTLS, RFC 3207 §4.2). */
  reset(): void {
    this.#held = null
    this.#length = 0
    this.#afterCr = false
  }

  #complete(chunk: Uint8Array, from: number, to: number): LineEvent {
    const held = this.#held
    const before = this.#length
    const length = before + (to - from)
    this.reset()
    this.next = to
    if (length > MAX_LINE) return TOO_LONG
    if (held === null) return { kind: 'line', text: octetText(chunk, from, to - 2) }
    const whole = octetText(held, 0, before) + octetText(chunk, from, to)
    return { kind: 'line', text: whole.slice(0, -2) }
  }

  #hold(chunk: Uint8Array, from: number): void {
    const added = chunk.length - from
    if (added === 0) return
    if (this.#length + added <= MAX_LINE) {
      this.#held ??= new Uint8Array(MAX_LINE)
      this.#held.set(chunk.subarray(from), this.#length)
    } else {
      this.#held = null
    }
    this.#length += added
  }
}

function fault(kind: OctetFault): LineEvent {
  return { kind: 'fault', fault: kind }
}
