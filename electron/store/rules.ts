/**
 * Bans and whitelist in memory, written through to the store before a change is acknowledged; an automatic ban, which nobody
 * waits for, holds at once. Matching never waits and costs the same with ten rules or a million. What the admin decided is
 * never replaced by an automatic ban. A step of the system clock neither frees anyone nor bans for ever.
 */
import type { Rule, RuleKind } from '../../shared/events.ts'
import { parseScope, readScope } from '../../shared/gate/scope.ts'
import type { Scope } from '../../shared/gate/scope.ts'
import { PrefixMap } from '../../shared/gate/prefixes.ts'
import { canonicalName } from '../../shared/net/domain.ts'
import { visibleText } from '../../shared/net/safetext.ts'
import type { AlarmsPort, Clock, RuleInput, RulesPort, StorePort } from '../ports.ts'
import { messageOf } from '../settingsfile.ts'
import { createTrustedClock } from '../trustedclock.ts'

/** A sender's usual queue life (POLICY, Bans). */
const DEFAULT_BAN_MS = 4 * 86_400_000
const FLUSH_HITS_MS = 2000
const SWEEP_MS = 60_000
const SWEEP_RULES = 500
/** A rule made this far in the future was made under a wrong clock: it keeps its length, counted from now. */
const FUTURE_MS = 300_000
const MAX_REASON = 500
/** Where the last time that the gate believed is kept. */
const SEEN = 'clock'
/** Nobody's gate is off for longer than this: then its clock is wrong, and rules keep the time that they had left. */
const ABSENT_MS = 90 * 86_400_000

/** A rule in force; `expires` on the trusted clock, null for good. */
interface Item {
  readonly rule: Rule
  readonly scope: Scope
  readonly expires: number | null
  hits: number
  /** ms since 1970 by the wall clock; null: never run into. */
  lastHit: number | null
}

export interface Rules extends RulesPort {
  /** Told of every scope that was whitelisted or unbanned: strikes within are over (POLICY, Bans). */
  onForgiven(listener: (scope: Scope) => void): () => void
  /** Writes the hits counted so far. */
  flush(): Promise<void>
  close(): Promise<void>
}

export interface RulesDeps {
  readonly store: Pick<StorePort, 'loadRules' | 'putRule' | 'deleteRule' | 'addHits' | 'get' | 'put'>
  readonly clock: Clock
  readonly alarms?: AlarmsPort
}

