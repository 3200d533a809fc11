/**
 * Keeps notifications rare: of each kind one in five minutes at most, six in a quarter of an hour in all. What comes
 * meanwhile is folded into one, told when its time has come; of a thing that comes and goes only where it stands by then,
 * and nothing if that is what was told last. Pure but for its memory: `now` is passed in (monotonic, ms).
 */
import type { NotificationKind } from '../../shared/api/desktop.ts'
import type { News } from './news.ts'
import { shellWords } from './words.ts'

const GAP_MS = 5 * 60_000
const WINDOW_MS = 15 * 60_000
const MOST = 6
const words = shellWords.told

interface Memory {
  /** Null: never. */
  readonly toldAt: number | null
  readonly told: News['what'] | null
  readonly waiting: News | null
  /** How many news `waiting` stands for. */
  readonly folded: number
}

const NOTHING: Memory = { toldAt: null, told: null, waiting: null, folded: 0 }

export class Throttle {
  readonly #kinds = new Map<NotificationKind, Memory>()
  #shown: number[] = []

  /** What is to be shown now: the news, or nothing yet. */
  offer(news: News, now: number): News | null {
    const memory = this.#of(news.kind)
    this.#kinds.set(news.kind, { ...memory, waiting: news, folded: memory.folded + 1 })
    return this.#take(news.kind, now)
  }

  /** What has waited long enough. */
  due(now: number): readonly News[] {
    return [...this.#kinds.keys()].flatMap((kind) => this.#take(kind, now) ?? [])
  }

  /** When `due` should be asked again; null: nothing waits. */
  nextAt(): number | null {
    const waiting = [...this.#kinds.values()].filter((memory) => memory.waiting !== null)
    if (waiting.length === 0) return null
    const gap = Math.min(...waiting.map(({ toldAt }) => (toldAt === null ? -Infinity : toldAt + GAP_MS)))
    const room = this.#shown.length < MOST ? -Infinity : (this.#shown[this.#shown.length - MOST] ?? 0) + WINDOW_MS
    return Math.max(gap, room)
  }

  #take(kind: NotificationKind, now: number): News | null {
    const memory = this.#of(kind)
    const { waiting, folded, toldAt, told } = memory
    if (waiting === null || (toldAt !== null && now - toldAt < GAP_MS)) return null
    // That something is well again is no news to who never heard that it was not.
    if (waiting.what !== 'event' && waiting.what === (told ?? 'good')) {
      this.#kinds.set(kind, { ...memory, waiting: null, folded: 0 })
      return null
    }
    this.#shown = this.#shown.filter((at) => now - at < WINDOW_MS)
    if (this.#shown.length >= MOST) return null
    this.#shown.push(now)
    this.#kinds.set(kind, { toldAt: now, told: waiting.what, waiting: null, folded: 0 })
    return folded === 1 ? waiting : foldedNews(waiting, folded)
  }

  #of(kind: NotificationKind): Memory {
    return this.#kinds.get(kind) ?? NOTHING
  }
}

function foldedNews(news: News, count: number): News {
  if (news.what !== 'event') return { ...news, body: `${news.body} ${words.flapped(count)}`.trim() }
  switch (news.kind) {
    case 'fixed': return { ...news, title: words.fixed.many(count) }
    case 'trouble': return { ...news, title: words.trouble.many(count) }
    case 'bans':
    case 'canary':
    case 'backend':
    case 'gate': return news
  }
}
