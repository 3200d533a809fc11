/**
 * The one typed API between the gate and its consoles (window, browser, command line): an oRPC contract from which
 * server, clients and doubles derive. Inputs are validated at the edge; outputs are our own values.
 */
import { eventIterator, oc, type } from '@orpc/contract'
import { z } from 'zod'
import { doctorApi } from './api/doctor.ts'
import { checksApi } from './api/check.ts'
import { settingsApi } from './api/settings.ts'
import type { Alarm, JournalEntry, Rule, SessionRecord } from './events.ts'
import type { Answer } from './dns/answer.ts'
import type { Mode } from './gate/disposition.ts'
import { LIST_FORMATS } from './gate/rulelist.ts'
import type { Judgement } from './gate/verdict.ts'
import { rulestats } from './api/rulestats.ts'
import type { Remedy } from './notice/advice.ts'
import type { Settings } from './config.ts'
import { ruleWork } from './api/rulework.ts'
import type { SuggestedChange } from './api/rulework.ts'
import { liveApi } from './api/live.ts'
import { recheckApi } from './api/recheck.ts'
import { whatIfApi } from './api/whatif.ts'
import { pauseApi } from './api/pause.ts'
import { networkApi } from './api/network.ts'
import { goLiveApi } from './api/golive.ts'
import { sendersApi } from './api/senders.ts'
import { noticesApi } from './api/notices.ts'
import { passwordApi } from './api/password.ts'
import { privacyApi, reportsApi } from './api/reports.ts'

/** What the status strip shows; always true. Times ISO 8601 UTC. */
export interface GateState {
  readonly version: string
  readonly hostname: string
  readonly practice: boolean
  readonly addresses: readonly string[]
  readonly rules: Settings['policy']['rules']
  readonly mode: Mode
  readonly modeUntil: string | null
  /** The mode of the settings, to which a mode for a time returns. */
  readonly modeAfter: Mode
  readonly backend: { readonly address: string; readonly up: boolean; readonly why: string | null; readonly latencyMs: number | null } | null
  /** Whether the shop's own DNS is well; `since`: when it became so, null while off; `why`: one sentence while red. `known`: questions known to be good; 0 and green: not yet known. */
  readonly canary: { readonly state: 'off' | 'green' | 'red'; readonly since: string | null; readonly why: string | null; readonly known: number }
  readonly openConnections: number
  /** `most`: connections at once, by the settings or (`byDescriptors`) by what the system allows; the counts are since the start. */
  readonly limits: {
    readonly most: number
    readonly byDescriptors: boolean
    readonly perClient: number
    readonly underLoad: boolean
    readonly turnedAway: { readonly full: number; readonly perClient: number }
  }
  /** How late the gate's own work ran in the last seconds at worst (99th percentile), in ms, coarsely. */
  readonly loopDelayMs: number
  /** Finished sessions in each of the last 60 minutes, oldest first. */
  readonly perMinute: readonly number[]
  /** Today's sessions by disposition. */
  readonly today: Readonly<Record<string, number>>
  readonly journal: { readonly queued: number; readonly dropped: number; readonly trouble: string | null }
  readonly alarms: readonly Alarm[]
  /** Until when new senders hear 421 (the admin paused the gate); null or missing: it is not paused. */
  readonly pausedUntil?: string | null
  readonly practicePlaying: boolean
  readonly helpUrl: string | null
  /** The doctor's last look at the shop's own set-up; `at` null: none yet. `troubles`: things to do. */
  readonly ownHealth?: { readonly at: string | null; readonly troubles: number; readonly running: boolean }
}

/** One session with everything the detail pane shows. */
export interface SessionDetail extends JournalEntry {
  readonly judgement: { readonly rules: string }
  readonly remedies: readonly Remedy[]
  /** What is wrong and whose job it is, in one sentence. */
  readonly sentence: string
  /** The classic log (CONTRACT), ready to paste. */
  readonly log: readonly string[]
}

export interface CheckResult extends Pick<Judgement, 'verdict' | 'iprev' | 'findings' | 'refusedFor'> {
  readonly client: string
  readonly ehlo: string
  readonly verifiedName: string | null
  readonly evidence: readonly Answer[]
  readonly remedies: readonly Remedy[]
}

export interface PracticeMail {
  readonly file: string
  readonly at: string
  readonly from: string
  readonly to: readonly string[]
  readonly subject: string
  readonly bytes: number
}

