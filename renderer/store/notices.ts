/**
 * Notices and proposals as the gate last told, asked for again now and then (oftener while somebody looks at them) and after each change
 * of ours. While the line is down what was known stays.
 */
import type { DeskState, Proposals } from '../../shared/api/notices.ts'
import type { Notice } from '../../shared/notice/outbox.ts'
import type { Api } from '../client.ts'
import { Observed } from './observed.ts'

export interface NoticesState {
  readonly kind: 'loading' | 'failed' | 'loaded'
  readonly notices: readonly Notice[]
  readonly proposals: Proposals
  /** What can be sent at present; null: not known yet. */
  readonly desk: DeskState | null
}

const SHOWN_MS = 5000
const RESTING_MS = 60_000

export class NoticesStore extends Observed {
  #state: NoticesState = { kind: 'loading', notices: [], proposals: { due: [], sunk: [], stuck: [] }, desk: null }
  #watchers = 0
  #wake: () => void = () => undefined

  readonly state = (): NoticesState => this.#state

  /** For `Line.whileUp`. A question that fails is asked again: it is no reason to give up the line. */
  readonly task = async (api: Api, signal: AbortSignal): Promise<void> => {
    while (!signal.aborted) {
      await this.#load(api, signal)
      if (!signal.aborted) await this.#pause(signal)
    }
  }

  /** While somebody looks; the end of it is what is returned. */
  watch(): () => void {
    this.#watchers += 1
    this.refresh()
    return () => {
      this.#watchers -= 1
    }
  }

  refresh(): void {
    this.#wake()
  }

  async #load(api: Api, signal: AbortSignal): Promise<void> {
    try {
      const [notices, proposals, desk] = await Promise.all([api.notices.list(undefined, { signal }), api.notices.proposals(undefined, { signal }), api.notices.desk(undefined, { signal })])
      this.#set({ kind: 'loaded', notices, proposals, desk })
    } catch {
      if (!signal.aborted && this.#state.kind !== 'loaded') this.#set({ ...this.#state, kind: 'failed' })
    }
  }

  #pause(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer)
        signal.removeEventListener('abort', end)
        this.#wake = () => undefined
        resolve()
      }
      const timer = setTimeout(end, this.#watchers > 0 ? SHOWN_MS : RESTING_MS)
      signal.addEventListener('abort', end)
      this.#wake = end
    })
  }

  #set(state: NoticesState): void {
    this.#state = state
    this.changed()
  }
}
