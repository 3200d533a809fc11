/** What the console needs of the gate: types only; compose.ts fills them in. */
import type { PracticeMail } from '../../shared/api.ts'
import type { Recheck } from '../../shared/api/recheck.ts'
import type { AlarmsPort, BackendPort, CanaryPort, Clock, GatePort, GatherPort, RdapPort, ResolverPort, RulesPort, SettingsPort, SettingsSource, StorePort } from '../ports.ts'
import type { DeskDeps } from '../notice/desk.ts'
import type { PasswordKeeper } from '../notice/password.ts'
import type { RegisteredNetworks } from '../rdap/registered.ts'
import type { Strikes } from '../store/strikes.ts'
import type { Daily } from '../doctor/daily.ts'
import type { OpenLink } from '../golive/talk.ts'
import type { Pause } from '../pause.ts'
import type { LiveHub } from './hub.ts'
import type { Pulse } from './pulse.ts'
import type { Tally } from './tally.ts'

/** Practice mode: the sample senders and the mailbox they write to. */
export interface PracticePort {
  /** Starts the sample senders; false if they are playing already. Settles when they have started, not when they are done. */
  play(): Promise<boolean>
  playing(): boolean
  /** Newest first. */
  mailbox(): Promise<readonly PracticeMail[]>
  /** The whole message as text; null if there is no such file. */
  message(file: string): Promise<string | null>
}

/** A settings file that was replaced: its copy, null if there was none. */
export interface Former {
  readonly file: string
  readonly backup: string | null
}

export interface ConsoleDeps {
  readonly version: string
  readonly settingsFile: string
  readonly settingsSource: SettingsSource
  readonly clock: Clock
  readonly store: StorePort
  readonly rules: RulesPort
  readonly strikes: Pick<Strikes, 'forgive' | 'earned' | 'of'>
  readonly settings: SettingsPort
  readonly alarms: AlarmsPort
  readonly gate: GatePort
  readonly backend: BackendPort
  readonly resolver: Pick<ResolverPort, 'forget' | 'resolve'>
  readonly canary: CanaryPort
  readonly gather: GatherPort
  /** What judged the sessions of this client (canonical): the sample senders of practice mode have DNS answers of their own. */
  readonly gatherFor: (client: string) => GatherPort
  readonly rdap: RdapPort
  /** Notices are written and sent there. */
  readonly desk: DeskDeps
  /** For the submission server; never told. */
  readonly password: PasswordKeeper
  /** Told of each Check again: a notice about that sender may be fixed. */
  readonly looked?: (result: Recheck) => Promise<void>
  /** Registered networks around many bans. */
  readonly registered?: RegisteredNetworks
  /** The doctor's daily round. */
  readonly daily: Daily
  readonly hub: LiveHub
  readonly tally: Tally
  readonly pulse: Pick<Pulse, 'delayMs'>
  readonly practice: PracticePort | null
  /** Missing: this gate cannot be paused. */
  readonly pause?: Pause
  /** A connection to a mail server, for the wizard's tests. */
  readonly openLink: OpenLink
  /** Starts the gate anew in place, with the settings in the file; if it cannot, what `former` names is put back. Null: only the outside can restart it. */
  readonly relaunch: ((former: Former | null) => void) | null
  /** A failure that is the gate's own fault; the console hears only that there was one. */
  readonly onError: (error: unknown) => void
}
