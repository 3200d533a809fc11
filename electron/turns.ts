/** Work that is done one piece after the other, in the order in which it was asked for; one that fails holds up no other. */
export interface Turns {
  readonly next: <T>(work: () => Promise<T>) => Promise<T>
  /** Settles when all that was asked for so far is done; never rejects. */
  readonly done: () => Promise<unknown>
}

export function createTurns(): Turns {
  let last: Promise<unknown> = Promise.resolve()
  return {
    next(work) {
      const mine = last.then(work)
      last = mine.catch(() => undefined)
      return mine
    },
    done: () => last,
  }
}
