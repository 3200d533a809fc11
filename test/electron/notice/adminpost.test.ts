/** Mail to the admin: red alarms and the digest, over a store in memory and a submission server that does as it is told. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { adminMailProblem, createAdminPost } from '../../../electron/notice/adminpost.ts'
import { worthWriting } from '../../../electron/notice/worth.ts'
import { drop, say, startBackend } from '../../fakes/backend.ts'
import type { FakeBackend } from '../../fakes/backend.ts'
import { manualClock } from '../../fakes/clock.ts'
import { session } from '../../shared/notice/session.ts'
import { SETTINGS, world } from '../console/world.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
/** 06:00 where the gate stands. */
const SIX = Date.UTC(2026, 10, 25, 6)
const SPITE = 'x\u202e\r\nBcc: a@b.test\r\n\r\n.\r\n'

let smtp: FakeBackend
beforeEach(async () => {
  smtp = await startBackend()
})
afterEach(() => smtp.close())

async function gate(changes: { readonly notices?: object | undefined; readonly shop?: object; readonly backend?: string | undefined } = {}) {
  const clock = manualClock(SIX)
  const notices = 'notices' in changes ? changes.notices : { smtp: smtp.address, from: 'postmaster@shop.example' }
  const made = await world({ clock, settings: { ...SETTINGS, ...('backend' in changes ? { backend: changes.backend } : {}), notices, shop: changes.shop ?? { adminEmail: 'admin@shop.example' } } })
  const start = (store = made.store) => createAdminPost({
    store, settings: () => made.settings.current(), alarms: made.alarms, clock, offset: () => 0, outbox: made.office.desk.outbox, rules: made.rules, password: () => ({ ok: false, problem: 'none' }), patientMs: 50,
    proposals: () => worthWriting({ ...made.office.desk, store: made.store, rules: made.rules }),
  })
  return { ...made, clock, start, post: await start() }
}
type Gate = Awaited<ReturnType<typeof gate>>

async function wait({ clock, post }: Pick<Gate, 'clock' | 'post'>, ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= MINUTE) {
    clock.advance(Math.min(left, MINUTE))
    await post.run()
  }
}
const subjects = () => smtp.messages.map(({ data }) => /^Subject: (.*(?:\r\n .*)*)/m.exec(data.toString('latin1'))?.[1]?.replace(/\r\n /g, ' '))
const red = ({ alarms }: Pick<Gate, 'alarms'>, text = 'The mail server 10.0.0.1:25 does not answer.') => alarms.raise('backend-down', 'critical', text)

