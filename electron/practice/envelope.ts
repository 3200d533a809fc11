/**
 * The head of a stored practice message: the envelope as header lines of ours in front of what was received, so that one
 * .eml file tells everything and survives a restart. Everything in it is from outside and stays text.
 */

export interface Envelope {
  readonly from: string
  readonly to: readonly string[]
  /** As the mail server was told: "mail.acme.example [192.0.2.25]". */
  readonly client: string
}

const FROM = 'Return-Path'
const TO = 'X-Porch-Recipient'
const CLIENT = 'X-Porch-Client'
const MAX_SUBJECT = 300

/** Lines with CRLF. */
export function envelopeLines(envelope: Envelope): string {
  const lines = [`${FROM}: <${oneLine(envelope.from)}>`, ...envelope.to.map((address) => `${TO}: <${oneLine(address)}>`), `${CLIENT}: ${oneLine(envelope.client)}`]
  return lines.map((line) => `${line}\r\n`).join('')
}

/** Reads it back, with the message's subject, from the beginning of a file. Null if the file is none of ours. */
export function readEnvelope(head: string): (Envelope & { readonly subject: string }) | null {
  const lines = head.split(/\r?\n/)
  const from = valueOf(lines[0], FROM)
  if (from === null) return null
  const to: string[] = []
  let index = 1
  for (let value = valueOf(lines[index], TO); value !== null; value = valueOf(lines[index], TO)) {
    to.push(unbracketed(value))
    index += 1
  }
  return { from: unbracketed(from), to, client: valueOf(lines[index], CLIENT) ?? '', subject: subjectOf(lines.slice(index + 1)) }
}

function subjectOf(lines: readonly string[]): string {
  const end = lines.indexOf('')
  const header = lines.slice(0, end === -1 ? lines.length : end)
  const start = header.findIndex((line) => /^subject[ \t]*:/i.test(line))
  if (start === -1) return ''
  const more = header.slice(start + 1)
  const folded = more.findIndex((line) => !/^[ \t]/.test(line))
  const whole = [header[start]?.replace(/^[^:]*:/, '') ?? '', ...more.slice(0, folded === -1 ? more.length : folded)].join('')
  return oneLine(whole).trim().slice(0, MAX_SUBJECT)
}

function valueOf(line: string | undefined, name: string): string | null {
  return line?.startsWith(`${name}: `) === true ? line.slice(name.length + 2) : null
}

function unbracketed(value: string): string {
  return value.replace(/^</, '').replace(/>$/, '')
}

function oneLine(text: string): string {
  return text.replace(/[\x00-\x1f\x7f-\x9f]/g, ' ')
}
