/** Asks the worker for one step after another (runs.ts) until the end: what-if, surveys, and the forgetting of an address. */
import { randomUUID } from 'node:crypto'
import type { Surveyed } from '../../shared/notice/survey.ts'
import type { ForgetFound, SurveySpec, WhatIfFound, WhatIfOptions, WhatIfSpec } from '../ports.ts'
import type { ForgetStep } from './forget.ts'
import type { OtherOp } from './protocol.ts'
import type { WhatIfStep } from './whatif.ts'

type Ask = (op: OtherOp) => Promise<unknown>

/** `step` settles with null until the end. */
async function inSteps<T>(step: (run: string, first: boolean) => Promise<T | null>): Promise<T> {
  const run = randomUUID()
  for (let first = true; ; first = false) {
    const found = await step(run, first)
    if (found !== null) return found
  }
}

/** With progress, until nobody wants it any more. */
export function stepwise(ask: Ask, spec: WhatIfSpec, { onProgress, signal }: WhatIfOptions = {}): Promise<WhatIfFound> {
  return inSteps(async (run, first) => {
    if (signal?.aborted === true) {
      if (!first) await ask({ op: 'whatifDrop', run })
      signal.throwIfAborted()
    }
    const { done, total, found } = (await ask({ op: 'whatif', run, spec, first })) as WhatIfStep
    onProgress?.(done, total)
    return found
  })
}

/** Not given up half-way: a person's wish is carried out whoever goes on looking. */
export function forgetStepwise(ask: Ask, address: string, onProgress?: (done: number, total: number) => void): Promise<ForgetFound> {
  return inSteps(async (run, first) => {
    const { done, total, found } = (await ask({ op: 'forget', run, address, first })) as ForgetStep
    onProgress?.(done, total)
    return found
  })
}

export function surveyed(ask: Ask, spec: SurveySpec): Promise<Surveyed> {
  return inSteps(async (run, first) => (await ask({ op: 'survey', run, spec, first })) as Surveyed | null)
}