describe('red alarms', () => {
  test('when it has stood, and when it is over: once each, with the headers of a machine, to the admin alone', async () => {
    const made = await gate()
    red(made)
    await wait(made, MINUTE)
    expect(smtp.messages.length).toBe(0)
    await wait(made, 10 * MINUTE)
    made.alarms.clear('backend-down')
    await wait(made, 20 * MINUTE)
    expect(subjects()).toEqual(['Porch mx.shop.example: TROUBLE: The mail server 10.0.0.1:25 does not answer.', 'Porch mx.shop.example: over: The mail server 10.0.0.1:25 does not answer.'])
    const [first] = smtp.messages
    expect([first?.mail, first?.rcpt]).toEqual(['MAIL FROM:<postmaster@shop.example>', ['RCPT TO:<admin@shop.example>']])
    const text = first?.data.toString('latin1') ?? ''
    for (const header of ['Auto-Submitted: auto-generated', 'X-Auto-Response-Suppress: All', 'To: admin@shop.example', 'From: "Porch on mx.shop.example" <postmaster@shop.example>']) expect(text).toContain(`${header}\r\n`)
    expect(text).toMatch(/^Message-ID: <porch\.alarms-[0-9a-z]+-[0-9a-f]{8}@shop\.example>\r$/m)
    expect(text).not.toMatch(/Reply-To/)
    expect(text).toContain('  Since Wed, 25 Nov 2026 06:00:00 +0000.')
    await made.post.close()
  })

  test('a restart, also one in which the alarm stands on, tells nothing twice', async () => {
    const made = await gate()
    red(made)
    await wait(made, 5 * MINUTE)
    await made.post.close()
    const post = await made.start()
    await wait({ ...made, post }, 30 * MINUTE)
    made.alarms.clear('backend-down')
    await post.close()
    const third = await made.start()
    await wait({ ...made, post: third }, 30 * MINUTE)
    expect(subjects().map((subject) => /TROUBLE|over/.exec(subject ?? '')?.[0])).toEqual(['TROUBLE', 'over'])
    await third.close()
  })

  test('kill -9 while it leaves: it may have been sent, and is not sent again', async () => {
    const made = await gate()
    smtp.script = { dot: drop }
    red(made)
    await wait(made, 4 * MINUTE)
    smtp.script = {}
    await made.post.close()
    const post = await made.start()
    await wait({ ...made, post }, 50 * MINUTE)
    expect(smtp.messages.length).toBe(1)
    expect(made.alarms.list().find(({ code }) => code === 'admin-mail')).toMatchObject({ severity: 'warning', text: expect.stringMatching(/not sent again/) as string })
    await post.close()
  })

  test('a submission server that is away: backed off, an alarm of the console, and no mail about that', async () => {
    const made = await gate()
    smtp.script = { rcpt: say('451 4.3.0 later') }
    red(made)
    await wait(made, 4 * MINUTE)
    expect(made.alarms.list().map(({ code, severity }) => [code, severity])).toEqual([['backend-down', 'critical'], ['admin-mail', 'warning']])
    smtp.script = {}
    await wait(made, 4 * MINUTE)
    expect([smtp.messages.length, made.alarms.list().map(({ code }) => code)]).toEqual([1, ['backend-down']])
    await made.post.close()
  })

  test('what is over before its beginning could be told is one letter', async () => {
    const made = await gate()
    smtp.script = { mail: say('451 4.3.0 later') }
    red(made)
    await wait(made, 30 * MINUTE)
    made.alarms.clear('backend-down')
    smtp.script = {}
    await wait(made, 60 * MINUTE)
    expect(subjects()).toEqual(['Porch mx.shop.example: over: The mail server 10.0.0.1:25 does not answer.', 'Porch mx.shop.example: 2 troubles'])
    expect(smtp.messages[0]?.data.toString('latin1')).toContain('It began Wed, 25 Nov 2026 06:00:00 +0000, and has been gone for a while now.')
    await made.post.close()
  })

  test('a store that keeps nothing, or never answers, does not keep its own alarm from being mailed', async () => {
    const made = await gate()
    for (const putNotice of [() => Promise.reject(new Error('disk full')), () => new Promise<void>(() => undefined)]) {
      const before = smtp.messages.length
      const post = await made.start({ ...made.store, putNotice })
      made.alarms.raise('store-trouble', 'critical', 'The journal cannot be written: disk full.')
      await wait({ ...made, post }, 10 * MINUTE)
      expect(subjects().slice(before)).toEqual(['Porch mx.shop.example: TROUBLE: The journal cannot be written: disk full.'])
      await post.close()
    }
  })

  test('counted in no cap, and in no list of notices', async () => {
    const made = await gate()
    red(made)
    await wait(made, 5 * MINUTE)
    expect([smtp.messages.length, made.office.desk.outbox.list()]).toEqual([1, []])
    await made.post.close()
  })

  test.each<readonly [string, Parameters<typeof gate>[0], RegExp]>([
    ['no admin', { shop: {} }, /shop\.adminEmail is not set/],
    ['no notices', { notices: undefined }, /no "notices" section/],
    ['no submission server', { notices: { from: 'a@shop.example' } }, /notices\.smtp/],
    ['practice mode with a server elsewhere', { backend: undefined, notices: { smtp: 'smtp.isp.example:587', from: 'a@shop.example' } }, /practice mode/],
  ])('%s: nothing is written, and the settings page says so', async (_, changes, problem) => {
    const made = await gate(changes)
    expect(adminMailProblem(made.settings.current())).toMatch(problem)
    red(made)
    await wait(made, 3 * HOUR)
    expect([...(await made.store.loadNotices()).values()].map((value) => (JSON.parse(value) as { state: string }).state)).toEqual(['none', 'none'])
    await made.post.close()
  })

  test('hostile text stays in its line', async () => {
    const made = await gate()
    red(made, `The mail server says ${SPITE}`)
    await wait(made, 5 * MINUTE)
    const [message] = smtp.messages
    expect(message?.rcpt.length).toBe(1)
    expect(message?.data.toString('latin1')).not.toMatch(/^Bcc|^a@b/m)
    await made.post.close()
  })
})

