/**
 * Which questions a client and its EHLO name raise, given what has been answered (POLICY, Gathering evidence). The gatherer
 * runs it until nothing is left to ask; the advice runs the very same over a zone that does not exist yet.
 * Promises: terminates for any answers, at most 11 questions on the PTR side and 8 on the EHLO side, always in the same order.
 */
import { reverseName } from '../net/ip.ts'
import type { Address } from '../net/ip.ts'
import { questionText } from './answer.ts'
import type { Answer, Question, RecordType } from './answer.ts'
import { classifyEhlo } from './ehlo.ts'
import { canBeAsked, mxHostsOf, ptrNamesOf } from './records.ts'

/** `ehlo` as the client said it; null before EHLO. */
export interface Subject {
  readonly client: Address
  readonly ehlo: string | null
}

/** By `questionText`. */
export type Answers = Pick<ReadonlyMap<string, Answer>, 'get' | 'has'>

export function ptrQuestion(client: Address): Question {
  return { name: reverseName(client), type: 'PTR' }
}

/** The record type that holds addresses of the client's family, and the other one. */
export function addressTypes(client: Address): { readonly own: RecordType; readonly other: RecordType } {
  return client.family === 4 ? { own: 'A', other: 'AAAA' } : { own: 'AAAA', other: 'A' }
}

/** All that can be asked now and has no answer yet; nothing: the evidence is complete. PTR side first. */
export function nextQuestions(subject: Subject, answers: Answers): Question[] {
  const raised = [...ptrSideQuestions(subject.client, answers), ...ehloSideQuestions(subject, answers)]
  return unanswered(raised, answers)
}

/** The unanswered ones of some questions, each once. */
export function unanswered(questions: readonly Question[], answers: Answers): Question[] {
  const missing = questions.filter((question) => !answers.has(questionText(question)))
  return missing.filter(({ name, type }, index) => missing.findIndex((other) => other.name === name && other.type === type) === index)
}

/** PTR, and for each of the first 10 PTR names that is a host name the addresses of the client's family; answered or not. `ptr`: if it is at hand. */
export function ptrSideQuestions(client: Address, answers: Answers, ptr: Question = ptrQuestion(client)): Question[] {
  const type = addressTypes(client).own
  const names = ptrNamesOf(answers.get(questionText(ptr))).filter(canBeAsked)
  return [ptr, ...names.map((name) => ({ name, type }))]
}

/**
 * For an EHLO name of two labels or more: its addresses of the client's family; if it has none, those of the other family; if they do
 * not match (or are temporary) its MX, and the same family's addresses of the first 5 MX hosts. Answered or not. Nothing else is asked:
 * a literal, a bare address, one label or a malformed name has no questions.
 */
export function ehloSideQuestions(subject: Subject, answers: Answers): Question[] {
  const name = askedName(subject.ehlo)
  return name === null ? [] : ehloNameQuestions(subject.client, name, answers)
}

/** The canonical name that an EHLO argument is looked up by; null if it is not. */
export function askedName(ehlo: string | null): string | null {
  const form = ehlo === null ? null : classifyEhlo(ehlo)
  return form?.kind === 'name' ? form.name : null
}

/** As ehloSideQuestions, for a name of `askedName`. */
export function ehloNameQuestions(client: Address, name: string, answers: Answers): Question[] {
  const { own, other } = addressTypes(client)
  const first: Question = { name, type: own }
  const answer = answers.get(questionText(first))
  if (answer === undefined) return [first]
  if (answer.status === 'found' && answer.records.includes(client.text)) return [first]
  const questions = [first]
  if (answer.status === 'nodata' || answer.status === 'nxdomain') questions.push({ name, type: other })
  const mx: Question = { name, type: 'MX' }
  questions.push(mx)
  for (const host of mxHostsOf(answers.get(questionText(mx)))) {
    if (canBeAsked(host)) questions.push({ name: host, type: own })
  }
  return questions
}

/** The answers that this subject's plan leads to, in the plan's order, out of all that are known. Complete if nothing it needs is missing. */
export function answersInOrder(subject: Subject, known: Answers): Map<string, Answer> {
  const ordered = new Map<string, Answer>()
  const take = (questions: readonly Question[]) => {
    for (const question of questions) {
      const key = questionText(question)
      const answer = known.get(key)
      if (answer !== undefined && !ordered.has(key)) ordered.set(key, answer)
    }
  }
  take(ptrSideQuestions(subject.client, known))
  take(ehloSideQuestions(subject, known))
  return ordered
}
