/**
 * Reads paths and ESMTP parameters (RFC 5321 §4.1.2). Promises: what comes out holds no control octet, no space outside
 * a quoted local part, no angle bracket outside one, and so can be put into a command to another server as it stands.
 */
import { isHostName } from '../net/domain.ts'
import { parseAddress } from '../net/ip.ts'

/** Longest address: 64 + "@" + 255 (RFC 5321 §4.5.3.1); the local part may use what the domain leaves. */
const MAX_ADDRESS = 320

export interface ReadPath {
  /** Without brackets, source route and a final dot of the domain; '' for the null path. Octets as characters. */
  readonly address: string
  /** What follows the path, without leading spaces. */
  readonly rest: string
}

const ATOM = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.\x80-\xff-]+$/
const QUOTED = /^"(?:[\x20\x21\x23-\x5b\x5d-\x7e\x80-\xff]|\\[\x20-\x7e])*"$/

/** "<address> parameters", spaces before the bracket tolerated; null if malformed. */
export function readPath(text: string): ReadPath | null {
  const path = text.replace(/^ +/, '')
  if (!path.startsWith('<')) return null
  const end = closing(path)
  if (end < 0) return null
  const rest = path.slice(end + 1)
  if (rest !== '' && !rest.startsWith(' ')) return null
  const address = mailbox(withoutRoute(path.slice(1, end).trim()))
  return address === null ? null : { address, rest: rest.trim() }
}

/** Where the path's ">" stands; one in a quoted local part does not count. */
function closing(path: string): number {
  let quoted = false
  for (let at = 1; at < path.length; at++) {
    const character = path[at]
    if (quoted && character === '\\') at += 1
    else if (character === '"') quoted = !quoted
    else if (character === '>' && !quoted) return at
  }
  return -1
}

/** RFC 5321 §4.1.2, appendix C: "@a,@[192.0.2.1]:" before a mailbox is dropped. One that is malformed is left, and fails as a mailbox. */
function withoutRoute(path: string): string {
  const hop = /@(?:\[[0-9a-f:.]{1,45}\]|\[IPv6:[0-9a-f:.]{1,45}\]|[a-z0-9._-]{1,255})([,:])/iy
  let at = 0
  for (;;) {
    hop.lastIndex = at
    const match = hop.exec(path)
    if (match === null) return path
    at = hop.lastIndex
    if (match[1] === ':') return path.slice(at)
  }
}

function mailbox(path: string): string | null {
  if (path === '') return ''
  if (path.length > MAX_ADDRESS) return null
  const at = path.lastIndexOf('@')
  const local = at < 0 ? path : path.slice(0, at)
  if (!ATOM.test(local) && !QUOTED.test(local)) return null
  if (at < 0) return local
  const domain = mailDomain(path.slice(at + 1))
  return domain === null ? null : `${local}@${domain}`
}

function mailDomain(text: string): string | null {
  const literal = /^\[(?:IPv6:)?([0-9a-f:.]+)\]$/i.exec(text)
  if (literal !== null) return parseAddress(literal[1] ?? '') === null ? null : text
  const name = text.endsWith('.') ? text.slice(0, -1) : text
  if (name.length > 255) return null
  if (/[\x80-\xff]/.test(name)) return /^[A-Za-z0-9._\x80-\xff-]+$/.test(name) && !/^\.|\.\.|\.$/.test(name) ? name : null
  return isHostName(name) ? name : null
}

/** Keyword (upper case) → value ('' if it has none), and as they stood; null if malformed or repeated. */
export interface ReadParameters {
  readonly values: ReadonlyMap<string, string | null>
  readonly texts: readonly string[]
}

export function readParameters(text: string): ReadParameters | null {
  const values = new Map<string, string | null>()
  const texts = text === '' ? [] : text.split(/ +/)
  for (const item of texts) {
    const match = /^([A-Za-z0-9][A-Za-z0-9-]*)(?:=([\x21-\x3c\x3e-\x7e\x80-\xff]+))?$/.exec(item)
    const keyword = match?.[1]?.toUpperCase()
    if (keyword === undefined || values.has(keyword)) return null
    values.set(keyword, match?.[2] ?? null)
  }
  return { values, texts }
}
