/**
 * The types by which the parts of the gate know each other. Only compose.ts constructs what stands behind them;
 * every port has a real implementation and a double, and one contract test suite for both.
 */
import type { Sizes } from '../shared/api/reports.ts'
import type { Answer, Question } from '../shared/dns/answer.ts'
import type { Evidence } from '../shared/dns/evidence.ts'
import type { Alarm, Finding, JournalEntry, Rule, RuleKind, SessionRecord } from '../shared/events.ts'
import type { Settings } from '../shared/config.ts'
import type { Mode } from '../shared/gate/disposition.ts'
import type { RuleSet } from '../shared/gate/verdict.ts'
import type { WhatIfTerms } from '../shared/gate/whatif.ts'
import type { WhatIfCounts, WhatIfSender } from '../shared/gate/whatiftally.ts'
import type { Address } from '../shared/net/ip.ts'
import type { ReportFigures } from '../shared/report/fold.ts'
import type { Span } from '../shared/report/span.ts'
import type { RegisteredDomain, RegisteredNetwork } from '../shared/notice/registry.ts'
import type { Surveyed } from '../shared/notice/survey.ts'
import type { Search } from '../shared/search/query.ts'
import type { Sender, Standing } from '../shared/search/sender.ts'
import type { EhloCapabilities } from '../shared/smtp/capabilities.ts'
import type { SettingsJson } from '../shared/settingsjson.ts'
import type { XclientIdentity } from '../shared/smtp/xclient.ts'

/** `now`: wall clock, ms since 1970 (for what is written down). `monotonic`: ms (for every timeout). */
export interface Clock {
  now(): number
  monotonic(): number
}

// ---------------------------------------------------------------- DNS

export interface AskOptions {
  /** On the monotonic clock, ms; past it the answer is `timeout`. */
  readonly deadline: number
  /** Bypasses the cache (Check again, porch check, whitelist, unban); the answer is cached all the same. */
  readonly fresh: boolean
  /** The client for whose sake it is asked (canonical), so that `forget` knows what to drop. */
  readonly client?: string
  /** Shared by all questions of one connection; each question, and each name that must be asked anew on a CNAME chain, takes one (cached or not). At 0: `malformed`. */
  readonly budget?: QueryBudget
}

export interface QueryBudget {
  left: number
}

/** Answers one question, following CNAMEs. Never rejects: trouble is an answer with a temporary status. */
export interface ResolverPort {
  resolve(question: Question, options: AskOptions): Promise<Answer>
  /** Drops what is cached of all that was asked for this client (`AskOptions.client`), and its PTR. */
  forget(client: string): void
  /** Drops all that is cached: what a sick resolver said must not outlive its sickness. */
  forgetAll(): void
  stats(): DnsStats
  close(): void
}

export interface DnsStats {
  readonly queries: Readonly<Record<Answer['status'], number>>
  readonly cacheHits: number
  /** Resolvers that do not keep letter case (0x20 is off for them). */
  readonly caseBroken: readonly string[]
}

/** Whether the shop's own DNS is sick (POLICY, Disposition 6). `since`: ms since 1970. `why`: one sentence while red. */
export interface CanaryPort {
  isRed(): boolean
  health(): {
    readonly state: 'off' | 'green' | 'red'
    readonly since: number | null
    readonly why: string | null
    /** Questions that are known to be good. 0: green, but only for want of anything to tell by. */
    readonly known: number
    readonly rounds: { readonly good: number; readonly bad: number }
  }
}

/** Gathers evidence for one connection: the PTR side from `begin`, an EHLO side per name. Nothing here rejects. */
export interface GatherPort {
  /** `heard`: told each answer as it comes. */
  begin(client: string | Address, options: { readonly fresh: boolean; readonly heard?: (answer: Answer) => void }): Gathering
}

