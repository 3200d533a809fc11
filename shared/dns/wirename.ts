/**
 * Domain names on the wire (RFC 1035 §3.1, §4.1.4) and in presentation format (§5.1). Every octet survives: a dot or a control octet
 * inside a label is escaped, so that what a hostile zone says can neither look like another name nor break a line.
 * Promises: never reads past the packet, never loops (a compression pointer must point before the name it is part of), never throws.
 */

/** Where a name ended in the packet, and its text: lower case, without the final dot, "." for the root. */
export interface WireName {
  readonly text: string
  readonly end: number
}

const DOT = 46

/** Octets that stand for themselves: printable ASCII but for those that zone files give a meaning (and space). */
const TEXT_OF_OCTET: readonly string[] = Array.from({ length: 256 }, (_, octet) => {
  const character = String.fromCharCode(octet)
  if (octet <= 0x20 || octet >= 0x7f) return `\\${String(octet).padStart(3, '0')}`
  return '."\\;()@$'.includes(character) ? `\\${character}` : character.toLowerCase()
})

/** The presentation form of one label's (or character-string's) octets. */
export function escapeOctets(packet: Uint8Array, start: number, end: number): string {
  let text = ''
  for (let index = start; index < end; index += 1) text += TEXT_OF_OCTET[packet[index]!]!
  return text
}

/** Most octets of names stand for themselves; 0: this one does not. */
const CODE_OF_OCTET = Uint8Array.from(TEXT_OF_OCTET, (text) => (text.length === 1 ? text.charCodeAt(0) : 0))

/** The characters of one label: a string that is put together from its codes at once is smaller than one that grew. */
function takeLabel(packet: Uint8Array, start: number, end: number, codes: number[]): void {
  for (let index = start; index < end; index += 1) {
    const octet = packet[index]!
    const code = CODE_OF_OCTET[octet]!
    if (code !== 0) codes.push(code)
    else for (const character of TEXT_OF_OCTET[octet]!) codes.push(character.charCodeAt(0))
  }
}

/** Null if it is cut off, longer than 255 octets, or badly compressed. */
export function readName(packet: Uint8Array, start: number): WireName | null {
  const codes: number[] = []
  let at = start
  let end = -1
  let octets = 1
  let lowest = start
  for (;;) {
    const length = packet[at]
    if (length === undefined) return null
    if (length === 0) return { text: codes.length === 0 ? '.' : String.fromCharCode(...codes), end: end === -1 ? at + 1 : end }
    if (length >= 0xc0) {
      const low = packet[at + 1]
      if (low === undefined) return null
      if (end === -1) end = at + 2
      at = ((length & 0x3f) << 8) | low
      if (at >= lowest) return null
      lowest = at
      continue
    }
    octets += length + 1
    const next = at + 1 + length
    if (length > 63 || octets > 255 || next > packet.length) return null
    if (codes.length > 0) codes.push(DOT)
    takeLabel(packet, at + 1, next, codes)
    at = next
  }
}

/** Writes a name without escapes (labels of ASCII, no final dot) and says where it ended. The name has been checked by `canBeSent`. */
export function writeName(packet: Uint8Array, start: number, name: string): number {
  let lengthAt = start
  let at = start + 1
  for (let index = 0; index < name.length; index += 1) {
    const octet = name.charCodeAt(index)
    if (octet === 0x2e) {
      packet[lengthAt] = at - lengthAt - 1
      lengthAt = at
    } else {
      packet[at] = octet
    }
    at += 1
  }
  packet[lengthAt] = at - lengthAt - 1
  packet[at] = 0
  return at + 1
}
