/**
 * Takes a mail address out of everything that is stored: sessions with their transcripts and the filters they are found by, notices,
 * words of rules, small values. In steps, so that writes and searches get their turn; at its end what was deleted is wiped from the
 * files as well. Done twice it does no harm; what is recorded meanwhile is newer than the wish and stays.
 */
import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs'
import type Database from 'better-sqlite3'
import { isInMessage, REMOVED_MESSAGE } from '../forgotten.ts'
import { readForgettable } from '../../shared/net/forget.ts'
import type { Forgettable } from '../../shared/net/forget.ts'
import type { ForgetFound } from '../ports.ts'
import type { Blocks } from './blocks.ts'
import { createRuns, STEP_MS } from './runs.ts'

const BLOCKS_AT_ONCE = 4
/** Up to this size the whole file is written anew in the end: some seconds. Larger ones, only if the address is still found in them. */
const REWRITE_BYTES = 1024 * 1024 * 1024
const READ_BYTES = 1024 * 1024

export interface ForgetStep {
  readonly done: number
  readonly total: number
  /** Null until the end. */
  readonly found: ForgetFound | null
}

interface Run {
  readonly person: Forgettable
  readonly last: number
  readonly total: number
  cursor: number
  done: number
  sessions: number
  rows: Omit<ForgetFound, 'sessions'> | null
}

export interface ForgetWorld {
  readonly db: Database.Database
  readonly file: string
  readonly blocks: Blocks
  readonly transact: <T>(work: () => T) => T
  /** Rules as they stand, and the number of the last change. */
  readonly rewriteMirror: () => void
}

export function createForgetting(world: ForgetWorld) {
  const { db, blocks, transact } = world
  const runs = createRuns<Run>('this')

  const begin = (address: string): Run => {
    const person = readForgettable(address)
    if (!person.ok) throw new Error(person.problem)
    const total = blocks.countAbove(0)
    return { person, last: blocks.lastNumber(), total, cursor: 0, done: 0, sessions: 0, rows: null }
  }

  /** True: that were all sessions. */
  const proceed = (run: Run): boolean => {
    const stop = performance.now() + STEP_MS
    for (;;) {
      const heads = blocks.after(run.cursor, BLOCKS_AT_ONCE).filter((head) => head.first <= run.last)
      if (heads.length === 0) return true
      transact(() => {
        for (const head of heads) {
          run.sessions += blocks.rewrite(head.first, (line) => run.person.without(line))
          run.cursor = head.first + head.sessions - 1
          run.done += head.sessions
        }
      })
      if (performance.now() >= stop) return false
    }
  }

  return {
    /** One step of a run; `first` starts it. Throws if it is not known (any more). */
    step(run: string, address: string, first: boolean): ForgetStep {
      const going = runs.take(run, first ? () => begin(address) : null)
      const told = { done: Math.min(going.done, going.total), total: going.total }
      if (going.rows === null) {
        if (proceed(going)) going.rows = transact(() => forgetInRows(db, going.person))
        return { ...told, found: null }
      }
      const found = { sessions: going.sessions, ...going.rows }
      // Also where nothing was found: earlier lines of the mirror may name it, and an earlier run may have ended before this.
      world.rewriteMirror()
      wipe(world, going.person)
      runs.end(run)
      return { ...told, found }
    },
  }
}

interface TextRow {
  readonly key: string
  readonly value: string
}

function forgetInRows(db: Database.Database, person: Forgettable): Omit<ForgetFound, 'sessions'> {
  const change = (select: string, update: string): readonly string[] => {
    const put = db.prepare<[string, string]>(update)
    const rows = db.prepare<[], TextRow>(select).all().filter(({ value }) => person.isIn(value))
    for (const { key, value } of rows) put.run(person.without(value), key)
    return rows.map(({ key }) => key)
  }
  const messages = db.prepare<[], TextRow>('SELECT id AS key, message AS value FROM notices').all().filter(({ value }) => isInMessage(person, value))
  for (const { key } of messages) db.prepare<[string, string]>('UPDATE notices SET message = ? WHERE id = ?').run(REMOVED_MESSAGE, key)
  const named = db.prepare<[], TextRow>('SELECT id AS key, value FROM notices').all().filter(({ value }) => person.isIn(value))
  for (const { key, value } of named) db.prepare<[string, string]>('UPDATE notices SET value = ? WHERE id = ?').run(person.without(value), key)
  return {
    notices: [...new Set([...messages, ...named].map(({ key }) => key))],
    rules: change("SELECT kind || ' ' || scope AS key, reason AS value FROM rules", "UPDATE rules SET reason = ? WHERE kind || ' ' || scope = ?"),
    values: change('SELECT key, value FROM small_values', 'UPDATE small_values SET value = ? WHERE key = ?').length,
  }
}

/** Deleted rows are overwritten as they go (schema.ts); here goes what the log still has of them, and what earlier pages had. */
function wipe({ db, file }: ForgetWorld, person: Forgettable): void {
  db.pragma('wal_checkpoint(TRUNCATE)')
  if (statSync(file).size > REWRITE_BYTES && ![file, `${file}-wal`].some((each) => isInFile(each, person))) return
  db.exec('VACUUM')
  db.pragma('wal_checkpoint(TRUNCATE)')
}

/** Whether the octets of a file name it anywhere. */
function isInFile(file: string, person: Forgettable): boolean {
  if (!existsSync(file)) return false
  const handle = openSync(file, 'r')
  try {
    const chunk = Buffer.alloc(READ_BYTES)
    let tail = ''
    for (let length = readSync(handle, chunk); length > 0; length = readSync(handle, chunk)) {
      const text = tail + chunk.toString('latin1', 0, length)
      if (person.isIn(text)) return true
      tail = text.slice(-1024)
    }
    return false
  } finally {
    closeSync(handle)
  }
}
