/** Asks the worker for one step after another, with progress, until the end or until nobody wants it any more. */
import { randomUUID } from 'node:crypto'
import type { ForgetFound, WhatIfFound, WhatIfOptions, WhatIfSpec } from '../ports.ts'
import type { ForgetStep } from './forget.ts'
import type { OtherOp } from './protocol.ts'
import type { WhatIfStep } from './whatif.ts'

export async function stepwise(ask: (op: OtherOp) => Promise<unknown>, spec: WhatIfSpec, { onProgress, signal }: WhatIfOptions = {}): Promise<WhatIfFound> {
  const run = randomUUID()
  for (let first = true; ; first = false) {
    if (signal?.aborted === true) {
      if (!first) await ask({ op: 'whatifDrop', run })
      signal.throwIfAborted()
    }
    const { done, total, found } = (await ask({ op: 'whatif', run, spec, first })) as WhatIfStep
    onProgress?.(done, total)
    if (found !== null) return found
  }
}

/** Not given up half-way: a person's wish is carried out whoever goes on looking. */
export async function forgetStepwise(ask: (op: OtherOp) => Promise<unknown>, address: string, onProgress?: (done: number, total: number) => void): Promise<ForgetFound> {
  const run = randomUUID()
  for (let first = true; ; first = false) {
    const { done, total, found } = (await ask({ op: 'forget', run, address, first })) as ForgetStep
    onProgress?.(done, total)
    if (found !== null) return found
  }
}
