/**
 * A Bloom filter over the terms of one block: says "certainly not here" for 16 bits a term and is wrong about
 * "perhaps here" in some 0.1 %. It takes the place of indexes, whose random inserts would cost the journal many times
 * its own size in pages written.
 */
import { mixed, twoHashes } from '../../shared/hash.ts'

/** May be changed, as the filters tell their own length; PROBES may not. */
const BITS_PER_TERM = 16
const PROBES = 6

/** Two hashes of a term; the probes are combined from them. */
export interface TermHash {
  readonly a: number
  readonly b: number
}

export function hashTerm(term: string): TermHash {
  const { a, b } = twoHashes(term)
  return { a: mixed(a), b: mixed(b) | 1 }
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
