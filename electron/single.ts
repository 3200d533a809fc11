/** Work of which there is at most one round at a time. */
export interface Single<T> {
  /** Begins a round; who asks while one is under way has that one's outcome. */
  readonly run: () => Promise<T>
  /** Settles when no round is under way; rejects if the last one did. */
  readonly idle: () => Promise<unknown>
}

export function single<T>(work: () => Promise<T>): Single<T> {
  let running: Promise<T> | null = null
  return {
    run: () => (running ??= work().finally(() => {
      running = null
    })),
    idle: () => running ?? Promise.resolve(),
  }
}
