/** The machine under the gate: room on its disk, its clock, the store, the version. Pure. */
import { checkUp } from './report.ts'
import type { CheckUp } from './report.ts'

const MIB = 1024 * 1024
const GIB = 1024 * MIB

/** Octets, as this program may use them. */
export function judgeDisk(folder: string, free: number, total: number): CheckUp {
  const evidence = [`${sizeText(free)} of ${sizeText(total)} free where ${folder} is`]
  const share = total > 0 ? Math.round((free / total) * 100) : 0
  const room = `${sizeText(free)} (${share} %) are free on the disk of the data folder`
  const job = 'Your job: make room there, or lower retentionDays. Mail flows also without room, but nothing is recorded.'
  if (free < 256 * MIB) return checkUp('disk', '', 'bad', `Only ${room}.`, job, { evidence })
  if (free < GIB || (share < 5 && free < 10 * GIB)) return checkUp('disk', '', 'todo', `Only ${room}.`, job, { evidence })
  return checkUp('disk', '', 'ok', `${room}.`, null, { evidence })
}

export interface ClockFacts {
  readonly now: number
  /** The latest time that this installation has ever written down, ms; null: none. */
  readonly latest: number | null
  /** When this version was built or installed, ms; null: not known. */
  readonly built: number | null
  /** How far the wall clock jumped against the monotonic one since the gate's start, ms; null: no gate. */
  readonly jumped: number | null
}

const SLACK_MS = 120_000
const MOST_YEARS_MS = 15 * 365 * 86_400_000

/** Without asking anybody: what was written down, and the monotonic clock. */
export function judgeClock({ now, latest, built, jumped }: ClockFacts): CheckUp {
  const evidence = [`clock: ${iso(now)}`, ...(latest === null ? [] : [`latest record: ${iso(latest)}`]), ...(jumped === null ? [] : [`against the monotonic clock since the start: ${Math.round(jumped / 1000)} s`])]
  const job = 'Your job: set the clock, and let a time service keep it (timedatectl set-ntp true).'
  const said = (level: CheckUp['level'], says: string) => checkUp('clock', '', level, says, level === 'ok' ? null : job, { evidence })
  if (latest !== null && latest > now + SLACK_MS) return said('bad', `The clock says ${iso(now)}, but something was recorded at ${iso(latest)}: it was, or is, wrong.`)
  if (built !== null && (now < built - 86_400_000 || now > built + MOST_YEARS_MS)) return said('bad', `The clock says ${iso(now)}, which cannot be: this program was installed ${iso(built)}.`)
  if (jumped !== null && Math.abs(jumped) > SLACK_MS) return said('todo', `The clock was moved by ${Math.round(Math.abs(jumped) / 1000)} s ${jumped > 0 ? 'forward' : 'back'} while the gate ran.`)
  return said('ok', 'The clock agrees with what was recorded and with the monotonic clock.')
}

export interface StoreFacts {
  /** Octets on disk; null: nothing is stored yet. */
  readonly bytes: number | null
  readonly dropped: number
  readonly trouble: string | null
  /** What the store's own test said; null: nothing wrong, or not tested. */
  readonly damage: string | null
  /** `too-large`: the test would hold up what is being recorded for too long. */
  readonly tested: 'yes' | 'no' | 'too-large'
}

export function judgeStore({ bytes, dropped, trouble, damage, tested }: StoreFacts): CheckUp {
  const size = bytes === null ? 'Nothing is stored yet' : `The store takes ${sizeText(bytes)}`
  if (damage !== null) return checkUp('store', '', 'bad', `The store is damaged: ${damage}`, 'Your job: stop Porch, move journal.sqlite away and put a backup in its place. Then look at the disk itself.')
  if (trouble !== null) return checkUp('store', '', 'bad', `The store cannot be written: ${trouble}`, 'Your job: look at the disk and the rights on the data folder. Mail flows meanwhile.')
  if (dropped > 0) return checkUp('store', '', 'todo', `${dropped} sessions since the start could not be recorded; mail was not affected.`, 'Your job: is the disk too slow, or full at times?')
  const more = { yes: ' and passes its own test.', no: '.', 'too-large': '. Its structure was not tested: it is so large that the gate could record nothing for too long meanwhile. What is read of it and found damaged is told at once; “PRAGMA quick_check” of sqlite3 tests a backup.' }
  return checkUp('store', '', 'ok', `${size}${more[tested]}`)
}

/** `node`: "24.21.0". */
export function judgeVersion(version: string, node: string): CheckUp {
  const major = Number(node.split('.')[0])
  const evidence = [`Porch ${version}`, `Node ${node}`]
  return major >= 20
    ? checkUp('version', '', 'ok', `Porch ${version} on Node ${node}.`, null, { evidence })
    : checkUp('version', '', 'todo', `Porch ${version} runs on Node ${node}, which is too old.`, 'Your job: install Node 20 or later.', { evidence })
}

export function sizeText(octets: number): string {
  if (octets >= 10 * GIB) return `${Math.round(octets / GIB)} GiB`
  if (octets >= GIB) return `${(octets / GIB).toFixed(1)} GiB`
  // As the Reports page says it.
  if (octets < 1e6) return `${Math.round(octets / 1000)} KB`
  return `${Math.round(octets / MIB)} MiB`
}

function iso(ms: number): string {
  return new Date(Math.max(-8.64e15, Math.min(ms, 8.64e15))).toISOString().slice(0, 19) + 'Z'
}
