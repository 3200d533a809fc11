/** Then and now side by side: one line for each question that was asked at either time, with what became of its answer. Pure. */
import { questionText } from '../../shared/dns/answer.ts'
import type { Answer } from '../../shared/dns/answer.ts'

/** `asked-now`, `not-asked-now`: the other answers led elsewhere, so that it came up, or did not, this time. */
export type Change = 'same' | 'changed' | 'asked-now' | 'not-asked-now'

export interface Compared {
  readonly key: string
  readonly name: string
  readonly type: Answer['question']['type']
  readonly then: Answer | null
  readonly now: Answer | null
  readonly change: Change
}

/** In the order of then; what is asked only now follows. Times to live and who answered make no difference. */
export function compareAnswers(then: readonly Answer[], now: readonly Answer[]): readonly Compared[] {
  const before = new Map(then.map((answer) => [questionText(answer.question), answer]))
  const after = new Map(now.map((answer) => [questionText(answer.question), answer]))
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((key) => {
    const [old, fresh] = [before.get(key) ?? null, after.get(key) ?? null]
    const question = (old ?? fresh)?.question
    return question === undefined ? [] : [{ key, ...question, then: old, now: fresh, change: changeOf(old, fresh) }]
  })
}

export function countChanges(lines: readonly Compared[]): number {
  return lines.filter(({ change }) => change !== 'same').length
}

function changeOf(then: Answer | null, now: Answer | null): Change {
  if (then === null) return 'asked-now'
  if (now === null) return 'not-asked-now'
  const same = then.status === now.status && sameSet(then.records, now.records) && then.chain.join(' ') === now.chain.join(' ')
  return same ? 'same' : 'changed'
}

/** Rotated answers are the same answer. */
function sameSet(one: readonly string[], other: readonly string[]): boolean {
  return [...one].sort().join('\n') === [...other].sort().join('\n')
}

/** Which of some records the other answer did not have. */
export function newRecords(records: readonly string[], other: Answer | null): ReadonlySet<string> {
  return new Set(other === null ? [] : records.filter((record) => !other.records.includes(record)))
}
