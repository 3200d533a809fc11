/** Shows news as notifications of the system: what the person wants to hear of, rarely, not while they look at the window; a click leads to the page. */
import { Notification } from 'electron'
import type { DesktopPage, NotifyPreferences } from '../../shared/api/desktop.ts'
import type { News } from './news.ts'
import { Throttle } from './throttle.ts'

export interface TellerOptions {
  readonly wanted: () => NotifyPreferences
  /** The person looks at the window already. */
  readonly watched: () => boolean
  readonly open: (page: DesktopPage) => void
}

export class Teller {
  readonly #options: TellerOptions
  readonly #throttle = new Throttle()
  /** A notification that is collected as garbage no longer hears its click. */
  readonly #shown = new Set<Notification>()
  #timer: NodeJS.Timeout | undefined

  constructor(options: TellerOptions) {
    this.#options = options
  }

  static isPossible(): boolean {
    return Notification.isSupported()
  }

  tell(news: News): void {
    const due = this.#throttle.offer(news, performance.now())
    if (due !== null) this.#show(due)
    this.#wait()
  }

  /** An answer to something the person just did: neither throttled nor a matter of preferences. */
  answer(title: string, body: string, page: DesktopPage | null = null): boolean {
    if (!Teller.isPossible()) return false
    const notification = new Notification({ title, body, silent: true })
    this.#shown.add(notification)
    notification.on('click', () => {
      if (page !== null) this.#options.open(page)
      this.#shown.delete(notification)
    })
    notification.on('close', () => this.#shown.delete(notification))
    notification.on('failed', () => this.#shown.delete(notification))
    notification.show()
    return true
  }

  close(): void {
    clearTimeout(this.#timer)
  }

  #wait(): void {
    clearTimeout(this.#timer)
    const at = this.#throttle.nextAt()
    if (at === null) return
    this.#timer = setTimeout(() => {
      for (const news of this.#throttle.due(performance.now())) this.#show(news)
      this.#wait()
    }, Math.max(at - performance.now(), 0) + 50)
    this.#timer.unref()
  }

  #show({ kind, title, body, page }: News): void {
    if (this.#options.wanted()[kind] && !this.#options.watched()) this.answer(title, body, page)
  }
}
