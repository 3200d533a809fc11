/** Remedies as text that can be pasted: zone-file lines (RFC 1035 §5.1) for records, a remark for what is not a record. */
import { asciiText } from '../../shared/net/safetext.ts'
import type { Remedy, Step } from '../../shared/notice/advice.ts'

/** "www.example.com. IN A 192.0.2.1"; what is to be removed as a comment, so that pasting never adds it. */
export function zoneLine(step: Step): string {
  const name = asciiText(step.name)
  const value = asciiText(step.value)
  if (step.do === 'set-ehlo') return `; EHLO ${value}`
  const target = step.type === 'PTR' || step.type === 'CNAME' ? `${value}.` : value
  const record = `${name}. IN ${step.type} ${target}`
  return step.do === 'remove' ? `; remove: ${record}` : record
}

/** The steps of one remedy by who must act, in the order in which they first appear. */
export function byParty(remedy: Remedy): readonly { readonly who: Step['who']; readonly steps: readonly Step[] }[] {
  const parties = new Map<Step['who'], Step[]>()
  for (const step of remedy.steps) parties.set(step.who, [...(parties.get(step.who) ?? []), step])
  return [...parties].map(([who, steps]) => ({ who, steps }))
}
