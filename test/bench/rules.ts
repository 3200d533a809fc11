/**
 * What a match costs in the gate's own rules, with ten of them and with a million, and how long a hundred thousand take to load from
 * the store: `node rules.ts FOLDER`; one line of JSON. Prints µs a match (the best of seven) and ms.
 */
import { join } from 'node:path'
import { mkdirSync } from 'node:fs'
import { createAlarms } from '../../electron/alarms.ts'
import { systemClock } from '../../electron/clock.ts'
import { createRules } from '../../electron/store/rules.ts'
import { createStore } from '../../electron/store/store.ts'
import { parseAddress } from '../../shared/net/ip.ts'
import { ruleAt, seed } from './seed.ts'

const MATCHES = 200_000
const CLIENTS = 10_000
const folder = process.argv[2] ?? '.'
const unused = () => Promise.resolve()

/** Half of these are banned, wherever their ban stands among the rules. */
async function matchMicros(count: number): Promise<number> {
  const stored = Array.from({ length: count }, (_, index) => ruleAt(index))
  const rules = await createRules({ store: { loadRules: () => Promise.resolve(stored), putRule: unused, deleteRule: unused, addHits: unused }, clock: systemClock })
  const clients = Array.from({ length: CLIENTS }, (_, index) => {
    const banned = ruleAt(1 + Math.floor((index * (count - 1)) / CLIENTS)).scope
    return parseAddress(index % 2 === 0 ? banned : banned.replace(/^10/, '11'))
  }).filter((address) => address !== null)
  let best = Infinity
  for (let round = 0; round < 7; round++) {
    let found = 0
    const begin = performance.now()
    for (let match = 0; match < MATCHES; match++) if (rules.match(clients[match % CLIENTS] ?? clients[0]!).ban !== null) found++
    best = Math.min(best, ((performance.now() - begin) * 1000) / MATCHES)
    if (found !== MATCHES / 2) throw new Error(`${found} of ${MATCHES} were found banned`)
  }
  await rules.close()
  return best
}

/** From the open store to rules that match; the median of five. */
async function loadMs(count: number): Promise<number> {
  const data = join(folder, 'data')
  mkdirSync(data, { recursive: true })
  seed(data, count, 0)
  const times: number[] = []
  for (let round = 0; round < 5; round++) {
    const store = await createStore({ dataDir: data, clock: systemClock, alarms: createAlarms(systemClock), retentionDays: () => 90 })
    const begin = performance.now()
    const rules = await createRules({ store, clock: systemClock })
    times.push(performance.now() - begin)
    if (rules.list().length !== count) throw new Error('rules are missing')
    await rules.close()
    await store.close()
  }
  return times.sort((a, b) => a - b)[2] ?? 0
}

const loading = await loadMs(100_000)
const few = await matchMicros(10)
const many = await matchMicros(1_000_000)
console.log(JSON.stringify({ few, many, loadMs: loading }))
process.exit(0)
