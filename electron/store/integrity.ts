/** SQLite's test of the file's structure. It cannot be interrupted and writes wait for it, so it is bounded by size. */
import type Database from 'better-sqlite3'
import type { StoreIntegrity } from '../ports.ts'

/** Tested in well under a second, from a slow disk in a few. */
export const MOST_TESTED_BYTES = 128 * 1024 * 1024
export const INTEGRITY_UNTESTED: StoreIntegrity = { tested: false, damage: null }

export function testIntegrity(db: Database.Database): StoreIntegrity {
  const said = String(db.pragma('quick_check(1)', { simple: true }))
  return { tested: true, damage: said === 'ok' ? null : said }
}
