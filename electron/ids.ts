/**
 * Session ids: 22 lower-case characters that sort by time (9 for the millisecond) and cannot be guessed (13 random ones,
 * 65 bits: the help page's addresses are made of them). The last four are the short id of the classic log.
 */
import { randomFillSync } from 'node:crypto'

// Crockford's base 32: no letters that are mistaken for one another when read out on the telephone.
const ALPHABET = Buffer.from('0123456789abcdefghjkmnpqrstvwxyz')
const pool = new Uint8Array(13 * 256)
let used = pool.length
/** A string made of all its octets at once; one that grows by a character at a time is 300 octets longer, and ten thousand sessions have one. */
const made = Buffer.alloc(22)

export function newSessionId(now: number): string {
  if (used === pool.length) {
    randomFillSync(pool)
    used = 0
  }
  for (let rest = now, place = 8; place >= 0; place--) {
    made[place] = ALPHABET[rest % 32] ?? 48
    rest = Math.floor(rest / 32)
  }
  for (let place = 9; place < 22; place++) made[place] = ALPHABET[(pool[used++] ?? 0) & 31] ?? 48
  return made.toString('latin1')
}
