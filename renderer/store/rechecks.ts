/**
 * Check again, as the page sees it: what is asked of DNS just now, since when, and what came of it, by session. The last
 * ones only. A release is told as a message, with Undo for the ban that it lifted.
 */
import type { Recheck } from '../../shared/api/recheck.ts'
import type { Rule } from '../../shared/events.ts'
import type { Line } from '../client.ts'
import { paneWords } from '../words/pane.ts'
import { strings } from '../strings.ts'
import type { Toasts } from './toasts.ts'
import { Observed } from './observed.ts'

/** `since`: ms since 1970. */
export type RecheckState =
  | { readonly kind: 'running'; readonly since: number }
  | { readonly kind: 'done'; readonly result: Recheck }
  | { readonly kind: 'failed'; readonly problem: string }

const MOST = 50

export class Rechecks extends Observed {
  readonly #line: Line
  readonly #toasts: Toasts
  #states: ReadonlyMap<string, RecheckState> = new Map()

  constructor(line: Line, toasts: Toasts) {
    super()
    this.#line = line
    this.#toasts = toasts
  }

  of(id: string): RecheckState | null {
    return this.#states.get(id) ?? null
  }

  /** One at a time for each session. `release`: lets a client go that passes now. */
  async run(id: string, release: boolean): Promise<void> {
    if (this.of(id)?.kind === 'running') return
    const api = this.#line.api()
    if (api === null) return this.#set(id, { kind: 'failed', problem: strings.trouble.noLine })
    this.#set(id, { kind: 'running', since: Date.now() })
    try {
      const outcome = await api.recheck({ id, release })
      this.#set(id, outcome.ok ? { kind: 'done', result: outcome.result } : { kind: 'failed', problem: outcome.problem })
      if (outcome.ok && release) this.#tell(outcome.result)
    } catch {
      this.#set(id, { kind: 'failed', problem: strings.trouble.notDone })
    }
  }

  #tell({ client, release }: Recheck): void {
    if (release.kind !== 'released') return
    const { lifted } = release
    this.#toasts.add('done', paneWords.released(client, release), lifted === null ? null : () => this.#putBack(lifted))
  }

  /** The ban as it was, for the rest of its time. */
  async #putBack(rule: Rule): Promise<void> {
    const rest = rule.until === null ? null : Date.parse(rule.until) - Date.now()
    const api = this.#line.api()
    if (rest !== null && rest < 1000) return
    const outcome = await api?.ruleWork.restore({ rules: [rule] }).catch(() => undefined)
    if (outcome?.ok === true) this.#toasts.add('done', paneWords.putBack(rule.scope))
    else this.#toasts.add('trouble', outcome?.problem ?? strings.trouble.notDone)
  }

  #set(id: string, state: RecheckState): void {
    const next = new Map(this.#states)
    next.delete(id)
    next.set(id, state)
    for (const old of [...next.keys()].slice(0, Math.max(0, next.size - MOST))) next.delete(old)
    this.#states = next
    this.changed()
  }
}
