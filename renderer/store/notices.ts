/** What is new about notices, told by the gate: an edition that changes with them, and how many senders are worth one. */
import type { NoticeNews } from '../../shared/api/notices.ts'
import type { Task } from '../client.ts'

const NONE: NoticeNews = { edition: 0, worth: 0, stuck: 0 }

export class NoticesStore {
  readonly #listeners = new Set<() => void>()
  #news = NONE
  /** Editions of another connection are others. */
  #turn = 0

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  readonly news = (): NoticeNews => this.#news

  readonly task: Task = async (api, signal) => {
    for await (const news of await api.notices.watch(undefined, { signal })) {
      this.#turn += 1
      this.#news = { ...news, edition: this.#turn }
      for (const listener of this.#listeners) listener()
    }
  }
}
