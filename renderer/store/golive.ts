/**
 * The wizard's answers while the page shows them: loaded once, kept by the gate a moment after each change, tested on request.
 * Everything here may fail with the line; what was typed stays in the page.
 */
import type { Applied, GoLiveView, StepTest } from '../../shared/api/golive.ts'
import type { SettingsCheck } from '../../shared/api/settings.ts'
import { liveInput } from '../../shared/golive.ts'
import type { Finding, GoLiveDraft, TestedStep } from '../../shared/golive.ts'
import type { Line } from '../client.ts'
import { Observed } from './observed.ts'

export type WizardState =
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed' }
  | { readonly kind: 'loaded'; readonly view: GoLiveView; readonly draft: GoLiveDraft; readonly tests: GoLiveView['tests']; readonly testing: TestedStep | null; readonly testFailed: boolean; readonly check: SettingsCheck | null; /** The answers that `check` is of. */ readonly checked: GoLiveDraft | null }

const KEEP_MS = 400
const CHECK_MS = 250

export class WizardStore extends Observed {
  readonly #line: Line
  #state: WizardState = { kind: 'loading' }
  #keepTimer: ReturnType<typeof setTimeout> | null = null
  #checkTimer: ReturnType<typeof setTimeout> | null = null

  constructor(line: Line) {
    super()
    this.#line = line
  }

  readonly state = (): WizardState => this.#state

  /** Keeps what was typed if it has it already. */
  async load(): Promise<void> {
    const before = this.#state
    try {
      const view = await this.#line.api()?.goLive.get()
      if (view === undefined) throw new Error('no line')
      const draft = before.kind === 'loaded' ? before.draft : view.draft
      this.#set({ kind: 'loaded', view, draft, tests: view.tests, testing: null, testFailed: false, check: before.kind === 'loaded' ? before.check : null, checked: before.kind === 'loaded' ? before.checked : null })
      this.#checkSoon(0)
    } catch {
      if (before.kind !== 'loaded') this.#set({ kind: 'failed' })
    }
  }

  change(part: Partial<GoLiveDraft>): void {
    if (this.#state.kind !== 'loaded') return
    this.#set({ ...this.#state, draft: { ...this.#state.draft, ...part } })
    if (this.#keepTimer !== null) clearTimeout(this.#keepTimer)
    this.#keepTimer = setTimeout(() => void this.keep(), KEEP_MS)
    this.#checkSoon(CHECK_MS)
  }

  /** What was typed is at the gate. */
  async keep(): Promise<void> {
    if (this.#keepTimer !== null) clearTimeout(this.#keepTimer)
    this.#keepTimer = null
    if (this.#state.kind !== 'loaded') return
    await this.#line.api()?.goLive.keep({ draft: this.#state.draft }).catch(() => undefined)
  }

  async test(step: TestedStep): Promise<StepTest | null> {
    if (this.#state.kind !== 'loaded' || this.#state.testing !== null) return null
    this.#set({ ...this.#state, testing: step, testFailed: false })
    const result = await this.#line.api()?.goLive.test({ step, draft: this.#state.draft }).catch(() => null) ?? null
    // Set meanwhile, which the compiler does not follow.
    const now = this.#state as WizardState
    if (now.kind === 'loaded') this.#set({ ...now, testing: null, testFailed: result === null, tests: result === null ? now.tests : { ...now.tests, [step]: result } })
    return result
  }

  async apply(): Promise<Applied | null> {
    if (this.#state.kind !== 'loaded') return null
    if (this.#keepTimer !== null) clearTimeout(this.#keepTimer)
    this.#keepTimer = null
    const { draft, view } = this.#state
    return await this.#line.api()?.goLive.apply({ draft, revision: view.revision }).catch(() => null) ?? null
  }

  async gateFindings(): Promise<readonly Finding[] | null> {
    return (await this.#line.api()?.goLive.check().catch(() => null))?.findings ?? null
  }

  #checkSoon(ms: number): void {
    if (this.#checkTimer !== null) clearTimeout(this.#checkTimer)
    this.#checkTimer = setTimeout(() => void this.#check(), ms)
  }

  async #check(): Promise<void> {
    this.#checkTimer = null
    if (this.#state.kind !== 'loaded') return
    const { draft, view } = this.#state
    const check = await this.#line.api()?.settings.check({ input: liveInput(view.input, draft) }).catch(() => null) ?? null
    const now = this.#state as WizardState
    if (now.kind === 'loaded' && now.draft === draft) this.#set({ ...now, check, checked: draft })
  }

  #set(state: WizardState): void {
    this.#state = state
    this.changed()
  }
}
