/**
 * What commands need without a gate, constructed for the moment that they take: lookups, the doctor, the records of the store, the desk of
 * notices. Beside compose.ts the only place where adapters are constructed.
 */
import type { DoctorReport } from '../shared/doctor/report.ts'
import { settingsSchema } from '../shared/config.ts'
import type { Alarms } from './alarms.ts'
import { systemClock } from './clock.ts'
import { createGatherer } from './dns/gather.ts'
import { createResolver } from './dns/resolver.ts'
import type { DoctorDeps } from './doctor/deps.ts'
import { examine } from './doctor/doctor.ts'
import { openLink } from './gate/backend/link.ts'
import { ownAddresses } from './golive/here.ts'
import { createOffice } from './notice/office.ts'
import type { Office } from './notice/office.ts'
import { createPasswordKeeper } from './notice/password.ts'
import type { Clock, EffectiveSettings, GatherPort, ResolverPort } from './ports.ts'
import { createRdap, registriesOf } from './rdap/rdap.ts'
import { messageOf } from './settingsfile.ts'
import { createRules } from './store/rules.ts'
import type { Rules } from './store/rules.ts'
import { createStore } from './store/store.ts'
import type { Store } from './store/store.ts'
import { createStrikes } from './store/strikes.ts'
import type { Strikes } from './store/strikes.ts'
import { VERSION } from './version.ts'

/** As retention: longer than anything is kept. */
const NEVER_DAYS = 36_500

/** Fresh lookups without a gate (`porch check`). */
export function openLookup(settings: EffectiveSettings): { readonly gather: GatherPort; readonly resolver: ResolverPort; readonly clock: Clock; close(): void } {
  const resolver = createResolver({ settings: () => settings.dns, clock: systemClock })
  return { gather: createGatherer(resolver, systemClock), resolver, clock: systemClock, close: () => resolver.close() }
}

/** The doctor without a gate (`porch doctor`): from the settings alone. */
export function openDoctor(dataDir: string, settings: EffectiveSettings): { examine(signal: AbortSignal): Promise<DoctorReport>; close(): void } {
  const lookup = openLookup(settings)
  return { examine: (signal) => examine({ ...doctorDeps(dataDir, () => settings, lookup.resolver, lookup.gather), gate: null }, signal), close: () => lookup.close() }
}

/** What the doctor asks with, but for the gate. */
export function doctorDeps(dataDir: string, settings: () => EffectiveSettings, resolver: ResolverPort, gather: GatherPort): Omit<DoctorDeps, 'gate'> {
  return { version: VERSION, dataDir, settings, clock: systemClock, resolver, gather, resolverOf: (server) => createResolver({ settings: () => ({ ...settings().dns, servers: [server] }), clock: systemClock }), openLink, addresses: ownAddresses }
}

/** The store and the rules without a gate, for the moment that a command takes; the caller holds the lock. Nothing is pruned. */
export async function openRecords(dataDir: string, alarms: Alarms): Promise<{ readonly store: Store; readonly rules: Rules; readonly strikes: Strikes; close(): Promise<void> }> {
  const store = await createStore({ dataDir, clock: systemClock, alarms, retentionDays: () => NEVER_DAYS })
  const rules = await createRules({ store, clock: systemClock })
  // What is forgiven does not depend on them.
  const terms = settingsSchema.parse({}).bans
  const strikes = await createStrikes({ store, rules, clock: systemClock, alarms, terms: () => terms, observing: () => false })
  rules.onForgiven((scope) => strikes.forgive(scope))
  return {
    store,
    rules,
    strikes,
    async close() {
      await strikes.close()
      await rules.close()
      await store.close()
    },
  }
}

/** Notices without a gate, over records that `openRecords` opened: written and handed over, not followed up. */
export async function openOffice(dataDir: string, store: Store, settings: EffectiveSettings, alarms: Alarms): Promise<Office> {
  const lookup = openLookup(settings)
  const rdap = createRdap({ dataDir, clock: systemClock, settings: () => registriesOf(settings) })
  const onError = (error: unknown) => alarms.raise('trouble', 'critical', messageOf(error))
  const recheck = () => Promise.resolve({ ok: false as const, problem: 'no gate is running' })
  const password = createPasswordKeeper({ dataDir, settings: () => settings, seal: null })
  const office = await createOffice({ dataDir, store, password: () => password.read(), settings: () => settings, resolver: lookup.resolver, rdap, clock: systemClock, alarms, recheck, onError })
  return {
    ...office,
    async close() {
      await office.close()
      rdap.close()
      lookup.close()
    },
  }
}
