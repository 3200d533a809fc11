/** One "what if" at a time: asked, followed while it runs, given up when it is cancelled or its page goes away. */
import type { WhatIfReport } from '../../shared/api/whatif.ts'
import type { RuleSet } from '../../shared/gate/verdict.ts'
import type { Line } from '../client.ts'
import { Observed } from './observed.ts'

export type WhatIfView =
  | { readonly kind: 'idle' | 'cancelled' | 'failed' }
  | { readonly kind: 'running'; readonly done: number; readonly total: number }
  | { readonly kind: 'done'; readonly report: WhatIfReport }

export class WhatIfStore extends Observed {
  readonly #line: Line
  #view: WhatIfView = { kind: 'idle' }
  #stop: AbortController | null = null

  constructor(line: Line) {
    super()
    this.#line = line
  }

  readonly view = (): WhatIfView => this.#view

  /** Takes the place of one that is under way. */
  async run(asked: { readonly rules: RuleSet; readonly days: number }): Promise<void> {
    this.#stop?.abort()
    const stop = new AbortController()
    this.#stop = stop
    this.#set({ kind: 'running', done: 0, total: 0 })
    try {
      const api = this.#line.api()
      if (api === null) return this.#set({ kind: 'failed' })
      for await (const event of await api.whatIf.run(asked, { signal: stop.signal })) {
        if (stop.signal.aborted) return
        if (event.kind === 'progress') this.#set({ kind: 'running', done: event.done, total: event.total })
        else this.#set({ kind: 'done', report: event.report })
      }
      if (this.#stop === stop && this.#view.kind === 'running') this.#set({ kind: 'failed' })
    } catch {
      if (!stop.signal.aborted) this.#set({ kind: 'failed' })
    }
  }

  cancel(): void {
    if (this.#view.kind !== 'running') return
    this.#stop?.abort()
    this.#set({ kind: 'cancelled' })
  }

  /** A sender was whitelisted: its row says so without everything being judged again. */
  allowed(lastId: string): void {
    if (this.#view.kind !== 'done') return
    const { report } = this.#view
    this.#set({ kind: 'done', report: { ...report, changes: report.changes.map((each) => (each.lastId === lastId ? { ...each, allowed: true } : each)) } })
  }

  #set(view: WhatIfView): void {
    this.#view = view
    this.changed()
  }
}
