/** Remedies as text that can be pasted: zone-file lines (RFC 1035 §5.1) for records, a remark for what is not a record. */
import { asciiText } from '../../shared/net/safetext.ts'
import { recordLine } from '../../shared/notice/remedy.ts'
import type { Remedy, Step } from '../../shared/notice/remedy.ts'

/** The line to paste; for a greeting, which is no record, a remark. */
export function zoneLine(step: Step): string {
  return step.do === 'set-ehlo' ? `; EHLO ${asciiText(step.value)}` : recordLine(step)
}

/** The steps of one remedy by who must act, in the order in which they first appear. */
export function byParty(remedy: Remedy): readonly { readonly who: Step['who']; readonly steps: readonly Step[] }[] {
  const parties = new Map<Step['who'], Step[]>()
  for (const step of remedy.steps) parties.set(step.who, [...(parties.get(step.who) ?? []), step])
  return [...parties].map(([who, steps]) => ({ who, steps }))
}
