/** What the connections of one gate share. */
import type { JournalEntry } from '../../shared/events.ts'
import type { Terms } from '../../shared/smtp/dialogue.ts'
import type { Connection } from './connection.ts'
import type { Context } from './context.ts'
import type { GateDeps } from './deps.ts'
import type { Examination } from './examination.ts'
import type { Door } from './farewell.ts'

export interface House extends Door {
  readonly deps: GateDeps
  context(): Context
  terms(): Terms
  /** Rises with every change of bans and whitelist. */
  rulesVersion(): number
  /** Deadlines are short then. */
  underLoad(): boolean
  /** The connection's place is free. */
  left(connection: Connection): void
  /** A session is over: it is recorded as soon as its evidence is there, so that the record tells what was found. */
  finished(exam: Examination, entry: () => JournalEntry, session: string): void
  trouble(error: unknown, session: string): void
}
