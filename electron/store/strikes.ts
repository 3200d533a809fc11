/**
 * Strikes, escalation and good correspondents as the gate keeps them (POLICY, Bans): in memory, bounded, and written behind so
 * that the SMTP path never waits. A ban that is earned holds at once. What is forgotten first is what was touched longest ago.
 */
import { BLANK, GOOD_MS, asOf, banReason, forgiven, isBlank, isGood, isGoodMail, strike } from '../../shared/gate/ban.ts'
import type { BanTerms, Conduct } from '../../shared/gate/ban.ts'
import type { Earned } from '../../shared/gate/suggest.ts'
import { PrefixMap } from '../../shared/gate/prefixes.ts'
import { readScope } from '../../shared/gate/scope.ts'
import type { Scope } from '../../shared/gate/scope.ts'
import { clientScope, parseAddress } from '../../shared/net/ip.ts'
import type { Address, Network } from '../../shared/net/ip.ts'
import type { AlarmsPort, Clock, ConductRow, RulesPort, StorePort } from '../ports.ts'
import { messageOf } from '../settingsfile.ts'
import { createTrustedClock } from '../trustedclock.ts'
import type { StrikesPort } from '../gate/deps.ts'

/** Scopes remembered of each kind. */
export const MAX_SCOPES = 100_000
const FLUSH_MS = 1000
const SWEEP_MS = 600_000
const ROWS_AT_ONCE = 5000
const MAX_STRIKES = 10_000
/** Accepted mail is written down again when what stands there is this old. */
const ACCEPTED_STEP_MS = 3_600_000

export interface Strikes extends StrikesPort {
  /** Strikes and suggestions within the scope are over; the step of the escalation stays. Names have none of their own. */
  forgive(scope: Scope): void
  /** What counts of this client at present. */
  of(client: Address): Conduct
  /** Good correspondents that earned a ban, which only the admin gives. */
  earned(): readonly Earned[]
  /** Writes what is not yet written. */
  flush(): Promise<void>
  close(): Promise<void>
}

export interface StrikesDeps {
  readonly store: Pick<StorePort, 'loadConduct' | 'putConduct'>
  readonly rules: Pick<RulesPort, 'match' | 'add'>
  readonly clock: Clock
  readonly terms: () => BanTerms
  readonly observing: () => boolean
  readonly alarms: AlarmsPort
}

