/**
 * Session ids: 22 lower-case characters that sort by time (9 for the millisecond) and cannot be guessed (13 random ones,
 * 65 bits: the help page's addresses are made of them). The last four are the short id of the classic log.
 */
import { randomFillSync } from 'node:crypto'

// Crockford's base 32: no letters that are mistaken for one another when read out on the telephone.
const ALPHABET = Buffer.from('0123456789abcdefghjkmnpqrstvwxyz')
/** "u", which is not in the alphabet. */
const SAMPLE = 0x75
const pool = new Uint8Array(13 * 256)
let used = pool.length
/** A string made of all its octets at once; one that grows by a character at a time is 300 octets longer, and ten thousand sessions have one. */
const made = Buffer.alloc(22)

/** `sample`: of practice mode's invented senders; no other id has that letter in that place. */
export function newSessionId(now: number, sample = false): string {
  if (used === pool.length) {
    randomFillSync(pool)
    used = 0
  }
  for (let rest = now, place = 8; place >= 0; place--) {
    made[place] = ALPHABET[rest % 32] ?? 48
    rest = Math.floor(rest / 32)
  }
  for (let place = 9; place < 22; place++) made[place] = ALPHABET[(pool[used++] ?? 0) & 31] ?? 48
  if (sample) made[9] = SAMPLE
  return made.toString('latin1')
}

/** Nobody is written to about such a session, in practice mode or ever after. */
export function isSampleSession(id: string): boolean {
  return id.charCodeAt(9) === SAMPLE
}
