/**
 * The Live page's data: the stream into the feed, history on demand, what was missed after a break. The page is told
 * at most once a frame. Nothing is lost or doubled over a reconnect: the stream is on before history is asked.
 */
import type { SessionRecord } from '../../shared/events.ts'
import type { Api } from '../client.ts'
import { Feed } from '../model/feed.ts'
import type { Item, LiveSession, Snapshot } from '../model/feed.ts'
import { matcher, NO_FILTER, toRequest, widerMatcher } from '../model/filter.ts'
import type { Filter, Matcher } from '../model/filter.ts'
import { Observed } from './observed.ts'

/** `searching`: history is looked through; `backTo`: how far (ISO) it got. */
export type History = { readonly kind: 'idle' } | { readonly kind: 'searching'; readonly backTo: string | null } | { readonly kind: 'failed' }

export interface LiveView extends Snapshot {
  readonly history: History
  /** False until the first page of history is there. */
  readonly ready: boolean
  /** More comes in than anybody reads: what costs a question per row is left out. */
  readonly flood: boolean
  /** Nothing is what the search asks for: what is shown is found a step wider. */
  readonly widened: boolean
}

/** Why the list stands still: it is scrolled down, the pointer is on it, it has the focus on a row, a dialog is open, or its chosen row would have left the view. */
export type HoldReason = 'scroll' | 'pointer' | 'focus' | 'dialog' | 'cursor'

const PAGE = 500
const ENOUGH = 60
const MAX_PAGES = 25
const QUIET_MS = 1500
/** A flood is drawn ten times a second: nobody reads faster, and the page stays free for the hand. */
const FLOOD_ROWS = 20
const FLOOD_PACE_MS = 100

export class LiveStore extends Observed {
  readonly #feed: Feed
  #view: LiveView
  #history: History = { kind: 'idle' }
  #ready = false
  #api: Api | null = null
  #filter: Filter = NO_FILTER
  #asked: Matcher = () => true
  #wider: Matcher | null = null
  #widened = false
  /** What was asked for came in after all; it is shown as soon as the list need not stand still. */
  #narrowSoon = false
  #generation = 0
  #frame: number | null = null
  #cursor: { readonly id: string; readonly key: string } | null = null
  #roomFor = 20
  #shownArrivals = 0
  #flushedAt = 0
  #missedTimer: ReturnType<typeof setTimeout> | null = null
  #since: string | null = null
  #flood = false
  readonly #holds = new Set<HoldReason>()

  constructor(feed = new Feed()) {
    super()
    this.#feed = feed
    this.#view = { ...feed.snapshot(), history: this.#history, ready: false, flood: false, widened: false }
  }

  readonly view = (): LiveView => this.#view

  /** For `Line.whileUp`. */
  readonly task = async (api: Api, signal: AbortSignal): Promise<void> => {
    this.#api = api
    this.#since = this.#feed.markGap(true)
    const stream = await api.sessions.live(undefined, { signal })
    try {
      let first = true
      for await (const batch of stream) {
        if (batch.missed > 0) this.#noteMissed(api, signal)
        this.#feed.push(batch.sessions)
        this.#narrowFor(batch.sessions)
        this.#changed()
        if (first) await this.#catchUp(api, signal)
        first = false
      }
    } catch (error) {
      if (!signal.aborted) throw error
    } finally {
      this.#api = null
    }
    if (!signal.aborted) throw new Error('the live stream ended')
  }

