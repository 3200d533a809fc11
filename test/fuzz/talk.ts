/**
 * The gate's readers and its session without sockets: octets in, replies and messages out, every question answered at
 * once. What comes out must not depend on how the octets were cut.
 */
import { readCommand } from '../../shared/smtp/command.ts'
import { DataReader } from '../../shared/smtp/data.ts'
import { NEW_SESSION } from '../../shared/smtp/dialogue.ts'
import type { Effect, Event, Session, Terms } from '../../shared/smtp/dialogue.ts'
import { LineReader } from '../../shared/smtp/lines.ts'
import { octetText, textOctets } from '../../shared/smtp/octets.ts'
import { step } from '../../shared/smtp/session.ts'

const TERMS: Terms = {
  hostname: 'mx.shop.example', offered: { eightBitMime: true, smtpUtf8: true, dsn: true }, offeredSize: 4000, startTls: false, rejectAt: 'rcpt',
  limits: { messageBytes: 4000, recipients: 5, messages: 5, errors: 10 },
  classify: (address) => (/^[^%!@]+@shop\.example$/i.test(address) ? 'served' : 'relay'),
}

/** The five states of RELIABILITY, and what leads there. */
export const STATES = {
  'before EHLO': '',
  'after EHLO': 'EHLO a.example\r\n',
  MAIL: 'EHLO a.example\r\nMAIL FROM:<a@b.example> SMTPUTF8\r\n',
  RCPT: 'EHLO a.example\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<joe@shop.example>\r\n',
  DATA: 'EHLO a.example\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<joe@shop.example>\r\nDATA\r\n',
} as const

export interface Talk {
  readonly replies: readonly string[]
  /** What the backend was asked. */
  readonly asked: readonly string[]
  readonly messages: readonly string[]
  readonly phase: Session['phase']
}

export function talk(prefix: string, chunks: readonly Uint8Array[]): Talk {
  const replies: string[] = []
  const asked: string[] = []
  const messages: string[] = []
  const lines = new LineReader()
  let session = NEW_SESSION
  let data: DataReader | null = null
  let body = ''

  const over = () => session.phase === 'over'
  const apply = (event: Event): void => {
    const result = step(session, event, TERMS)
    session = result.session
    for (const effect of result.effects) perform(effect)
  }

  function perform(effect: Effect): void {
    switch (effect.do) {
      case 'reply':
        replies.push(...effect.lines)
        return
      case 'greet': {
        const malformed = !/^[a-z0-9.-]+$/i.test(effect.name)
        return apply({ kind: 'greeted', malformed, refusal: malformed ? { line: '501 5.5.2 no name', mark: 'rejected' } : null })
      }
      case 'begin':
        asked.push(['mail', effect.sender, ...effect.parameters].join(' '))
        return
      case 'rule':
        return apply({ kind: 'ruled', refusal: null })
      case 'ask-recipient':
        asked.push(['rcpt', effect.recipient, ...effect.parameters].join(' '))
        return apply({ kind: 'backend', reply: { kind: 'yes', line: '250 2.1.5 OK' } })
      case 'ask-data':
        return apply({ kind: 'backend', reply: { kind: 'yes', line: '354 go' } })
      case 'read-data':
        data = new DataReader(4000)
        body = ''
        return
      case 'finish':
        messages.push(body)
        return apply({ kind: 'backend', reply: { kind: 'yes', line: '250 2.0.0 OK' } })
      case 'forget':
        data = null
        return
      case 'name':
      case 'start-tls':
      case 'close':
    }
  }

  for (const chunk of [textOctets(prefix), ...chunks]) {
    let at = 0
    while (at < chunk.length && !over()) {
      const before = at
      const reader = data as DataReader | null
      if (reader === null) {
        const event = lines.read(chunk, at)
        at = lines.next
        if (event.kind === 'more') break
        if (event.kind === 'line') apply({ kind: 'command', command: readCommand(event.text, TERMS.offered, session.utf8) })
        else apply({ kind: 'fault', fault: event.kind === 'fault' ? event.fault : event.kind })
      } else {
        const event = reader.read(chunk, at, (wire) => { body += octetText(wire, 0, wire.length) })
        at = reader.next
        if (event === 'more') break
        data = null
        apply(event === 'end' ? { kind: 'dot', excess: reader.excess } : { kind: 'fault', fault: event })
      }
      if (at <= before && !over()) throw new Error('no progress')
    }
  }
  return { replies, asked, messages, phase: session.phase }
}
