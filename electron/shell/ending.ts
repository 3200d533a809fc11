/**
 * Quitting. With mail passing through a gate of one's own the person is asked: finish it (up to 30 s, with a way to stop waiting),
 * quit now, or stay. A signal or the end of the session asks nobody and finishes what it can.
 */
import { dialog } from 'electron'
import type { BrowserWindow, MessageBoxOptions } from 'electron'
import { quitDecision } from './quit.ts'
import { shellWords } from './words.ts'

const PATIENCE_MS = 30_000
/** How often the count of what is waited for is told, ms. */
const COUNT_MS = 500
const words = shellWords.quit

export interface EndingOptions {
  readonly gate: () => { underWay(): number; hurry(): void } | null
  readonly stop: (patienceMs: number) => Promise<void>
  readonly window: () => BrowserWindow | null
  /** How many transactions are waited for; null: it does not end after all. */
  readonly finishing: (transactions: number | null) => void
  /** Everything is stopped. */
  readonly leave: () => void
  readonly log: (what: string, error: unknown) => void
}

export class Ending {
  readonly #options: EndingOptions
  #state: 'running' | 'asking' | 'ending' | 'ended' = 'running'

  constructor(options: EndingOptions) {
    this.#options = options
  }

  /** Closing the window no longer hides it. */
  isEnding(): boolean {
    return this.#state === 'ending' || this.#state === 'ended'
  }

  hasEnded(): boolean {
    return this.#state === 'ended'
  }

  /** Never rejects. `forced`: nobody can be asked. */
  async quit(forced: boolean): Promise<void> {
    if (this.#state === 'ending' || this.#state === 'ended' || (this.#state === 'asking' && !forced)) return
    const gate = this.#options.gate()
    const decision = quitDecision({ ownGate: gate !== null, transactions: gate?.underWay() ?? 0, forced })
    this.#state = 'asking'
    const patience = decision.kind === 'ask' ? await this.#ask(decision.transactions) : PATIENCE_MS
    if (this.isEnding()) return
    if (patience === null) {
      this.#state = 'running'
      return
    }
    await this.#end(patience, decision.kind === 'ask')
  }

  /** While it waits: no longer. */
  hurry(): void {
    this.#options.gate()?.hurry()
  }

  async #ask(transactions: number): Promise<number | null> {
    const { response } = await this.#box({ type: 'question', title: words.title, message: words.message(transactions), detail: words.detail, buttons: [words.wait, words.now, words.stay], defaultId: 0, cancelId: 2, noLink: true })
    return response === 0 ? PATIENCE_MS : response === 1 ? 0 : null
  }

  async #end(patience: number, tell: boolean): Promise<void> {
    this.#state = 'ending'
    const { gate, finishing, stop, log, leave } = this.#options
    const count = () => gate()?.underWay() ?? 0
    finishing(count())
    const timer = setInterval(() => finishing(count()), COUNT_MS)
    const stopped = new AbortController()
    const ended = stop(patience).catch((error: unknown) => log('stopping', error))
    if (tell && patience > 0) void this.#wait(count(), stopped.signal)
    await ended
    clearInterval(timer)
    stopped.abort()
    this.#state = 'ended'
    leave()
  }

  async #wait(transactions: number, signal: AbortSignal): Promise<void> {
    const { response } = await this.#box({ type: 'info', title: words.title, message: words.waiting(transactions), buttons: [words.now], defaultId: -1, cancelId: 1, noLink: true, signal })
    if (response === 0 && !signal.aborted) this.hurry()
  }

  async #box(options: MessageBoxOptions): Promise<{ readonly response: number }> {
    const window = this.#options.window()
    try {
      return window?.isVisible() === true ? await dialog.showMessageBox(window, options) : await dialog.showMessageBox(options)
    } catch (error) {
      this.#options.log('asking', error)
      return { response: options.cancelId ?? -1 }
    }
  }
}
