/**
 * Gives memory back once a rush is over. Under load V8 takes some 32 MB for young objects and lets what died old lie; it looks at both again
 * only when it next collects, which a gate with ten thousand idle connections never makes it do. So in a lull, when the heap has grown
 * much, it is told to, once: a fifth of a second's work that nobody waits for. (`--expose-gc`, see build/porch; without, nothing happens.)
 */
import { getHeapSpaceStatistics } from 'node:v8'

const LOOK_MS = 1000
/** At least so long between two. */
const PAUSE_MS = 60_000
/** Allocated between two looks, octets: above it there is no lull. */
const LULL = 512 * 1024
/** By so much the heap must have grown, octets. */
const GROWN = 16 * 1024 * 1024

/** Returns how to end that. */
export function giveBackMemory(collect = globalThis.gc): () => void {
  if (collect === undefined) return () => undefined
  let young = Infinity
  let smallest = Infinity
  let last = -Infinity
  const timer = setInterval(() => {
    const spaces = getHeapSpaceStatistics()
    const committed = spaces.reduce((sum, space) => sum + space.space_size, 0)
    const used = spaces.find((space) => space.space_name === 'new_space')?.space_used_size ?? 0
    const allocated = used - young
    young = used
    smallest = Math.min(smallest, committed)
    // Less than before: V8 has collected meanwhile, as it does under load.
    const lull = allocated >= 0 && allocated < LULL
    if (!lull || committed < smallest + GROWN || performance.now() - last < PAUSE_MS) return
    void collect({ type: 'major', flavor: 'last-resort', execution: 'async' })
    last = performance.now()
    smallest = Infinity
    young = 0
  }, LOOK_MS)
  timer.unref()
  return () => { clearInterval(timer) }
}
