/** What the gate is made of; compose.ts hands it in. Two gates may run in one process (practice mode's sample senders). */
import type { JournalEntry } from '../../shared/events.ts'
import type { AlarmsPort, BackendPort, Clock, GatherPort, RulesPort, SettingsPort } from '../ports.ts'
import type { CertificatePort } from './tls.ts'

/** When each network's first would-be refusal in grace mode was, ms since 1970. `note` never waits. */
export interface GraceStore {
  first(network: string): number | null
  note(network: string, at: number): void
}

export interface GateDeps {
  readonly clock: Clock
  readonly settings: SettingsPort
  readonly gather: GatherPort
  readonly backend: BackendPort
  readonly rules: RulesPort
  readonly alarms: AlarmsPort
  readonly graceStore: GraceStore
  readonly certificate: CertificatePort
  /** Each finished session, once. */
  readonly onSession: (entry: JournalEntry) => void
  readonly newId: () => string
  /** An exception inside one session; the session has ended with 421, the gate goes on. */
  readonly onTrouble?: (error: unknown, session: string) => void
  /** In place of the settings' own: the second listener of practice mode. */
  readonly overrides?: { readonly listen?: readonly string[]; readonly proxyProtocolFrom?: readonly string[] }
  /** The shop's own DNS is known to be sick. */
  readonly canaryRed?: () => boolean
  /** Calls back now and then, so that deadlines are seen (default: every 500 ms). Returns how to end that. */
  readonly ticker?: (tick: () => void) => () => void
}
