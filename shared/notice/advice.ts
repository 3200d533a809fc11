/**
 * Advice: from evidence and findings to remedies that are sound (applying one makes the verdict accept) and minimal
 * (no step can be left out) under the rules in force (POLICY, Advice). Pure.
 */
import type { Evidence } from '../dns/evidence.ts'
import type { JudgeContext } from '../gate/verdict.ts'

export interface Step {
  readonly who: 'address-owner' | 'domain-owner' | 'server'
  readonly do: 'add' | 'remove' | 'set-ehlo'
  /** Owner name of the record (lower case, no final dot); for set-ehlo the present EHLO name. */
  readonly name: string
  /** PTR, A, AAAA, CNAME; '' for set-ehlo. */
  readonly type: string
  readonly value: string
}

export interface Remedy {
  readonly title: string
  readonly steps: readonly Step[]
}

/** `senderDomain`: the domain of the reverse-path, only used to name a placeholder. */
export function advise(_evidence: Evidence, _context: JudgeContext, _senderDomain: string | null): readonly Remedy[] {
  throw new Error('not written yet')
}
