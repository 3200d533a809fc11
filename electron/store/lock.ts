/**
 * One data folder, never two writers. The lock is SQLite's own exclusive lock on an empty file: the operating system
 * takes it back however the process ends, so that nothing stale is left to be guessed about, on Windows as on Linux.
 */
import { closeSync, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { refuseOldNode } from './node.ts'

/** Another process keeps it. */
export class LockHeld extends Error {}

const FILE = 'porch.lock'
const RETRY_MS = 100

export interface Lock {
  release(): void
}

/**
 * Waits up to `waitMs` for the folder to be free: a command that works on it without a gate holds it for a moment.
 * Rejects with one clear line if another process keeps it, or if the folder cannot be used.
 */
export async function takeLock(dataDir: string, waitMs = 2000): Promise<Lock> {
  refuseOldNode()
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const file = join(dataDir, FILE)
  closeSync(openSync(file, 'a', 0o600))
  const { default: Sqlite } = await import('better-sqlite3')
  const db = new Sqlite(file, { timeout: 0 })
  const until = performance.now() + waitMs
  for (;;) {
    try {
      // Within the transaction that never ends nothing is ever written: the file stays empty.
      db.exec('BEGIN EXCLUSIVE')
      return { release: () => void db.close() }
    } catch (error) {
      const busy = error instanceof Error && 'code' in error && error.code === 'SQLITE_BUSY'
      if (!busy || performance.now() >= until) {
        db.close()
        if (busy) throw new LockHeld(`another Porch is using the data folder ${dataDir}`, { cause: error })
        throw new Error(`the data folder ${dataDir} cannot be locked: ${String(error)}`, { cause: error })
      }
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
    }
  }
}
