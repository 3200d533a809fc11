/** Two hashes of a text, for filters and tables. What was written to disk with them is read with them: they never change. */

/** Two multiplicative hashes over the code units, not yet mixed: 32-bit integers. */
export function twoHashes(text: string): { readonly a: number; readonly b: number } {
  let a = 0x811c9dc5
  let b = 0x9747b28c
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    a = Math.imul(a ^ unit, 0x01000193)
    b = Math.imul(b ^ unit, 0x5bd1e995)
  }
  return { a, b }
}

/** MurmurHash3's finaliser: every bit of the input reaches every bit of the result (unsigned 32 bits). */
export function mixed(hash: number): number {
  let value = hash ^ (hash >>> 16)
  value = Math.imul(value, 0x85ebca6b)
  value ^= value >>> 13
  value = Math.imul(value, 0xc2b2ae35)
  return (value ^ (value >>> 16)) >>> 0
}
