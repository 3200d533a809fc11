/**
 * Reads the backend's replies (RFC 5321 §4.2). Promises: an outcome is one well-formed reply as one line of printable
 * ASCII, or a reason why there is none; input may be cut anywhere; memory is bounded whatever the backend sends.
 */

/** `text` without code and enhanced code, its lines joined by spaces and bounded; `lines` likewise one by one (EHLO needs them apart). */
export interface ParsedReply {
  readonly code: number
  readonly enhanced: string | null
  readonly text: string
  readonly lines: readonly string[]
}

/** `surplus`: octets that came behind the reply although nothing was asked. After `broken` the stream cannot be trusted any more. */
export type ReplyEvent =
  | { readonly kind: 'more' }
  | { readonly kind: 'reply'; readonly reply: ParsedReply; readonly surplus: boolean }
  | { readonly kind: 'broken'; readonly why: string }

/** Where in the dialogue a reply is awaited. */
export type ReplyStage = 'banner' | 'ehlo' | 'starttls' | 'xclient' | 'mail' | 'rcpt' | 'data' | 'dot' | 'rset'

/** RFC 5321 §4.5.3.1.5 says 512; some servers say more. */
const MAX_LINE = 2048
const MAX_LINES = 128
/** With code, enhanced code and line end a reply handed on stays within 512 octets. */
const MAX_TEXT = 480

const SUCCESS: Readonly<Record<ReplyStage, readonly number[]>> = {
  banner: [220],
  ehlo: [250],
  starttls: [220],
  xclient: [220, 250],
  mail: [250],
  rcpt: [250, 251, 252],
  data: [354],
  dot: [250],
  rset: [250],
}

/** Whether the code can be an answer at this stage: its success codes (RFC 5321 §4.3.2), or any 4xx or 5xx. */
export function fitsStage(stage: ReplyStage, code: number): boolean {
  return code >= 400 || SUCCESS[stage].includes(code)
}

export interface ReplyParser {
  push(chunk: Uint8Array): ReplyEvent
}

/** Reads one reply after the other; each `push` after a reply begins the next one. */
export function createReplyParser(): ReplyParser {
  let partial = ''
  let code: number | null = null
  let lines: string[] = []

  const takeLine = (line: string): ReplyEvent => {
    const parsed = /^([2-5]\d\d)(?:([ -])(.*))?$/s.exec(line)
    if (parsed === null) return { kind: 'broken', why: `not a reply: "${printable(line).slice(0, 80)}"` }
    const lineCode = Number(parsed[1])
    if (code !== null && lineCode !== code) return { kind: 'broken', why: `codes ${code} and ${lineCode} in one reply` }
    code = lineCode
    lines.push(printable(parsed[3] ?? ''))
    if (parsed[2] === '-') {
      return lines.length < MAX_LINES ? { kind: 'more' } : { kind: 'broken', why: `a reply of more than ${MAX_LINES} lines` }
    }
    const reply = replyOf(code, lines)
    code = null
    lines = []
    return { kind: 'reply', reply, surplus: false }
  }

  return {
    push(chunk) {
      let at = 0
      while (at < chunk.length) {
        const lineFeed = chunk.indexOf(10, at)
        const end = lineFeed === -1 ? chunk.length : lineFeed + 1
        if (partial.length + end - at > MAX_LINE) return { kind: 'broken', why: `a reply line of more than ${MAX_LINE} octets` }
        partial += latin1(chunk.subarray(at, end))
        at = end
        if (lineFeed === -1) return { kind: 'more' }
        if (!partial.endsWith('\r\n')) return { kind: 'broken', why: 'a bare line feed in a reply' }
        const line = partial.slice(0, -2)
        partial = ''
        const event = takeLine(line)
        if (event.kind === 'reply') return at < chunk.length ? { ...event, surplus: true } : event
        if (event.kind === 'broken') return event
      }
      return { kind: 'more' }
    },
  }
}

/** RFC 3463: an enhanced code counts only if its class is the reply's; it is taken out of every line. */
function replyOf(code: number, lines: readonly string[]): ParsedReply {
  const apart = lines.map((line) => /^([245]\.\d{1,3}\.\d{1,3})(?: +|$)(.*)$/s.exec(line))
  const first = apart.find((match) => match !== null)?.[1] ?? null
  const texts = apart.map((match, index) => (match === null ? (lines[index] ?? '') : (match[2] ?? '')))
  return {
    code,
    enhanced: first?.startsWith(String(code).slice(0, 1)) === true ? first : null,
    text: bounded(texts.map((text) => text.trim()).filter((text) => text !== '').join(' ')),
    lines,
  }
}

function bounded(text: string): string {
  return text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT - 3)}...`
}

/** Every octet that is not printable ASCII becomes "?". */
function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?')
}

function latin1(octets: Uint8Array): string {
  return String.fromCharCode(...octets)
}
