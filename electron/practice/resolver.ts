/**
 * The resolver of the sample senders: answers from samples.ts, as slowly as they say, and asks nobody. A name that is
 * listed with other types has no data; any other does not exist.
 */
import { setTimeout as after } from 'node:timers/promises'
import { isTemporary, questionText } from '../../shared/dns/answer.ts'
import type { Answer, AnswerStatus, Question } from '../../shared/dns/answer.ts'
import type { Clock, ResolverPort } from '../ports.ts'
import { SAMPLE_ANSWERS } from './samples.ts'
import type { SampleAnswer } from './samples.ts'

const TTL = 3600
const USUAL_MS = 12

/** `wait`: for tests; the time is that of `clock`. */
export function createSampleResolver(clock: Clock, wait: (ms: number) => Promise<unknown> = (ms) => after(ms, undefined, { ref: false })): ResolverPort {
  const listed = new Map(SAMPLE_ANSWERS.map((answer) => [questionText(answer), answer]))
  const names = new Set(SAMPLE_ANSWERS.map((answer) => answer.name))
  const queries: Record<AnswerStatus, number> = { found: 0, nodata: 0, nxdomain: 0, servfail: 0, refused: 0, timeout: 0, malformed: 0 }

  const statusOf = (question: Question, sample: SampleAnswer | undefined): AnswerStatus => {
    if (sample !== undefined) return sample.status ?? 'found'
    return names.has(question.name) ? 'nodata' : 'nxdomain'
  }

  return {
    async resolve(question, options) {
      const sample = listed.get(questionText(question))
      const delay = sample?.delayMs ?? USUAL_MS
      const left = Math.max(0, options.deadline - clock.monotonic())
      await wait(Math.min(delay, left))
      const status = delay > left ? 'timeout' : statusOf(question, sample)
      queries[status] += 1
      const answer: Answer = {
        question, status, records: status === 'found' ? (sample?.records ?? []) : [], chain: [],
        ttl: isTemporary(status) ? null : TTL, ms: Math.round(Math.min(delay, left)), server: status === 'timeout' ? null : 'sample answers',
      }
      return answer
    },
    forget: () => undefined,
    forgetAll: () => undefined,
    stats: () => ({ queries: { ...queries }, cacheHits: 0, caseBroken: [] }),
    close: () => undefined,
  }
}
