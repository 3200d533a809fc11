/**
 * The canary's rounds (POLICY, Disposition 6): asks the resolver what is known and one name that cannot exist, every 30 s and at once
 * when the temporary rate jumps; says in an alarm that the shop's own DNS is sick, and takes it back by itself.
 * Promises: one round at a time, over within 8 s; red is known within a minute; an empty list of names asks nothing; nothing here throws.
 */
import { randomBytes } from 'node:crypto'
import { JUMP_MS, afterRound, newCanary, nextRound, temporaryRate } from '../../shared/dns/canary.ts'
import type { CanaryRound, CanaryState, Grade, Grades } from '../../shared/dns/canary.ts'
import { ptrQuestion } from '../../shared/dns/plan.ts'
import type { Answer, Question } from '../../shared/dns/answer.ts'
import { DEFAULT_EXEMPT } from '../../shared/config.ts'
import { canonicalName } from '../../shared/net/domain.ts'
import { contains, parseAddress, parseNetwork } from '../../shared/net/ip.ts'
import type { AlarmsPort, CanaryPort, Clock, DnsStats, ResolverPort, SettingsPort } from '../ports.ts'

/** An answer that comes later than a whole gathering may take is none. */
const ROUND_MS = 8000
const TICK_MS = 1000
const MAX_NAMES = 20
const NOT_PUBLIC = DEFAULT_EXEMPT.map(parseNetwork).filter((network) => network !== null)

/**
 * Where the name that cannot exist is made up. Not `.invalid` and the like: resolvers deny those themselves (RFC 6761), so a lie further
 * up is never heard. Not beside the names that are asked: a shop's zone may have a wildcard. `.com` has none, is asked of the resolver's
 * own upstream each time, and is what those who answer for missing names answer for. The label says what it is, should someone see it in a log.
 */
const NOWHERE = 'com'

/** What is known of the name servers that are asked; kept over restarts. Of other ones it is worth nothing. */
export interface CanaryMemory {
  readonly servers: string
  readonly hostname: string
  /** The name of the gate's own PTR; null: not found yet. */
  readonly ownPtr: string | null
  readonly best: Grades
}

export interface CanaryDeps {
  readonly resolver: Pick<ResolverPort, 'resolve' | 'stats' | 'forgetAll'>
  readonly clock: Clock
  readonly settings: Pick<SettingsPort, 'current'>
  readonly alarms: Pick<AlarmsPort, 'raise' | 'clear'>
  /** As it was handed to `remember` by an earlier run; null: nothing, or nothing that can be used. */
  readonly remembered?: CanaryMemory | null
  /** Told when there is more to remember. Never waited for. */
  readonly remember?: (memory: CanaryMemory) => void
  /** A label that nobody has registered. */
  readonly random?: () => string
  /** Calls back now and then (default: every second). Returns how to end that. */
  readonly ticker?: (tick: () => void) => () => void
}

export interface Canary extends CanaryPort {
  close(): void
}

/** Starts with a round at once. */
export function createCanary(deps: CanaryDeps): Canary {
  return new Rounds(deps)
}

class Rounds implements Canary {
  readonly #deps: CanaryDeps
  readonly #random: () => string
  readonly #endTicks: () => void
  /** Null: off. */
  #state: CanaryState | null = null
  /** What the state is about; another one begins anew. */
  #names: readonly string[] = []
  #hostname = ''
  #servers = ''
  /** The gate's own PTR, once it has been found. */
  #ownPtr: Question | null = null
  #underWay: AbortController | null = null
  #startedAt = -Infinity
  #dueAt = -Infinity
  #jumped = false
  /** The resolver's counts when the count of answers began. */
  #counted: DnsStats['queries']
  readonly #rounds = { good: 0, bad: 0 }

  constructor(deps: CanaryDeps) {
    this.#deps = deps
    this.#random = deps.random ?? (() => `porch-canary-${randomBytes(8).toString('hex')}`)
    this.#counted = deps.resolver.stats().queries
    this.#tick()
    this.#endTicks = (deps.ticker ?? everySecond)(() => { this.#tick() })
  }

  isRed(): boolean {
    return this.#state !== null && this.#state.sick !== null
  }

