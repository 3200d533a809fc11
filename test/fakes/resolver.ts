/**
 * A resolver in memory, over a zone (see zone.ts). It answers in a microtask, except for questions that a test holds back
 * (`hold`, `release`) or that the zone says are `!timeout`: those wait for the deadline of a ManualClock, or for `release`.
 */
import type { Answer, Question } from '../../shared/dns/answer.ts'
import { questionText } from '../../shared/dns/answer.ts'
import { MAX_CHAIN, canBeSent } from '../../shared/dns/reply.ts'
import { reverseName, parseAddress } from '../../shared/net/ip.ts'
import type { AskOptions, ResolverPort } from '../../electron/ports.ts'
import type { ManualClock } from './clock.ts'
import { lookUp, parseZone } from './zone.ts'

export interface FakeResolver extends ResolverPort {
  /** Every question that was asked, as text, in order. */
  readonly asked: string[]
  readonly options: AskOptions[]
  /** Reverse names; '*' for all. */
  readonly forgotten: string[]
  setZone(text: string): void
  /** Holds the answers to questions of these texts ("a.example. A") until released; '*' holds all. */
  hold(...questions: string[]): void
  release(): void
}

/** Without a clock a `!timeout` is answered at once. */
export function fakeResolver(zoneText: string, clock?: ManualClock): FakeResolver {
  let zone = parseZone(zoneText)
  let held = new Set<string>()
  let waiting: (() => void)[] = []
  const counts = { found: 0, nodata: 0, nxdomain: 0, servfail: 0, refused: 0, timeout: 0, malformed: 0 }

  const answer = (question: Question): Answer => {
    const reply = lookUp(zone, question)
    const chain = reply.aliases.map((record) => record.data)
    const broken = chain.length > MAX_CHAIN || new Set([question.name, ...chain]).size <= chain.length
    const status = broken ? 'malformed' : reply.status
    const ttls = [...reply.aliases, ...reply.records].map((record) => record.ttl)
    const temporary = status === 'servfail' || status === 'refused' || status === 'timeout' || status === 'malformed'
    return {
      question, status, chain: broken ? chain.slice(0, MAX_CHAIN) : chain, ms: 0,
      records: status === 'found' ? reply.records.map((record) => record.data) : [],
      ttl: temporary ? null : Math.min(...ttls, ...(status === 'found' ? [] : [60])),
      server: status === 'timeout' ? null : '192.0.2.53:53',
    }
  }
  const failed = (question: Question, status: 'timeout' | 'malformed', ms: number): Answer => (
    { question, status, records: [], chain: [], ttl: null, ms, server: null })

  const fake: FakeResolver = {
    asked: [],
    options: [],
    forgotten: [],
    setZone(text) {
      zone = parseZone(text)
    },
    hold(...questions) {
      held = new Set(questions)
    },
    release() {
      held = new Set()
      const released = waiting
      waiting = []
      for (const go of released) go()
    },
    async resolve(question, options) {
      const key = questionText(question)
      const start = clock?.monotonic() ?? 0
      fake.asked.push(key)
      fake.options.push(options)
      if (!canBeSent(question.name, question.type)) return failed(question, 'malformed', 0)
      if (options.budget !== undefined) {
        if (options.budget.left <= 0) return failed(question, 'malformed', 0)
        options.budget.left -= 1
      }
      if (clock !== undefined && options.deadline <= start) return count(failed(question, 'timeout', 0))
      const deaf = lookUp(zone, question).status === 'timeout'
      const stuck = held.has(key) || held.has('*') || (deaf && clock !== undefined)
      if (stuck && !await untilReleased(options.deadline)) return count(failed(question, 'timeout', (clock?.monotonic() ?? 0) - start))
      return count(answer(question))
    },
    forget(client) {
      const address = parseAddress(client)
      fake.forgotten.push(address === null ? client : reverseName(address))
    },
    forgetAll() {
      fake.forgotten.push('*')
    },
    stats: () => ({ queries: { ...counts }, cacheHits: 0, caseBroken: [] }),
    close() {
      fake.release()
    },
  }

  /** False: the deadline came first. */
  function untilReleased(deadline: number): Promise<boolean> {
    return new Promise((resolve) => {
      const cancel = clock?.at(deadline, () => { resolve(false) })
      waiting.push(() => {
        cancel?.()
        resolve(true)
      })
    })
  }
  function count(one: Answer): Answer {
    counts[one.status] += 1
    return one
  }
  return fake
}
