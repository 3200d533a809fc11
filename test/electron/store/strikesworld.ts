/** Rules and strikes over a store in memory and a clock that can be moved; what a test opened is closed after it. */
import { afterEach } from 'vitest'
import { createAlarms } from '../../../electron/alarms.ts'
import { createStrikes } from '../../../electron/store/strikes.ts'
import { createRules } from '../../../electron/store/rules.ts'
import type { BanTerms } from '../../../shared/gate/ban.ts'
import { parseAddress } from '../../../shared/net/ip.ts'
import { entryOf } from '../../contract/storecast.ts'
import { manualClock } from '../../fakes/clock.ts'
import { createFakeStore } from '../../fakes/store.ts'

const MINUTE = 60_000
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR
export const YEAR = 365 * DAY
const TERMS: BanTerms = { strikes: 3, windowMinutes: 60, durationHours: 96, maxDurationHours: 768, quietDays: 90 }

export const open: (() => unknown)[] = []
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

export async function world(clock = manualClock(), store = createFakeStore(() => clock.now())) {
  const alarms = createAlarms(clock)
  const rules = await createRules({ store, clock, alarms })
  const mode = { observing: false }
  const strikes = await createStrikes({ store, rules, clock, alarms, terms: () => TERMS, observing: () => mode.observing })
  rules.onForgiven((scope) => strikes.forgive(scope))
  const close = async () => {
    await strikes.close()
    await rules.close()
  }
  open.push(close)
  const strike = (client: string, times = 1) => {
    for (let n = 0; n < times; n++) strikes.strike(parseAddress(client)!, 'ptr-missing')
  }
  /** "192.0.2.1 auto 96" for each ban: how many hours it has left. */
  const bans = () => rules.list().filter((rule) => rule.kind === 'ban').map((rule) => `${rule.scope} ${rule.by} ${rule.until === null ? 'ever' : (Date.parse(rule.until) - Date.parse(rule.since)) / HOUR}`).sort()
  const accept = (client: string) => strikes.finished(entryOf('x', 0, {
    client, disposition: 'accepted', verdict: 'accept', transactions: [{ sender: 'a@b.example', recipients: [{ address: 'joe@shop.example', reply: '250 2.1.5 Ok' }], reply: '250 2.0.0 Ok', bytes: 1 }],
  }).session)
  const reopen = async () => {
    await close()
    return world(clock, store)
  }
  return { clock, store, alarms, rules, strikes, mode, strike, accept, bans, close, reopen }
}
