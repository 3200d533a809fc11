/** The doctor's findings for the page: the last report, and a round that is under way with what it found so far. Outlives the page. */
import type { CheckUp, DoctorReport } from '../../shared/doctor/report.ts'
import type { Line } from '../client.ts'
import { Observed } from './observed.ts'

export type HealthState =
  | { readonly kind: 'loading' | 'loadfailed' | 'none' }
  | { readonly kind: 'running'; readonly checks: readonly CheckUp[] }
  | { readonly kind: 'done'; readonly report: DoctorReport }

export interface HealthView {
  readonly state: HealthState
  /** Why the last round ended early; null: it did not. */
  readonly problem: 'lost' | 'failed' | null
  /** It was just made here (to be announced). */
  readonly fresh: boolean
}

export class HealthStore extends Observed {
  readonly #line: Line
  #view: HealthView = { state: { kind: 'loading' }, problem: null, fresh: false }
  #report: DoctorReport | null = null
  #stop: AbortController | null = null

  constructor(line: Line) {
    super()
    this.#line = line
  }

  readonly view = (): HealthView => this.#view

  /** What the gate knows; a round under way here is not disturbed. */
  async load(): Promise<void> {
    const api = this.#line.api()
    if (api === null || this.#stop !== null) return
    try {
      const { report, running } = await api.doctor.get()
      if (this.#stop !== null) return
      this.#report = report
      this.#rest(this.#view.problem)
      // One that the gate began by itself is followed.
      if (running) void this.run()
    } catch {
      if (this.#report === null) this.#set({ state: { kind: 'loadfailed' }, problem: null, fresh: false })
    }
  }

  async run(): Promise<void> {
    const api = this.#line.api()
    if (api === null || this.#stop !== null) return
    const stop = new AbortController()
    this.#stop = stop
    let checks: readonly CheckUp[] = []
    this.#set({ state: { kind: 'running', checks }, problem: null, fresh: false })
    let problem: HealthView['problem'] = 'lost'
    try {
      for await (const step of await api.doctor.run(undefined, { signal: stop.signal })) {
        if (stop.signal.aborted) break
        switch (step.kind) {
          case 'check':
            checks = [...checks, step.check]
            this.#set({ state: { kind: 'running', checks }, problem: null, fresh: false })
            break
          case 'done':
            this.#report = step.report
            problem = null
            break
          case 'failed': problem = 'failed'
        }
      }
    } catch {
      problem = 'failed'
    }
    if (this.#stop !== stop) return
    this.#stop = null
    this.#rest(problem)
    if (problem === null) this.#set({ ...this.#view, fresh: true })
  }

  stop(): void {
    this.#stop?.abort()
    this.#stop = null
    this.#rest(null)
  }

  #rest(problem: HealthView['problem']): void {
    this.#set({ state: this.#report === null ? { kind: 'none' } : { kind: 'done', report: this.#report }, problem, fresh: false })
  }

  #set(view: HealthView): void {
    this.#view = view
    this.changed()
  }
}
