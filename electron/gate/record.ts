/**
 * Keeps what a session came to and makes its record (CONTRACT, "JSON of one session"): the transactions, the
 * disposition ("the first that fits"), and the transaction that decided it.
 */
import type { Disposition, SessionRecord } from '../../shared/events.ts'
import type { Judgement } from '../../shared/gate/verdict.ts'
import type { Mark } from '../../shared/smtp/dialogue.ts'

interface Transaction {
  readonly sender: string
  readonly recipients: { readonly address: string; reply: string }[]
  reply: string | null
  bytes: number
}

/** What a delivered message can count as. */
export type Accepted = 'whitelisted' | 'exempt' | 'would-reject' | 'would-defer' | 'accepted'

interface Decision {
  readonly disposition: Disposition
  readonly line: string
  readonly transaction: Transaction | null
}

/** CONTRACT: the first that fits. */
const ORDER: readonly Disposition[] = [
  'banned', 'limited', 'rejected', 'deferred', 'bounced-by-backend', 'whitelisted', 'exempt', 'would-reject', 'would-defer', 'accepted',
]

/** Most sessions that are open have begun and decided nothing yet. */
const NO_TRANSACTIONS: readonly Transaction[] = []
const NONE: Decision[] = []

export class Ledger {
  #transactions: readonly Transaction[] = NO_TRANSACTIONS
  #current: Transaction | null = null
  #decisions: Decision[] = NONE

  /** MAIL. */
  begin(sender: string): void {
    this.#current = { sender, recipients: [], reply: null, bytes: 0 }
    this.#transactions = this.#transactions.concat(this.#current)
  }

  /** RCPT; its reply is still to come. */
  name(address: string): void {
    this.#current?.recipients.push({ address, reply: '' })
  }

  /** A reply was given. `as`: what a delivered message counts as. */
  said(line: string, mark: Mark, about: 'connection' | 'transaction' | 'recipient' | 'dot', as: Accepted): void {
    const transaction = about === 'connection' ? null : this.#current
    if (about === 'recipient') {
      const last = transaction?.recipients.at(-1)
      if (last !== undefined) last.reply = line
    }
    if (about === 'dot' && transaction !== null) transaction.reply = line
    if (mark !== null) this.#decide({ disposition: dispositionOf(mark, as), line, transaction })
  }

  /** Octets of the message under way. */
  bytes(octets: number): void {
    if (this.#current !== null) this.#current.bytes = octets
  }

  /** A ban came while the connection was open. */
  banned(): void {
    this.#decide({ disposition: 'banned', line: '', transaction: null })
  }

  /** A decision about a transaction tells more than one about the connection; of several of a kind the first stands. */
  #decide(decision: Decision): void {
    const earlier = this.#decisions.find(({ disposition }) => disposition === decision.disposition)
    if (earlier !== undefined && (earlier.transaction !== null || decision.transaction === null)) return
    this.#decisions = [...this.#decisions.filter((other) => other !== earlier), decision]
  }

  outcome(): Pick<SessionRecord, 'disposition' | 'sender' | 'recipients' | 'reply' | 'bytes' | 'transactions'> {
    const decision = this.#decisions.length < 2 ? this.#decisions[0] : ORDER.flatMap((candidate) => this.#decisions.filter((made) => made.disposition === candidate))[0]
    const transaction = decision?.transaction ?? this.#current
    return {
      disposition: decision?.disposition ?? 'aborted',
      sender: transaction?.sender ?? null,
      recipients: transaction?.recipients.map(({ address }) => address) ?? [],
      reply: decision === undefined || decision.line === '' ? transaction?.reply ?? null : decision.line,
      bytes: this.#transactions.reduce((sum, { bytes }) => sum + bytes, 0),
      transactions: this.#transactions.map(({ sender, recipients, reply, bytes }) => ({ sender, recipients: recipients.map((recipient) => ({ ...recipient })), reply, bytes })),
    }
  }
}

function dispositionOf(mark: Exclude<Mark, null>, as: Accepted): Disposition {
  switch (mark) {
    case 'bounced':
      return 'bounced-by-backend'
    case 'delivered':
      return as
    case 'banned':
    case 'limited':
    case 'rejected':
    case 'deferred':
      return mark
  }
}

/** The part of the record that tells what DNS was found to say. */
export function findingsOf(judgement: Judgement | null): Pick<SessionRecord, 'ptrNames' | 'verifiedName' | 'iprev' | 'verdict' | 'findings' | 'refusedFor'> {
  return {
    ptrNames: judgement?.ptrNames ?? [],
    verifiedName: judgement?.verifiedNames[0] ?? null,
    iprev: judgement?.iprev ?? null,
    verdict: judgement?.verdict ?? null,
    findings: judgement?.findings ?? [],
    refusedFor: judgement?.refusedFor ?? [],
  }
}
