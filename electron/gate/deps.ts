/** What the gate is made of; compose.ts hands it in. Two gates may run in one process (practice mode's sample senders). */
import type { Finding, JournalEntry, SessionRecord } from '../../shared/events.ts'
import type { Address } from '../../shared/net/ip.ts'
import type { Pause } from '../pause.ts'
import type { AlarmsPort, BackendPort, Clock, GatherPort, RulesPort, SettingsPort } from '../ports.ts'
import type { OwnProbes } from './ownprobes.ts'
import type { CertificatePort } from './tls.ts'

/** When each network's first would-be refusal in grace mode was, ms since 1970. `note` never waits. */
export interface GraceStore {
  first(network: string): number | null
  note(network: string, at: number): void
}

/** Who earns a ban and who is a good correspondent (POLICY, Bans). Nothing here waits. */
export interface StrikesPort {
  /** A session of this client got its first 5xx for a DNS verdict. A ban that follows holds when this returns. */
  strike(client: Address, finding: Finding): void
  /** A session is over. */
  finished(session: SessionRecord): void
}

export interface GateDeps {
  readonly clock: Clock
  readonly settings: SettingsPort
  readonly gather: GatherPort
  readonly backend: BackendPort
  readonly rules: RulesPort
  readonly alarms: AlarmsPort
  readonly graceStore: GraceStore
  /** Missing: nobody earns strikes (the sample senders). */
  readonly strikes?: StrikesPort | undefined
  readonly certificate: CertificatePort
  /** Connections of this process to itself: not recorded, counted or struck. Missing: there are none. */
  readonly probes?: Pick<OwnProbes, 'has'> | undefined
  /** Each finished session of a client, once. */
  readonly onSession: (entry: JournalEntry) => void
  readonly newId: () => string
  /** An exception inside one session; the session has ended with 421, the gate goes on. */
  readonly onTrouble?: (error: unknown, session: string) => void
  /** In place of the settings' own: the second listener of practice mode. */
  readonly overrides?: { readonly listen?: readonly string[]; readonly proxyProtocolFrom?: readonly string[] }
  /** Where mail to an address that a notice gave out goes (a bounce, an answer); null for any other. It passes the relay check and the verdict, not a ban. */
  readonly noticeMailbox?: (address: string) => string | null
  /** The shop's own DNS is known to be sick. */
  readonly canaryRed?: () => boolean
  /** While paused, new connections hear 421 and senders try again later. Missing: never. */
  readonly pause?: Pause | undefined
  /** The address of the page for the ban of this scope, below the help page's own. */
  readonly banPage?: ((scope: string) => string) | undefined
  /** Calls back now and then, so that deadlines are seen (default: every 500 ms). Returns how to end that. */
  readonly ticker?: (tick: () => void) => () => void
}
