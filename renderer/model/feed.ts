/**
 * The list behind the Live page: a bounded buffer outside React. Sessions come in by the thousand a second; the
 * page asks for a snapshot at most once a frame. While held (the admin reads further down) the snapshot stands
 * still and what is new is counted. Promises: no session twice, no gap that it does not know of, bounded memory.
 */
import type { SessionRecord } from '../../shared/events.ts'

export type LiveSession = SessionRecord & { readonly open: boolean }

/** One session's place in the list; `session` is replaced when an open one finishes. */
export interface Row {
  readonly id: string
  readonly seq: number
  session: LiveSession
  matches: boolean
  group: Group
  /** The line last made of this row, used again while nothing about it changes: a snapshot then costs no memory. */
  item: Item | null
}

/** Repeats of one sender; counted anew by each snapshot. */
interface Group {
  readonly key: string
  pass: number
  count: number
  children: Row[]
}

/** One line of the list. `count` > 1: so many repeats are folded into it. `child`: one of an expanded fold. */
export interface Item {
  readonly row: Row
  readonly session: LiveSession
  readonly key: string
  readonly count: number
  readonly expanded: boolean
  readonly child: boolean
}

/** Where history ends: `more` can be loaded, `all` is here, `full`: the buffer holds no more (a filter narrows it). */
export type HistoryEnd = 'more' | 'all' | 'full'

/** `fresh`: how many arrived since the list is held, null if it is live. `total`: sessions in the buffer, whatever the filter. */
export interface Snapshot {
  readonly items: readonly Item[]
  readonly fresh: number | null
  readonly end: HistoryEnd
  readonly total: number
}

export interface FeedOptions {
  readonly capacity?: number
  readonly heldLimit?: number
}

export class Feed {
  readonly #capacity: number
  readonly #heldLimit: number
  /** Oldest first, without gaps. */
  #live: Row[] = []
  /** History under the present filter, newest first, older than all of #live. */
  #older: Row[] = []
  #byId = new Map<string, Row>()
  #groups = new Map<string, Group>()
  #expanded = new Set<string>()
  #seq = 0
  #pass = 0
  #folded = true
  #match: (session: LiveSession) => boolean = () => true
  #frozenAt: number | null = null
  #fresh = 0
  #torn = false
  #end: HistoryEnd = 'more'
  /** Up to where history was looked through for the present filter. */
  #scanned: string | null = null
  /** Missing sessions belong behind this row (null: at the very beginning). */
  #gap: { readonly after: Row | null } | null = null
  #snapshot: Snapshot | null = null
  /** The lines of a list that stands still: what only arrives does not change them. */
  #heldItems: readonly Item[] | null = null

  constructor(options: FeedOptions = {}) {
    this.#capacity = options.capacity ?? 100_000
    this.#heldLimit = options.heldLimit ?? 20_000
  }

  /** A batch of the live stream. Known sessions are updated in place; a finished one is never reopened. */
  push(sessions: readonly LiveSession[]): void {
    for (const session of sessions) {
      const known = this.#byId.get(session.id)
      if (known === undefined) this.#live.push(this.#arrive(session))
      else this.#update(known, session)
    }
    this.#bound()
    this.#snapshot = null
  }

