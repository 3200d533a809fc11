/** What every StorePort promises of reports. */
import { expect } from 'vitest'
import type { StorePort } from '../../electron/ports.ts'
import { spanOf } from '../../shared/report/span.ts'
import { directReport } from '../fakes/report.ts'
import { CAST, NOW, entryOf } from './storecast.ts'

/** `store`: empty, its clock at NOW. */
export async function reportsContract(store: StorePort): Promise<void> {
  for (const entry of CAST) store.record(entry)
  store.record(entryOf('yesterday', 86_400))
  store.record(entryOf('last-year', 366 * 86_400, { client: '2001:db8::25' }))
  for (const kind of ['day', 'week', 'month', 'year'] as const) {
    const report = await store.report(spanOf(kind, '2026-11-23'))
    const sessions = [...CAST, entryOf('yesterday', 86_400), entryOf('last-year', 366 * 86_400, { client: '2001:db8::25' })].map(({ session }) => session)
    expect(report).toEqual({ ...directReport(sessions, spanOf(kind, '2026-11-23'), report.zone, NOW), uncounted: 0 })
  }
  const { totals, before, senders, networks, oldest } = await store.report(spanOf('week', '2026-11-23'))
  expect(totals).toEqual({ 'd:rejected': 1, 'd:accepted': 1, 'd:deferred': 1, 'd:whitelisted': 1, 'd:aborted': 1, 'f:ptr-missing': 4, 'f:ehlo-mismatch': 4, 's:both': 4 })
  // As much of the week before as is over of this one: its Sunday is not.
  expect(before.totals).toEqual({})
  expect(senders.entries.slice(0, 2).map(({ key, sessions, refused, accepted }) => [key, sessions, refused, accepted])).toEqual([['v acme.example', 2, 0, 2], ['', 1, 0, 0]])
  expect(networks.entries[0]).toEqual({ key: '192.0.2.0/24', sessions: 2, refused: 0, accepted: 1, atMost: 0 })
  expect(oldest).toBeLessThan(NOW - 365 * 86_400_000)
}
