/** What the status strip shows: the gate's state as it last told, kept while the line is down (and then marked as old by the page). */
import type { GateState } from '../../shared/api.ts'
import type { Api } from '../client.ts'
import { Observed } from './observed.ts'

export class GateStore extends Observed {
  #state: GateState | null = null

  readonly state = (): GateState | null => this.#state

  /** For `Line.whileUp`. */
  readonly task = async (api: Api, signal: AbortSignal): Promise<void> => {
    try {
      this.#set(await api.state.get(undefined, { signal }))
      for await (const state of await api.state.watch(undefined, { signal })) this.#set(state)
    } catch (error) {
      if (!signal.aborted) throw error
    }
    if (!signal.aborted) throw new Error('the state stream ended')
  }

  #set(state: GateState): void {
    this.#state = state
    this.changed()
  }
}
