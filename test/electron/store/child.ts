/** A process of its own for tests that kill it: records sessions and rules as fast as it can, and says what is on disk. */
import { createAlarms } from '../../../electron/alarms.ts'
import { systemClock } from '../../../electron/clock.ts'
import { takeLock } from '../../../electron/store/lock.ts'
import { createRules } from '../../../electron/store/rules.ts'
import { createStore } from '../../../electron/store/store.ts'
import { entryOf } from '../../contract/storecast.ts'

const [, , dataDir = '', run = ''] = process.argv
await takeLock(dataDir)
const store = await createStore({ dataDir, clock: systemClock, alarms: createAlarms(systemClock), retentionDays: () => 90 })
const rules = await createRules({ store, clock: systemClock })
process.stdout.write('up\n')
for (let count = 0; ; count++) {
  for (let each = 0; each < 7; each++) store.record(entryOf(`${run}-${count * 7 + each}`, 0))
  const added = await rules.add({ kind: 'ban', scope: `10.${run}.${count >> 8}.${count & 255}`, reason: '', by: 'admin' })
  // The rule was written after the sessions before it: both are acknowledged.
  if (added.ok) process.stdout.write(`${count} ${store.stats().written}\n`)
}
