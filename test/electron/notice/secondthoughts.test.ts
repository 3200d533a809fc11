/** Second thoughts about a notice: the same bytes as previewed, held back and taken back; and who counts as a customer. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { contactsFor, reopen, send, write } from '../../../electron/notice/desk.ts'
import type { NoticePreview } from '../../../shared/api/notices.ts'
import type { JournalEntry } from '../../../shared/events.ts'
import { NETWORKS } from '../../contract/rdap.ts'
import { startBackend } from '../../fakes/backend.ts'
import type { FakeBackend } from '../../fakes/backend.ts'
import { manualClock } from '../../fakes/clock.ts'
import { fakeRdap } from '../../fakes/rdap.ts'
import { answers, session, transcript } from '../../shared/notice/session.ts'
import { SETTINGS, world } from '../console/world.ts'

const ZONE = 'www.acme.example A 198.51.100.99\n'
const REFUSED = session({ id: 'session0001', client: '198.51.100.25', ehlo: 'www.acme.example', sender: 'ann@acme.example', at: '2026-11-23T14:00:00.000Z' })
const ENTRY: JournalEntry = { session: REFUSED, evidence: answers('www.acme.example A 198.51.100.99', REFUSED), transcript: transcript('g: 220 mx\nc: EHLO www.acme.example') }

let smtp: FakeBackend
beforeEach(async () => {
  smtp = await startBackend()
})
afterEach(() => smtp.close())

async function gate(notices: object = {}, registries: Parameters<typeof fakeRdap>[0] = { networks: Object.values(NETWORKS) }) {
  const clock = manualClock()
  const made = await world({ clock, zone: ZONE, registries, settings: { ...SETTINGS, notices: { smtp: smtp.address, from: 'postmaster@shop.example', ...notices }, shop: { name: 'Shop', phone: '1' } } })
  made.store.record(ENTRY)
  return { ...made, clock, desk: made.office.desk }
}
type Gate = Awaited<ReturnType<typeof gate>>

async function drafted({ desk }: Gate, changes: object = {}): Promise<NoticePreview> {
  const draft = await write(desk, { subject: 'session0001', ...changes }, true)
  if (!draft.ok) throw new Error(draft.problem)
  return draft
}

describe('second thoughts', () => {
  test('what was previewed is what is sent, byte for byte; another message is never put over one that has left', async () => {
    const made = await gate()
    const shown = await write(made.desk, { subject: 'session0001' }, false)
    if (!shown.ok) throw new Error(shown.problem)
    made.clock.advance(60_000)
    const { id, createdAt: at } = shown.notice
    expect((await drafted(made, { id, at })).message).toBe(shown.message)
    expect((await drafted(made, { id, at, text: 'Subject: Mine\n\n{client}\n' })).notice).toMatchObject({ id, subject: 'Mine', text: 'Subject: Mine\n\n{client}\n' })
    expect(made.desk.outbox.list().length).toBe(1)
    await send(made.desk, id)
    await made.office.mailer.run()
    expect(await write(made.desk, { subject: 'session0001', id }, true)).toMatchObject({ ok: false, code: 'store' })
    expect(smtp.messages[0]?.data.toString('latin1')).toBe(await made.desk.outbox.message(id))
    made.clock.advance(3_600_000)
    expect((await drafted(made, { at })).notice.createdAt).toBe(made.clock.now())
  })

  test('held back, taken back: it does not leave, and raises no alarm', async () => {
    const made = await gate()
    const { notice } = await drafted(made)
    expect(await send(made.desk, notice.id, 10_000)).toMatchObject({ ok: true, notice: { state: 'queued' } })
    await made.office.mailer.run()
    expect(smtp.messages.length).toBe(0)
    expect(await reopen(made.desk, notice.id)).toMatchObject({ ok: true, notice: { state: 'draft' } })
    made.clock.advance(20_000)
    await made.office.mailer.run()
    expect([smtp.messages.length, made.alarms.list()]).toEqual([0, []])
    expect(await send(made.desk, notice.id, 10_000)).toMatchObject({ ok: true })
    made.clock.advance(10_000)
    await made.office.mailer.run()
    expect(smtp.messages.length).toBe(1)
    expect(await reopen(made.desk, notice.id)).toMatchObject({ ok: false, code: 'state' })
  })

  test('a customer is one of the shop’s own; whom the client names elsewhere is not offered', async () => {
    const made = await gate()
    made.store.record({ ...ENTRY, session: session({ ...REFUSED, id: 'session0009', recipients: ['joe@shop.example', 'victim@elsewhere.example'] }) })
    expect(await contactsFor(made.desk, 'session0009')).toMatchObject({ ok: true, customers: ['joe@shop.example'] })
    expect((await drafted(made, { subject: 'session0009', to: 'victim@elsewhere.example' })).notice).toMatchObject({ source: { kind: 'typed' }, template: 'isp' })
  })
})