export interface Gathering {
  /** Settles when PTR and the lookups of the PTR names are done (or their 8 s are over). */
  ptrSide(): Promise<Evidence>
  /** Settles when both sides are done for this EHLO name; asking again for the same name costs nothing. */
  ehloSide(name: string): Promise<Evidence>
  /** The connection is gone; what is under way may be finished for the cache. */
  stop(): void
}

// ---------------------------------------------------------------- backend

/** RFC 5321 §4.2: one reply; lines joined, code as received. `enhanced` (RFC 3463) if it had one. */
export interface BackendReply {
  readonly code: number
  readonly enhanced: string | null
  readonly text: string
}

/** What became of a command: the backend's own reply; or why there is none (then the client hears 451). */
export type BackendOutcome =
  | { readonly kind: 'reply'; readonly reply: BackendReply }
  | { readonly kind: 'failed'; readonly why: string }

export type BackendCapabilities = EhloCapabilities

/** Whom the backend should see. */
export type ClientIdentity = XclientIdentity

export interface BackendPort {
  /** As last probed (remembered while the backend is down); null before the first success. */
  capabilities(): BackendCapabilities | null
  /** Whether the last contact succeeded, and since when not. */
  health(): { readonly up: boolean; readonly since: number; readonly why: string | null; readonly latencyMs: number | null }
  /** Opens a connection of its own for this client; banner, EHLO, STARTTLS and identity are done when it settles. */
  connect(identity: ClientIdentity): Promise<{ readonly kind: 'open'; readonly session: BackendSession } | { readonly kind: 'failed'; readonly why: string }>
  close(): void
}

/** One client's transaction with the backend. After a `failed` outcome the session is dead; `abort` is idempotent. */
export interface BackendSession {
  /** `parameters` as ESMTP keyword=value texts, already validated; those the backend lacks are left out by it. */
  mail(reversePath: string, parameters: readonly string[]): Promise<BackendOutcome>
  rcpt(forwardPath: string, parameters: readonly string[]): Promise<BackendOutcome>
  data(): Promise<BackendOutcome>
  /** Dot-stuffed wire bytes after 354, without the final dot. False: wait for `drained`. */
  write(wire: Uint8Array): boolean
  drained(): Promise<void>
  /** Sends the final dot and waits for its reply, up to 10 min. */
  finish(): Promise<BackendOutcome>
  rset(): Promise<BackendOutcome>
  /** QUIT, politely, in the background. */
  quit(): void
  /** Drops the connection; within DATA no dot has been or will be sent. */
  abort(): void
}

// ---------------------------------------------------------------- lists

export interface RuleMatch {
  readonly ban: Rule | null
  readonly allow: Rule | null
}

export type RuleInput = {
  readonly kind: RuleKind
  /** As typed; canonicalised, and refused with a reason if it cannot be a scope. */
  readonly scope: string
  /** ms from now; null: for good; undefined: the default (a ban 4 days, an entry of the whitelist for good). */
  readonly forMs?: number | null
  readonly reason: string
  readonly by: Rule['by']
  /** When it was made, ms since 1970 (default: now): the rules of one import are all made at once. */
  readonly at?: number
}

/** Whitelist and bans: in memory, written through to the store before a change is acknowledged. */
export interface RulesPort {
  /** By address and network; expired ones never match. `by hand`: without the automatic bans (observe mode). */
  match(client: Address, bans?: 'all' | 'by hand'): RuleMatch
  /** Whether whitelist entries by verified name exist. */
  hasNames(): boolean
  /** The whitelist entry that one of these verified names matches. */
  matchName(verifiedNames: readonly string[]): Rule | null
  hit(rule: Rule): void
  list(): readonly Rule[]
  add(input: RuleInput): Promise<{ readonly ok: true; readonly rule: Rule } | { readonly ok: false; readonly problem: string }>
  /** `within`: the scope is no rule itself, but lies inside this banned network. */
  remove(kind: RuleKind, scope: string): Promise<{ readonly ok: true; readonly rule: Rule } | { readonly ok: false; readonly problem: string; readonly within: Rule | null }>
  /** A rule as it was, with its who, since and hits (an undo, an edit); for what is left of its time. */
  restore(rule: Rule): Promise<{ readonly ok: true; readonly rule: Rule } | { readonly ok: false; readonly problem: string }>
  onChange(listener: () => void): () => void
}

