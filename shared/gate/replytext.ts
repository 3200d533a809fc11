/**
 * The text of a refusal: one line of printable ASCII that a postmaster can act on (POLICY: "Every refusal's text says …").
 */
import type { Finding } from '../events.ts'
import type { Judgement } from './verdict.ts'

export interface ReplyTextOptions {
  readonly detail: 'full' | 'brief'
  /** policy.replies: fields {client} {ehlo} {ptr} {url} {id}. */
  readonly overrides: Partial<Record<Finding, string>>
  /** The help page's base address, null if there is none. */
  readonly helpUrl: string | null
  /** The session's id. */
  readonly id: string
}

/** Without code and enhanced status code; together with "550 5.7.25 " and CRLF at most 512 octets. Hostile octets are escaped. */
export function refusalText(_client: string, _judgement: Judgement, _finding: Finding, _options: ReplyTextOptions): string {
  throw new Error('not written yet')
}
