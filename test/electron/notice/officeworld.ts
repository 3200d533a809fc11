/** What the tests of notices share: one refused session in the journal, and a submission server that does as it is told, fresh for each test. */
import { afterEach, beforeEach } from 'vitest'
import { send, write } from '../../../electron/notice/desk.ts'
import type { NoticePreview } from '../../../shared/api/notices.ts'
import type { JournalEntry } from '../../../shared/events.ts'
import { NETWORKS } from '../../contract/rdap.ts'
import { startBackend } from '../../fakes/backend.ts'
import type { FakeBackend } from '../../fakes/backend.ts'
import { manualClock } from '../../fakes/clock.ts'
import type { fakeRdap } from '../../fakes/rdap.ts'
import { answers, session, transcript } from '../../shared/notice/session.ts'
import { SETTINGS, world } from '../console/world.ts'

export const ZONE = 'www.acme.example A 198.51.100.99\n'
export const REPAIRED = 'www.acme.example A 198.51.100.25\n25.100.51.198.in-addr.arpa PTR www.acme.example\n'
export const HOUR = 3_600_000
export const REFUSED = session({ id: 'session0001', client: '198.51.100.25', ehlo: 'www.acme.example', sender: 'ann@acme.example', at: '2026-11-23T14:00:00.000Z' })
export const ENTRY: JournalEntry = { session: REFUSED, evidence: answers('www.acme.example A 198.51.100.99', REFUSED), transcript: transcript('g: 220 mx\nc: EHLO www.acme.example') }

export let smtp: FakeBackend
beforeEach(async () => {
  smtp = await startBackend()
})
afterEach(() => smtp.close())

export async function gate(notices: object = {}, registries: Parameters<typeof fakeRdap>[0] = { networks: Object.values(NETWORKS) }, more: object = {}) {
  const clock = manualClock()
  const made = await world({ clock, zone: ZONE, registries, settings: { ...SETTINGS, notices: { smtp: smtp.address, from: 'postmaster@shop.example', ...notices }, shop: { name: 'Shop', phone: '1' }, ...more } })
  made.store.record(ENTRY)
  return { ...made, clock, desk: made.office.desk }
}
export type Gate = Awaited<ReturnType<typeof gate>>

export async function drafted({ desk }: Gate, changes: object = {}): Promise<NoticePreview> {
  const draft = await write(desk, { subject: 'session0001', ...changes }, true)
  if (!draft.ok) throw new Error(draft.problem)
  return draft
}
export async function sent(made: Gate, changes: object = {}) {
  const { notice } = await drafted(made, changes)
  const queued = await send(made.desk, notice.id)
  if (!queued.ok) throw new Error(queued.problem)
  await made.office.mailer.run()
  return made.desk.outbox.get(notice.id)!
}
