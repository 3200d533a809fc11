import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createAlarms } from '../../../electron/alarms.ts'
import type { StorePort } from '../../../electron/ports.ts'
import { createStore } from '../../../electron/store/store.ts'
import { storeContract } from '../../contract/store.ts'
import { NOW } from '../../contract/storecast.ts'
import { createFakeStore } from '../../fakes/store.ts'

const clock = { now: () => NOW, monotonic: () => performance.now() }

storeContract('SQLite in a worker', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'porch-store-'))
  let store: StorePort | null = null
  return {
    open: async () => (store = await createStore({ dataDir, clock, alarms: createAlarms(clock), retentionDays: () => 90 })),
    async close() {
      await store?.close()
      rmSync(dataDir, { recursive: true })
    },
  }
})

storeContract('in memory', () => ({ open: () => Promise.resolve(createFakeStore(() => NOW)), close: () => Promise.resolve() }))