// ---------------------------------------------------------------- journal

/** CONTRACT's filters of `porch sessions`; all given ones must hold. */
export interface SessionFilter {
  readonly client?: string
  readonly name?: string
  readonly rcpt?: string
  readonly sender?: string
  readonly disposition?: string
  readonly finding?: string
  readonly since?: string
  /** The console's search field, as it was understood. Where nothing is found it is taken a step wider (`wider`). */
  readonly search?: Search
  /** Only sessions older than this id (paging). */
  readonly before?: string
  readonly limit: number
}

/** The SMTP path only ever calls `record`, which never waits: the queue is bounded, and what it drops is counted. */
export interface JournalPort {
  record(entry: JournalEntry): void
  stats(): { readonly queued: number; readonly written: number; readonly dropped: number; readonly bytes: number | null; readonly trouble: string | null }
}

export type SenderSort = 'refused' | 'last' | 'attempts' | 'refusals'

/** Which senders; all given conditions must hold. */
export interface SenderQuery {
  readonly sort: SenderSort
  readonly standing?: Standing
  readonly finding?: Finding
  /** Seen at or after, ms. */
  readonly since?: number
  /** First seen at or after, ms. */
  readonly newSince?: number
  /** Those of the sessions it finds, and those whose domain it names. */
  readonly search?: Search
  /** Where the page before ended (`next`). */
  readonly after?: string
  readonly limit: number
}

export interface SenderPage {
  readonly senders: readonly Sender[]
  /** Where the next page begins; null: this is the last. */
  readonly next: string | null
  /** How many there are in all. */
  readonly total: number
  /** Sessions that are not counted yet (a journal of an older version, or a burst); 0: all are. */
  readonly uncounted: number
  /** No session is what the search asks for: these were found a step wider. */
  readonly widened: boolean
}

/** Sessions that began in this span (ISO; `until` is outside), judged anew. */
export interface WhatIfSpec {
  readonly from: string
  readonly until: string
  /** Whose mail was accepted is looked for from here on. */
  readonly acceptedFrom: string
  readonly terms: WhatIfTerms
  readonly list: WhatIfList
}

/** Whom to tell of, and how many at most: nobody; whom each rule set refuses (`limit` of each); who changes sides under one. */
export type WhatIfList =
  | { readonly kind: 'none' }
  | { readonly kind: 'refused'; readonly limit: number }
  | { readonly kind: 'changing'; readonly rules: RuleSet; readonly limit: number }

export interface WhatIfFound {
  readonly counts: WhatIfCounts
  /** Each sender once, in no order. */
  readonly senders: readonly WhatIfSender[]
}

/** Sessions that began in this span (ms since 1970; `until` is outside). `refusedOnly`: the counts are of refused ones alone, and cheaper. */
export interface SurveySpec {
  readonly from: number
  readonly until: number
  readonly refusedOnly: boolean
}

