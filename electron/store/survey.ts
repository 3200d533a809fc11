/** A survey of the journal (shared/notice/survey.ts): newest first, block by block, in steps (runs.ts). */
import { SurveyTally } from '../../shared/notice/survey.ts'
import type { Surveyed } from '../../shared/notice/survey.ts'
import type { SurveySpec } from '../ports.ts'
import type { Blocks } from './blocks.ts'
import { createRuns, STEP_MS } from './runs.ts'

/** As JSON writes it in a session's line: only these are read where only the refused count. */
const REFUSED = /"disposition":"(?:rejected|would-reject|deferred|would-defer)"/
const ANY = /^/

interface Run {
  readonly tally: SurveyTally
  cursor: number
}

export function createSurveys(now: () => number) {
  const runs = createRuns<Run>('this survey')
  return {
    /** One step of a run; `first` starts it; null until the end. Throws if it is not known (any more). */
    step(blocks: Blocks, run: string, { from, until, refusedOnly }: SurveySpec, first: boolean): Surveyed | null {
      const going = runs.take(run, first ? () => ({ tally: new SurveyTally(), cursor: Number.POSITIVE_INFINITY }) : null)
      const stop = performance.now() + STEP_MS
      do {
        const [head] = blocks.spansBefore(going.cursor, from, 1)
        if (head === undefined) {
          runs.end(run)
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
