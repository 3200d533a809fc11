/**
 * What-if as the console and the command line ask for it: the report over some days; what yesterday would have been like; and
 * the card that asks, after some days of observing, whether to enforce. The work is the store's, in steps beside everything else.
 */
import type { Card, CardSet, JudgedSender, WhatIfEvent, WhatIfReport, Would, WouldHaveDone } from '../../shared/api/whatif.ts'
import { byWeight } from '../../shared/gate/whatiftally.ts'
import type { BySet, WhatIfCounts, WhatIfSender } from '../../shared/gate/whatiftally.ts'
import type { RuleSet } from '../../shared/gate/verdict.ts'
import { parseAddress } from '../../shared/net/ip.ts'
import type { Clock, EffectiveSettings, RulesPort, SettingsPort, StorePort, WhatIfFound, WhatIfOptions } from '../ports.ts'
import { practisedUntil } from '../practice/period.ts'
import { withProgress } from './progress.ts'

export interface WhatIfDeps {
  readonly store: Pick<StorePort, 'whatIf' | 'get' | 'put'>
  readonly rules: Pick<RulesPort, 'match' | 'matchName'>
  readonly settings: Pick<SettingsPort, 'current' | 'mode'>
  readonly clock: Pick<Clock, 'now' | 'monotonic'>
  readonly onError: (error: unknown) => void
}

const DAY_MS = 86_400_000
/** Whose mail was accepted so many days before is a correspondent (POLICY, Bans). */
const ACCEPTED_DAYS = 30
const MOST_CHANGES = 1000
const MOST_REFUSED = 200
/** DESIGN, Live: after some days and 200 senders. */
export const NEEDED = { days: 3, senders: 200 }
const CARD_DAYS = 30
const LATER_KEY = 'card-later'
/** The card is made anew after this long, ms, or many times as long as it took. */
const FRESH_MS = { collecting: 20_000, ready: 600_000 }
const FRESH_FACTOR = 30
const TODAY_FRESH_MS = 60_000

type Terms = { readonly settings: Pick<EffectiveSettings, 'hostname' | 'allDomains'>; readonly now: number }

const iso = (ms: number) => new Date(Math.max(0, ms)).toISOString()
const perSet = <T>(make: (rules: RuleSet) => T): BySet<T> => ({ house: make('house'), standard: make('standard'), lenient: make('lenient') })

function spanOf({ settings, now }: Terms, from: number, until: number) {
  return { from: iso(from), until: iso(until), acceptedFrom: iso(Math.min(from, now - ACCEPTED_DAYS * DAY_MS)), terms: { hostname: settings.hostname, domains: settings.allDomains } }
}

/** The last `days` under other rules. Rejects when `options.signal` aborts. */
export async function whatIfReport(deps: Omit<WhatIfDeps, 'onError'>, asked: { readonly rules: RuleSet; readonly days: number }, options?: WhatIfOptions): Promise<WhatIfReport> {
  const { rules, days } = asked
  const now = deps.clock.now()
  const settings = deps.settings.current()
  // A session of this very moment belongs to it.
  const span = spanOf({ settings, now }, now - days * DAY_MS, now + 1)
  const { counts, senders } = await deps.store.whatIf({ ...span, list: { kind: 'changing', rules, limit: MOST_CHANGES } }, options)
  const changes = [...senders].sort(byWeight)
  return {
    rules, days, from: span.from, until: span.until, now: { rules: settings.policy.rules, mode: deps.settings.mode().mode },
    counts, changes: changes.map((each) => judged(deps, each)), leftOff: Math.max(0, counts.changing[rules] - changes.length),
  }
}

/** The report as a stream; when the caller goes away the work is given up. */
export async function* streamReport(deps: WhatIfDeps, asked: { readonly rules: RuleSet; readonly days: number }, signal: AbortSignal): AsyncGenerator<WhatIfEvent, void, void> {
  for await (const event of withProgress((onProgress) => whatIfReport(deps, asked, { signal, onProgress }), signal)) {
    yield event.kind === 'progress' ? event : { kind: 'result', report: event.value }
  }
}

export interface WhatIf {
  wouldHave(): Promise<WouldHaveDone>
  card(): Promise<Card>
  later(days: number): Promise<Card>
}

export function createWhatIf(deps: WhatIfDeps): WhatIf {
  const yesterday = createYesterday(deps)
  const observed = createObserved(deps)
  const card = async (): Promise<Card> => {
    const settings = deps.settings.current()
    if (settings.practice || settings.policy.mode !== 'observe' || deps.settings.mode().mode !== 'observe') return { kind: 'off' }
    const seen = await observed()
    if (seen.kind === 'looking') return seen
    const { counts, senders } = seen.found
    const days = counts.oldest === null ? 0 : Math.floor((seen.until - Date.parse(counts.oldest)) / DAY_MS)
    if (days < NEEDED.days || counts.senders < NEEDED.senders) return { kind: 'collecting', days, senders: counts.senders, needed: NEEDED }
    return {
      kind: 'ready', since: counts.oldest ?? iso(seen.until), until: iso(seen.until), days, senders: counts.senders, sessions: counts.judged,
      rules: settings.policy.rules, sets: perSet((rules) => cardSet(deps, counts, senders, rules)), laterUntil: await laterUntil(deps),
    }
  }
  return {
    wouldHave: yesterday,
    card,
    async later(days) {
      await deps.store.put(LATER_KEY, days === 0 ? null : { until: deps.clock.now() + days * DAY_MS })
      return card()
    },
  }
}

