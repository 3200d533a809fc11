/** Notices from the session to the timeline: written, capped, handed over exactly once, and followed up; over a submission server that does as it is told. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { cancel, contactsFor, reopen, send, write } from '../../../electron/notice/desk.ts'
import { createOffice } from '../../../electron/notice/office.ts'
import { readPasswordFile } from '../../../electron/notice/password.ts'
import type { SessionRecord } from '../../../shared/events.ts'
import { taggedAddress } from '../../../shared/notice/tag.ts'
import { NETWORKS } from '../../contract/rdap.ts'
import { drop, say } from '../../fakes/backend.ts'
import { fakeRdap } from '../../fakes/rdap.ts'
import { session } from '../../shared/notice/session.ts'
import { drafted, ENTRY, gate, HOUR, REFUSED, REPAIRED, sent, smtp } from './officeworld.ts'

describe('whom and how often', () => {
  test('the best contact is the network’s abuse desk, and the message is the one for an ISP', async () => {
    const { notice, message, cap, sending } = await drafted(await gate())
    expect({ to: notice.to, template: notice.template, trust: notice.trust, cap, sending }).toEqual({ to: 'abuse@colo.example', template: 'isp', trust: 'verified', cap: null, sending: null })
    expect(message).toContain('    25.100.51.198.in-addr.arpa. IN PTR www.acme.example.\r\n')
    expect(message).toContain('To: abuse@colo.example\r\n')
  })

  test.each<readonly [string, object, object, string, RegExp]>([
    ['no contact but claims', { registries: {} }, {}, 'contact', /No contact is known whom one could trust\. Only claimed, and so not written to by itself: postmaster@acme\.example\. The registry’s contacts/],
    ['a claim that was not found', {}, { to: 'x@y.example', claimed: true }, 'contact', /none of the contacts that were found/],
    ['no address', {}, { to: 'noc@isp.example\r\nBcc: x@y.example' }, 'contact', /not a mail address/],
    ['an unknown session', {}, { subject: 'nosuch' }, 'unknown', /no session nosuch/],
    ['an address without refusals', {}, { subject: '198.51.100.77' }, 'unknown', /no refused session of 198\.51\.100\.77/],
    ['a mistake in the text', {}, { text: 'Subject: x\n\n{nosuch}' }, 'template', /line 3: "\{nosuch\}" is no field/],
  ])('%s', async (_, { registries }: { registries?: object }, request, code, problem) => {
    const { desk } = await gate({}, registries ?? { networks: Object.values(NETWORKS) })
    const outcome = await write(desk, { subject: 'session0001', ...request }, true)
    expect(outcome).toMatchObject({ ok: false, code })
    expect(outcome.ok ? '' : outcome.problem).toMatch(problem)
    expect(desk.outbox.list()).toEqual([])
  })

  test('a claim goes only with the tick, and an address typed by hand as such', async () => {
    const made = await gate()
    expect((await drafted(made, { to: 'postmaster@acme.example', claimed: true })).notice.trust).toBe('claimed')
    expect((await drafted(made, { to: 'postmaster@acme.example' })).notice).toMatchObject({ trust: 'typed', template: 'isp' })
    expect((await drafted(made, { to: 'joe@shop.example' })).notice).toMatchObject({ source: { kind: 'recipient' }, template: 'customer' })
    expect(await contactsFor(made.desk, '198.51.100.25')).toMatchObject({ ok: true, best: { address: 'abuse@colo.example' } })
  })

  test('of an address, a session that was told so; one that heard no refusal is nothing to write about', async () => {
    const made = await gate()
    made.store.record({ ...ENTRY, session: session({ ...REFUSED, id: 'left00001', disposition: 'aborted', at: '2026-11-23T14:10:00.000Z' }) })
    made.store.record({ ...ENTRY, session: session({ ...REFUSED, id: 'letin0001', disposition: 'accepted', at: '2026-11-23T14:20:00.000Z' }) })
    made.store.record({ ...ENTRY, session: session({ ...REFUSED, id: 'watched01', disposition: 'would-reject', at: '2026-11-23T14:30:00.000Z' }) })
    expect((await drafted(made, { subject: '198.51.100.25' })).notice.session).toBe('session0001')
    for (const subject of ['left00001', 'letin0001']) expect(await write(made.desk, { subject }, false)).toMatchObject({ ok: false, code: 'not-refused', problem: 'This session heard no refusal, it was let in or left before: there is nothing to tell anybody.' })
    expect((await drafted(made, { subject: 'watched01' })).notice.session).toBe('watched01')
  })

  test('the link to the help page only where there is such a page', async () => {
    const made = await gate({}, undefined, { helpPage: { listen: '127.0.0.1:0', url: 'https://help.shop.example' } })
    const reply = '550 5.7.25 no reverse name. See https://help.shop.example/r/linked001'
    made.store.record({ ...ENTRY, session: session({ ...REFUSED, id: 'linked001', reply }) })
    expect((await drafted(made, { subject: 'linked001' })).text).toContain('https://help.shop.example/r/linked001')
    expect((await drafted(made, { subject: 'session0001' })).text).not.toContain('/r/session0001')
  })

  test('caps hold when a notice is sent, and say which', async () => {
    const made = await gate({ perDay: 2 })
    await sent(made)
    const again = await drafted(made)
    expect(again.cap).toMatch(/cap for one contact/)
    expect(await send(made.desk, again.notice.id)).toMatchObject({ ok: false, code: 'cap', problem: expect.stringMatching(/one contact.*abuse@colo\.example/) as string })
    await sent(made, { to: 'noc@isp.example' })
    const third = await drafted(made, { to: 'other@isp.example' })
    expect(await send(made.desk, third.notice.id)).toMatchObject({ ok: false, code: 'cap', problem: expect.stringMatching(/one day/) as string })
    expect(smtp.messages.length).toBe(2)
  })

  test('two that are sent at the same moment do not both pass a cap', async () => {
    const made = await gate()
    const drafts = [await drafted(made), await drafted(made), await drafted(made)]
    const outcomes = await Promise.all(drafts.map(({ notice }) => send(made.desk, notice.id)))
    expect(outcomes.map((outcome) => (outcome.ok ? 'sent' : outcome.code))).toEqual(['sent', 'cap', 'cap'])
    await made.office.mailer.run()
    expect(smtp.messages.length).toBe(1)
  })

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

  test('never about a notice', async () => {
    const made = await gate()
    const { id } = await sent(made)
    made.store.record({ ...ENTRY, session: session({ ...REFUSED, id: 'session0002', sender: '', recipients: [taggedAddress('bounce', id, 'shop.example')], transactions: [] }) })
    expect(await write(made.desk, { subject: 'session0002' }, true)).toMatchObject({ ok: false, code: 'about-a-notice' })
  })

  test.each([[{ smtp: undefined }, /notices\.smtp/], [{ from: undefined }, /notices\.from/]])('%j: written, not sent', async (notices, problem) => {
    const made = await gate(notices)
    const { notice, sending } = await drafted(made)
    expect(sending).toMatch(problem)
    expect(await send(made.desk, notice.id)).toMatchObject({ ok: false, code: 'settings' })
  })
})

describe('handing over', () => {
  test('with the tagged reverse-path, byte for byte what was previewed, once', async () => {
    const made = await gate()
    const notice = await sent(made)
    expect(notice).toMatchObject({ state: 'sent', nextCheckAt: made.clock.now() + HOUR })
    expect(smtp.messages.map(({ mail, rcpt }) => [mail, rcpt])).toEqual([[`MAIL FROM:<porch-bounce+${notice.id}@shop.example>`, ['RCPT TO:<abuse@colo.example>']]])
    expect(smtp.messages[0]?.data.toString('latin1')).toBe(await made.desk.outbox.message(notice.id))
    expect(await send(made.desk, notice.id)).toMatchObject({ ok: false, code: 'state' })
    await made.office.mailer.run()
    expect(smtp.messages.length).toBe(1)
  })

  test('4xx: later; 5xx: told; and what may have left is never sent again', async () => {
    const made = await gate({ perContactDays: 0 })
    smtp.script = { rcpt: say('451 4.3.0 try later') }
    const notice = await sent(made)
    expect(notice).toMatchObject({ state: 'queued', tries: 1 })
    expect(made.alarms.list().map(({ text }) => text)).toEqual(['The notice to abuse@colo.example could not be sent yet: 451 4.3.0 try later'])
    smtp.script = {}
    await made.office.mailer.run()
    expect(smtp.messages.length).toBe(0)
    made.clock.advance(5 * 60_000)
    await made.office.mailer.run()
    expect(made.desk.outbox.get(notice.id)?.state).toBe('sent')
    expect(made.alarms.list()).toEqual([])
    smtp.script = { dot: say('554 5.7.1 no') }
    expect(await sent(made)).toMatchObject({ state: 'failed' })
    smtp.script = { dot: drop }
    const lost = await sent(made)
    expect(lost.state).toBe('unknown')
    smtp.script = {}
    made.clock.advance(48 * HOUR)
    await made.office.mailer.run()
    // The one that was lost at the dot, and the first; none twice.
    expect(smtp.messages.filter(({ mail }) => mail.includes(lost.id)).length).toBe(1)
  })

  test('nobody there, and a server that wants no such sender', async () => {
    const made = await gate({ smtp: '127.0.0.1:1' })
    expect(await sent(made)).toMatchObject({ state: 'queued', tries: 1 })
    smtp.script = { mail: say('550 5.7.1 not you') }
    const other = await gate()
    expect(await sent(other)).toMatchObject({ state: 'failed', events: [{ kind: 'drafted' }, { kind: 'queued' }, { kind: 'failed', text: 'Refused for good: 550 5.7.1 not you' }] })
  })

  test('a queued one can be taken back, and a disk that keeps nothing sends nothing', async () => {
    const made = await gate()
    const { notice } = await drafted(made)
    made.store.failWith = 'disk full'
    expect(await send(made.desk, notice.id)).toMatchObject({ ok: false, code: 'store' })
    await made.office.mailer.run()
    made.store.failWith = null
    expect(await cancel(made.desk, notice.id)).toMatchObject({ ok: true, notice: { state: 'cancelled' } })
    expect(await send(made.desk, notice.id)).toMatchObject({ ok: false, code: 'state' })
    expect(smtp.connections.length).toBe(0)
  })

  test('a start after a crash in the middle: unknown, not sent again; one that was queued goes', async () => {
    const made = await gate({ perContactDays: 0 })
    const [one, two] = [await drafted(made), await drafted(made)]
    for (const { notice } of [one, two]) await made.desk.outbox.apply(notice.id, { kind: 'queue' })
    await made.desk.outbox.apply(one.notice.id, { kind: 'hand-over' })
    const later = await createOffice({ dataDir: null, password: () => ({ ok: false, problem: 'none' }), store: made.store, settings: () => made.settings.current(), resolver: made.resolver, rdap: fakeRdap({}), clock: made.clock, alarms: made.alarms, onError: () => undefined, recheck: () => Promise.resolve({ ok: false, problem: 'x' }) })
    await later.mailer.run()
    expect([one, two].map(({ notice }) => later.desk.outbox.get(notice.id)?.state)).toEqual(['unknown', 'sent'])
    expect(smtp.messages.length).toBe(1)
    await later.close()
  })

  test.each([[0o600, true], [0o400, true], [0o644, false], [0o640, false]])('a password file of mode %o: %s', (mode, ok) => {
    const dir = mkdtempSync(join(tmpdir(), 'porch-pass-'))
    const file = join(dir, 'password')
    writeFileSync(file, 'secret\n')
    chmodSync(file, mode)
    expect(readPasswordFile(file)).toMatchObject(ok ? { ok, password: 'secret' } : { ok, problem: expect.stringMatching(/can be read by others/) as string })
    rmSync(dir, { recursive: true })
  })
})

describe('following up', () => {
  test('1 h: nothing; 4 h: fixed, with what changed; the ban is lifted and the admin told', async () => {
    const made = await gate()
    const { id } = await sent(made)
    await made.rules.add({ kind: 'ban', scope: '198.51.100.25', reason: 'x', by: 'auto' })
    await made.office.watch.run()
    expect(made.desk.outbox.get(id)?.checks).toBe(0)
    made.clock.advance(HOUR)
    await made.office.watch.run()
    expect(made.desk.outbox.get(id)).toMatchObject({ state: 'sent', checks: 1 })
    made.resolver.setZone(REPAIRED)
    made.clock.advance(3 * HOUR)
    await made.office.watch.run()
    const notice = made.desk.outbox.get(id)!
    expect(notice.state).toBe('fixed')
    expect(notice.events.at(-2)?.text).toBe('Fixed, its mail passes. 25.100.51.198.in-addr.arpa. PTR: then nxdomain, now www.acme.example; www.acme.example. A: then 198.51.100.99, now 198.51.100.25.')
    expect(notice.events.at(-1)?.text).toBe('Its automatic ban (198.51.100.25) was lifted.')
    expect(made.rules.list()).toEqual([])
    expect(made.alarms.list().map(({ code }) => code)).toEqual(['notice-fixed'])
    made.clock.advance(25 * HOUR)
    await made.office.watch.run()
    expect(made.alarms.list()).toEqual([])
  })

  test('a ban by hand stays', async () => {
    const made = await gate()
    const { id } = await sent(made)
    await made.rules.add({ kind: 'ban', scope: '198.51.100.25', reason: 'x', by: 'admin' })
    made.resolver.setZone(REPAIRED)
    made.clock.advance(HOUR)
    await made.office.watch.run()
    expect(made.desk.outbox.get(id)?.events.at(-1)?.text).toBe('The ban of 198.51.100.25 stays: it is yours.')
    expect(made.rules.list().length).toBe(1)
  })

  test('30 days without a change: gone quiet', async () => {
    const made = await gate()
    const { id } = await sent(made)
    for (let day = 0; day <= 31; day += 1) {
      made.clock.advance(24 * HOUR)
      await made.office.watch.run()
    }
    expect(made.desk.outbox.get(id)).toMatchObject({ state: 'quiet', nextCheckAt: null })
  })

  test('Check again by somebody else is enough', async () => {
    const made = await gate()
    const { id } = await sent(made)
    made.resolver.setZone(REPAIRED)
    const client = made.deps
    const { recheck } = await import('../../../electron/console/recheck.ts')
    await recheck(client, 'session0001', false)
    expect(made.desk.outbox.get(id)?.state).toBe('sent')
    await recheck(client, 'session0001', true)
    expect(made.desk.outbox.get(id)?.state).toBe('fixed')
  })

  test('a bounce and an answer are told apart, and where their mail goes', async () => {
    const made = await gate()
    const { id } = await sent(made)
    const address = taggedAddress('bounce', id, 'shop.example')
    expect(made.office.watch.mailbox(address.toUpperCase())).toBe('postmaster@shop.example')
    for (const other of ['joe@shop.example', taggedAddress('bounce', id, 'other.example'), taggedAddress('bounce', '0'.repeat(20), 'shop.example')]) expect(made.office.watch.mailbox(other)).toBeNull()
    const incoming = (sender: string, reply: string | null): SessionRecord => session({ disposition: 'accepted', verdict: 'accept', client: '192.0.2.9', transactions: [{ sender, recipients: [{ address, reply: '250 Ok' }], reply, bytes: 9 }] })
    made.office.watch.finished(incoming('', null))
    made.office.watch.finished(incoming('noc@colo.example', '550 no'))
    // Its tag under another of the shop's domains is none of its own addresses.
    made.office.watch.finished({ ...incoming('', '250 taken'), transactions: [{ sender: '', recipients: [{ address: taggedAddress('bounce', id, 'other.example'), reply: '250 Ok' }], reply: '250 taken', bytes: 9 }] })
    await made.office.close()
    expect(made.desk.outbox.get(id)?.state).toBe('sent')
    made.office.watch.finished(incoming('', '250 taken'))
    await made.office.close()
    expect(made.desk.outbox.get(id)?.state).toBe('bounced')
    made.office.watch.finished(incoming('noc@colo.example', '250 taken'))
    await made.office.close()
    expect(made.desk.outbox.get(id)?.state).toBe('answered')
  })
})
