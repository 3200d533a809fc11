/**
 * The heads of the blocks in memory, filters and all (some 20 octets a session), so that a search touches the file only for
 * blocks it reads. Loaded from the newest back as searches reach further, kept in step with what is written, bounded.
 */
import type { BlockHead } from './blocks.ts'

const LOAD_AT_ONCE = 1024
/** Filters kept; what is older is read from the file each time. */
const MOST_OCTETS = 96 * 1024 * 1024

/** `load`: up to so many heads that begin below a number, the nearest first. */
export function createHeads(load: (below: number, limit: number) => readonly BlockHead[]) {
  /** Ascending by `first`; everything in the file from `loadedFrom` on. */
  let kept: BlockHead[] = []
  let loadedFrom = Number.POSITIVE_INFINITY
  let octets = 0

  /** How many kept heads begin below the number. */
  const countBelow = (below: number) => {
    let low = 0
    for (let high = kept.length; low < high; ) {
      const middle = (low + high) >> 1
      if ((kept[middle]?.first ?? 0) < below) low = middle + 1
      else high = middle
    }
    return low
  }
  const loadMore = (): readonly BlockHead[] => {
    const more = load(loadedFrom, LOAD_AT_ONCE)
    const last = more.at(-1)
    if (last === undefined) {
      loadedFrom = 0
      return more
    }
    loadedFrom = last.first
    octets += more.reduce((sum, head) => sum + head.filter.length, 0)
    kept = [...more.toReversed(), ...kept]
    return more
  }

  return {
    /** Up to `limit` heads below a number, newest first; none only at the end. */
    below(below: number, limit: number): readonly BlockHead[] {
      for (;;) {
        const end = countBelow(below)
        if (end > 0 || loadedFrom === 0) return kept.slice(Math.max(0, end - limit), end).reverse()
        if (octets > MOST_OCTETS) return load(below, limit)
        loadMore()
      }
    },

    added(head: BlockHead): void {
      // Before anything was loaded nothing is known of what lies between.
      if (loadedFrom === Number.POSITIVE_INFINITY) return
      const at = countBelow(head.first)
      if (head.first < loadedFrom) return
      octets += head.filter.length
      if (at === kept.length) kept.push(head)
      else kept.splice(at, 0, head)
    },

    removed(first: number): void {
      const at = countBelow(first)
      const head = kept[at]
      if (head?.first !== first) return
      octets -= head.filter.length
      kept.splice(at, 1)
    },

    /** One more step back; false when there is nothing more to load. */
    warm: () => loadedFrom > 0 && octets <= MOST_OCTETS && loadMore().length > 0,

    /** After a change that did not last. */
    forget(): void {
      kept = []
      loadedFrom = Number.POSITIVE_INFINITY
      octets = 0
    },
  }
}