export async function createRules(deps: RulesDeps): Promise<Rules> {
  const { store, clock } = deps
  const trusted = createTrustedClock(clock, (jump) => {
    const hours = Math.round(jump / 360_000) / 10
    deps.alarms?.raise('clock-step', 'warning', `The system clock jumped by ${hours} hours. Bans keep their remaining time; check the clock.`)
  })
  const items = { ban: new Map<string, Item>(), allow: new Map<string, Item>() }
  const networks = { ban: new PrefixMap<Item>(), allow: new PrefixMap<Item>() }
  const names = new Map<string, Item>()
  const pendingHits = new Map<string, { readonly kind: RuleKind; readonly scope: string; readonly minute: number; hits: number }>()
  const listeners = new Set<() => void>()
  const forgivers = new Set<(scope: Scope) => void>()
  /** Scopes that the admin is just changing, with how many changes: an automatic ban keeps out of their way. */
  const changing = new Map<string, number>()

  const all = () => [...items.ban.values(), ...items.allow.values()]
  const live = (item: Item) => item.expires === null || item.expires > trusted.now()
  const get = (kind: RuleKind, scope: string) => {
    const item = items[kind].get(scope)
    return item !== undefined && live(item) ? item : null
  }
  const forget = (item: Item) => {
    items[item.rule.kind].delete(item.rule.scope)
    if (item.scope.kind === 'network') networks[item.rule.kind].delete(item.scope.network)
    else names.delete(item.scope.text)
  }
  const keep = (rule: Rule, scope: Scope, expires: number | null) => {
    const item = { rule, scope, expires, hits: rule.hits, lastHit: rule.lastHit === undefined ? null : Date.parse(rule.lastHit) }
    items[rule.kind].set(rule.scope, item)
    if (scope.kind === 'network') networks[rule.kind].set(scope.network, item)
    else names.set(scope.text, item)
  }
  const tell = () => {
    for (const listener of listeners) listener()
  }

  const started = trusted.now()
  const seen = await store.get(SEEN).catch(() => null)
  const ahead = typeof seen === 'number' && started - seen > ABSENT_MS ? { seen, ms: started - seen } : null
  const moved: Rule[] = []
  for (const stored of await store.loadRules()) {
    const scope = readScope(stored.kind, stored.scope)
    if (scope === null) continue
    const rule = ahead === null ? stored : movedOn(stored, ahead)
    if (rule !== stored) moved.push(rule)
    keep(rule, scope, expiryOf(rule, started, typeof seen === 'number' ? seen : started))
  }
  let believed = ahead === null
  const beat = () => store.put(SEEN, Math.round(trusted.now())).catch(() => undefined)
  if (ahead !== null) {
    deps.alarms?.raise('clock-step', 'warning', `The system clock is ${Math.round(ahead.ms / 86_400_000)} days ahead of when this gate last ran. Bans keep the time that they had left; check the clock.`)
    // The clock is believed once all are written: what comes between is done again at the next start.
    void Promise.all(moved.map((rule) => store.putRule(rule))).then(() => {
      believed = true
      return beat()
    }, () => undefined)
  } else void beat()

  const flush = async () => {
    if (pendingHits.size === 0) return
    const batch = [...pendingHits.values()]
    pendingHits.clear()
    // Counts are worth a try, not an alarm of their own: the store raises one when it cannot write.
    await store.addHits(batch).catch(() => undefined)
  }
  const sweep = async () => {
    if (believed) void beat()
    const over = all().filter((item) => !live(item)).slice(0, SWEEP_RULES)
    for (const item of over) forget(item)
    if (over.length > 0) tell()
    await Promise.all(over.map((item) => store.deleteRule(item.rule.kind, item.rule.scope).catch(() => undefined)))
  }
  const timers = [setInterval(() => void flush(), FLUSH_HITS_MS), setInterval(() => void sweep(), SWEEP_MS)]
  for (const timer of timers) timer.unref()

  const forgive = (scope: Scope) => {
    for (const forgiver of forgivers) forgiver(scope)
  }
  const whileChanging = async <T>(scope: Scope, work: () => Promise<T>): Promise<T> => {
    changing.set(scope.text, (changing.get(scope.text) ?? 0) + 1)
    try {
      return await work()
    } finally {
      const left = (changing.get(scope.text) ?? 1) - 1
      if (left > 0) changing.set(scope.text, left)
      else changing.delete(scope.text)
    }
  }
  const take = async (item: Item) => {
    await store.deleteRule(item.rule.kind, item.rule.scope)
    forget(item)
  }

  const add = async (input: RuleInput): ReturnType<RulesPort['add']> => {
    const parsed = parseScope(input.kind, input.scope)
    if (!parsed.ok) return parsed
    const { scope } = parsed
    const forMs = input.forMs === undefined ? (input.kind === 'ban' ? DEFAULT_BAN_MS : null) : input.forMs
    const now = input.at ?? clock.now()
    const rule: Rule = {
      kind: input.kind,
      scope: scope.text,
      reason: plainReason(input.reason),
      by: input.by,
      since: new Date(now).toISOString(),
      until: forMs === null ? null : new Date(Math.min(now + forMs, 8.64e15)).toISOString(),
      hits: 0,
    }
    return input.by === 'auto' && input.kind === 'ban' ? banAtOnce(rule, scope, forMs) : whileChanging(scope, () => addByHand(rule, scope, forMs))
  }

  const banAtOnce = async (rule: Rule, scope: Scope, forMs: number | null): ReturnType<RulesPort['add']> => {
    const there = get('ban', scope.text)
    if (there?.rule.by === 'admin' || changing.has(scope.text)) return { ok: false, problem: `${scope.text} is the admin's` }
    const expires = forMs === null ? null : trusted.now() + forMs
    if (there !== null && (there.expires === null || (expires !== null && there.expires >= expires))) return { ok: true, rule: withHits(there) }
    keep(rule, scope, expires)
    tell()
    try {
      await store.putRule(rule)
      deps.alarms?.clear('ban-store')
      return { ok: true, rule }
    } catch (error) {
      deps.alarms?.raise('ban-store', 'warning', `An automatic ban of ${scope.text} holds, but could not be stored and would be lost at a restart: ${messageOf(error)}`)
      return { ok: false, problem: `the ban holds until the next start, but could not be stored: ${messageOf(error)}` }
    }
  }

  const addByHand = async (rule: Rule, scope: Scope, forMs: number | null): ReturnType<RulesPort['add']> => {
    try {
      await store.putRule(rule)
      // The whitelist lifts an automatic ban of exactly that scope (POLICY, Bans); a wider one stays, with this exception.
      const banned = rule.kind === 'allow' ? get('ban', scope.text) : null
      if (banned?.rule.by === 'auto') await take(banned)
    } catch (error) {
      return { ok: false, problem: `the rule could not be stored: ${messageOf(error)}` }
    }
    keep(rule, scope, forMs === null ? null : trusted.now() + forMs)
    if (rule.kind === 'allow') forgive(scope)
    tell()
    return { ok: true, rule }
  }

  const restore = async (rule: Rule): ReturnType<RulesPort['restore']> => {
    const parsed = parseScope(rule.kind, rule.scope)
    if (!parsed.ok) return parsed
    const { scope } = parsed
    const forMs = rule.until === null ? null : Date.parse(rule.until) - clock.now()
    if (forMs !== null && !(forMs > 0)) return { ok: false, problem: `the time of ${scope.text} is over` }
    return whileChanging(scope, () => addByHand({ ...rule, scope: scope.text, reason: plainReason(rule.reason) }, scope, forMs))
  }

  const remove = async (kind: RuleKind, typed: string): ReturnType<RulesPort['remove']> => {
    const parsed = parseScope(kind, typed)
    if (!parsed.ok) return { ...parsed, within: null }
    const { scope } = parsed
    const item = get(kind, scope.text)
    if (item === null) {
      const around = scope.kind === 'network' ? networks[kind].find(scope.network.address, live, scope.network.prefix) : null
      return { ok: false, problem: absence(kind, scope.text, around?.rule ?? null), within: around?.rule ?? null }
    }
    try {
      await whileChanging(scope, () => take(item))
    } catch (error) {
      return { ok: false, problem: `the change could not be stored: ${messageOf(error)}`, within: null }
    }
    if (kind === 'ban') forgive(scope)
    tell()
    return { ok: true, rule: withHits(item) }
  }

  return {
    match(client, bans = 'all') {
      const ban = networks.ban.find(client, bans === 'all' ? live : (item) => item.rule.by === 'admin' && live(item))
      const allow = networks.allow.find(client, live)
      return { ban: ban?.rule ?? null, allow: allow?.rule ?? null }
    },
    hasNames() {
      for (const item of names.values()) if (live(item)) return true
      return false
    },
    matchName(verifiedNames) {
      if (names.size === 0) return null
      for (const verified of verifiedNames) {
        for (const scope of scopesOf(canonicalName(verified))) {
          const item = names.get(scope)
          if (item !== undefined && live(item)) return item.rule
        }
      }
      return null
    },
    hit(rule) {
      const item = items[rule.kind].get(rule.scope)
      if (item === undefined) return
      item.hits++
      item.lastHit = clock.now()
      const minute = Math.floor(item.lastHit / 60_000)
      const key = `${minute} ${rule.kind} ${rule.scope}`
      const counted = pendingHits.get(key)
      if (counted === undefined) pendingHits.set(key, { kind: rule.kind, scope: rule.scope, minute, hits: 1 })
      else counted.hits++
    },
    list: () => all().filter(live).map(withHits),
    add,
    restore,
    remove,
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    onForgiven(listener) {
      forgivers.add(listener)
      return () => forgivers.delete(listener)
    },
    flush,
    async close() {
      for (const timer of timers) clearInterval(timer)
      await flush()
      // What is over must not come back with the next start's clock.
      await sweep()
      if (believed) await beat()
    },
  }
}