  health(): ReturnType<CanaryPort['health']> {
    const state = this.#state
    const rounds = { ...this.#rounds }
    if (state === null) return { state: 'off', since: null, why: null, known: 0, rounds }
    return { state: state.sick === null ? 'green' : 'red', since: state.since, why: state.sick?.text ?? null, known: state.knownGood, rounds }
  }

  close(): void {
    this.#endTicks()
    this.#underWay?.abort()
  }

  #tick(): void {
    this.#followSettings()
    if (this.#state === null) return
    this.#lookAtRate()
    if (this.#underWay !== null) return
    const now = this.#deps.clock.monotonic()
    if (now >= this.#dueAt || (this.#jumped && now - this.#startedAt >= JUMP_MS)) void this.#round(this.#state.sick === null)
  }

  #followSettings(): void {
    const { dns, hostname } = this.#deps.settings.current()
    const names = [...new Set(dns.canary.slice(0, MAX_NAMES).map(canonicalName))]
    const servers = dns.servers.join()
    if (names.join() === this.#names.join() && hostname === this.#hostname && servers === this.#servers) return
    this.#underWay?.abort()
    this.#underWay = null
    this.#names = names
    this.#hostname = hostname
    this.#servers = servers
    const memory = this.#memory()
    this.#ownPtr = memory?.ownPtr == null ? null : { name: memory.ownPtr, type: 'PTR' }
    this.#dueAt = -Infinity
    this.#state = names.length === 0 ? null : newCanary(this.#deps.clock.now(), memory?.best)
    this.#deps.alarms.clear('canary')
  }

  /** What is remembered of the name servers and of the name that are asked now. */
  #memory(): CanaryMemory | null {
    const { remembered } = this.#deps
    return remembered?.servers === this.#servers && remembered.hostname === this.#hostname ? remembered : null
  }

  #lookAtRate(): void {
    const { queries } = this.#deps.resolver.stats()
    const since = { ...queries }
    for (const status of Object.keys(since) as (keyof typeof since)[]) since[status] -= this.#counted[status]
    const rate = temporaryRate(since)
    if (rate === 'unknown') return
    this.#counted = queries
    this.#jumped ||= rate === 'jumped'
  }

  async #round(lookForOurselves: boolean): Promise<void> {
    const { clock } = this.#deps
    const underWay = new AbortController()
    this.#underWay = underWay
    this.#startedAt = clock.monotonic()
    const deadline = this.#startedAt + ROUND_MS
    const found = this.#ownPtr === null && lookForOurselves ? this.#findOwnPtr(deadline) : null
    const questions: Question[] = [...this.#names.map((name): Question => ({ name, type: 'A' })), ...(this.#ownPtr === null ? [] : [this.#ownPtr])]
    const [invented, ...known] = await Promise.all([this.#inventedName(), ...questions].map((question) => this.#ask(question, deadline, true)))
    const ownPtr = await found
    if (underWay.signal.aborted) return
    this.#underWay = null
    const news = this.#ownPtr === null && ownPtr !== null
    this.#ownPtr ??= ownPtr
    if (invented !== undefined) this.#take({ known, invented }, news)
  }

  /** `news`: there is something to remember in any case. */
  #take(round: CanaryRound, news: boolean): void {
    const { clock, alarms, resolver } = this.#deps
    if (this.#state === null) return
    const state = afterRound(this.#state, round, clock.now())
    // Lies told before the end, and before the beginning was noticed, are in the cache.
    if (this.isRed() && state.sick === null) resolver.forgetAll()
    const learned = Object.entries(state.best).some(([question, grade]) => grade !== this.#state?.best[question])
    this.#state = state
    if (news || learned) this.#deps.remember?.({ servers: this.#servers, hostname: this.#hostname, ownPtr: this.#ownPtr?.name ?? null, best: state.best })
    this.#rounds[state.failing || state.sick !== null ? 'bad' : 'good'] += 1
    this.#dueAt = (state.failing || state.sick !== null ? clock.monotonic() : this.#startedAt) + nextRound(state)
    // What came before this round is told by it; our own questions are no jump.
    this.#jumped = false
    this.#counted = resolver.stats().queries
    if (state.sick === null) alarms.clear('canary')
    else alarms.raise('canary', 'critical', state.sick.text)
  }

  #inventedName(): Question {
    return { name: `${this.#random()}.${NOWHERE}`, type: 'A' }
  }

  #ask(question: Question, deadline: number, fresh: boolean): Promise<Answer> {
    return this.#deps.resolver.resolve(question, { deadline, fresh })
  }

  /** The PTR of the address that the gate's hostname leads to, if both are there and the address is one of the Internet's. */
  async #findOwnPtr(deadline: number): Promise<Question | null> {
    if (!this.#hostname.includes('.')) return null
    const ours = await this.#ask({ name: canonicalName(this.#hostname), type: 'A' }, deadline, false)
    const address = parseAddress(ours.records[0] ?? '')
    if (address === null || NOT_PUBLIC.some((network) => contains(network, address))) return null
    const question = ptrQuestion(address)
    const { status } = await this.#ask(question, deadline, false)
    return status === 'found' ? question : null
  }
}

function everySecond(tick: () => void): () => void {
  const timer = setInterval(tick, TICK_MS).unref()
  return () => { clearInterval(timer) }
}

/** A stored value; null for one that is none (damaged, or of another program). */
export function readCanaryMemory(value: unknown): CanaryMemory | null {
  if (typeof value !== 'object' || value === null) return null
  const { servers, hostname, ownPtr, best } = value as Partial<Record<keyof CanaryMemory, unknown>>
  if (typeof servers !== 'string' || typeof hostname !== 'string' || (ownPtr !== null && typeof ownPtr !== 'string') || typeof best !== 'object' || best === null) return null
  const grades = Object.entries(best).filter((entry): entry is [string, Grade] => [0, 1, 2, 3].includes(entry[1] as number))
  return { servers, hostname, ownPtr, best: Object.fromEntries(grades) }
}
