/**
 * Sessions in blocks. What is written together is compressed together (records and details apart, so that a list reads
 * only records), one row a block, with the block's span of time, counts by disposition and a filter of its terms. Appending
 * touches few pages whatever the number of sessions; some 230 bytes a session in all.
 *
 * Sessions are numbered in the order in which they finished; a block's key is the number of its first.
 */
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import type Database from 'better-sqlite3'
import type { JournalEntry, SessionRecord } from '../../shared/events.ts'
import { createHeads } from './heads.ts'
import { sessionTerms } from './match.ts'
import { isTorn } from './schema.ts'
import { buildFilter } from './termfilter.ts'

export interface BlockHead {
  readonly first: number
  readonly sessions: number
  readonly oldest: number
  readonly newest: number
  readonly filter: Uint8Array
}

/** A block's span of time and its counts by disposition (JSON). */
export interface BlockTally {
  readonly first: number
  readonly oldest: number
  readonly tallies: string
}

type SmallHead = Pick<BlockHead, 'first' | 'sessions' | 'newest'> & { readonly bytes: number }

/** A session and its number. */
export interface Numbered {
  readonly number: number
  readonly session: SessionRecord
}

/** A block of at least this many sessions is left as it is; smaller neighbours are joined to about twice as many. */
export const FULL_BLOCK = 64
const JOINED_BLOCK = 128
/** Compressed octets beyond which a block is left as it is, however few sessions it has (a hostile one may be large). */
const LARGE_BLOCK = 256 * 1024
const DAY_MS = 86_400_000
const MAX_UNPACKED = 512 * 1024 * 1024
/** About what a full block unpacks to: one buffer instead of many. */
const UNPACKED = 128 * 1024

type Details = readonly [JournalEntry['evidence'], JournalEntry['transcript']]

