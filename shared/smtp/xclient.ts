/**
 * XCLIENT: tells the backend for whom the gate speaks (Postfix's XCLIENT_README). Promises: only attributes that were
 * offered; every value xtext (RFC 3461 §4), so that no client's text can add an attribute or a line; lines of at most
 * 512 octets. ADDR stands in the last command: servers end the exchange once they know the address.
 */

export interface XclientIdentity {
  /** Canonical addresses. */
  readonly address: string
  readonly port: number
  readonly ourAddress: string
  readonly ourPort: number
  readonly verifiedName: string | null
  /** Whether the name is missing only for a temporary reason ([TEMPUNAVAIL] instead of [UNAVAILABLE]). */
  readonly nameTemporary: boolean
  readonly ehlo: string
  readonly protocol: 'SMTP' | 'ESMTP'
}

const MAX_LINE = 510
/** What is longer is cut: Postfix refuses an attribute of more than 255 octets as it stands on the line, and no host name is as long. */
const MAX_VALUE = 255

/** Commands without line ends; after each the backend greets again and EHLO is due. Empty if nothing useful is offered. */
export function xclientCommands(identity: XclientIdentity, offered: readonly string[]): readonly string[] {
  const name = identity.verifiedName === null ? (identity.nameTemporary ? '[TEMPUNAVAIL]' : '[UNAVAILABLE]') : xtext(identity.verifiedName)
  const attributes: readonly (readonly [string, string])[] = [
    ['HELO', xtext(identity.ehlo)],
    ['PROTO', identity.protocol],
    ['DESTADDR', addressText(identity.ourAddress)],
    ['DESTPORT', String(identity.ourPort)],
    // Without this Postfix would keep the gate's own reverse name beside an unverified client.
    ['REVERSE_NAME', name],
    ['NAME', name],
    ['PORT', String(identity.port)],
    ['ADDR', addressText(identity.address)],
  ]
  const words = attributes.filter(([key, value]) => offered.includes(key) && value !== '').map(([key, value]) => `${key}=${value}`)
  return pack(words)
}

/** As few lines as the limit allows, in order. */
function pack(words: readonly string[]): readonly string[] {
  const lines: string[] = []
  for (const word of words) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= MAX_LINE) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(`XCLIENT ${word}`)
  }
  return lines
}

function addressText(address: string): string {
  return address.includes(':') ? `IPV6:${address}` : address
}

/**
 * RFC 3461 §4: "+", "=" and all but printable ASCII as +XX (upper-case hexadecimal). Octets that no backend should be
 * shown (controls, space, non-ASCII) are "?" instead: decoded they would be hostile in its log.
 */
export function xtext(text: string): string {
  let encoded = ''
  for (const char of text.slice(0, MAX_VALUE)) {
    const safe = /[\x21-\x7e]/.test(char) ? char : '?'
    const next = safe === '+' || safe === '=' ? `+${safe.charCodeAt(0).toString(16).toUpperCase()}` : safe
    if (encoded.length + next.length > MAX_VALUE) break
    encoded += next
  }
  return encoded
}
