/**
 * What is known of one session, and what is made of it: the identity for the backend, the trace for the message, the
 * record and entry for the journal (CONTRACT, "JSON of one session").
 */
import type { JournalEntry, SessionRecord, Speaker } from '../../shared/events.ts'
import type { Address } from '../../shared/net/ip.ts'
import type { TraceInput } from '../../shared/smtp/trace.ts'
import type { ClientIdentity, Clock } from '../ports.ts'
import type { Examination } from './examination.ts'
import { Ledger, findingsOf } from './record.ts'
import { Transcript } from './transcript.ts'

/** Faults of the wire, as the transcript names them. */
export const FAULTS = { 'bare-cr': 'a bare CR', 'bare-lf': 'a bare LF', nul: 'NUL', 'too-long': 'a line that is too long', endless: 'a line without end' } as const

export interface Who {
  readonly id: string
  readonly client: Address
  readonly port: number
  readonly ourAddress: string
  readonly ourPort: number
  /** Whether the other end is known to be a socket of this process (ownprobes.ts). */
  readonly isProbe: () => boolean
}

export class Facts {
  readonly ledger = new Ledger()
  readonly #transcript = new Transcript()
  /** The name said last. */
  ehlo: string | null = null
  /** What TLS agreed on. */
  tls: string | null = null
  readonly #who: Who
  readonly #exam: Examination
  readonly #clock: Clock
  readonly #at: number
  readonly #started: number
  #ms: number | null = null
  #probe = false

  constructor(who: Who, exam: Examination, clock: Clock) {
    this.#who = who
    this.#exam = exam
    this.#clock = clock
    this.#at = clock.now()
    this.#started = Math.floor(clock.monotonic())
  }

  /** Whole ms since the connection was accepted. */
  elapsed(): number {
    return this.#ms ?? Math.floor(this.#clock.monotonic()) - this.#started
  }

  /** Into the transcript: a line, or several said together. */
  note(who: Speaker, said: string | readonly string[]): void {
    // While it is there to be seen: it may close first.
    this.isOwnProbe()
    this.#transcript.add(this.elapsed(), who, said)
  }

  /** Once seen it stays: the other end is forgotten when it closes. */
  isOwnProbe(): boolean {
    return (this.#probe ||= this.#who.isProbe())
  }

  /** The session is over: its length stands. */
  end(): void {
    this.#ms = this.elapsed()
  }

  identity(protocol: 'SMTP' | 'ESMTP'): ClientIdentity {
    const { judgement } = this.#exam
    return {
      address: this.#who.client.text, port: this.#who.port, ourAddress: this.#who.ourAddress, ourPort: this.#who.ourPort,
      verifiedName: judgement?.verifiedNames[0] ?? null, nameTemporary: judgement?.iprev === 'temperror', ehlo: this.ehlo ?? '', protocol,
    }
  }

  trace(message: Pick<TraceInput, 'hostname' | 'protocol' | 'smtpUtf8' | 'recipients'>): TraceInput {
    const { judgement } = this.#exam
    return {
      ...message, sessionId: this.#who.id, client: this.#who.client.text, ehlo: this.ehlo ?? '', verifiedName: judgement?.verifiedNames[0] ?? null,
      iprev: judgement?.iprev ?? null, tls: this.tls !== null, at: this.#clock.now(),
    }
  }

  /** As the session stands now. */
  record(): SessionRecord {
    const { judgement } = this.#exam
    const { transactions, ...outcome } = this.ledger.outcome()
    return {
      id: this.#who.id, at: new Date(this.#at).toISOString(), client: this.#who.client.text, port: this.#who.port, ehlo: judgement?.ehlo ?? this.ehlo,
      ...findingsOf(judgement), ...outcome, tls: this.tls, ms: this.elapsed(), transactions,
    }
  }

  entry(): JournalEntry {
    const { judgement, answers } = this.#exam
    if (judgement !== null) this.note('note', `${judgement.verdict}: ${judgement.findings.join(', ') || 'nothing found'}`)
    const first = { ms: 0, who: 'note', text: `Connection from [${this.#who.client.text}]` } as const
    return { session: this.record(), evidence: answers, transcript: [first, ...this.#transcript.lines()] }
  }
}
