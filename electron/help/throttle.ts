/**
 * How often one stranger may ask (RELIABILITY, help page: rate-limited): a bucket of tokens a key, refilled evenly on the
 * monotonic clock. Memory is bounded: of more keys than it has room for, the longest unseen are forgotten.
 */
export interface Throttle {
  /** Takes a token. Seconds until there is one again; 0: taken. */
  take(key: string): number
  /** Seconds until there is one; 0: now. Takes none. */
  wait(key: string): number
}

interface Bucket {
  tokens: number
  at: number
}

/** `burst` tokens at most, one more every `everyMs`. `now`: monotonic, ms. */
export function createThrottle(burst: number, everyMs: number, now: () => number, room = 10_000): Throttle {
  const buckets = new Map<string, Bucket>()
  const filled = (key: string): Bucket => {
    const at = now()
    const known = buckets.get(key)
    return known === undefined ? { tokens: burst, at } : { tokens: Math.min(burst, known.tokens + (at - known.at) / everyMs), at }
  }
  const missing = ({ tokens }: Bucket) => (tokens >= 1 ? 0 : Math.ceil(((1 - tokens) * everyMs) / 1000))
  return {
    take(key) {
      const bucket = filled(key)
      const wait = missing(bucket)
      if (wait === 0) bucket.tokens -= 1
      // Anew at the end: the order of the map is that of the last use.
      buckets.delete(key)
      buckets.set(key, bucket)
      if (buckets.size > room) buckets.delete(buckets.keys().next().value ?? '')
      return wait
    },
    wait: (key) => missing(filled(key)),
  }
}
