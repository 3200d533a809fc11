/**
 * One client's dialogue with the backend after the handshake. Promises: one command at a time, in the order they were
 * asked; a reply is handed on only if it fits its command; the final dot is sent by `finish` alone, after data that has
 * only CRLF line ends and no lone dot in it, and never once the session was aborted.
 */
import { createWireGuard } from '../../../shared/smtp/wireguard.ts'
import type { WireGuard } from '../../../shared/smtp/wireguard.ts'
import { offeredParameters } from '../../../shared/smtp/capabilities.ts'
import type { ReplyStage } from '../../../shared/smtp/backendreply.ts'
import type { BackendCapabilities, BackendOutcome, BackendSession } from '../../ports.ts'
import type { Link, LinkOutcome } from './link.ts'
import type { BackendTimeouts } from './timeouts.ts'

export interface SessionOptions {
  readonly capabilities: BackendCapabilities
  readonly timeouts: BackendTimeouts
  /** Told once if the backend failed (not if the gate left). */
  readonly onTrouble: (why: string) => void
  /** Told whenever the backend has taken a message. */
  readonly onDelivered: () => void
}

export function createSession(link: Link, options: SessionOptions): BackendSession {
  const { capabilities, timeouts } = options
  let turn: Promise<unknown> = Promise.resolve()
  /** Set between 354 and the end of the data. */
  let guard: WireGuard | null = null
  let left = false
  let troubled = false

  const outcomeOf = (outcome: LinkOutcome): BackendOutcome => {
    if (outcome.kind === 'reply') {
      const { code, enhanced, text } = outcome.reply
      return { kind: 'reply', reply: { code, enhanced, text } }
    }
    link.kill(outcome.why)
    if (!left && !troubled) options.onTrouble(outcome.why)
    troubled = true
    return { kind: 'failed', why: outcome.why }
  }

  const inTurn = (ask: () => Promise<LinkOutcome>): Promise<BackendOutcome> => {
    const outcome = turn.then(ask).then(outcomeOf)
    turn = outcome
    return outcome
  }

  const address = (command: 'MAIL FROM' | 'RCPT TO', path: string, parameters: readonly string[], stage: ReplyStage) =>
    inTurn(() => {
      // RFC 6531 §3.2: such an address may only go where SMTPUTF8 is offered, which it was when the client was told so.
      if (!capabilities.smtpUtf8 && /[^\x00-\x7f]/.test(path)) return Promise.resolve({ kind: 'failed', why: 'does not offer SMTPUTF8 any more' })
      const words = [`${command}:<${path}>`, ...offeredParameters(parameters, capabilities)]
      return link.command(words.join(' '), stage, timeouts.command)
    })

  const finish = async (): Promise<LinkOutcome> => {
    const dead = link.dead()
    if (dead !== null) return { kind: 'failed', why: dead }
    const position = guard?.position()
    guard = null
    switch (position) {
      case 'line-start':
        return link.end('.\r\n', timeouts.dot)
      case 'mid-line':
        return link.end('\r\n.\r\n', timeouts.dot)
      case 'after-cr':
      case 'after-dot':
      case 'broken':
      case undefined:
        return { kind: 'failed', why: 'must not be sent such data' }
    }
  }

  return {
    mail: (reversePath, parameters) => address('MAIL FROM', reversePath, parameters, 'mail'),
    rcpt: (forwardPath, parameters) => address('RCPT TO', forwardPath, parameters, 'rcpt'),
    data: async () => {
      const outcome = await inTurn(() => link.command('DATA', 'data', timeouts.command))
      if (outcome.kind === 'reply' && outcome.reply.code === 354) guard = createWireGuard()
      return outcome
    },
    write(wire) {
      if (guard?.push(wire) !== true) {
        link.kill('must not be sent such data')
        return true
      }
      return link.write(wire, timeouts.block)
    },
    drained: () => link.drained(),
    finish: async () => {
      const outcome = await inTurn(finish)
      if (outcome.kind === 'reply' && outcome.reply.code === 250) options.onDelivered()
      return outcome
    },
    rset: () => inTurn(() => link.command('RSET', 'rset', timeouts.command)),
    quit() {
      left = true
      if (guard === null) link.bye(timeouts.quit)
      else link.kill('was left')
    },
    abort() {
      left = true
      guard = null
      link.kill('was left')
    },
  }
}