  /** A page of older history, newest first, as filtered by the server; `end`: there is no more. */
  appendOlder(sessions: readonly SessionRecord[], end: boolean): void {
    for (const session of sessions) {
      const live = { ...session, open: false }
      // Sequence 0: older than whatever is held, so it is shown while the list stands still.
      if (!this.#byId.has(session.id) && this.#match(live)) this.#older.push(this.#row(live, 0))
    }
    this.#scanned = sessions.at(-1)?.id ?? this.#scanned
    this.#end = end ? 'all' : this.#older.length >= this.#capacity ? 'full' : 'more'
    this.#stale()
  }

  /** The session from which history goes on (`before`); null if it starts with the newest. */
  oldestId(): string | null {
    return this.#scanned ?? this.#live.find((row) => !row.session.open)?.id ?? null
  }

  /**
   * Something is missing from here on: the connection broke (`forgetOpen`: what was under way comes again, finished or
   * not), or the gate left sessions out. Returns the time (ISO) back to which must be loaded, null if from scratch.
   */
  markGap(forgetOpen: boolean): string | null {
    if (this.#gap !== null) this.#cutAfterGap(this.#gap.after)
    let since: string | null = null
    const kept: Row[] = []
    for (const row of this.#live) {
      if (row.session.open && (since === null || row.session.at < since)) since = row.session.at
      if (!row.session.open || !forgetOpen) kept.push(row)
    }
    this.#live = kept
    this.#rebuildIndex()
    const newest = kept.findLast((row) => !row.session.open)?.session.at ?? null
    this.#gap = { after: kept.at(-1) ?? null }
    this.#stale()
    return since !== null && newest !== null && since < newest ? since : newest
  }

  /** Whether a finished session is in the buffer already. */
  knows(id: string): boolean {
    const row = this.#byId.get(id)
    return row !== undefined && !row.session.open
  }

  find(id: string): LiveSession | null {
    return this.#byId.get(id)?.session ?? null
  }

  /** Fills the gap with what was missed (newest first). `complete`: it reaches what was known before; otherwise the older part is let go, to be loaded again on demand. */
  fill(sessions: readonly SessionRecord[], complete: boolean): void {
    const at = this.#gap?.after ? this.#live.lastIndexOf(this.#gap.after) + 1 : 0
    const missing: Row[] = []
    for (const session of [...sessions].reverse()) {
      const known = this.#byId.get(session.id)
      if (known === undefined) missing.push(this.#arrive({ ...session, open: false }))
      else this.#update(known, { ...session, open: false })
    }
    const held = this.#frozenAt !== null
    const before = complete || held ? this.#live.slice(0, at) : []
    this.#live = [...before, ...missing, ...this.#live.slice(at)]
    if (!complete && held) this.#torn = true
    if (!complete && !held) this.#forgetOlder()
    this.#gap = null
    this.#rebuildIndex()
    this.#bound()
    this.#stale()
  }

  /** Another filter: the list goes live, and history under the old filter is dropped. */
  setFilter(match: (session: LiveSession) => boolean): void {
    this.#match = match
    this.release()
    this.#forgetOlder()
    this.#rebuildIndex()
    for (const row of this.#live) row.matches = match(row.session)
    this.#stale()
  }

  setFolded(folded: boolean): void {
    this.#folded = folded
    this.#stale()
  }

  toggle(key: string): void {
    if (!this.#expanded.delete(key)) this.#expanded.add(key)
    this.#stale()
  }

  /** Stands still at what was shown `back` arrivals ago (usually 0). */
  hold(back = 0): void {
    if (this.#frozenAt !== null) return
    this.#frozenAt = this.#seq - back
    this.#fresh = 0
    for (const row of this.#live) if (row.seq > this.#frozenAt && row.matches) this.#fresh += 1
    this.#stale()
  }

  release(): void {
    if (this.#frozenAt === null) return
    if (this.#torn) {
      this.#live = this.#live.filter((row) => row.seq > (this.#frozenAt ?? 0))
      this.#forgetOlder()
      this.#rebuildIndex()
    }
    this.#torn = false
    this.#frozenAt = null
    this.#bound()
    this.#stale()
  }

  /** How many arrivals there were so far; the difference of two is an argument for `hold`. */
  get arrivals(): number {
    return this.#seq
  }

  snapshot(): Snapshot {
    this.#snapshot ??= {
      items: this.#items(),
      fresh: this.#frozenAt === null ? null : this.#fresh,
      end: this.#end,
      total: this.#live.length + this.#older.length,
    }
    return this.#snapshot
  }

  #items(): readonly Item[] {
    if (this.#frozenAt === null) return this.#folded ? this.#foldedItems() : this.#plainItems()
    return (this.#heldItems ??= this.#folded ? this.#foldedItems() : this.#plainItems())
  }

  /** Something that is shown changed, or how it is shown. */
  #stale(): void {
    this.#snapshot = null
    this.#heldItems = null
  }

  #row(session: LiveSession, seq: number): Row {
    const row: Row = { id: session.id, seq, session, matches: this.#match(session), group: this.#groupOf(session), item: null }
    this.#byId.set(session.id, row)
    return row
  }

  #arrive(session: LiveSession): Row {
    this.#seq += 1
    const row = this.#row(session, this.#seq)
    if (this.#frozenAt !== null && row.matches) this.#fresh += 1
    return row
  }

  #update(row: Row, session: LiveSession): void {
    if (!row.session.open) return
    const matched = row.matches
    if (this.#frozenAt === null || row.seq <= this.#frozenAt) this.#heldItems = null
    row.session = session
    row.matches = this.#match(session)
    row.group = this.#groupOf(session)
    if (this.#frozenAt !== null && row.seq > this.#frozenAt && row.matches && !matched) this.#fresh += 1
  }

  #groupOf(session: LiveSession): Group {
    const key = foldKey(session)
    let group = this.#groups.get(key)
    if (group === undefined) {
      group = { key, pass: 0, count: 0, children: [] }
      this.#groups.set(key, group)
    }
    return group
  }

  #forgetOlder(): void {
    this.#older = []
    this.#end = 'more'
    this.#scanned = null
  }

  #rebuildIndex(): void {
    this.#byId.clear()
    for (const row of this.#live) this.#byId.set(row.id, row)
    for (const row of this.#older) this.#byId.set(row.id, row)
  }

  /** Drops the oldest tenth when full; while held, the oldest of what is new (the list is then torn, and starts anew when released). */
  #bound(): void {
    const { length } = this.#live
    if (this.#frozenAt === null) {
      if (length <= this.#capacity) return
      this.#live = this.#live.slice(length - Math.floor(this.#capacity * 0.9))
      this.#forgetOlder()
    } else {
      const frozenAt = this.#frozenAt
      if (this.#seq - frozenAt <= this.#heldLimit * 2 || length <= this.#heldLimit * 2) return
      const fresh = this.#live.filter((row) => row.seq > frozenAt)
      if (fresh.length <= this.#heldLimit * 2) return
      this.#torn = true
      this.#live = [...this.#live.filter((row) => row.seq <= frozenAt), ...fresh.slice(-this.#heldLimit)]
    }
    this.#rebuildIndex()
    this.#pruneGroups()
  }

  /** A second gap before the first is filled: what came between is loaded along with the rest. */
  #cutAfterGap(after: Row | null): void {
    const at = after === null ? 0 : this.#live.lastIndexOf(after) + 1
    for (const row of this.#live.splice(at)) if (this.#frozenAt !== null && row.seq > this.#frozenAt && row.matches) this.#fresh -= 1
  }

  #pruneGroups(): void {
    this.#groups.clear()
    for (const row of this.#live) this.#groups.set(row.group.key, row.group)
    for (const row of this.#older) this.#groups.set(row.group.key, row.group)
    for (const key of this.#expanded) if (!this.#groups.has(key)) this.#expanded.delete(key)
  }

  #eachShown(visit: (row: Row) => void): void {
    const limit = this.#frozenAt ?? Infinity
    for (let index = this.#live.length - 1; index >= 0; index -= 1) {
      const row = this.#live[index]!
      if (row.matches && row.seq <= limit) visit(row)
    }
    for (const row of this.#older) if (row.matches) visit(row)
  }

  #plainItems(): Item[] {
    const items: Item[] = []
    this.#eachShown((row) => items.push(itemOf(row, 1, false, false)))
    return items
  }

  /** A group stands where its newest session stands; one pass over the buffer, a second over what is shown. */
  #foldedItems(): Item[] {
    this.#pass += 1
    const heads: Row[] = []
    this.#eachShown((row) => {
      const { group } = row
      if (group.pass !== this.#pass) {
        group.pass = this.#pass
        group.count = 0
        group.children = []
        heads.push(row)
      }
      group.count += 1
      if (this.#expanded.size > 0 && this.#expanded.has(group.key)) group.children.push(row)
    })
    const items: Item[] = []
    for (const row of heads) {
      const { count, children } = row.group
      const expanded = children.length > 1
      items.push(itemOf(row, count, expanded, false))
      if (expanded) for (const child of children.slice(1)) items.push(itemOf(child, 1, false, true))
    }
    return items
  }
}

function itemOf(row: Row, count: number, expanded: boolean, child: boolean): Item {
  const { item, session } = row
  if (item !== null && item.session === session && item.count === count && item.expanded === expanded && item.child === child) return item
  row.item = { row, session, key: row.group.key, count, expanded, child }
  return row.item
}

/** Who counts as the same sender with the same fate. A session under way stands for itself. */
export function foldKey(session: LiveSession): string {
  if (session.open) return `open ${session.id}`
  return [session.client, session.ehlo?.toLowerCase() ?? '', session.disposition, session.refusedFor.join('+')].join(' ')
}
