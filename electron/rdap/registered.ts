/**
 * Registered networks around many bans, for the suggestions (POLICY, Bans). Registries are asked in the background when the admin
 * looks at the suggestions, never on the SMTP path: one question at a time, so many an hour, and what they said is kept for weeks, also
 * over a restart. While the settings name no registry (RdapPort) nothing is asked, and nothing is known.
 */
import { z } from 'zod'
import { isSpokenFor, registryQuestions } from '../../shared/gate/registered.ts'
import type { Registered } from '../../shared/gate/registered.ts'
import { parseAddress, parseNetwork } from '../../shared/net/ip.ts'
import type { Clock, RdapPort, RulesPort, StorePort } from '../ports.ts'

/** Questions to registries within one hour. */
export const PER_HOUR = 60
const HOUR = 3_600_000
const DAY = 24 * HOUR
const KEEP_MS = 30 * DAY
const TRIED_MS = 7 * DAY
/** What failed may have been the registry's bad hour. */
const TRIED_IN_VAIN_MS = 6 * HOUR
/** So many failures on end, and this look is over. */
const MOST_FAILURES = 3
const MAX_KEPT = 1000
const MAX_TRIED = 5000
const MAX_CIDRS = 32
/** For so long whoever looks waits for the first answers. */
const PATIENT_MS = 1500
const KEY = 'registered-networks'

export interface RegisteredNetworks {
  /** What is known by now. */
  known(): readonly Registered[]
  /** Asks what is worth asking; settles when it is answered, or soon. True: registries are still being asked. */
  look(): Promise<boolean>
  close(): void
}

export interface RegisteredDeps {
  readonly rdap: Pick<RdapPort, 'network'>
  readonly rules: Pick<RulesPort, 'list'>
  readonly store: Pick<StorePort, 'get' | 'put'>
  readonly clock: Clock
  /** Whether the settings let registries be asked. */
  readonly isOn: () => boolean
  /** How long one who looks waits (tests). */
  readonly patientMs?: number
}

const keptSchema = z.array(z.object({ cidrs: z.array(z.string()).min(1).max(MAX_CIDRS), holder: z.string().max(300), at: z.number() }).strict()).max(MAX_KEPT)
type Kept = z.output<typeof keptSchema>[number]

/** Never rejects: without what was kept it begins anew. */
export async function createRegisteredNetworks(deps: RegisteredDeps): Promise<RegisteredNetworks> {
  const { clock } = deps
  const kept = readKept(await deps.store.get(KEY).catch(() => null), clock.now())
  /** By address, until when (monotonic ms) it is not asked again; the oldest first. */
  const tried = new Map<string, number>()
  let asked: number[] = []
  let closed = false
  let walking: Promise<void> | null = null

  const isTried = (address: string) => (tried.get(address) ?? -Infinity) > clock.monotonic()
  const mayAsk = () => {
    asked = asked.filter((at) => clock.monotonic() - at < HOUR)
    return !closed && deps.isOn() && asked.length < PER_HOUR
  }
  const ask = async (address: string): Promise<boolean> => {
    asked.push(clock.monotonic())
    const found = await deps.rdap.network(address)
    tried.delete(address)
    tried.set(address, clock.monotonic() + (found.known ? TRIED_MS : TRIED_IN_VAIN_MS))
    trim(tried, MAX_TRIED)
    if (!found.known || found.cidrs.length > MAX_CIDRS) return found.known
    const holder = found.name ?? found.handle ?? found.cidrs[0] ?? ''
    kept.set(found.cidrs.join(' '), { cidrs: [...found.cidrs], holder, at: clock.now() })
    trim(kept, MAX_KEPT)
    return true
  }
  const walk = async () => {
    let failures = 0
    let learnt = false
    for (const address of registryQuestions({ rules: deps.rules.list(), known: [...kept.values()], isTried })) {
      if (failures >= MOST_FAILURES || !mayAsk()) break
      const parsed = parseAddress(address)
      if (parsed === null || isSpokenFor(parsed, [...kept.values()])) continue
      const answered = await ask(address)
      failures = answered ? 0 : failures + 1
      learnt ||= answered
    }
    // A full disk: they are asked again after the next start.
    if (learnt) await deps.store.put(KEY, [...kept.values()]).catch(() => undefined)
  }

  return {
    known: () => (deps.isOn() ? [...kept.values()] : []),
    async look() {
      if (walking === null && mayAsk()) walking = walk().catch(() => undefined).finally(() => { walking = null })
      if (walking === null) return false
      await Promise.race([walking, pause(deps.patientMs ?? PATIENT_MS)])
      return walking !== null
    },
    close: () => { closed = true },
  }
}

function readKept(stored: unknown, now: number): Map<string, Kept> {
  const parsed = keptSchema.safeParse(stored)
  const sound = (parsed.success ? parsed.data : []).filter(({ at, cidrs }) => Math.abs(now - at) < KEEP_MS && cidrs.every((cidr) => parseNetwork(cidr) !== null))
  return new Map(sound.map((each) => [each.cidrs.join(' '), each]))
}

function trim(map: Map<string, unknown>, most: number): void {
  for (const oldest of map.keys()) {
    if (map.size <= most) break
    map.delete(oldest)
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => { setTimeout(resolve, ms).unref() })
}
