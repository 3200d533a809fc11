/** What if, over the journal (shared/gate/whatiftally.ts): newest first, block by block, in steps (runs.ts). */
import { WhatIfTally } from '../../shared/gate/whatiftally.ts'
import type { WhatIfSender } from '../../shared/gate/whatiftally.ts'
import { RULE_SETS } from '../../shared/gate/whatif.ts'
import type { WhatIfFound, WhatIfList, WhatIfSpec } from '../ports.ts'
import type { BlockHead, Blocks } from './blocks.ts'
import { createRuns, STEP_MS } from './runs.ts'

export interface WhatIfStep {
  readonly done: number
  readonly total: number
  /** Null until the end. */
  readonly found: WhatIfFound | null
}

interface Run {
  readonly tally: WhatIfTally
  readonly from: number
  readonly acceptedFrom: number
  readonly until: number
  readonly total: number
  cursor: number
  done: number
}

export type WhatIfRuns = ReturnType<typeof createWhatIfRuns>

export function createWhatIfRuns() {
  const runs = createRuns<Run>('this what-if')

  const begin = (blocks: Blocks, spec: WhatIfSpec): Run => {
    const from = Date.parse(spec.from)
    const acceptedFrom = Math.min(from, Date.parse(spec.acceptedFrom))
    return { tally: new WhatIfTally(spec.terms), from, acceptedFrom, until: Date.parse(spec.until), total: blocks.sessionsSince(acceptedFrom), cursor: Number.POSITIVE_INFINITY, done: 0 }
  }

  return {
    /** One step of a run; `first` starts it. Throws if it is not known (any more). */
    step(blocks: Blocks, run: string, spec: WhatIfSpec, first: boolean): WhatIfStep {
      const going = runs.take(run, first ? () => begin(blocks, spec) : null)
      const ended = proceed(blocks, going)
      if (!ended) return { done: going.done, total: Math.max(going.total, going.done), found: null }
      runs.end(run)
      return { done: going.done, total: going.done, found: foundBy(going.tally, spec) }
    },
    drop: runs.end,
  }
}

/** True: that was all. */
function proceed(blocks: Blocks, run: Run): boolean {
  const stop = performance.now() + STEP_MS
  for (;;) {
    const [head] = blocks.spansBefore(run.cursor, run.acceptedFrom, 1)
    if (head === undefined) return true
    if (head.newest >= run.from) judgeBlock(blocks, run, head)
    else noteAccepted(blocks, run, head)
    run.done += head.sessions
    run.cursor = head.first
    if (performance.now() >= stop) return false
  }
}

/** Sessions at or above the cursor are done: a block that was joined with its elders meanwhile would be seen twice. */
function judgeBlock(blocks: Blocks, run: Run, head: Span): void {
  for (const { number, session, evidence } of blocks.entries(head)) {
    if (number >= run.cursor) continue
    const time = Date.parse(session.at)
    if (time >= run.from && time < run.until) run.tally.add(session, evidence)
    else if (time >= run.acceptedFrom && time < run.from) run.tally.addEarlier(session)
  }
}

function noteAccepted(blocks: Blocks, run: Run, head: Span): void {
  for (const { number, session } of blocks.sessionsLike(head, /"disposition":"(?:accepted|whitelisted)"/)) {
    if (number < run.cursor && Date.parse(session.at) >= run.acceptedFrom) run.tally.addEarlier(session)
  }
}

type Span = Pick<BlockHead, 'first' | 'sessions' | 'newest'>

/** A sender that several rule sets refuse is told once. */
function foundBy(tally: WhatIfTally, { list }: WhatIfSpec): WhatIfFound {
  const senders = new Map<string, WhatIfSender>()
  for (const each of listed(tally, list)) senders.set(each.lastId, each)
  return { counts: tally.counts(), senders: [...senders.values()] }
}

function listed(tally: WhatIfTally, list: WhatIfList): readonly WhatIfSender[] {
  switch (list.kind) {
    case 'none': return []
    case 'refused': return RULE_SETS.flatMap((rules) => tally.refused(rules, list.limit))
    case 'changing': return tally.changing(list.rules, list.limit)
  }
}
