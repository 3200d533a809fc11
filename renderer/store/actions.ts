/** What the admin does to the gate: each with its outcome in words, and with Undo where it can be undone. */
import type { Rule, RuleKind } from '../../shared/events.ts'
import type { Mode } from '../../shared/gate/disposition.ts'
import type { Line } from '../client.ts'
import type { Done, Preview, RuleWish } from '../model/wishes.ts'
import { strings } from '../strings.ts'
import type { RulesStore } from './rules.ts'
import type { Toasts } from './toasts.ts'

export class Actions {
  readonly #line: Line
  readonly #rules: RulesStore
  readonly #toasts: Toasts

  constructor(line: Line, rules: RulesStore, toasts: Toasts) {
    this.#line = line
    this.#rules = rules
    this.#toasts = toasts
  }

  readonly addRule = async (wish: RuleWish): Promise<Done> => {
    const api = this.#line.api()
    if (api === null) return { ok: false, problem: strings.trouble.noLine }
    try {
      const outcome = await api.rules.add(wish)
      if (!outcome.ok) return outcome
      const replaced = this.#rules.find(wish.kind, outcome.rule.scope)
      void this.#rules.refresh()
      this.#toasts.add('done', strings.done.added(outcome.rule), () => this.#takeBack(outcome.rule, replaced))
      return { ok: true }
    } catch {
      return { ok: false, problem: strings.trouble.notDone }
    }
  }

  async removeRule(rule: Rule): Promise<void> {
    await this.#told(async (api) => {
      const outcome = await api.rules.remove({ kind: rule.kind, scope: rule.scope })
      if (!outcome.ok) return outcome
      this.#toasts.add('done', strings.done.removed(rule), () => this.#putBack(rule))
      return { ok: true }
    })
    await this.#rules.refresh()
  }

  readonly preview = async (kind: RuleKind, scope: string): Promise<Preview> => {
    const api = this.#line.api()
    if (api === null) return { ok: false, problem: strings.trouble.noLine }
    try {
      return await api.rules.preview({ kind, scope })
    } catch {
      return { ok: false, problem: strings.trouble.notDone }
    }
  }

  async setMode(mode: Mode, forMs: number | null): Promise<Done> {
    const api = this.#line.api()
    if (api === null) return { ok: false, problem: strings.trouble.noLine }
    try {
      const outcome = await api.mode.set({ mode, forMs })
      if (outcome.ok) this.#toasts.add('done', strings.done.mode(mode, forMs !== null))
      return outcome
    } catch {
      return { ok: false, problem: strings.trouble.notDone }
    }
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

  async #takeBack(rule: Rule, replaced: Rule | null): Promise<void> {
    await this.#told(async (api) => {
      const outcome = await api.rules.remove({ kind: rule.kind, scope: rule.scope })
      if (outcome.ok) this.#toasts.add('done', strings.done.undone(rule))
      return outcome
    })
    if (replaced !== null) await this.#putBack(replaced)
    await this.#rules.refresh()
  }

  /** A rule that was there before, for the rest of its time. */
  async #putBack(rule: Rule): Promise<void> {
    const rest = rule.until === null ? null : Date.parse(rule.until) - Date.now()
    if (rest !== null && rest < 1000) return
    await this.#told((api) => api.rules.add({ kind: rule.kind, scope: rule.scope, reason: rule.reason, forMs: rest }))
    await this.#rules.refresh()
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