/** `onDamaged`: a block whose contents cannot be read is passed over, and told. */
export function createBlocks(db: Database.Database, onDamaged: (first: number) => void) {
  const insertHead = db.prepare('INSERT INTO blocks VALUES (?, ?, ?, ?, ?, ?)')
  const insertContent = db.prepare('INSERT INTO contents VALUES (?, ?, ?)')
  // Numbers go on where everything was pruned: what is counted is known by them.
  const last = db.prepare<[], { next: number }>(
    `SELECT max(ifnull((SELECT first + sessions FROM blocks ORDER BY first DESC LIMIT 1), 1),
      ifnull((SELECT max(CAST(value AS INTEGER)) + 1 FROM marks WHERE key IN ('counted', 'reported')), 1)) AS next`,
  )
  const firstOf = db.prepare<[], { first: number | null }>('SELECT min(first) AS first FROM blocks')
  const after = db.prepare<[number, number], Pick<BlockHead, 'first' | 'sessions'>>(
    'SELECT first, sessions FROM blocks WHERE first >= ifnull((SELECT max(first) FROM blocks WHERE first <= ? + 1), 0) ORDER BY first LIMIT ?',
  )
  const recordsOf = db.prepare<[number], { records: Buffer }>('SELECT records FROM contents WHERE first = ?')
  const detailsOf = db.prepare<[number], { details: Buffer }>('SELECT details FROM contents WHERE first = ?')
  const headsBelow = db.prepare<[number, number], BlockHead>('SELECT first, sessions, oldest, newest, filter FROM blocks WHERE first < ? ORDER BY first DESC LIMIT ?')
  const headsAround = db.prepare<[number, number], BlockHead>('SELECT first, sessions, oldest, newest, filter FROM blocks WHERE newest >= ? AND oldest <= ? ORDER BY newest LIMIT 1000')
  const talliesSince = db.prepare<[number], BlockTally>('SELECT first, oldest, tallies FROM blocks WHERE newest >= ?')
  const spansBefore = db.prepare<[number, number, number], Pick<BlockHead, 'first' | 'sessions' | 'newest'>>(
    'SELECT first, sessions, newest FROM blocks WHERE first < ? AND newest >= ? ORDER BY first DESC LIMIT ?',
  )
  const sessionsSince = db.prepare<[number], { sessions: number | null }>('SELECT sum(sessions) AS sessions FROM blocks WHERE newest >= ?')
  const small = db.prepare<[], SmallHead>(
    `SELECT first, sessions, newest, length(records) + length(details) AS bytes FROM blocks JOIN contents USING (first)
     WHERE sessions < ${FULL_BLOCK} ORDER BY first DESC LIMIT 256`,
  )
  const olderThan = db.prepare<[number, number], { first: number; sessions: number }>('SELECT first, sessions FROM blocks WHERE newest < ? ORDER BY first LIMIT ?')
  const deleteHead = db.prepare<[number]>('DELETE FROM blocks WHERE first = ?')
  const deleteContent = db.prepare<[number]>('DELETE FROM contents WHERE first = ?')

  const heads = createHeads((below, limit) => headsBelow.all(below, limit))

  const insert = (first: number, records: readonly string[], details: readonly string[]) => {
    const sessions = records.map((record) => JSON.parse(record) as SessionRecord)
    const terms = new Set<string>()
    const tallies: Record<string, number> = {}
    let oldest = Number.POSITIVE_INFINITY
    let newest = 0
    for (const session of sessions) {
      sessionTerms(session, (term) => terms.add(term))
      tallies[session.disposition] = (tallies[session.disposition] ?? 0) + 1
      const at = Date.parse(session.at)
      oldest = Math.min(oldest, at)
      newest = Math.max(newest, at)
    }
    const filter = buildFilter(terms)
    insertHead.run(first, sessions.length, oldest, newest, JSON.stringify(tallies), filter)
    heads.added({ first, sessions: sessions.length, oldest, newest, filter })
    insertContent.run(first, pack(records), pack(details))
    return sessions
  }
  const remove = (first: number) => {
    deleteHead.run(first)
    deleteContent.run(first)
    heads.removed(first)
  }
  const recordText = (first: number) => unpack(recordsOf.get(first)?.records)
  const detailText = (first: number) => unpack(detailsOf.get(first)?.details)
  const readable = (first: number, text: (first: number) => string | null) => {
    try {
      return text(first)
    } catch (error) {
      if (isTorn(error)) throw error
      onDamaged(first)
      return null
    }
  }

  return {
    /** Within the caller's transaction. The lines are the JSON of each session and of its details. Returns the sessions and the number of the first. */
    append(records: readonly string[], details: readonly string[]): { readonly first: number; readonly sessions: readonly SessionRecord[] } {
      const first = last.get()?.next ?? 1
      return { first, sessions: insert(first, records, details) }
    },

    /** Heads of blocks that begin below a number, newest first; none only at the end. */
    heads: (below: number, limit: number) => heads.below(below, limit),

    /** Up to `limit` blocks with sessions above a number, oldest first; none only at the end. */
    after: (number: number, limit: number) => after.all(number, limit + 1).filter((head) => head.first + head.sessions - 1 > number).slice(0, limit),

    /** How many sessions have a number above this one. */
    countAbove: (number: number) => {
      const first = firstOf.get()?.first ?? null
      return first === null ? 0 : Math.max(0, (last.get()?.next ?? 1) - 1 - Math.max(number, first - 1))
    },

    /** Reads some more heads before a search needs them; false if all are there. */
    warm: () => heads.warm(),

    /** To be called when a transaction with changes of ours was rolled back. */
    forget: () => heads.forget(),

    /** Heads of blocks whose span of time touches another. */
    headsAround: (from: number, to: number) => headsAround.all(from, to),

    /** The sessions of a block whose JSON in lower case contains of each group of needles one, newest first. */
    sessions(head: Pick<BlockHead, 'first'>, needles: readonly (readonly string[])[] = []): Numbered[] {
      const text = readable(head.first, recordText) ?? ''
      const holds = (lower: string) => needles.every((group) => group.some((needle) => lower.includes(needle)))
      const lower = needles.length === 0 ? '' : text.toLowerCase()
      // Most blocks that are read for nothing end here, unsplit and unparsed.
      if (text === '' || !holds(lower)) return []
      const lowers = needles.length === 0 ? [] : lower.split('\n')
      const found: Numbered[] = []
      for (const [index, line] of [...text.split('\n').entries()].reverse()) {
        if (needles.length === 0 || holds(lowers[index] ?? '')) found.push({ number: head.first + index, session: JSON.parse(line) as SessionRecord })
      }
      return found
    },

    details(head: Pick<BlockHead, 'first'>, number: number): Details | null {
      const line = readable(head.first, detailText)?.split('\n')[number - head.first]
      return line === undefined ? null : (JSON.parse(line) as Details)
    },

    /** As `heads`, without their filters. */
    spansBefore: (below: number, since: number, limit: number) => spansBefore.all(below, since, limit),

    /** How many sessions the blocks have that reach into the time since. */
    sessionsSince: (since: number): number => sessionsSince.get(since)?.sessions ?? 0,

    /** The sessions of a block whose JSON matches a pattern, newest first. */
    sessionsLike(head: Pick<BlockHead, 'first'>, pattern: RegExp): Numbered[] {
      return linesOf(readable(head.first, recordText)).flatMap((line, index) => (pattern.test(line) ? [{ number: head.first + index, session: JSON.parse(line) as SessionRecord }] : [])).reverse()
    },

    /** All sessions of a block, newest first; their evidence is unpacked when it is asked for. */
    entries(head: Pick<BlockHead, 'first'>): (Numbered & { readonly evidence: () => JournalEntry['evidence'] })[] {
      let details: string[] | null = null
      const evidenceAt = (index: number): JournalEntry['evidence'] => {
        details ??= linesOf(readable(head.first, detailText))
        const line = details[index]
        return line === undefined ? [] : (JSON.parse(line) as Details)[0]
      }
      return linesOf(readable(head.first, recordText)).map((line, index) => ({
        number: head.first + index, session: JSON.parse(line) as SessionRecord, evidence: () => evidenceAt(index),
      })).reverse()
    },

    /** Blocks with a session at or after a time, without filters. */
    talliesSince: (since: number) => talliesSince.all(since),

    /** The number of the newest session; 0 without any. */
    lastNumber: () => (last.get()?.next ?? 1) - 1,

    /** Changes the JSON of a block's sessions and of their details; returns how many sessions are not as before. Within the caller's transaction. */
    rewrite(first: number, change: (line: string) => string): number {
      const [records, details] = [linesOf(readable(first, recordText)), linesOf(readable(first, detailText))]
      const [newRecords, newDetails] = [records.map(change), details.map(change)]
      const changed = records.filter((record, at) => record !== newRecords[at] || details[at] !== newDetails[at]).length
      if (changed === 0) return 0
      remove(first)
      insert(first, newRecords, newDetails)
      return changed
    },

    /** Joins one run of small neighbours of the same day; true if there was one. Within the caller's transaction. */
    joinOnce(): boolean {
      const run = joinable(small.all().reverse())
      const [head] = run
      if (head === undefined) return false
      const records = run.flatMap((each) => recordText(each.first)?.split('\n') ?? [])
      const details = run.flatMap((each) => detailText(each.first)?.split('\n') ?? [])
      for (const each of run) remove(each.first)
      insert(head.first, records, details)
      return true
    },

    /** Deletes up to `limit` blocks whose sessions all began before a time and have numbers up to `upTo`; `held`: there were others. Within the caller's transaction. */
    prune(before: number, limit: number, upTo: number): { readonly pruned: number; readonly held: boolean } {
      const old = olderThan.all(before, limit)
      const over = old.filter((head) => head.first + head.sessions - 1 <= upTo)
      for (const each of over) remove(each.first)
      return { pruned: over.length, held: over.length < old.length }
    },
  }
}

