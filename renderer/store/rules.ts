/**
 * Bans and whitelist as last loaded. The API does not stream them (a hundred thousand may be there), so they are loaded
 * anew after each change of ours and, while the page shows them, at a pace that follows how long loading takes.
 */
import type { Rule, RuleKind } from '../../shared/events.ts'
import type { Api } from '../client.ts'

export type RulesView =
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed' }
  | { readonly kind: 'loaded'; readonly rules: readonly Rule[] }

const PACE_MS = 3000

export class RulesStore {
  readonly #listeners = new Set<() => void>()
  #view: RulesView = { kind: 'loading' }
  #api: Api | null = null
  #loading: Promise<void> | null = null
  #again = false
  #tookMs = 0

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  readonly view = (): RulesView => this.#view

  /** For `Line.whileUp`. */
  readonly task = async (api: Api, signal: AbortSignal): Promise<void> => {
    this.#api = api
    signal.addEventListener('abort', () => {
      if (this.#api === api) this.#api = null
    })
    await this.refresh()
  }

  /** Loads the list; calls while one is under way share it and are followed by one more. */
  refresh(): Promise<void> {
    if (this.#loading !== null) {
      this.#again = true
      return this.#loading
    }
    this.#loading = this.#load().finally(() => {
      this.#loading = null
      if (!this.#again) return
      this.#again = false
      void this.refresh()
    })
    return this.#loading
  }

  /** Keeps the list fresh until the returned function is called. */
  keepFresh(): () => void {
    let timer: ReturnType<typeof setTimeout> | null = null
    let stopped = false
    const round = () => {
      void this.refresh().finally(() => {
        if (!stopped) timer = setTimeout(round, Math.max(PACE_MS, this.#tookMs * 20))
      })
    }
    round()
    return () => {
      stopped = true
      if (timer !== null) clearTimeout(timer)
    }
  }

  find(kind: RuleKind, scope: string): Rule | null {
    return this.#view.kind === 'loaded' ? (this.#view.rules.find((rule) => rule.kind === kind && rule.scope === scope) ?? null) : null
  }

  async #load(): Promise<void> {
    const api = this.#api
    if (api === null) return
    const began = performance.now()
    try {
      this.#set({ kind: 'loaded', rules: await api.rules.list() })
      this.#tookMs = performance.now() - began
    } catch {
      // A list that was there stays: the line's own state says that it is old.
      if (this.#view.kind !== 'loaded') this.#set({ kind: 'failed' })
    }
  }

  #set(view: RulesView): void {
    this.#view = view
    for (const listener of this.#listeners) listener()
  }
}
