/** The desktop's side of shared/api/desktop.ts: state and wishes as streams, and the few things the page may ask of the program. */
import { implement } from '@orpc/server'
import { desktopApi } from '../../shared/api/desktop.ts'
import type { DesktopOutcome, DesktopPage, DesktopState, NotificationKind } from '../../shared/api/desktop.ts'

export interface DesktopDeps {
  readonly state: () => DesktopState
  readonly retry: () => Promise<DesktopOutcome>
  readonly startOwn: () => Promise<DesktopOutcome>
  readonly setNotify: (kind: NotificationKind, on: boolean) => DesktopOutcome
  readonly setLogin: (on: boolean) => DesktopOutcome
}

/** Values that are waited for: the last one is kept until somebody takes it. */
export class Feed {
  readonly #listeners = new Set<() => void>()
  #wished: DesktopPage | null = null

  /** The state is another one. */
  touch(): void {
    for (const wake of this.#listeners) wake()
  }

  wish(page: DesktopPage): void {
    this.#wished = page
    this.touch()
  }

  take(): DesktopPage | null {
    const wished = this.#wished
    this.#wished = null
    return wished
  }

  /** Until the next touch, or until `signal` aborts. */
  next(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        this.#listeners.delete(wake)
        signal.removeEventListener('abort', wake)
        resolve()
      }
      this.#listeners.add(wake)
      signal.addEventListener('abort', wake)
      if (signal.aborted) wake()
    })
  }
}

export function desktopRouter(deps: DesktopDeps, feed: Feed) {
  const os = implement(desktopApi)
  return os.router({
    watch: os.watch.handler(async function* ({ signal }) {
      const until = signal ?? new AbortController().signal
      for (let last = ''; !until.aborted;) {
        const state = deps.state()
        const text = JSON.stringify(state)
        if (text !== last) yield state
        // What changed while the page took it is seen now.
        if (text === last) await feed.next(until)
        last = text
      }
    }),
    wishes: os.wishes.handler(async function* ({ signal }) {
      const until = signal ?? new AbortController().signal
      while (!until.aborted) {
        const page = feed.take()
        if (page === null) await feed.next(until)
        else yield { page }
      }
    }),
    retry: os.retry.handler(() => deps.retry()),
    startOwn: os.startOwn.handler(() => deps.startOwn()),
    setNotify: os.setNotify.handler(({ input }) => deps.setNotify(input.kind, input.on)),
    setLogin: os.setLogin.handler(({ input }) => deps.setLogin(input.on)),
  })
}
