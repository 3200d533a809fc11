/** A notice's event as the timeline shows it: the sentence, and what of DNS has changed, answer by answer. Pure. */

export interface AnswerChange {
  readonly question: string
  /** Null: it was not asked then. */
  readonly then: string | null
  readonly now: string
}

const CHANGE = /(\S+ [A-Z]+): (?:then (.+?), )?now (.+?)(?=; \S+ [A-Z]+: (?:then|now) |\.?$)/g

/** "Fixed, its mail passes. NAME TYPE: then …, now …; …." as a sentence and its changes. */
export function storyOf(text: string): { readonly sentence: string; readonly changes: readonly AnswerChange[] } {
  const found = [...text.matchAll(CHANGE)]
  const [first] = found
  if (first === undefined) return { sentence: text, changes: [] }
  return { sentence: text.slice(0, first.index).trim(), changes: found.map(([, question = '', then, now = '']) => ({ question, then: then ?? null, now })) }
}
