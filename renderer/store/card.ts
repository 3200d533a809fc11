/** The card that asks whether to enforce: looked at again at a pace, put off, and answered (with Undo). */
import type { Card } from '../../shared/api/whatif.ts'
import type { RuleSet } from '../../shared/gate/verdict.ts'
import { withValue } from '../../shared/settingsjson.ts'
import type { SettingsJson } from '../../shared/settingsjson.ts'
import type { Line } from '../client.ts'
import type { Done } from '../model/wishes.ts'
import { strings } from '../strings.ts'
import { cardWords } from '../words/golive.ts'
import type { Toasts } from './toasts.ts'
import { Observed } from './observed.ts'

export type CardView = { readonly kind: 'loading' } | { readonly kind: 'failed' } | { readonly kind: 'loaded'; readonly card: Card }

const LOOKING_MS = 1000
const PACE_MS = 30_000

export class CardStore extends Observed {
  readonly #line: Line
  readonly #toasts: Toasts
  #view: CardView = { kind: 'loading' }

  constructor(line: Line, toasts: Toasts) {
    super()
    this.#line = line
    this.#toasts = toasts
  }

  readonly view = (): CardView => this.#view

  /** Keeps it fresh until the returned function is called. */
  watch(): () => void {
    let stopped = false
    let timer: ReturnType<typeof setTimeout> | null = null
    const round = () => {
      void this.refresh().finally(() => {
        const looking = this.#view.kind === 'loaded' && this.#view.card.kind === 'looking'
        if (!stopped) timer = setTimeout(round, looking ? LOOKING_MS : PACE_MS)
      })
    }
    round()
    return () => {
      stopped = true
      if (timer !== null) clearTimeout(timer)
    }
  }

  async refresh(): Promise<void> {
    try {
      const card = await this.#line.api()?.whatIf.card()
      if (card !== undefined) this.#set({ kind: 'loaded', card })
    } catch {
      if (this.#view.kind !== 'loaded') this.#set({ kind: 'failed' })
    }
  }

  /** `days` 0: asks again now. */
  async later(days: number): Promise<void> {
    try {
      const card = await this.#line.api()?.whatIf.later({ days })
      if (card !== undefined) this.#set({ kind: 'loaded', card })
      if (days > 0) this.#toasts.add('done', cardWords.laterDone, () => this.later(0))
    } catch {
      this.#toasts.add('trouble', strings.trouble.notDone)
    }
  }

  /** Writes rules and mode into the settings; Undo writes back what stood there. */
  async enforce(rules: RuleSet): Promise<Done> {
    let before: SettingsJson = {}
    const outcome = await this.#save((input) => {
      before = input
      return withValue(withValue(input, 'policy.rules', rules), 'policy.mode', 'enforce')
    })
    if (!outcome.ok) return outcome
    this.#toasts.add('done', cardWords.enforced(rules), async () => {
      const back = await this.#save((input) => (['policy.rules', 'policy.mode'] as const).reduce((json, key) => withValue(json, key, valueOf(before, key)), input))
      this.#toasts.add(back.ok ? 'done' : 'trouble', back.ok ? cardWords.undone : back.problem)
      void this.refresh()
    })
    void this.refresh()
    return { ok: true }
  }

  async #save(change: (input: SettingsJson) => SettingsJson): Promise<Done> {
    const api = this.#line.api()
    if (api === null) return { ok: false, problem: strings.trouble.noLine }
    try {
      const { input, running, revision } = await api.settings.get()
      const saved = await api.settings.save({ input: change(input ?? running), revision })
      return saved.ok ? { ok: true } : { ok: false, problem: [saved.problem, ...saved.problems.map(({ path, message }) => `${path}: ${message}`)].join(' ') }
    } catch {
      return { ok: false, problem: strings.trouble.notDone }
    }
  }

  #set(view: CardView): void {
    this.#view = view
    this.changed()
  }
}

function valueOf(json: SettingsJson, key: 'policy.rules' | 'policy.mode'): unknown {
  const policy = json.policy
  return typeof policy === 'object' && policy !== null ? (policy as Record<string, unknown>)[key.slice('policy.'.length)] : undefined
}
