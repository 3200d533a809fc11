/** What every StorePort promises of a survey of the journal; part of the store's contract. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { StorePort } from '../../electron/ports.ts'
import type { StoreHarness } from './store.ts'
import { CAST, NOW, entryOf } from './storecast.ts'

export function surveyContract(name: string, makeHarness: () => StoreHarness): void {
  describe(`store contract, survey: ${name}`, () => {
    let harness: StoreHarness
    let store: StorePort
    beforeEach(async () => {
      harness = makeHarness()
      store = await harness.open()
    })
    afterEach(() => harness.close())

    test('a survey: counts of a span, and of all refused clients the likely correspondents with their attempts', async () => {
      for (const entry of CAST) store.record(entry)
      // A crowd that comes once each, more than any list would show, and one that tried again before all of them.
      for (const secondsAgo of [290, 230]) store.record(entryOf(`again${secondsAgo}`, secondsAgo, { client: '198.51.100.7', ehlo: 'mail.acme.example', sender: 'ann@acme.example', recipients: ['joe@shop.example'] }))
      for (let n = 0; n < 400; n++) store.record(entryOf(`crowd${n}`, 150 - n / 10, { client: `10.1.${n >> 8}.${n & 255}`, ehlo: 'localhost', sender: `x${n}@y${n}.test`, recipients: ['a@shop.example', 'b@shop.example', 'c@shop.example', 'd@shop.example'] }))
      const span = { from: NOW - 550_000, until: NOW }
      const all = await store.survey({ ...span, refusedOnly: false })
      expect(all.counts.dispositions).toEqual({ rejected: 402, accepted: 1, deferred: 1, whitelisted: 1, aborted: 1 })
      expect(all.counts.findings).toEqual({ 'ptr-missing': 403, 'ehlo-mismatch': 403 })
      expect(all.counts.senders).toBe(402)
      const found = all.likely.find(({ sender }) => sender.client === '198.51.100.7')
      expect(found?.sender).toMatchObject({ neighbours: 1, attempts: [{ at: NOW - 290_000, temporary: false }, { at: NOW - 230_000 }] })
      expect(found?.last.id).toBe('again230')
      expect(all.likely.length).toBeLessThanOrEqual(200)
      const refused = await store.survey({ ...span, refusedOnly: true })
      expect(refused.counts.dispositions).toEqual({ rejected: 402, deferred: 1 })
      expect(refused.likely).toEqual(all.likely)
      expect((await store.survey({ from: NOW, until: NOW + 1, refusedOnly: false })).counts).toEqual({ dispositions: {}, findings: {}, senders: 0 })
    })
  })
}
