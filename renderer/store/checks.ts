/** The checks of this session: the one under way and those made before, newest first; gone when the page is closed. */
import type { CheckReport } from '../../shared/api/check.ts'
import type { Answer } from '../../shared/dns/answer.ts'
import type { Api } from '../client.ts'
import { Observed } from './observed.ts'

export interface CheckInput {
  readonly client: string
  readonly ehlo: string
  readonly as: 'sender' | 'ourselves'
}

export type CheckState =
  | { readonly kind: 'running' | 'failed' | 'lost' | 'stopped' }
  | { readonly kind: 'refused'; readonly field: 'client' | 'ehlo'; readonly problem: string }
  | { readonly kind: 'done'; readonly report: CheckReport }

export interface CheckRun {
  readonly id: number
  readonly input: CheckInput
  /** ISO. */
  readonly at: string
  readonly answers: readonly Answer[]
  readonly state: CheckState
}

const MOST = 30

export class ChecksStore extends Observed {
  #runs: readonly CheckRun[] = []
  #lastId = 0
  #stop: AbortController | null = null

  readonly runs = (): readonly CheckRun[] => this.#runs

  /** One check is under way at a time: the one before is stopped. Returns the new one's id. */
  run(api: Api | null, input: CheckInput): number {
    this.stop()
    this.#lastId += 1
    const id = this.#lastId
    this.#set([{ id, input, at: new Date().toISOString(), answers: [], state: { kind: api === null ? 'lost' : 'running' } } satisfies CheckRun, ...this.#runs.filter(({ state }) => state.kind !== 'refused')].slice(0, MOST))
    if (api !== null) void this.#follow(api, id, input)
    return id
  }

  stop(): void {
    this.#stop?.abort()
    this.#stop = null
    this.#set(this.#runs.map((run) => (run.state.kind === 'running' ? { ...run, state: { kind: 'stopped' } } : run)))
  }

  async #follow(api: Api, id: number, input: CheckInput): Promise<void> {
    const stop = new AbortController()
    this.#stop = stop
    const change = (part: (run: CheckRun) => Partial<CheckRun>) => {
      if (!stop.signal.aborted) this.#set(this.#runs.map((run) => (run.id === id ? { ...run, ...part(run) } : run)))
    }
    try {
      for await (const step of await api.checks.follow(input, { signal: stop.signal })) {
        if (step.kind === 'answers') change((run) => ({ answers: [...run.answers, ...step.answers] }))
        else return change(() => ({ state: step }))
      }
      change(() => ({ state: { kind: 'lost' } }))
    } catch {
      change(() => ({ state: { kind: 'failed' } }))
    }
  }

  #set(runs: readonly CheckRun[]): void {
    this.#runs = runs
    this.changed()
  }
}

/** Outlives the page that shows it. */
export const checks = new ChecksStore()
