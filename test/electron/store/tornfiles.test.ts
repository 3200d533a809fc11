/** A gate tells of each damaged database once, whoever found it damaged. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createAlarms } from '../../../electron/alarms.ts'
import { createStore } from '../../../electron/store/store.ts'
import type { Store } from '../../../electron/store/store.ts'
import { tornFiles, watchTorn } from '../../../electron/store/tornfiles.ts'
import { NOW } from '../../contract/storecast.ts'

const clock = { now: () => NOW, monotonic: () => performance.now() }
let dataDir: string
beforeEach(() => { dataDir = mkdtempSync(join(tmpdir(), 'porch-torn-')) })
afterEach(() => { rmSync(dataDir, { recursive: true }) })

const tear = () => writeFileSync(join(dataDir, 'journal.sqlite'), 'this is not a database, though it is long enough to be one'.repeat(50))
const asides = () => readdirSync(dataDir).filter((name) => name.includes('.torn-')).sort()

/** A start, what it tells, and its end; without `gate` only a command's. */
async function run({ gate, work = () => Promise.resolve() }: { readonly gate: boolean; readonly work?: (store: Store) => Promise<void> }): Promise<readonly string[]> {
  const alarms = createAlarms(clock)
  const store = await createStore({ dataDir, clock, alarms, retentionDays: () => 90 })
  const leave = gate ? await watchTorn(dataDir, store, alarms) : () => undefined
  await work(store)
  leave()
  await store.close()
  return alarms.list().map(({ code, severity, text }) => `${code} ${severity} ${text}`)
}

test('a command has moved it aside: the next gate raises the alarm, later ones do not', async () => {
  await run({ gate: true })
  tear()
  expect(await run({ gate: false })).toEqual([expect.stringContaining('store-torn critical')])
  const [aside = ''] = asides()
  // Another command before the gate changes nothing.
  await run({ gate: false })
  const stamp = /(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)\d\dZ$/.exec(aside) ?? []
  expect(await run({ gate: true })).toEqual([
    `store-torn critical The database was found damaged at ${stamp[1]}-${stamp[2]}-${stamp[3]} ${stamp[4]}:${stamp[5]} UTC, while no gate ran. It was moved to ${join(dataDir, aside)}; a fresh one is in use, with the rules that were kept. Earlier sessions are in the moved file only.`,
  ])
  expect(await run({ gate: true })).toEqual([])
})

test('a gate that finds it damaged itself tells that, once', async () => {
  tear()
  expect(await run({ gate: true })).toEqual([expect.stringMatching(/^store-torn critical The database was damaged\./)])
  expect(await run({ gate: true })).toEqual([])
})

test('a file whose name says no time, and what SQLite keeps beside one', async () => {
  for (const name of ['journal.sqlite.torn-x', 'journal.sqlite.torn-x-wal', 'journal.sqlite', 'porch.json']) writeFileSync(join(dataDir, name), '')
  expect(tornFiles(dataDir).map(({ file, at }) => [file, at])).toEqual([[join(dataDir, 'journal.sqlite.torn-x'), null], [join(dataDir, 'journal.sqlite.torn-x-wal'), null]])
  expect(await run({ gate: true })).toEqual([expect.stringContaining(`damaged, while no gate ran. It was moved to ${join(dataDir, 'journal.sqlite.torn-x')};`)])
  expect(tornFiles(join(dataDir, 'nowhere'))).toEqual([])
})
