/**
 * What may come when (RFC 5321 §4.1.4): the table of the SMTP dialogue, phase by command. session.ts obeys it.
 */
import type { Reply } from './codes.ts'
import { REPLIES } from './codes.ts'
import type { Verb } from './command.ts'

/** Before EHLO; after it; after MAIL; with an accepted recipient; in the message; over. */
export type Phase = 'start' | 'ready' | 'mail' | 'rcpt' | 'data' | 'over'

/** `go`, or why not. */
export type Allowed = 'go' | 'greet first' | 'mail first' | 'again' | 'no recipients' | 'not now'

export const ORDER: Readonly<Record<Exclude<Phase, 'data' | 'over'>, Readonly<Record<Verb, Allowed>>>> = {
  start: { EHLO: 'go', HELO: 'go', STARTTLS: 'greet first', MAIL: 'greet first', RCPT: 'greet first', DATA: 'greet first', RSET: 'go', NOOP: 'go', VRFY: 'go', EXPN: 'go', HELP: 'go', QUIT: 'go' },
  ready: { EHLO: 'go', HELO: 'go', STARTTLS: 'go',          MAIL: 'go',          RCPT: 'mail first',  DATA: 'mail first',  RSET: 'go', NOOP: 'go', VRFY: 'go', EXPN: 'go', HELP: 'go', QUIT: 'go' },
  mail:  { EHLO: 'go', HELO: 'go', STARTTLS: 'not now',     MAIL: 'again',       RCPT: 'go',          DATA: 'no recipients', RSET: 'go', NOOP: 'go', VRFY: 'go', EXPN: 'go', HELP: 'go', QUIT: 'go' },
  rcpt:  { EHLO: 'go', HELO: 'go', STARTTLS: 'not now',     MAIL: 'again',       RCPT: 'go',          DATA: 'go',          RSET: 'go', NOOP: 'go', VRFY: 'go', EXPN: 'go', HELP: 'go', QUIT: 'go' },
}

/** What a command out of order hears. */
export const ORDER_REPLIES: Readonly<Record<Exclude<Allowed, 'go'>, Reply>> = {
  'greet first': REPLIES.greetFirst,
  'mail first': REPLIES.mailFirst,
  again: REPLIES.mailAgain,
  'no recipients': REPLIES.noRecipients,
  'not now': REPLIES.tlsNow,
}