  setFilter(filter: Filter): void {
    this.#filter = filter
    this.#generation += 1
    this.#history = { kind: 'idle' }
    this.#holds.clear()
    this.#asked = matcher(filter)
    this.#wider = widerMatcher(filter)
    this.#widened = false
    this.#narrowSoon = false
    this.#feed.setFilter(this.#asked)
    this.#flush()
    if (this.#ready) void this.loadOlder()
  }

  setFolded(folded: boolean): void {
    this.#feed.setFolded(folded)
    this.#flush()
  }

  toggle(key: string): void {
    this.#feed.toggle(key)
    this.#flush()
  }

  /** The list stands still as long as there is a reason to. */
  hold(reason: HoldReason): void {
    if (this.#holds.has(reason)) return
    this.#holds.add(reason)
    if (this.#holds.size > 1) return
    // At what is on the screen: what came since has not been seen.
    this.#feed.hold(this.#feed.arrivals - this.#shownArrivals)
    this.#flush()
  }

  letGo(reason: HoldReason): void {
    if (!this.#holds.delete(reason) || this.#holds.size > 0) return
    this.#feed.release()
    if (this.#narrowSoon) this.setFilter(this.#filter)
    else this.#flush()
  }

  /** Back to live, whatever held it. */
  release(): void {
    this.#holds.clear()
    this.#feed.release()
    this.#cursor = null
    if (this.#narrowSoon) this.setFilter(this.#filter)
    else this.#flush()
  }

  /** What is known of one session, if it is in the buffer. */
  find(id: string): LiveSession | null {
    return this.#feed.find(id)
  }

  /** The chosen row never leaves the view by itself: the stream pauses before it would. */
  setCursor(item: Item | null): void {
    this.#cursor = item === null ? null : { id: item.row.id, key: item.key }
  }

  /** How many rows fit on the screen. */
  setRoom(rows: number): void {
    this.#roomFor = rows
  }

  /** The next page of history under the present filter; several if little of it matches. */
  async loadOlder(): Promise<void> {
    const api = this.#api
    const { end } = this.#feed.snapshot()
    if (api === null || end !== 'more' || this.#history.kind === 'searching') return
    const generation = this.#generation
    const wanted = this.#feed.snapshot().items.length + ENOUGH
    this.#setHistory({ kind: 'searching', backTo: null })
    try {
      for (let pages = 0; pages < MAX_PAGES; pages += 1) {
        const before = this.#feed.oldestId()
        const found = await api.sessions.list({ ...toRequest(this.#filter), limit: PAGE, ...(before === null ? {} : { before }) })
        if (generation !== this.#generation) return
        this.#feed.appendOlder(found, found.length < PAGE)
        this.#widenIfNothing(found)
        this.#setHistory({ kind: 'searching', backTo: found.at(-1)?.at ?? null })
        const now = this.#feed.snapshot()
        if (now.end !== 'more' || now.items.length >= wanted) break
      }
      this.#setHistory({ kind: 'idle' })
    } catch {
      if (generation === this.#generation) this.#setHistory({ kind: 'failed' })
    }
  }

  /** Loads newest first until it meets what was there before the gap. */
  async #catchUp(api: Api, signal: AbortSignal): Promise<void> {
    const since = this.#since
    const missed = []
    let before: string | undefined
    let complete = false
    let end = false
    const pages = since === null ? 1 : MAX_PAGES
    for (let page = 0; page < pages && !complete && !end; page += 1) {
      const found = await api.sessions.list({ limit: PAGE, ...(before === undefined ? {} : { before }) }, { signal })
      missed.push(...found)
      const last = found.at(-1)
      end = found.length < PAGE
      complete = since !== null && last !== undefined && last.at < since && this.#feed.knows(last.id)
      before = last?.id
    }
    this.#feed.fill(missed, complete)
    if (!complete && end) this.#feed.appendOlder([], true)
    this.#narrowFor(missed.map((session) => ({ ...session, open: false })))
    this.#widenIfNothing([])
    this.#ready = true
    this.#changed()
    if (this.#feed.snapshot().items.length < ENOUGH) void this.loadOlder()
  }

  /** The page was too slow and the gate left some out: they are loaded once the burst is over. */
  #noteMissed(api: Api, signal: AbortSignal): void {
    const since = this.#feed.markGap(false)
    if (this.#missedTimer === null || this.#since === null) this.#since = since
    if (this.#missedTimer !== null) clearTimeout(this.#missedTimer)
    this.#missedTimer = setTimeout(() => {
      this.#missedTimer = null
      if (!signal.aborted) this.#catchUp(api, signal).catch(() => undefined)
    }, QUIET_MS)
  }

  /** `page`: what history gave last. All was looked through and nothing is what is asked for: then what is so a step wider, as the store does it. */
  #widenIfNothing(page: readonly SessionRecord[]): void {
    const { items, end } = this.#feed.snapshot()
    if (this.#widened || this.#wider === null || items.length > 0 || (end !== 'all' && !page.some((session) => this.#wider?.({ ...session, open: false }) === true))) return
    this.#widened = true
    this.#holds.clear()
    this.#feed.setFilter(this.#wider)
    this.#feed.appendOlder(page, end === 'all')
  }

  /** What is asked for is there after all: only that is shown again. */
  #narrowFor(sessions: readonly LiveSession[]): void {
    if (!this.#widened || !sessions.some(this.#asked)) return
    if (this.#holds.size === 0) this.setFilter(this.#filter)
    else this.#narrowSoon = true
  }

  #setHistory(history: History): void {
    this.#history = history
    this.#flush()
  }

  #changed(): void {
    this.#frame ??= requestAnimationFrame((at) => {
      this.#frame = null
      if (this.#feed.arrivals - this.#shownArrivals > FLOOD_ROWS && at - this.#flushedAt < FLOOD_PACE_MS) {
        this.#changed()
        return
      }
      this.#flushedAt = at
      this.#flush()
    })
  }

  #flush(): void {
    const { arrivals } = this.#feed
    let snapshot = this.#feed.snapshot()
    if (snapshot.fresh === null && this.#cursorWouldLeave(snapshot.items)) {
      this.#holds.add('cursor')
      this.#feed.hold(arrivals - this.#shownArrivals)
      snapshot = this.#feed.snapshot()
    }
    this.#flood = arrivals - this.#shownArrivals > FLOOD_ROWS
    this.#shownArrivals = arrivals
    this.#view = { ...snapshot, history: this.#history, ready: this.#ready, flood: this.#flood && snapshot.fresh === null, widened: this.#widened && snapshot.items.length > 0 }
    this.changed()
  }

  #cursorWouldLeave(items: readonly Item[]): boolean {
    const cursor = this.#cursor
    if (cursor === null) return false
    const room = Math.max(1, this.#roomFor - 1)
    const isCursor = (item: Item) => item.row.id === cursor.id || (item.key === cursor.key && !item.child)
    return !items.slice(0, room).some(isCursor) && this.#view.items.slice(0, room).some(isCursor)
  }
}
