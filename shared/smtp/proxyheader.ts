/**
 * Reads a PROXY protocol header, version 1 or 2 (HAProxy's proxy-protocol.txt §2.1, §2.2), out of arbitrary chunks.
 * Promises: bounded (107 octets for v1, 16 + 4,096 for v2), and an outcome that does not depend on the chunks.
 */
import { canonicalAddress } from '../net/ip.ts'
import { octetText } from './octets.ts'

export interface ProxyEnds {
  readonly client: string
  readonly clientPort: number
  readonly server: string
  readonly serverPort: number
}

/** `peer`: LOCAL or UNKNOWN, the connection is the peer's own. `done`: `next` is where the chunk goes on. */
export type ProxyEvent =
  | { readonly kind: 'more' }
  | { readonly kind: 'bad' }
  | { readonly kind: 'done'; readonly ends: ProxyEnds | 'peer'; readonly next: number }

const SIGNATURE = '\r\n\r\n\0\r\nQUIT\n'
const MAX_V1 = 107
const MAX_V2_BODY = 4096

export class ProxyReader {
  #held = ''

  read(chunk: Uint8Array, from = 0): ProxyEvent {
    const before = this.#held.length
    const room = 16 + MAX_V2_BODY - before
    this.#held += octetText(chunk, from, Math.min(chunk.length, from + room))
    const result = parseProxy(this.#held)
    if (result === 'more') return { kind: 'more' }
    if (result === 'bad') return { kind: 'bad' }
    return { kind: 'done', ends: result.ends, next: from + result.length - before }
  }
}

type Parsed = 'more' | 'bad' | { readonly ends: ProxyEnds | 'peer'; readonly length: number }

function parseProxy(octets: string): Parsed {
  if (octets.startsWith('PROXY ')) return parseV1(octets)
  if (octets.startsWith(SIGNATURE)) return parseV2(octets)
  return 'PROXY '.startsWith(octets) || SIGNATURE.startsWith(octets) ? 'more' : 'bad'
}

function parseV1(octets: string): Parsed {
  const end = octets.indexOf('\r\n')
  if (end < 0) return octets.length >= MAX_V1 || /[^\x20-\x7e\r]|\r[^\n]/.test(octets) ? 'bad' : 'more'
  const length = end + 2
  const line = octets.slice(0, end)
  if (length > MAX_V1 || !/^[\x20-\x7e]*$/.test(line)) return 'bad'
  const [, protocol, client = '', server = '', clientPort = '', serverPort = '', ...rest] = line.split(' ')
  if (protocol === 'UNKNOWN') return { ends: 'peer', length }
  if ((protocol !== 'TCP4' && protocol !== 'TCP6') || rest.length > 0) return 'bad'
  const wanted = protocol === 'TCP6'
  if (client.includes(':') !== wanted || server.includes(':') !== wanted) return 'bad'
  return ended(canonicalAddress(client), portNumber(clientPort), canonicalAddress(server), portNumber(serverPort), length)
}

function parseV2(octets: string): Parsed {
  if (octets.length < 16) return 'more'
  const at = (index: number) => octets.charCodeAt(index)
  const word = (index: number) => at(index) * 256 + at(index + 1)
  const versionAndCommand = at(12)
  const family = at(13)
  const body = word(14)
  if ((versionAndCommand !== 0x20 && versionAndCommand !== 0x21) || body > MAX_V2_BODY) return 'bad'
  const length = 16 + body
  if (octets.length < length) return 'more'
  if (versionAndCommand === 0x20 || family === 0x00) return { ends: 'peer', length }
  const width = family === 0x11 ? 4 : family === 0x21 ? 16 : 0
  if (width === 0 || body < 2 * width + 4) return 'bad'
  const ports = 16 + 2 * width
  return ended(addressAt(octets, 16, width), word(ports), addressAt(octets, 16 + width, width), word(ports + 2), length)
}

function ended(client: string | null, clientPort: number | null, server: string | null, serverPort: number | null, length: number): Parsed {
  if (client === null || clientPort === null || server === null || serverPort === null) return 'bad'
  return { ends: { client, clientPort, server, serverPort }, length }
}

function portNumber(text: string): number | null {
  return /^(0|[1-9]\d{0,4})$/.test(text) && Number(text) <= 65_535 ? Number(text) : null
}

function addressAt(octets: string, from: number, width: number): string | null {
  const bytes = Array.from({ length: width }, (_, index) => octets.charCodeAt(from + index))
  if (width === 4) return bytes.join('.')
  const groups = Array.from({ length: 8 }, (_, index) => ((bytes[2 * index] ?? 0) * 256 + (bytes[2 * index + 1] ?? 0)).toString(16))
  return canonicalAddress(groups.join(':'))
}
