/**
 * All that was gathered for one client and one EHLO name: the answers by question. Rules, advice and the
 * console read evidence only through this; a question that was never asked has no answer.
 */
import type { Answer, Question } from './answer.ts'
import { questionText } from './answer.ts'

export interface Evidence {
  /** Canonical address; an IPv4-mapped IPv6 address is IPv4 here. */
  readonly client: string
  /** The EHLO name as the client said it; null before EHLO. */
  readonly ehlo: string | null
  /** Keyed by `questionText`, in the order in which they were asked. */
  readonly answers: ReadonlyMap<string, Answer>
}

export function answerTo(evidence: Evidence, question: Question): Answer | undefined {
  return evidence.answers.get(questionText(question))
}
