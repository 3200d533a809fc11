/**
 * DNS messages (RFC 1035 §4, RFC 6891): our queries, and the parts of replies that evidence needs.
 * Promises: never throws and never loops on any octets; a message that is not wholly well-formed up to its authority section is null.
 * The additional section is not read, so nothing in it can lie to us.
 */
import type { RecordType } from './answer.ts'
import { ipv6Text } from '../net/iptext.ts'
import { escapeOctets, readName, writeName } from './wirename.ts'

export const TYPE_CODE: Readonly<Record<RecordType, number>> = { A: 1, NS: 2, SOA: 6, PTR: 12, MX: 15, TXT: 16, AAAA: 28 }
export const CNAME = 5
const IN = 1
const HEADER = 12

/** RFC 9715 recommends it: larger replies come over TCP instead of in fragments. */
const UDP_PAYLOAD = 1232

/** A query in lower case with recursion desired. `name`: ASCII labels without escapes, at most 253 octets. */
export function encodeQuery(id: number, name: string, type: RecordType, edns: boolean): Uint8Array {
  const packet = new Uint8Array(HEADER + name.length + 2 + 4 + (edns ? 11 : 0))
  packet[0] = id >> 8
  packet[1] = id & 0xff
  packet[2] = 0x01 // RD
  packet[5] = 1
  let at = writeName(packet, HEADER, name)
  packet[at + 1] = TYPE_CODE[type]
  packet[at + 3] = IN
  at += 4
  if (edns) {
    packet[11] = 1
    packet[at + 2] = 41 // OPT, at the root
    packet[at + 3] = UDP_PAYLOAD >> 8
    packet[at + 4] = UDP_PAYLOAD & 0xff
  }
  return packet
}

/** Gives each letter of the question a random case (0x20). `random` yields 32 bits. True if at least one became upper case: only then does an echo tell anything. */
export function mixCase(query: Uint8Array, random: () => number): boolean {
  let bits = 0
  let left = 0
  let mixed = false
  for (let at = HEADER; query[at] !== 0;) {
    const next = at + 1 + query[at]!
    for (at += 1; at < next; at += 1) {
      const octet = query[at]!
      if (octet < 0x61 || octet > 0x7a) continue
      if (left === 0) {
        bits = random()
        left = 32
      }
      if ((bits & 1) === 1) {
        query[at] = octet & 0xdf
        mixed = true
      }
      bits >>>= 1
      left -= 1
    }
  }
  return mixed
}

/**
 * How a packet answers a query: `yes` id, QR, opcode and question are exactly ours; `case` all but the letter case; `bare` a header
 * without question that says FORMERR or NOTIMP (servers from before EDNS); else `no`.
 */
export type Fit = 'yes' | 'case' | 'bare' | 'no'

export function fitOf(packet: Uint8Array, query: Uint8Array): Fit {
  if (packet.length < HEADER || packet[0] !== query[0] || packet[1] !== query[1]) return 'no'
  if ((packet[2]! & 0xf8) !== 0x80) return 'no'
  const questions = (packet[4]! << 8) | packet[5]!
  if (questions === 0) {
    const rcode = rcodeOf(packet)
    return packet.length === HEADER && (rcode === 1 || rcode === 4) ? 'bare' : 'no'
  }
  const end = questionEnd(query)
  if (questions !== 1 || packet.length < end) return 'no'
  let fit: Fit = 'yes'
  for (let at = HEADER; at < end; at += 1) {
    const theirs = packet[at]!
    const ours = query[at]!
    if (theirs === ours) continue
    if (at >= end - 4 || (theirs ^ ours) !== 0x20 || (ours & 0xdf) < 0x41 || (ours & 0xdf) > 0x5a) return 'no'
    fit = 'case'
  }
  return fit
}

function questionEnd(query: Uint8Array): number {
  let at = HEADER
  while (query[at] !== 0) at += 1 + query[at]!
  return at + 5
}

export function rcodeOf(packet: Uint8Array): number {
  return packet[3]! & 0x0f
}

export function isTruncated(packet: Uint8Array): boolean {
  return (packet[2]! & 0x02) !== 0
}

/** One record of class IN. `data` in presentation format; for a SOA `minimum` as well. `ttl` in seconds, ≥ 2^31 is 0 (RFC 2181 §8). */
export interface WireRecord {
  readonly owner: string
  readonly type: number
  readonly ttl: number
  readonly data: string
  readonly minimum: number
}

