/** Damaged databases that were moved aside (schema.ts) and still lie in the data folder, and the alarm about them. */
import { readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { AlarmsFeed, StorePort } from '../ports.ts'
import { DATABASE_FILE } from './schema.ts'

export const TORN_ALARM = 'store-torn'

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
    return readdirSync(dataDir)
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

const SEEN = 'torn-seen'

/**
 * For a gate at its start: a database that a command found damaged and moved aside while no gate ran is an alarm as well (RELIABILITY,
 * Faults). The fresh database knows of which file a gate has told; a command that is killed leaves it so, too.
 */
export async function watchTorn(dataDir: string, store: Pick<StorePort, 'get' | 'put'>, alarms: Pick<AlarmsFeed, 'raise' | 'list' | 'onChange'>): Promise<() => void> {
  const newest = () => tornFiles(dataDir).filter(({ file }) => !/-(?:wal|shm)$/.test(file)).at(-1)
  const seen = () => void store.put(SEEN, basename(newest()?.file ?? '')).catch(() => undefined)
  const torn = newest()
  if (torn !== undefined) {
    // A database that cannot be read now says nothing; the next start asks again.
    const known = await store.get(SEEN).catch(() => undefined)
    if (known !== undefined && known !== basename(torn.file)) {
      if (!alarms.list().some(({ code }) => code === TORN_ALARM)) alarms.raise(TORN_ALARM, 'critical', tornText(torn))
      seen()
    }
  }
  return alarms.onChange((raised) => {
    if (raised?.code === TORN_ALARM) seen()
  })
}

function tornText({ file, at }: TornFile): string {
  const when = at === null ? '' : ` at ${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`
  return `The database was found damaged${when}, while no gate ran. It was moved to ${file}; a fresh one is in use, with the rules that were kept. Earlier sessions are in the moved file only.`
}
