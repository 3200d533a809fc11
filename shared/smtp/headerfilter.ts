/**
 * Takes forged Authentication-Results fields of our own authserv-id (RFC 8601 §5) out of a message on its way through.
 * Works on wire octets: a dot at the beginning of a line is transparency (RFC 5321 §4.5.2) and is looked through.
 * Promises: all else passes octet for octet; what comes out does not depend on how the input was cut; at most 64 KiB are
 * held (an Authentication-Results field that is longer is dropped, whoever it claims to be from: none that is real is);
 * the body passes without being copied.
 *
 * A message whose first line begins with a blank has no header; it would otherwise continue the field that the gate puts
 * in front of it, so an empty line is set before it and all of it is body.
 */
import { claimsResultsOf } from './authresults.ts'

export interface HeaderFilter {
  push(chunk: Uint8Array): Uint8Array
  /** What was still held back; to be called once, after the last chunk. */
  end(): Uint8Array
}

const MAX_HELD = 65_536
const NAME = 'authentication-results'
const LF = 10
const CR = 13
const DOT = 46
const COLON = 58
const NOTHING: Uint8Array = new Uint8Array(0)
const CRLF = Uint8Array.of(CR, LF)

/** What a line turns out to be; `more`: its first octets do not say yet. */
type LineKind = 'more' | 'blank' | 'fold' | 'field' | 'suspect'

export function createHeaderFilter(authservId: string): HeaderFilter {
  /** Octets of a line that could not be told yet. */
  let carry = NOTHING
  let inBody = false
  let midLine = false
  let first = true
  let fate: 'pass' | 'hold' | 'drop' = 'pass'
  let held: Uint8Array[] = []
  let heldSize = 0

  /** The held field is complete: what of it goes on. */
  const settle = (): readonly Uint8Array[] => {
    if (held.length === 0) return []
    const kept = claimsResultsOf(unfolded(join(held)), authservId) ? [] : held
    held = []
    heldSize = 0
    return kept
  }

  const hold = (part: Uint8Array) => {
    if (fate !== 'hold') return
    heldSize += part.length
    held.push(part.slice())
    if (heldSize <= MAX_HELD) return
    held = []
    heldSize = 0
    fate = 'drop'
  }

  /** Begins a line; true if from here on everything is body. */
  const begin = (kind: Exclude<LineKind, 'more'>, out: Uint8Array[]): boolean => {
    const wasFirst = first
    first = false
    if (kind === 'fold') {
      if (wasFirst) out.push(CRLF)
      return wasFirst
    }
    out.push(...settle())
    fate = kind === 'suspect' ? 'hold' : 'pass'
    return kind === 'blank'
  }

  const filter = (input: Uint8Array): Uint8Array => {
    const out: Uint8Array[] = []
    let at = 0
    while (at < input.length) {
      if (!midLine) {
        const kind = kindOfLine(input, at)
        if (kind === 'more') {
          carry = input.slice(at)
          break
        }
        if (begin(kind, out)) {
          inBody = true
          append(out, input, at, input.length)
          break
        }
      }
      const lineEnd = input.indexOf(LF, at)
      const end = lineEnd === -1 ? input.length : lineEnd + 1
      if (fate === 'pass') append(out, input, at, end)
      else hold(input.subarray(at, end))
      midLine = lineEnd === -1
      at = end
    }
    return join(out)
  }

  return {
    push(chunk) {
      if (inBody) return chunk
      const input = carry.length === 0 ? chunk : join([carry, chunk])
      carry = NOTHING
      return filter(input)
    },
    end() {
      const rest = join([...settle(), carry])
      carry = NOTHING
      inBody = true
      return rest
    },
  }
}

function kindOfLine(input: Uint8Array, start: number): LineKind {
  const at = input[start] === DOT ? start + 1 : start
  const char = input[at]
  if (char === undefined) return 'more'
  if (char === 32 || char === 9) return 'fold'
  if (char === CR) {
    const next = input[at + 1]
    if (next === undefined) return 'more'
    return next === LF ? 'blank' : 'field'
  }
  for (let index = 0; index < NAME.length; index += 1) {
    const octet = input[at + index]
    if (octet === undefined) return 'more'
    const lower = octet >= 65 && octet <= 90 ? octet + 32 : octet
    if (lower !== NAME.charCodeAt(index)) return 'field'
  }
  const after = input[at + NAME.length]
  if (after === undefined) return 'more'
  return after === COLON || after <= 32 || (after >= 0x7f && after <= 0xa0) ? 'suspect' : 'field'
}

/** One character per octet, without line ends and without the dots of transparency. */
function unfolded(field: Uint8Array): string {
  let text = ''
  for (let at = 0; at < field.length; at += 4096) text += String.fromCharCode(...field.subarray(at, at + 4096))
  return text.replace(/(^|\n)\./g, '$1').replace(/\r?\n/g, '')
}

/** Adds input[from, to); if it follows on the part before it becomes one with it, so that a whole chunk is passed uncopied. */
function append(out: Uint8Array[], input: Uint8Array, from: number, to: number): void {
  const last = out.at(-1)
  if (last?.buffer === input.buffer && last.byteOffset + last.length === input.byteOffset + from) {
    out[out.length - 1] = new Uint8Array(input.buffer, last.byteOffset, last.length + to - from)
  } else out.push(input.subarray(from, to))
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0] ?? NOTHING
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