export interface Message {
  readonly rcode: number
  readonly authoritative: boolean
  readonly answers: readonly WireRecord[]
  readonly authorities: readonly WireRecord[]
}

/** Null if malformed. Records of other types and classes are skipped. */
export function decodeMessage(packet: Uint8Array): Message | null {
  if (packet.length < HEADER) return null
  let at = HEADER
  for (let left = u16(packet, 4); left > 0; left -= 1) {
    const name = readName(packet, at)
    if (name === null || name.end + 4 > packet.length) return null
    at = name.end + 4
  }
  const answers: WireRecord[] = []
  at = readRecords(packet, at, u16(packet, 6), answers)
  const authorities: WireRecord[] = []
  if (at !== -1) at = readRecords(packet, at, u16(packet, 8), authorities)
  if (at === -1) return null
  return { rcode: rcodeOf(packet), authoritative: (packet[2]! & 0x04) !== 0, answers, authorities }
}

/** Where the section ends; -1 if malformed. */
function readRecords(packet: Uint8Array, start: number, count: number, into: WireRecord[]): number {
  let at = start
  for (let left = count; left > 0; left -= 1) {
    const owner = readName(packet, at)
    if (owner === null || owner.end + 10 > packet.length) return -1
    const type = u16(packet, owner.end)
    const data = owner.end + 10
    const end = data + u16(packet, owner.end + 8)
    if (end > packet.length) return -1
    at = end
    if (u16(packet, owner.end + 2) !== IN) continue
    const read = readData(packet, type, data, end)
    if (read === undefined) continue
    if (read === null) return -1
    const seconds = u32(packet, owner.end + 4)
    const minimum = type === TYPE_CODE.SOA ? ttlOf(u32(packet, end - 4)) : 0
    into.push({ owner: owner.text, type, ttl: ttlOf(seconds), data: read, minimum })
  }
  return at
}

function ttlOf(seconds: number): number {
  return seconds > 0x7fffffff ? 0 : seconds
}

/** Null: malformed; undefined: a type that is of no interest. */
function readData(packet: Uint8Array, type: number, start: number, end: number): string | null | undefined {
  switch (type) {
    case TYPE_CODE.A:
      return end - start === 4 ? `${packet[start]!}.${packet[start + 1]!}.${packet[start + 2]!}.${packet[start + 3]!}` : null
    case TYPE_CODE.AAAA:
      return end - start === 16 ? ipv6Text(packet, start) : null
    case TYPE_CODE.PTR:
    case TYPE_CODE.NS:
    case CNAME:
      return wholeName(packet, start, end)
    case TYPE_CODE.MX: {
      const host = start + 2 < end ? wholeName(packet, start + 2, end) : null
      return host === null ? null : `${u16(packet, start)} ${host}`
    }
    case TYPE_CODE.SOA:
      return readSoa(packet, start, end)
    case TYPE_CODE.TXT:
      return readStrings(packet, start, end)
    default:
      return undefined
  }
}

function wholeName(packet: Uint8Array, start: number, end: number): string | null {
  const name = readName(packet, start)
  return name?.end === end ? name.text : null
}

/** "mname rname serial refresh retry expire minimum". */
function readSoa(packet: Uint8Array, start: number, end: number): string | null {
  const primary = readName(packet, start)
  const mailbox = primary === null ? null : readName(packet, primary.end)
  if (primary === null || mailbox === null || mailbox.end + 20 !== end) return null
  const numbers = [0, 4, 8, 12, 16].map((offset) => u32(packet, mailbox.end + offset))
  return `${primary.text} ${mailbox.text} ${numbers.join(' ')}`
}

/** The character-strings joined, escaped as names are (but for the case). */
function readStrings(packet: Uint8Array, start: number, end: number): string | null {
  let text = ''
  for (let at = start; at < end;) {
    const next = at + 1 + packet[at]!
    if (next > end) return null
    text += escapeOctets(packet, at + 1, next)
    at = next
  }
  return text
}

function u16(packet: Uint8Array, at: number): number {
  return (packet[at]! << 8) | packet[at + 1]!
}

function u32(packet: Uint8Array, at: number): number {
  return u16(packet, at) * 0x10000 + u16(packet, at + 2)
}
