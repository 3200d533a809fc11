/** A survey of the journal (shared/notice/survey.ts): newest first, block by block, in steps of a few milliseconds, as what-if has it. */
import { randomUUID } from 'node:crypto'
import { SurveyTally } from '../../shared/notice/survey.ts'
import type { Surveyed } from '../../shared/notice/survey.ts'
import type { SurveySpec } from '../ports.ts'
import type { Blocks } from './blocks.ts'
import type { OtherOp } from './protocol.ts'

const STEP_MS = 20
const MOST_RUNS = 4
/** As JSON writes it in a session's line: only these are read where only the refused count. */
const REFUSED = /"disposition":"(?:rejected|would-reject|deferred|would-defer)"/
const ANY = /^/

interface Run {
  readonly tally: SurveyTally
  cursor: number
}

export function createSurveys(now: () => number) {
  const runs = new Map<string, Run>()
  return {
    /** One step of a run; `first` starts it; null until the end. Throws if it is not known (any more). */
    step(blocks: Blocks, run: string, { from, until, refusedOnly }: SurveySpec, first: boolean): Surveyed | null {
      if (first) {
        runs.set(run, { tally: new SurveyTally(), cursor: Number.POSITIVE_INFINITY })
        const [oldest] = runs.keys()
        if (runs.size > MOST_RUNS && oldest !== undefined) runs.delete(oldest)
      }
      const going = runs.get(run)
      if (going === undefined) throw new Error('this survey was given up meanwhile; ask again')
      const stop = performance.now() + STEP_MS
      do {
        const [head] = blocks.spansBefore(going.cursor, from, 1)
        if (head === undefined) {
          runs.delete(run)
          return going.tally.result(now())
        }
        for (const { number, session } of blocks.sessionsLike(head, refusedOnly ? REFUSED : ANY)) {
          const at = Date.parse(session.at)
          // At or above the cursor they are done: a block that was joined with its elders meanwhile would be seen twice.
          if (number < going.cursor && at >= from && at < until) going.tally.add(session)
        }
        going.cursor = head.first
      } while (performance.now() < stop)
      return null
    },
  }
}

/** Asks the worker for one step after another. */
export async function surveyed(ask: (op: OtherOp) => Promise<unknown>, spec: SurveySpec): Promise<Surveyed> {
  const run = randomUUID()
  for (let first = true; ; first = false) {
    const found = (await ask({ op: 'survey', run, spec, first })) as Surveyed | null
    if (found !== null) return found
  }
}