/** A day that is over is judged once; today's figures are kept for a minute. */
function createYesterday(deps: WhatIfDeps): () => Promise<WouldHaveDone> {
  let known: { readonly key: string; readonly at: number; readonly answer: Promise<WouldHaveDone> } | null = null
  const judgeDay = async (): Promise<WouldHaveDone> => {
    const settings = deps.settings.current()
    const now = deps.clock.now()
    const midnight = new Date(now).setHours(0, 0, 0, 0)
    const before = new Date(midnight - 12 * 3_600_000).setHours(0, 0, 0, 0)
    const told = async (day: WouldHaveDone['day'], from: number, until: number): Promise<WouldHaveDone> => {
      const { counts } = await deps.store.whatIf({ ...spanOf({ settings, now }, from, until), list: { kind: 'none' } })
      return { day, sessions: counts.sessions, judged: counts.judged, rules: settings.policy.rules, sets: perSet((rules) => would(counts, rules)) }
    }
    const done = await told('yesterday', before, midnight)
    return done.sessions > 0 ? done : told('today', midnight, now + 1)
  }
  return async () => {
    const settings = deps.settings.current()
    const now = deps.clock.now()
    const key = JSON.stringify([new Date(now).toDateString(), settings.hostname, settings.allDomains])
    const kept = known
    if (kept?.key === key) {
      const answer = await kept.answer.catch(() => null)
      if (answer?.day === 'yesterday' || (answer !== null && Math.abs(now - kept.at) < TODAY_FRESH_MS)) return { ...answer, rules: settings.policy.rules }
    }
    if (known === kept) known = { key, at: now, answer: judgeDay() }
    return known?.answer ?? judgeDay()
  }
}

type Seen = { readonly kind: 'looking'; readonly done: number; readonly total: number } | { readonly kind: 'seen'; readonly until: number; readonly found: WhatIfFound }

/** What was observed since practice ended, at most 30 days: looked at in the background, kept for a while. */
function createObserved(deps: WhatIfDeps): () => Promise<Seen> {
  let seen: (Seen & { readonly kind: 'seen' }) | null = null
  let key = ''
  let staleAt = 0
  let progress = { done: 0, total: 0 }
  let running: Promise<void> | null = null

  const look = async (settings: EffectiveSettings) => {
    const began = deps.clock.monotonic()
    const now = deps.clock.now()
    const from = Math.max(now - CARD_DAYS * DAY_MS, (await practisedUntil(deps.store)) ?? 0)
    const span = spanOf({ settings, now }, from, now + 1)
    // What was accepted while practising says nothing about real senders.
    const found = await deps.store.whatIf({ ...span, acceptedFrom: span.from, list: { kind: 'refused', limit: MOST_REFUSED } }, { onProgress: (done, total) => (progress = { done, total }) })
    seen = { kind: 'seen', until: now, found }
    const least = found.counts.senders >= NEEDED.senders ? FRESH_MS.ready : FRESH_MS.collecting
    staleAt = deps.clock.monotonic() + Math.max(least, (deps.clock.monotonic() - began) * FRESH_FACTOR)
  }
  return async () => {
    const settings = deps.settings.current()
    const wanted = JSON.stringify([settings.hostname, settings.allDomains])
    if (running === null && (seen === null || wanted !== key || deps.clock.monotonic() >= staleAt)) {
      key = wanted
      running = look(settings).catch(deps.onError).finally(() => (running = null))
      // A journal of usual size is through before anybody sees a progress bar.
      await Promise.race([running, new Promise((resolve) => setTimeout(resolve, 300))])
    }
    return seen ?? { kind: 'looking', ...progress }
  }
}

async function laterUntil(deps: WhatIfDeps): Promise<string | null> {
  const value = await deps.store.get(LATER_KEY)
  const until = typeof value === 'object' && value !== null && 'until' in value && typeof value.until === 'number' ? value.until : 0
  return until > deps.clock.now() ? iso(until) : null
}

function would(counts: WhatIfCounts, rules: RuleSet): Would {
  return { ...counts.sets[rules], correspondents: counts.correspondents[rules] }
}

function cardSet(deps: WhatIfDeps, counts: WhatIfCounts, senders: readonly WhatIfSender[], rules: RuleSet): CardSet {
  const refused = senders.filter((each) => each.under[rules].reject > 0).sort(byWeight).slice(0, MOST_REFUSED)
  return { ...would(counts, rules), refused: refused.map((each) => judged(deps, each)), leftOff: Math.max(0, counts.sets[rules].reject.senders - refused.length) }
}

function judged({ rules }: Pick<WhatIfDeps, 'rules'>, sender: WhatIfSender): JudgedSender {
  const address = parseAddress(sender.client)
  const byAddress = address === null ? null : rules.match(address).allow
  const byName = sender.verified && sender.name !== null ? rules.matchName([sender.name]) : null
  return { ...sender, allowed: byAddress !== null || byName !== null }
}
