/** Where the names of the sessions in view lead, asked for once the list stands still for a moment; remembered, bounded. */
import type { Leads } from '../../shared/api/live.ts'
import type { Line } from '../client.ts'
import type { LiveSession } from '../model/feed.ts'
import { Observed } from './observed.ts'

const WAIT_MS = 250
const AT_ONCE = 60
const MOST = 4000

export class LeadsStore extends Observed {
  readonly #line: Line
  #known: ReadonlyMap<string, Leads> = new Map()
  #wanted: readonly string[] = []
  #timer: ReturnType<typeof setTimeout> | null = null
  #asking = false

  constructor(line: Line) {
    super()
    this.#line = line
  }

  readonly view = (): ReadonlyMap<string, Leads> => this.#known

  /** The sessions in view now; those seen before that are forgotten unasked. */
  want(sessions: readonly LiveSession[]): void {
    this.#wanted = sessions.filter((session) => saysLeads(session) && !this.#known.has(session.id)).map(({ id }) => id)
    if (this.#wanted.length > 0) this.#later()
  }

  #later(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      this.#timer = null
      void this.#ask()
    }, WAIT_MS)
  }

  async #ask(): Promise<void> {
    const api = this.#line.api()
    const ids = this.#wanted.slice(0, AT_ONCE)
    if (api === null || ids.length === 0 || this.#asking) return
    this.#asking = true
    try {
      this.#learn(ids, await api.live.leads({ ids }))
    } catch {
      // The words say "elsewhere" without it; the next view asks again.
      this.#wanted = []
    } finally {
      this.#asking = false
    }
    this.#wanted = this.#wanted.filter((id) => !this.#known.has(id))
    if (this.#wanted.length > 0) this.#later()
  }

  /** What the journal does not have (yet) is remembered as unknown: it is not asked for again and again. */
  #learn(ids: readonly string[], found: readonly Leads[]): void {
    const next = new Map(this.#known)
    for (const id of ids) next.set(id, { id, ehlo: [], reverse: [] })
    for (const leads of found) next.set(leads.id, leads)
    for (const id of [...next.keys()].slice(0, Math.max(0, next.size - MOST))) next.delete(id)
    this.#known = next
    this.changed()
  }
}

function saysLeads({ open, findings }: LiveSession): boolean {
  return !open && (findings.includes('ehlo-mismatch') || findings.includes('ptr-unconfirmed'))
}
