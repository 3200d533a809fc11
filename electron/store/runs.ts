/**
 * Long work of the worker that goes in steps, a request for each, so that writes and searches get their turn in between. A run that
 * nobody asks on is forgotten: so is the oldest of too many.
 */

/** How long one step takes at most, but for the block it is in, ms. */
export const STEP_MS = 20
const MOST_RUNS = 4

/** `what` names the work where a run is not known (any more). */
export function createRuns<T>(what: string) {
  const runs = new Map<string, T>()
  return {
    /** `begin`: this is its first step. Throws if it was begun and is not known any more. */
    take(run: string, begin: (() => T) | null): T {
      if (begin !== null) {
        runs.set(run, begin())
        const [oldest] = runs.keys()
        if (runs.size > MOST_RUNS && oldest !== undefined) runs.delete(oldest)
      }
      const going = runs.get(run)
      if (going === undefined) throw new Error(`${what} was given up meanwhile; ask again`)
      return going
    },
    end: (run: string) => void runs.delete(run),
  }
}