export type Blocks = ReturnType<typeof createBlocks>

/** The first run of neighbours worth joining: enough for a block, or of a day that is over (so that pruning by age stays exact to the day). */
function joinable(heads: readonly SmallHead[]): readonly SmallHead[] {
  const dayOf = (head: SmallHead) => Math.floor(head.newest / DAY_MS)
  let run: SmallHead[] = []
  let total = 0
  for (const head of heads.filter((each) => each.bytes < LARGE_BLOCK)) {
    const previous = run.at(-1)
    if (previous !== undefined && (previous.first + previous.sessions !== head.first || dayOf(previous) !== dayOf(head))) {
      if (run.length > 1) return run
      run = []
      total = 0
    }
    run.push(head)
    total += head.sessions
    if (total >= JOINED_BLOCK) return run
  }
  return []
}

function pack(lines: readonly string[]): Buffer {
  return zstdCompressSync(lines.join('\n'), { params: { [constants.ZSTD_c_compressionLevel]: 1 } })
}

function unpack(data: Buffer | undefined): string | null {
  return data === undefined ? null : zstdDecompressSync(data, { maxOutputLength: MAX_UNPACKED, chunkSize: UNPACKED }).toString('utf8')
}

/** The lines of a block's text; none if it could not be read. */
function linesOf(text: string | null): string[] {
  return text === null || text === '' ? [] : text.split('\n')
}
