/** What the admin does to the gate: each with its outcome in words, and with Undo where it can be undone. */
import type { GateState } from '../../shared/api.ts'
import type { Rule } from '../../shared/events.ts'
import type { Mode } from '../../shared/gate/disposition.ts'
import type { Line } from '../client.ts'
import type { Done } from '../model/wishes.ts'
import { strings } from '../strings.ts'
import type { RuleActions } from './ruleactions.ts'
import type { Toasts } from './toasts.ts'

export class Actions {
  readonly #line: Line
  readonly #toasts: Toasts

  /** One rule, with Undo; and what it would meet: see `RuleActions`. */
  readonly addRule: RuleActions['add']
  readonly preview: RuleActions['impact']
  readonly removeRule: (rule: Rule) => Promise<void>

  constructor(line: Line, rules: RuleActions, toasts: Toasts) {
    this.addRule = rules.add
    this.preview = rules.impact
    this.removeRule = (rule) => rules.lift([rule])
    this.#line = line
    this.#toasts = toasts
  }

  async setMode(mode: Mode, forMs: number | null): Promise<Done> {
    const api = this.#line.api()
    if (api === null) return { ok: false, problem: strings.trouble.noLine }
    try {
      const before = await api.state.get()
      if (forMs !== null && before.modeUntil === null && mode === before.mode) {
        this.#toasts.add('done', strings.done.modeAlready(mode))
        return { ok: true }
      }
      const outcome = await api.mode.set({ mode, forMs })
      if (outcome.ok) this.#toasts.add('done', strings.done.mode(mode, outcome.returns ? forMs : null), () => this.#modeAsBefore(before))
      return outcome
    } catch {
      return { ok: false, problem: strings.trouble.notDone }
    }
  }

  /** Ends a pause. */
  async resume(): Promise<void> {
    try {
      const outcome = await this.#line.api()?.pause.end()
      if (outcome?.ok === true) this.#toasts.add('done', strings.done.resumed)
      else this.#toasts.add('trouble', outcome?.problem ?? strings.trouble.noLine)
    } catch {
      this.#toasts.add('trouble', strings.trouble.notDone)
    }
  }

  /** The mode for good first, since what holds for a while returns to it. */
  async #modeAsBefore({ mode, modeUntil, modeAfter }: Pick<GateState, 'mode' | 'modeUntil' | 'modeAfter'>): Promise<void> {
    await this.#told(async (api) => {
      const outcome = await api.mode.set({ mode: modeUntil === null ? mode : modeAfter, forMs: null })
      const forMs = modeUntil === null ? 0 : Date.parse(modeUntil) - Date.now()
      return outcome.ok && forMs >= 1000 ? api.mode.set({ mode, forMs }) : outcome
    })
  }

  async play(): Promise<void> {
    await this.#told((api) => api.practice.play())
  }

  /** Copies the classic log of one session. */
  async copyLog(id: string): Promise<void> {
    await this.#told(async (api) => {
      const detail = await api.sessions.get({ id })
      if (detail === null) return { ok: false, problem: strings.trouble.noLog }
      await navigator.clipboard.writeText(`${detail.log.join('\n')}\n`)
      this.#toasts.add('done', strings.done.logCopied(detail.log.length))
      return { ok: true }
    })
  }

  async #told(work: (api: NonNullable<ReturnType<Line['api']>>) => Promise<Done>): Promise<void> {
    const api = this.#line.api()
    if (api === null) {
      this.#toasts.add('trouble', strings.trouble.noLine)
      return
    }
    try {
      const outcome = await work(api)
      if (!outcome.ok) this.#toasts.add('trouble', outcome.problem)
    } catch {
      this.#toasts.add('trouble', strings.trouble.notDone)
    }
  }
}