export interface WhatIfOptions {
  readonly onProgress?: (done: number, total: number) => void
  /** Gives up; the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal
}

/** What named a mail address before it was forgotten: ids of notices; rules as "ban 192.0.2.1". `values`: small settings of the console. */
export interface ForgetFound {
  readonly sessions: number
  readonly notices: readonly string[]
  readonly rules: readonly string[]
  readonly values: number
}

export interface StoreIntegrity {
  /** False: not tested, for its size. */
  readonly tested: boolean
  /** The first thing that is wrong, in SQLite's words. */
  readonly damage: string | null
}

/** Of the database, and of its write-ahead log beside it. */
export interface StoreSizes extends Sizes {
  readonly bytes: number
  readonly logBytes: number
}

export type ConductRow = readonly [kind: 'strikes' | 'accepted', scope: string, value: string | null]

export interface StorePort extends JournalPort {
  /** Newest first. Waits until what was recorded before this call is written. */
  sessions(filter: SessionFilter): Promise<readonly SessionRecord[]>
  entry(id: string): Promise<JournalEntry | null>
  /** Who sends or tries to; includes what was recorded before this call, but for `uncounted` sessions. */
  senders(query: SenderQuery): Promise<SenderPage>
  /** By its key, or by an address that is one of its own. */
  sender(key: string): Promise<Sender | null>
  /** Accepted or whitelisted senders inside a network within the last `days`, most mail first, at most `most` (100): whom a ban would hit. */
  acceptedWithin(network: string, days: number, most?: number): Promise<readonly { readonly client: string; readonly name: string | null; readonly sessions: number }[]>
  /** Takes a mail address (as `readForgettable` reads it) out of all that is stored, and wipes it from the files. In steps. */
  forget(address: string, onProgress?: (done: number, total: number) => void): Promise<ForgetFound>
  sizes(): Promise<StoreSizes>
  /** The database's own test of its structure. A large one is not tested: writes would wait for it. */
  integrity(): Promise<StoreIntegrity>
  /** Figures of a span by the calendar of the gate's zone; includes what was recorded before this call, but for `uncounted` sessions. */
  report(span: Span): Promise<ReportFigures>
  /** How many sessions of each disposition since a time (ISO), for the status strip. */
  counts(since: string): Promise<Readonly<Record<string, number>>>
  loadRules(): Promise<readonly Rule[]>
  /** In steps, so that nothing else waits for it. */
  whatIf(spec: WhatIfSpec, options?: WhatIfOptions): Promise<WhatIfFound>
  /** What happened, and who may be worth a notice; in steps, so that nothing else waits for it. */
  survey(spec: SurveySpec): Promise<Surveyed>
  putRule(rule: Rule): Promise<void>
  deleteRule(kind: RuleKind, scope: string): Promise<void>
  addHits(hits: readonly { readonly kind: RuleKind; readonly scope: string; readonly hits: number; readonly minute: number }[]): Promise<void>
  /** Small durable values (mode override, grace starts); JSON. */
  get(key: string): Promise<unknown>
  put(key: string, value: unknown): Promise<void>
  /** First would-be refusal of a network in grace mode, ms; written once. */
  graceStarts(): Promise<ReadonlyMap<string, number>>
  putGraceStart(network: string, at: number): Promise<void>
  /** Hits since `from` (ms since 1970, a whole hour) for each of the scopes, in their order: pairs of the hour's beginning (ms) and the count. */
  hitHistory(rules: readonly { readonly kind: RuleKind; readonly scope: string }[], from: number): Promise<readonly (readonly (readonly [hour: number, hits: number])[])[]>
  /** What is remembered of client scopes (strikes, accepted mail), one JSON text each. */
  loadConduct(): Promise<readonly ConductRow[]>
  /** All of them or none; null: forgotten. */
  putConduct(rows: readonly ConductRow[]): Promise<void>
  /** Notices by id, one JSON text each. */
  loadNotices(): Promise<ReadonlyMap<string, string>>
  /** The bytes that are sent, as text (they are ASCII); null if there is no such notice. */
  noticeMessage(id: string): Promise<string | null>
  /** On disk when it settles. `message` null: as it is. */
  putNotice(id: string, value: string, message: string | null): Promise<void>
  deleteNotice(id: string): Promise<void>
  backup(file: string): Promise<void>
  close(): Promise<void>
}

// ---------------------------------------------------------------- registries

/** What a registry says, or why it is not known (one sentence fit to be shown). */
export type RegistryLookup<T> = ({ readonly known: true } & T) | { readonly known: false; readonly why: string }

/** RDAP (RFC 9082, 9083): to whom a network or domain is registered. Never rejects; answers are bounded and kept for a day. */
export interface RdapPort {
  /** `address`: canonical. The smallest registered network that holds it. */
  network(address: string): Promise<RegistryLookup<RegisteredNetwork>>
  /** `name`: a registrable domain, canonical. */
  domain(name: string): Promise<RegistryLookup<RegisteredDomain>>
  close(): void
}

// ---------------------------------------------------------------- secrets

/** The desktop's keyring. Headless gates have none. Both throw if it does not work after all. */
export interface SealPort {
  /** False: there is none, or one that keeps nothing secret. */
  available(): boolean
  seal(secret: string): Uint8Array
  open(sealed: Uint8Array): string
}

// ---------------------------------------------------------------- settings, alarms, the gate

/** The settings in force with everything filled in that depends on the machine. Read anew for each connection. */
export interface EffectiveSettings extends Settings {
  readonly hostname: string
  /** Whole paths. */
  readonly tls: { readonly cert: string; readonly key: string } | undefined
  /** Without `listen`: another machine serves it. */
  readonly helpPage: { readonly listen?: string; readonly url: string } | undefined
  readonly listen: string[]
  readonly dns: Settings['dns'] & { readonly servers: string[]; readonly canary: string[] }
  readonly policy: Settings['policy'] & { readonly exempt: string[] }
  readonly practice: boolean
  /** `domains` and the lines of `domainsFile`. */
  readonly allDomains: readonly string[]
}

export interface SettingsPort {
  current(): EffectiveSettings
  onChange(listener: (settings: EffectiveSettings) => void): () => void
  /** The mode in force: the settings' one, or a temporary one with its end (ms). */
  mode(): { readonly mode: Mode; readonly until: number | null }
  /** Whether it returns by itself: a mode for a while does, unless it is the one that holds for good. */
  setMode(mode: Mode, forMs: number | null): Promise<boolean>
}

/** The file behind the settings, for whoever edits it. */
export interface SettingsSource {
  readonly file: string
  /** Named with --config: then it must exist at a start. */
  readonly named: boolean
  /** The copy of the last settings that worked. */
  readonly lastGoodFile: string
  /** The JSON that the gate runs with. */
  running(): SettingsJson
  /** Top-level keys whose change waits for the next start. */
  waiting(): readonly string[]
  /** Takes over what is in the file now. */
  reload(): void
  /** Ends a temporary mode. */
  endTemporaryMode(): void
  /** One change of the file after the other. */
  alone<T>(work: () => Promise<T>): Promise<T>
}

/** Alarms as they come and go: one that is new (or whose text changed), or the code of one that cleared. */
export interface AlarmsFeed extends AlarmsPort {
  onChange(listener: (raised: Alarm | null, cleared: string | null) => void): () => void
}

export interface AlarmsPort {
  raise(code: string, severity: Alarm['severity'], text: string): void
  clear(code: string): void
  list(): readonly Alarm[]
}

/** What the rest may know of the running gate. */
export interface GatePort {
  /** Listening addresses, "host:port". */
  readonly addresses: readonly string[]
  openConnections(): number
  /** Mail transactions (from MAIL to the reply to the dot) under way. */
  underWay?(): number
  /** How many connections there may be at once, whether the system's limit of open files decides that, and whether deadlines are short now. */
  room(): { readonly most: number; readonly byDescriptors: boolean; readonly underLoad: boolean }
  /** Sessions under way as they stand now (`disposition` provisional), newest first, at most `limit`. */
  openSessions(limit: number): readonly SessionRecord[]
  counters(): Readonly<Record<string, number>>
  /** Stops accepting, 421 to the idle, waits for transactions up to `graceMs`, then drops the rest. */
  stop(graceMs: number): Promise<void>
}