function withHits(item: Item): Rule {
  return item.hits === item.rule.hits || item.lastHit === null ? item.rule : { ...item.rule, hits: item.hits, lastHit: new Date(item.lastHit).toISOString() }
}

/** One line, bounded, with no control octets, which move a terminal's cursor: reasons come from lists of others, too, and go into exports. */
function plainReason(text: string): string {
  return text.replace(/[\t\r\n]+/g, ' ').replace(/\p{Cc}/gu, (char) => visibleText(char)).slice(0, MAX_REASON)
}

/** "a.b.example" is matched by itself, then ".b.example", ".example": the most specific first. */
function* scopesOf(name: string): Generator<string> {
  yield name
  for (let dot = name.indexOf('.'); dot !== -1; dot = name.indexOf('.', dot + 1)) yield name.slice(dot)
}

/** A rule that was in force when the gate last ran keeps what it had left; one made under the clock of now stays. */
function movedOn(rule: Rule, { seen, ms }: { readonly seen: number; readonly ms: number }): Rule {
  const since = Date.parse(rule.since)
  if (rule.until === null || since > seen + FUTURE_MS || Date.parse(rule.until) <= seen) return rule
  const later = (at: number) => new Date(Math.min(at + ms, 8.64e15)).toISOString()
  return { ...rule, since: later(since), until: later(Date.parse(rule.until)) }
}

/** `seen`: when the gate last ran, by the clock that it believed then. */
function expiryOf(rule: Rule, now: number, seen: number): number | null {
  if (rule.until === null) return null
  const until = Date.parse(rule.until)
  const since = Date.parse(rule.since)
  if (since <= now + FUTURE_MS) return until
  return until <= seen ? now : now + (until - since)
}

function absence(kind: RuleKind, scope: string, around: Rule | null): string {
  const noun = kind === 'ban' ? 'ban' : 'whitelist entry'
  if (around === null) return `there is no ${noun} of ${scope}`
  const way = kind === 'ban' ? `unban ${around.scope}, or allow ${scope} as an exception` : `disallow ${around.scope}`
  return `there is no ${noun} of ${scope} itself, but it lies inside ${around.scope}: ${way}`
}
