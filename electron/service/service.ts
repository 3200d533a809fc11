/** What `porch service` does, whatever the system: one interface, and what its implementations are given. */
import type { Announcement } from '../console/announce.ts'
import type { ServicePlace } from './place.ts'
import type { Program } from './program.ts'
import type { Run } from './run.ts'
import type { TakeDeps } from './take.ts'

export interface Status {
  readonly installed: boolean
  /** Starts with the machine. */
  readonly enabled: boolean
  readonly running: boolean
  readonly pid: number | null
  /** With its token; null if nothing runs, or if the caller may not know it (`hidden`). */
  readonly console: string | null
  readonly hidden: boolean
  readonly data: string
  readonly definition: string
}

export interface InstallOptions {
  /** A data folder whose store and settings the service begins with. */
  readonly takeData?: string
}

interface Refused {
  readonly ok: false
  /** One line. */
  readonly problem: string
}

/** `did`: what has changed, in order; nothing if all was so already. `notes`: what the admin should look at. */
export type Installed = { readonly ok: true; readonly did: readonly string[]; readonly notes: readonly string[]; readonly status: Status } | Refused
/** `kept`: where the data still is. */
export type Removed = { readonly ok: true; readonly did: readonly string[]; readonly kept: string | null } | Refused

export interface Service {
  install(options: InstallOptions): Promise<Installed>
  /** `purge`: the data and the account too. */
  remove(purge: boolean): Promise<Removed>
  /** Needs no rights, but tells the console only to those who may know it. */
  status(): Promise<Status>
}

export interface ServiceDeps extends TakeDeps {
  readonly run: Run
  readonly place: ServicePlace
  readonly program: Program
  /** Whether this process may change the system (Linux; Windows is asked). */
  readonly root: boolean
  gateOn(dataDir: string): Promise<Announcement | null>
  /** How long a gate may take until it answers, ms. */
  readonly answerMs: number
}
