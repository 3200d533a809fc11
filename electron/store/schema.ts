/**
 * The database file: opening, its numbered migrations, and what to do with a file that cannot be used. A file written by a
 * newer program is refused and not touched; a torn one is moved aside under a dated name, never deleted.
 */
import { closeSync, existsSync, openSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type Database from 'better-sqlite3'

export const DATABASE_FILE = 'journal.sqlite'

/** Each entry brings the file from the version before it (its index) to the next; entries are never changed, only added. */
const MIGRATIONS: readonly string[] = [
  `-- Sessions in blocks: compressed together, with a filter instead of indexes (blocks.ts).
   CREATE TABLE blocks (
     first INTEGER PRIMARY KEY, sessions INTEGER NOT NULL, oldest INTEGER NOT NULL, newest INTEGER NOT NULL,
     tallies TEXT NOT NULL, filter BLOB NOT NULL) STRICT;
   CREATE INDEX block_times ON blocks (newest, oldest);
   CREATE INDEX small_blocks ON blocks (first) WHERE sessions < 64;
   CREATE TABLE contents (first INTEGER PRIMARY KEY, records BLOB NOT NULL, details BLOB NOT NULL) STRICT;
   CREATE TABLE rules (
     kind TEXT NOT NULL, scope TEXT NOT NULL, reason TEXT NOT NULL, by TEXT NOT NULL, since TEXT NOT NULL, until TEXT,
     hits INTEGER NOT NULL, PRIMARY KEY (kind, scope)) STRICT, WITHOUT ROWID;
   CREATE TABLE rule_hits (
     minute INTEGER NOT NULL, kind TEXT NOT NULL, scope TEXT NOT NULL, hits INTEGER NOT NULL,
     PRIMARY KEY (minute, kind, scope)) STRICT, WITHOUT ROWID;
   CREATE TABLE grace_starts (network TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
   CREATE TABLE small_values (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
   CREATE TABLE marks (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;`,
  `-- When a ban was last run into, and what is remembered of client scopes.
   ALTER TABLE rules ADD COLUMN last_hit INTEGER;
   CREATE TABLE conduct (kind TEXT NOT NULL, scope TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (kind, scope)) STRICT, WITHOUT ROWID;`,
  `-- The hits of one rule over time.
   CREATE INDEX rule_hits_of_scope ON rule_hits (kind, scope, minute, hits);
   CREATE INDEX rule_hits_by_minute ON rule_hits (minute) WHERE minute % 60 <> 0;`,
  `-- Search and senders: blocks from this number on have terms of recipient and sender together.
   INSERT OR REPLACE INTO marks SELECT 'pairs', ifnull(max(first + sessions), 1) FROM blocks;`,
  `-- Notices: the outbox and what became of each (JSON), with the bytes that are sent.
   CREATE TABLE notices (id TEXT PRIMARY KEY, value TEXT NOT NULL, message TEXT NOT NULL) STRICT;`,
  `-- Senders, counted from the blocks up to the session that the mark 'counted' names; small, as one may come with each session (senders.ts).
   CREATE TABLE senders (
     key TEXT PRIMARY KEY, domain TEXT, verified INTEGER NOT NULL, attempts INTEGER NOT NULL, refused INTEGER NOT NULL, deferred INTEGER NOT NULL, accepted INTEGER NOT NULL,
     first_seen INTEGER NOT NULL, last_seen INTEGER NOT NULL, refused_since INTEGER, disposition INTEGER NOT NULL, findings INTEGER NOT NULL, rank INTEGER NOT NULL, more TEXT) STRICT, WITHOUT ROWID;`,
  `-- Search: blocks from this number on have terms of their findings.
   INSERT OR REPLACE INTO marks SELECT 'findings', ifnull(max(first + sessions), 1) FROM blocks;`,
  `-- Reports: counts by the hour (minutes since 1970; JSON), who came most by the local day and month (JSON), and how long repairs took (reports.ts). Sessions of an
   -- older store are counted afterwards, in steps; what is known of bans and notices is taken over here.
   CREATE TABLE report_hours (hour INTEGER PRIMARY KEY, counts TEXT NOT NULL) STRICT;
   CREATE TABLE report_tops (day INTEGER NOT NULL, kind TEXT NOT NULL, open INTEGER NOT NULL, top TEXT NOT NULL, PRIMARY KEY (day, kind)) STRICT;
   CREATE INDEX report_open ON report_tops (day) WHERE open = 1;
   CREATE TABLE report_fixes (notice TEXT PRIMARY KEY, at INTEGER NOT NULL, after INTEGER NOT NULL) STRICT, WITHOUT ROWID;
   CREATE TEMP TABLE whole AS SELECT id, value FROM notices WHERE json_valid(value);
   CREATE TEMP TABLE known AS
     SELECT minute / 60 * 60 AS hour, 'b:spared' AS name, sum(hits) AS count FROM rule_hits WHERE kind = 'ban' GROUP BY 1
     UNION ALL SELECT unixepoch(since) / 3600 * 60, iif(by = 'auto', 'b:made-auto', 'b:made-admin'), count(*) FROM rules WHERE kind = 'ban' AND unixepoch(since) IS NOT NULL GROUP BY 1, 2
     UNION ALL SELECT CAST(event.value ->> '$.at' AS INTEGER) / 3600000 * 60, 'n:' || (event.value ->> '$.kind'), count(*) FROM whole, json_each(whole.value, '$.events') AS event
       WHERE event.value ->> '$.kind' IN ('sent', 'unknown', 'answered', 'bounced', 'failed', 'fixed', 'quiet') GROUP BY 1, 2;
   INSERT INTO report_hours SELECT hour, json_group_object(name, count) FROM known WHERE hour IS NOT NULL GROUP BY hour;
   DROP TABLE known;
   INSERT OR IGNORE INTO report_fixes SELECT whole.id, event.value ->> '$.at', (event.value ->> '$.at') - (whole.value ->> '$.sentAt') FROM whole, json_each(whole.value, '$.events') AS event
     WHERE event.value ->> '$.kind' = 'fixed' AND typeof(whole.value ->> '$.sentAt') = 'integer' AND typeof(event.value ->> '$.at') = 'integer';
   DROP TABLE whole;`,
]
export const SCHEMA_VERSION = MIGRATIONS.length

/** The data folder cannot be used by this program at all; nothing in it was changed. */
export class FatalStoreError extends Error {}

type Sqlite = typeof Database
type Handle = Database.Database

/** How long one statement waits for another process's lock; after that the write is tried again later. */
const BUSY_MS = 1000
/** Files up to this size are checked through and through at start; larger ones when a page is read. */
const CHECK_BYTES = 16 * 1024 * 1024

/** Opens, checks and migrates. Throws FatalStoreError for a newer file, SQLite's own errors (see `isTorn`) for others. */
export function openDatabase(sqlite: Sqlite, file: string): Handle {
  if (existsSync(file)) refuseNewer(sqlite, file)
  // SQLite would give it the process's default mode; the -wal and -shm beside it take over its mode.
  else closeSync(openSync(file, 'a', 0o600))
  const db = new sqlite(file, { timeout: BUSY_MS })
  try {
    db.pragma('journal_mode = WAL')
    db.pragma('synchronous = FULL')
    // No memory mapping: a file cut short under a running gate must be an error, not the end of the process.
    db.pragma('mmap_size = 0')
    db.pragma('cache_size = -16000')
    // What is deleted is overwritten: a person's address that was to be forgotten must not be left in a free page.
    db.pragma('secure_delete = ON')
    migrate(db)
    check(db, file)
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

/** Read-only, so that not even a write-ahead log left behind is folded in. A torn file is not our question here. */
function refuseNewer(sqlite: Sqlite, file: string): void {
  if (statSync(file).size === 0) return
  const db = new sqlite(file, { readonly: true, timeout: BUSY_MS })
  try {
    const version = Number(db.pragma('user_version', { simple: true }))
    if (version > SCHEMA_VERSION) {
      throw new FatalStoreError(
        `${file} was written by a newer Porch (store version ${version}; this program knows ${SCHEMA_VERSION}); it was not touched`,
      )
    }
  } finally {
    db.close()
  }
}

function migrate(db: Handle): void {
  for (let version = Number(db.pragma('user_version', { simple: true })); version < SCHEMA_VERSION; version++) {
    db.transaction(() => {
      db.exec(MIGRATIONS[version] ?? '')
      db.pragma(`user_version = ${version + 1}`)
    })()
  }
}

function check(db: Handle, file: string): void {
  const pages = Number(db.pragma('page_count', { simple: true }))
  const size = Number(db.pragma('page_size', { simple: true }))
  const wal = `${file}-wal`
  const walEmpty = !existsSync(wal) || statSync(wal).size === 0
  if (walEmpty && statSync(file).size < pages * size) throw torn('it is shorter than it says')
  if (pages * size <= CHECK_BYTES) {
    const [first] = db.pragma('quick_check(1)') as { quick_check: string }[]
    if (first?.quick_check !== 'ok') throw torn(first?.quick_check ?? 'no answer')
  }
}

function torn(why: string): Error {
  return Object.assign(new Error(`the database is damaged: ${why}`), { code: 'SQLITE_CORRUPT' })
}

/** Whether an error says that the file itself is damaged (and not busy, full or out of reach). */
export function isTorn(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB' || code === 'SQLITE_FORMAT'
}

/** Moves a torn file and what belongs to it aside; returns its new name. */
export function moveAside(file: string, now: Date): string {
  const stamp = now.toISOString().replace(/[-:]|\.\d+/g, '')
  let aside = `${file}.torn-${stamp}`
  for (let count = 2; existsSync(aside); count++) aside = `${file}.torn-${stamp}-${count}`
  for (const suffix of ['-wal', '-shm', '']) {
    if (existsSync(file + suffix)) renameSync(file + suffix, aside + suffix)
  }
  return aside
}

export function databaseFile(dataDir: string): string {
  return join(dataDir, DATABASE_FILE)
}