/** Live updates, batched (50 ms): sessions that finished or changed while open. `missed`: how many were left out because the console was too slow. */
export interface LiveBatch {
  readonly sessions: readonly (SessionRecord & { readonly open: boolean })[]
  readonly missed: number
}

const filterShape = {
  client: z.string().max(200).optional(),
  name: z.string().max(300).optional(),
  rcpt: z.string().max(400).optional(),
  sender: z.string().max(400).optional(),
  disposition: z.string().max(40).optional(),
  finding: z.string().max(40).optional(),
  since: z.string().max(40).optional(),
  text: z.string().max(2000).optional(),
}

const ruleKind = z.enum(['ban', 'allow'])

/** A change the other side refused, with the reason in words. */
export type Outcome<T> = ({ readonly ok: true } & T) | { readonly ok: false; readonly problem: string }

export const api = oc.router({
  state: {
    get: oc.output(type<GateState>()),
    /** A new state whenever something changed, at most twice a second. */
    watch: oc.output(eventIterator(type<GateState>())),
  },
  sessions: {
    list: oc.input(z.object({ ...filterShape, before: z.string().max(40).optional(), limit: z.int().min(1).max(10_000) })).output(type<readonly SessionRecord[]>()),
    get: oc.input(z.object({ id: z.string().max(40) })).output(type<SessionDetail | null>()),
    log: oc.input(z.object({ ...filterShape, limit: z.int().min(1).max(100_000) })).output(type<readonly string[]>()),
    live: oc.output(eventIterator(type<LiveBatch>())),
  },
  rules: {
    list: oc.output(type<readonly Rule[]>()),
    add: oc
      .input(z.object({ kind: ruleKind, scope: z.string().min(1).max(300), forMs: z.number().min(1000).nullable().optional(), reason: z.string().max(500) }))
      .output(type<Outcome<{ readonly rule: Rule }>>()),
    remove: oc
      .input(z.object({ kind: ruleKind, scope: z.string().min(1).max(300) }))
      .output(type<Outcome<{ readonly rule: Rule }>>()),
    /** Scopes that suit a session (address, network, verified name), each with the good senders a ban would hit. */
    preview: oc
      .input(z.object({ kind: ruleKind, scope: z.string().min(1).max(300) }))
      .output(type<Outcome<{ readonly scope: string; readonly wouldHit: readonly { readonly client: string; readonly name: string | null; readonly sessions: number }[] }>>()),
    suggestions: oc.output(type<readonly SuggestedChange[]>()),
    /** One piece of a list that was read by `readRuleList` (shared/gate/rulelist.ts). `until`: null for good, missing: the usual time. */
    import: oc
      .input(z.object({ rules: z.array(z.object({ kind: ruleKind, scope: z.string().min(1).max(300), reason: z.string().max(500), until: z.iso.datetime().nullable().optional() })).max(1000) }))
      .output(type<Outcome<{ readonly added: number }>>()),
    /** All rules, or those of one kind; a plain list suits one kind. */
    export: oc.input(z.object({ format: z.enum(LIST_FORMATS), kind: ruleKind.optional() })).output(type<{ readonly text: string }>()),
  },
  ruleWork,
  rulestats,
  mode: {
    set: oc.input(z.object({ mode: z.enum(['enforce', 'observe', 'grace']), forMs: z.number().min(1000).nullable() })).output(type<Outcome<{ readonly returns: boolean }>>()),
  },
  pause: pauseApi,
  check: oc.input(z.object({ client: z.string().max(100), ehlo: z.string().max(300) })).output(type<Outcome<{ readonly result: CheckResult }>>()),
  checks: checksApi,
  doctor: doctorApi,
  recheck: recheckApi,
  live: liveApi,
  backup: oc.input(z.object({ file: z.string().max(4096) })).output(type<Outcome<object>>()),
  goLive: goLiveApi,
  whatIf: whatIfApi,
  settings: settingsApi,
  network: networkApi,
  notices: noticesApi,
  submissionPassword: passwordApi,
  senders: sendersApi,
  reports: reportsApi,
  privacy: privacyApi,
  practice: {
    play: oc.output(type<Outcome<object>>()),
    mailbox: oc.output(type<readonly PracticeMail[]>()),
    message: oc.input(z.object({ file: z.string().max(200) })).output(type<{ readonly text: string } | null>()),
  },
})
