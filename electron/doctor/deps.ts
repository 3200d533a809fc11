/** What the doctor needs of the rest: types only; compose.ts fills them in. */
import type { Socket } from 'node:net'
import type { CheckUp } from '../../shared/doctor/report.ts'
import type { OpenLink } from '../golive/talk.ts'
import type { CanaryPort, Clock, EffectiveSettings, GatherPort, ResolverPort, StorePort } from '../ports.ts'

export interface DoctorDeps {
  readonly version: string
  readonly dataDir: string
  readonly settings: () => EffectiveSettings
  readonly clock: Clock
  readonly resolver: Pick<ResolverPort, 'resolve'>
  readonly gather: GatherPort
  /** One that asks this name server only; closed after use. */
  readonly resolverOf: (server: string) => ResolverPort
  readonly openLink: OpenLink
  /** This machine's own addresses, without loopback and link-local ones. */
  readonly addresses: () => readonly string[]
  /** The gate that runs; null: none does, or it is not this process'. */
  readonly gate: {
    readonly addresses: () => readonly string[]
    /** Told of each socket to the gate's own port that is not one of `openLink`, once it is connected. */
    readonly probing: (socket: Socket) => void
    readonly canary: Pick<CanaryPort, 'health'>
    readonly store: Pick<StorePort, 'stats' | 'sessions' | 'integrity'>
    /** How far the wall clock moved against the monotonic one since the start, ms. */
    readonly jumped: () => number
  } | null
}

/** Done by the deadline of its area, or told that it was not. */
export type Examination = (deps: DoctorDeps, settings: EffectiveSettings, signal: AbortSignal) => Promise<readonly CheckUp[]>
