/**
 * Session ids: 22 lower-case characters that sort by time (9 for the millisecond) and cannot be guessed (13 random ones,
 * 65 bits: the help page's addresses are made of them). The last four are the short id of the classic log.
 */
import { randomFillSync } from 'node:crypto'

// Crockford's base 32: no letters that are mistaken for one another when read out on the telephone.
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
const pool = new Uint8Array(13 * 256)
let used = pool.length

export function newSessionId(now: number): string {
  if (used === pool.length) {
    randomFillSync(pool)
    used = 0
  }
  let id = ''
  for (let rest = now, place = 0; place < 9; place++) {
    id = (ALPHABET[rest % 32] ?? '0') + id
    rest = Math.floor(rest / 32)
  }
  for (let place = 0; place < 13; place++) id += ALPHABET[(pool[used++] ?? 0) & 31] ?? '0'
  return id
}
