/**
 * The words every part shares: verdicts, findings, dispositions, and the record of one session.
 * The record's JSON is CONTRACT ("JSON of one session"); nothing here may be renamed without it.
 */
import type { Answer } from './dns/answer.ts'

/** RFC 8601 §2.7.3, the `iprev` results this gate can reach. */
export type Iprev = 'pass' | 'fail' | 'permerror' | 'temperror'

/** What the rules say of a client and its EHLO name. */
export type VerdictKind = 'accept' | 'reject' | 'tempfail'

/** Everything that can be found against a client, in the order in which findings are listed and name the reply (POLICY, Verdict). */
export const FINDINGS = [
  'ptr-missing',
  'ptr-unconfirmed',
  'ehlo-malformed',
  'ehlo-ours',
  'ehlo-literal-mismatch',
  'ehlo-literal',
  'ehlo-not-fqdn',
  'ehlo-bare-domain',
  'ehlo-unresolvable',
  'ehlo-mismatch',
  'dns-temporary',
] as const
export type Finding = (typeof FINDINGS)[number]

/** What the gate did with a session; the first that fits, in this order (CONTRACT). */
export const DISPOSITIONS = [
  'banned',
  'limited',
  'rejected',
  'deferred',
  'bounced-by-backend',
  'whitelisted',
  'exempt',
  'would-reject',
  'would-defer',
  'accepted',
  'aborted',
] as const
export type Disposition = (typeof DISPOSITIONS)[number]

/** One RCPT of a transaction with the reply it got (one line, as sent). */
export interface RecipientRecord {
  readonly address: string
  readonly reply: string
}

/** One MAIL … dot. `sender` is the reverse-path without brackets ('' for the null one); `reply` the one to the dot, null if none was sent; `bytes` of data received. */
export interface TransactionRecord {
  readonly sender: string
  readonly recipients: readonly RecipientRecord[]
  readonly reply: string | null
  readonly bytes: number
}

/** One finished session, as in CONTRACT. Times: `at` ISO 8601 UTC; `ms` the session's length in milliseconds. */
export interface SessionRecord {
  readonly id: string
  readonly at: string
  readonly client: string
  readonly port: number
  readonly ehlo: string | null
  readonly ptrNames: readonly string[]
  readonly verifiedName: string | null
  readonly iprev: Iprev | null
  readonly verdict: VerdictKind | null
  readonly findings: readonly Finding[]
  readonly refusedFor: readonly Finding[]
  readonly disposition: Disposition
  readonly sender: string | null
  readonly recipients: readonly string[]
  readonly reply: string | null
  readonly bytes: number
  readonly tls: string | null
  readonly ms: number
  readonly transactions: readonly TransactionRecord[]
}

/** Who said a line of the transcript: the client, the gate, the backend, or the gate's own remark (a lookup done, TLS agreed). */
export type Speaker = 'client' | 'gate' | 'backend' | 'note'

/** One line of the transcript. `ms` since the connection was accepted; `text` has no line end; message data is never in it. */
export interface TranscriptLine {
  readonly ms: number
  readonly who: Speaker
  readonly text: string
}

/** What the journal keeps of a finished session: the record, the frozen evidence and what was said. */
export interface JournalEntry {
  readonly session: SessionRecord
  readonly evidence: readonly Answer[]
  readonly transcript: readonly TranscriptLine[]
}

/** A ban or a whitelist entry (CONTRACT, `rules --json`). Times ISO 8601 UTC; `until` null: for good. */
export type RuleKind = 'ban' | 'allow'
export interface Rule {
  readonly kind: RuleKind
  readonly scope: string
  readonly reason: string
  readonly by: 'admin' | 'auto'
  readonly since: string
  readonly until: string | null
  readonly hits: number
  /** When it was last run into; after a restart to the minute. Missing: never. Not part of CONTRACT's JSON. */
  readonly lastHit?: string
}

/** What needs the admin: shown in the status strip until it clears. `code` is stable (tests and translations use it). */
export interface Alarm {
  readonly code: string
  readonly severity: 'warning' | 'critical'
  readonly text: string
  readonly since: string
}