describe('the digest', () => {
  async function busy(): Promise<Gate> {
    const made = await gate()
    await wait(made, HOUR)
    for (const [index, minute] of [0, 15, 45].entries()) {
      made.store.record({ session: session({ id: `acme${index}`, client: '198.51.100.25', ehlo: 'mail.acme.example', sender: 'ann@acme.example', recipients: ['joe@shop.example'], at: new Date(SIX + HOUR + minute * MINUTE).toISOString() }), evidence: [], transcript: [] })
    }
    made.store.record({ session: session({ id: 'spam', client: '203.0.113.9', ehlo: SPITE, sender: SPITE, recipients: [], at: new Date(SIX + 2 * HOUR).toISOString() }), evidence: [], transcript: [] })
    made.store.record({ session: session({ id: 'good', client: '192.0.2.99', verdict: 'accept', refusedFor: [], findings: [], disposition: 'accepted', sender: 'boss@acme.example', recipients: ['joe@shop.example'], at: new Date(SIX + 2 * HOUR).toISOString() }), evidence: [], transcript: [] })
    return made
  }

  test('each morning at seven: what was refused, who is worth a notice, what was banned, what was in trouble', async () => {
    const made = await busy()
    await wait(made, HOUR)
    expect(smtp.messages.length).toBe(0)
    await made.rules.add({ kind: 'ban', scope: '203.0.113.9', reason: '10 refusals in 60 minutes: no reverse name', by: 'auto' })
    await made.rules.add({ kind: 'ban', scope: '203.0.113.10', reason: 'mine', by: 'admin' })
    made.alarms.raise('canary', 'critical', 'The resolver lies.')
    await wait(made, MINUTE)
    made.alarms.clear('canary')
    await wait(made, 23 * HOUR)
    expect(subjects()).toEqual(['Porch mx.shop.example: 4 refused, 1 worth a notice, 1 trouble'])
    const text = smtp.messages[0]?.data.toString('latin1') ?? ''
    expect(text).toContain('from Wed, 25 Nov 2026 07:00:00 +0000\r\nto   Thu, 26 Nov 2026 07:00:00 +0000\r\n')
    expect(text).toMatch(/^ {8}4 {2}refused\r\n {8}1 {2}passed\r$/m)
    expect(text).toMatch(/^Why \(2 senders; one may have several reasons\)\r\n {8}4 {2}/m)
    expect(text).toMatch(/^ {2}198\.51\.100\.25, greets as mail\.acme\.example, writes as ann@acme\.example\r\n {4}mail from acme\.example was accepted/m)
    expect(text).toMatch(/^Banned automatically: 1\r\n {2}203\.0\.113\.9 until .*: 10 refusals/m)
    expect(text).not.toContain('203.0.113.10')
    expect(text).toMatch(/^Troubles\r\n {2}Wed, 25 Nov 2026 08:00:00 \+0000, until .* 08:01:00 \+0000\r\n {4}The resolver lies\.\r$/m)
    expect(text).not.toMatch(/^Bcc|token=|http:/m)
    await made.post.close()
  })

  test('restarts, kill -9 and a clock that is set back tell a day once', async () => {
    const made = await busy()
    made.clock.advance(25 * HOUR)
    for (let times = 0; times < 3; times += 1) {
      await made.post.run()
      made.clock.step(-HOUR)
      const next = await made.start()
      await next.run()
      made.clock.step(HOUR)
      await next.run()
      await next.close()
    }
    expect(smtp.messages.length).toBe(1)
    await made.post.close()
  })

  test('a day with nothing to tell is no mail', async () => {
    const made = await gate()
    await wait(made, 26 * HOUR)
    expect(smtp.messages.length).toBe(0)
    await made.post.close()
  })

  test('without a store it is told when the store is back', async () => {
    const made = await busy()
    made.clock.advance(25 * HOUR)
    const broken = { ...made.store, survey: () => Promise.reject(new Error('away')) }
    const post = await made.start(broken)
    await post.run()
    expect(smtp.messages.length).toBe(0)
    await post.close()
    await made.post.run()
    expect(smtp.messages.length).toBe(1)
    await made.post.close()
  })
})