/** Never rejects: without what was stored it begins anew. (`rules.add` never rejects either; a ban that could not be stored holds all the same.) */
export async function createStrikes(deps: StrikesDeps): Promise<Strikes> {
  const { rules, terms } = deps
  const trusted = createTrustedClock(deps.clock, () => undefined)
  const conduct = new Recent<Conduct>()
  const accepted = new Recent<number>()
  /** Values as they are: one that changes ten times before it is written becomes text once. */
  const unwritten = new Map<string, { readonly kind: ConductRow[0]; readonly scope: string; readonly value: unknown }>()
  const forgiving: Network[] = []
  let timer: NodeJS.Timeout | null = null
  let writing: Promise<void> | null = null

  const started = trusted.now()
  for (const [kind, scope, value] of await deps.store.loadConduct().catch((error: unknown): readonly ConductRow[] => {
    deps.alarms.raise('strikes', 'warning', `Strikes and good correspondents could not be read, and are counted anew: ${messageOf(error)}`)
    return []
  })) {
    const known = readValue(kind, value)
    if (typeof known === 'number') accepted.set(scope, Math.min(known, started))
    else if (known !== null) conduct.set(scope, asOf(known, started, terms()))
  }

  const write = async () => {
    while (unwritten.size > 0) {
      const changes = [...unwritten.entries()].slice(0, ROWS_AT_ONCE)
      for (const [key] of changes) unwritten.delete(key)
      try {
        await deps.store.putConduct(changes.map(([, { kind, scope, value }]): ConductRow => [kind, scope, value === null ? null : JSON.stringify(value)]))
      } catch (error) {
        // Newer values have taken their place meanwhile, or else they wait for the next turn.
        for (const [key, change] of changes) if (!unwritten.has(key)) unwritten.set(key, change)
        deps.alarms.raise('strikes', 'warning', `Strikes cannot be written down and would be lost at a restart: ${messageOf(error)}`)
        return
      }
    }
    deps.alarms.clear('strikes')
  }
  const flush = async () => {
    if (timer !== null) clearTimeout(timer)
    timer = null
    forgiveNetworks()
    await writing
    writing ??= write().then(() => {
      writing = null
      if (unwritten.size > 0) later()
    })
    await writing
  }
  const later = () => {
    timer ??= setTimeout(() => void flush(), FLUSH_MS).unref()
  }
  const keep = (kind: ConductRow[0], scope: string, value: unknown) => {
    unwritten.set(`${kind} ${scope}`, { kind, scope, value })
    later()
  }
  const setConduct = (scope: string, next: Conduct) => {
    if (isBlank(next)) {
      if (conduct.delete(scope)) keep('strikes', scope, null)
      return
    }
    const gone = conduct.set(scope, next)
    keep('strikes', scope, next)
    if (gone !== null) keep('strikes', gone, null)
  }
  const setAccepted = (scope: string, at: number) => {
    if (at - (accepted.get(scope) ?? 0) < ACCEPTED_STEP_MS) return accepted.touch(scope)
    const gone = accepted.set(scope, at)
    keep('accepted', scope, at)
    if (gone !== null) keep('accepted', gone, null)
  }
  /** All networks in one pass, before anything else is counted: a list of thousands may have been imported. */
  const forgiveNetworks = () => {
    if (forgiving.length === 0) return
    const networks = new PrefixMap<true>()
    for (const network of forgiving.splice(0)) networks.set(network, true)
    const now = trusted.now()
    for (const [scope, known] of [...conduct.entries()]) {
      const own = readScope('ban', scope)
      if (own?.kind === 'network' && networks.find(own.network.address, () => true, own.network.prefix) !== null) setConduct(scope, forgiven(known, now))
    }
  }
  const sweep = () => {
    const now = trusted.now()
    for (const [scope, known] of conduct.entries()) {
      if (isBlank(asOf(known, now, terms()))) setConduct(scope, BLANK)
    }
    for (const [scope, at] of accepted.entries()) {
      if (!isGood(at, now) && accepted.delete(scope)) keep('accepted', scope, null)
    }
  }
  const sweeper = setInterval(sweep, SWEEP_MS)
  sweeper.unref()

  return {
    strike(client, finding) {
      forgiveNetworks()
      // The mode may have changed since the refusal was made up; and who is banned already earns nothing more.
      if (deps.observing() || rules.match(client).ban !== null) return
      const now = trusted.now()
      const scope = clientScope(client).text
      const { conduct: next, outcome } = strike(conduct.get(scope) ?? BLANK, now, terms(), accepted.get(scope) ?? null)
      setConduct(scope, next)
      if (outcome.kind !== 'ban') return
      void rules.add({ kind: 'ban', scope, forMs: outcome.forMs, reason: banReason(terms(), finding), by: 'auto' })
      // The step must not be lost where the ban itself is kept.
      void flush()
    },
    finished(session) {
      forgiveNetworks()
      if (deps.observing() || !isGoodMail(session)) return
      const client = parseAddress(session.client)
      if (client === null) return
      const scope = clientScope(client).text
      setAccepted(scope, trusted.now())
      const known = conduct.get(scope)
      // What it was suggested for is repaired.
      if (known !== undefined && known.suggestedAt !== null) setConduct(scope, { ...known, suggestedAt: null })
    },
    forgive(scope) {
      if (scope.kind === 'name') return
      const { network } = scope
      if (network.prefix < (network.address.family === 4 ? 32 : 64)) {
        forgiving.push(network)
        return later()
      }
      const itself = clientScope(network.address).text
      const known = conduct.get(itself)
      if (known !== undefined) setConduct(itself, forgiven(known, trusted.now()))
    },
    of(client) {
      forgiveNetworks()
      return asOf(conduct.get(clientScope(client).text) ?? BLANK, trusted.now(), terms())
    },
    earned() {
      forgiveNetworks()
      const now = trusted.now()
      return [...conduct.entries()].flatMap(([scope, { suggestedAt }]) => {
        const acceptedAt = accepted.get(scope)
        return suggestedAt === null || now - suggestedAt >= GOOD_MS || acceptedAt === undefined ? [] : [{ scope, earnedAt: suggestedAt, acceptedAt }]
      })
    },
    flush,
    async close() {
      clearInterval(sweeper)
      await flush()
      if (timer !== null) clearTimeout(timer)
      timer = null
    },
  }
}

/** Values by scope, the latest touched last; at most MAX_SCOPES. */
class Recent<T> {
  readonly #values = new Map<string, T>()

  get(scope: string): T | undefined {
    return this.#values.get(scope)
  }

  /** The scope that had to go for it; null: there was room. */
  set(scope: string, value: T): string | null {
    this.#values.delete(scope)
    this.#values.set(scope, value)
    if (this.#values.size <= MAX_SCOPES) return null
    const [oldest = null] = this.#values.keys()
    if (oldest !== null) this.#values.delete(oldest)
    return oldest
  }

  touch(scope: string): void {
    const value = this.#values.get(scope)
    if (value !== undefined) this.set(scope, value)
  }

  delete(scope: string): boolean {
    return this.#values.delete(scope)
  }

  entries(): IterableIterator<[string, T]> {
    return this.#values.entries()
  }
}

/** A stored value; null for one that is damaged. */
function readValue(kind: ConductRow[0], text: string | null): Conduct | number | null {
  try {
    const value = JSON.parse(text ?? 'null') as unknown
    if (kind === 'accepted') return isTime(value) ? value : null
    const { strikes, step, quietSince, suggestedAt } = value as Partial<Record<keyof Conduct, unknown>>
    const sound = Array.isArray(strikes) && strikes.length <= MAX_STRIKES && strikes.every(isTime) && isTime(step) && isTime(quietSince) && (suggestedAt === null || isTime(suggestedAt))
    return sound ? { strikes: [...strikes], step, quietSince, suggestedAt } : null
  } catch {
    return null
  }
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}
