/**
 * A Bloom filter over the terms of one block: says "certainly not here" for 16 bits a term and is wrong about
 * "perhaps here" in some 0.1 %. It takes the place of indexes, whose random inserts would cost the journal many times
 * its own size in pages written.
 */
/** May be changed, as the filters tell their own length; PROBES may not. */
const BITS_PER_TERM = 16
const PROBES = 6

/** Two hashes of a term; the probes are combined from them. */
export interface TermHash {
  readonly a: number
  readonly b: number
}

export function hashTerm(term: string): TermHash {
  let a = 0x811c9dc5
  let b = 0x9747b28c
  for (let at = 0; at < term.length; at++) {
    const unit = term.charCodeAt(at)
    a = Math.imul(a ^ unit, 0x01000193)
    b = Math.imul(b ^ unit, 0x5bd1e995)
  }
  return { a: mixed(a), b: mixed(b) | 1 }
}

/** MurmurHash3's finaliser: every bit of the input reaches every bit of the result. */
function mixed(hash: number): number {
  let value = hash ^ (hash >>> 16)
  value = Math.imul(value, 0x85ebca6b)
  value ^= value >>> 13
  value = Math.imul(value, 0xc2b2ae35)
  return (value ^ (value >>> 16)) >>> 0
}

export function buildFilter(terms: ReadonlySet<string>): Uint8Array {
  const filter = new Uint8Array(Math.ceil((terms.size * BITS_PER_TERM) / 8))
  const bits = filter.length * 8
  for (const term of terms) {
    const { a, b } = hashTerm(term)
    for (let probe = 0; probe < PROBES; probe++) {
      const bit = ((a + Math.imul(probe, b)) >>> 0) % bits
      filter[bit >> 3] = (filter[bit >> 3] ?? 0) | (1 << (bit & 7))
    }
  }
  return filter
}

/** False: the term is certainly not in the block. */
export function mayHold(filter: Uint8Array, { a, b }: TermHash): boolean {
  const bits = filter.length * 8
  if (bits === 0) return false
  for (let probe = 0; probe < PROBES; probe++) {
    const bit = ((a + Math.imul(probe, b)) >>> 0) % bits
    if (((filter[bit >> 3] ?? 0) & (1 << (bit & 7))) === 0) return false
  }
  return true
}
