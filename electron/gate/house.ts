/** What the connections of one gate share. */
import type { JournalEntry } from '../../shared/events.ts'
import type { Connection } from './connection.ts'
import type { Context } from './context.ts'
import type { GateDeps } from './deps.ts'
import type { Watch } from './watch.ts'

export interface House {
  readonly deps: GateDeps
  readonly watch: Watch
  context(): Context
  /** Rises with every change of bans and whitelist. */
  rulesVersion(): number
  /** Deadlines are short then. */
  underLoad(): boolean
  /** The connection's place is free. */
  left(connection: Connection): void
  finished(entry: JournalEntry): void
  trouble(error: unknown, session: string): void
  /** Waits for a promise, but no longer than `ms`, and not at all when very many wait already. */
  bounded(promise: Promise<void>, ms: number): Promise<void>
}
