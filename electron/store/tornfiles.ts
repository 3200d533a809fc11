/** Damaged databases that were moved aside (schema.ts) and still lie in the data folder. */
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { DATABASE_FILE } from './schema.ts'

export interface TornFile {
  /** Its whole path; what SQLite keeps beside a database (-wal, -shm) is a file of its own. */
  readonly file: string
  /** When it was moved aside, ms since 1970; null where its name does not say. */
  readonly at: number | null
}

/** By name, which is by time; none if the folder cannot be read. */
export function tornFiles(dataDir: string): readonly TornFile[] {
  const begin = `${DATABASE_FILE}.torn-`
  return namesIn(dataDir).filter((name) => name.startsWith(begin)).sort().map((name) => ({ file: join(dataDir, name), at: timeOf(name.slice(begin.length)) }))
}

function namesIn(dataDir: string): readonly string[] {
  try {
    return statSync(dataDir).isDirectory() ? readdirSync(dataDir) : []
  } catch {
    return []
  }
}

/** "20261125T143327Z", as moveAside writes it. */
function timeOf(stamp: string): number | null {
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/.exec(stamp) ?? []
  const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  return Number.isNaN(at) ? null : at
}
