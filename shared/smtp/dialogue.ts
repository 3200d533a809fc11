/**
 * The words of the SMTP dialogue: what a session is, what can happen to it, and what it asks to be done.
 * session.ts is the step from one to the next.
 */
import type { Finding } from '../events.ts'
import type { Reply } from './codes.ts'
import type { Command, Offered } from './command.ts'
import type { Excess } from './data.ts'
import type { OctetFault } from './lines.ts'
import type { Relayed } from './reply.ts'
import type { Phase } from './table.ts'

/** What a session is held to; may differ from command to command (settings change, the backend is probed). */
export interface Terms {
  readonly hostname: string
  readonly offered: Offered
  /** SIZE as offered, octets; null: not offered. */
  readonly offeredSize: number | null
  readonly startTls: boolean
  readonly limits: { readonly messageBytes: number; readonly recipients: number; readonly messages: number; readonly errors: number }
  readonly rejectAt: 'rcpt' | 'ehlo'
  /** POLICY, Disposition 4 (a) and (b). */
  readonly classify: (address: string) => 'served' | 'always' | 'relay'
}

export type Awaiting = 'greeting' | 'ruling' | 'recipient' | 'data' | 'dot'

export interface Session {
  readonly phase: Phase
  readonly awaiting: Awaiting | null
  readonly esmtp: boolean
  readonly tls: boolean
  /** SMTPUTF8 was said at MAIL. */
  readonly utf8: boolean
  /** The recipient under way. */
  readonly asking: { readonly path: string; readonly parameters: readonly string[]; readonly always: boolean } | null
  /** A refusal said at EHLO under rejectAt ehlo: it is repeated from then on. */
  readonly refusal: Refusal | null
  /** Recipients of this transaction: accepted, and named at all. */
  readonly accepted: number
  readonly named: number
  /** Recipients refused on this connection. */
  readonly refused: number
  readonly greetings: number
  readonly messages: number
  readonly errors: number
  readonly junk: number
  /** The gate is being stopped: the transaction under way is the last. */
  readonly stopping: boolean
}

export const NEW_SESSION: Session = {
  phase: 'start', awaiting: null, esmtp: false, tls: false, utf8: false, asking: null, refusal: null,
  accepted: 0, named: 0, refused: 0, greetings: 0, messages: 0, errors: 0, junk: 0, stopping: false,
}

/** What a reply means for the session's disposition (CONTRACT); null: nothing. */
export type Mark = 'limited' | 'banned' | 'rejected' | 'deferred' | 'bounced' | 'delivered' | null

export interface Refusal {
  readonly line: string
  readonly mark: 'rejected' | 'deferred'
  /** POLICY, Bans: once it is said, the session has earned a strike for this. */
  readonly strike?: Finding
}

export type Event =
  | { readonly kind: 'command'; readonly command: Command }
  | { readonly kind: 'fault'; readonly fault: OctetFault | 'too-long' | 'endless' }
  /** The judgement of a greeting: null lets it pass; `malformed`: a 501 that leaves the session greeted. */
  | { readonly kind: 'greeted'; readonly refusal: Refusal | null; readonly malformed: boolean }
  /** What is done about the client, for the recipient under way. */
  | { readonly kind: 'ruled'; readonly refusal: Refusal | null }
  | { readonly kind: 'backend'; readonly reply: Relayed }
  /** The end of the message; `excess`: it went over a limit and was dropped. */
  | { readonly kind: 'dot'; readonly excess: Excess | null }
  | { readonly kind: 'stop' }
  | { readonly kind: 'end'; readonly reply: Reply; readonly mark: Mark }

export type Effect =
  | { readonly do: 'reply'; readonly lines: readonly string[]; readonly mark: Mark; readonly about: 'connection' | 'transaction' | 'recipient' | 'dot'; readonly strike?: Finding }
  | { readonly do: 'greet'; readonly verb: 'EHLO' | 'HELO'; readonly name: string }
  | { readonly do: 'begin'; readonly sender: string; readonly parameters: readonly string[]; readonly utf8: boolean }
  | { readonly do: 'name'; readonly recipient: string }
  | { readonly do: 'rule'; readonly recipient: string }
  | { readonly do: 'ask-recipient'; readonly recipient: string; readonly parameters: readonly string[] }
  | { readonly do: 'ask-data' }
  | { readonly do: 'read-data' }
  | { readonly do: 'finish' }
  /** The transaction is over without a message; a backend's one is taken back (`abort`: its connection is dropped without a dot). */
  | { readonly do: 'forget'; readonly abort: boolean }
  | { readonly do: 'start-tls' }
  | { readonly do: 'close' }

export interface Step {
  readonly session: Session
  readonly effects: readonly Effect[]
}
