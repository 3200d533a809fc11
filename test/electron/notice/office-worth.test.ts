/** Who is worth a notice, out of the journal; and the admin's own templates. */
import { describe, expect, test } from 'vitest'
import { newSessionId } from '../../../electron/ids.ts'
import { worthWriting } from '../../../electron/notice/worth.ts'
import { DEFAULT_TEMPLATES } from '../../../shared/notice/templates.ts'
import { session } from '../../shared/notice/session.ts'
import { drafted, ENTRY, gate, REFUSED, sent } from './officeworld.ts'
import type { Gate } from './officeworld.ts'

describe('worth a notice, out of the journal', () => {
  const at = (minute: number) => new Date(Date.UTC(2026, 10, 23, 14, minute)).toISOString()
  function journal(made: Gate): void {
    for (const [index, minute] of [10, 25, 50].entries()) made.store.record({ ...ENTRY, session: session({ ...REFUSED, id: `retry000${index}`, at: at(minute) }) })
    for (let n = 0; n < 200; n += 1) {
      const record = session({ id: `spam${n}`, client: `203.0.${n}.7`, ehlo: `d${n}.test`, sender: `x${n}@y${n}.test`, recipients: [`u${n}@shop.example`, `v${n}@shop.example`, `w${n}@shop.example`, `z${n}@shop.example`], at: at(55) })
      made.store.record({ session: record, evidence: [], transcript: [] })
    }
    made.store.record({ session: session({ id: 'good1', client: '192.0.2.99', verdict: 'accept', refusedFor: [], findings: [], disposition: 'accepted', sender: 'boss@acme.example', recipients: ['joe@shop.example'], at: '2026-11-20T12:00:00.000Z' }), evidence: [], transcript: [] })
  }

  test('the correspondent among the spam, with the reasons and the session to write about', async () => {
    const made = await gate()
    journal(made)
    const { due, stuck } = await worthWriting({ ...made.desk, store: made.store, rules: made.rules })
    expect(due.map(({ client, session: id }) => [client, id])).toEqual([['198.51.100.25', 'retry0002']])
    expect(due[0]?.reasons.map(({ text }) => text)).toEqual(expect.arrayContaining(['mail from acme.example was accepted 3 days ago', 'it tried the same message 4 times within 50 minutes', 'its name leads to 198.51.100.99, next door', 'the recipient exists']))
    expect(stuck).toEqual([])
  })

  test('an invented sender of practice mode is, while practising only', async () => {
    for (const [more, found] of [[{ backend: undefined }, ['198.51.100.25']], [{}, []]] as const) {
      const made = await gate({}, undefined, more)
      journal(made)
      made.store.record({ ...ENTRY, session: session({ ...REFUSED, id: newSessionId(Date.parse(at(58)), true), at: at(58) }) })
      expect((await worthWriting({ ...made.desk, store: made.store, rules: made.rules })).due.map(({ client }) => client)).toEqual(found)
    }
  })

  test('who was written to, or is whitelisted, is not proposed again', async () => {
    const made = await gate()
    journal(made)
    await sent(made)
    expect((await worthWriting({ ...made.desk, store: made.store, rules: made.rules })).due).toEqual([])
    const other = await gate()
    journal(other)
    await other.rules.add({ kind: 'allow', scope: '198.51.100.25', reason: '', by: 'admin' })
    expect((await worthWriting({ ...other.desk, store: other.store, rules: other.rules })).due).toEqual([])
  })
})

describe('templates and the API', () => {
  test('the admin’s own version is used, refused with its line if wrong, and restored', async () => {
    const made = await gate()
    expect(await made.desk.templates.set('isp', 'Subject: ours\n\nHello {client}\n')).toEqual([])
    expect((await drafted(made)).message).toMatch(/\r\n\r\nHello 198\.51\.100\.25\r\n$/)
    expect(await made.desk.templates.set('isp', 'Subject: ours\n\n{x}')).toMatchObject([{ line: 3 }])
    expect((await made.desk.templates.list()).map(({ kind, changed }) => [kind, changed])).toEqual([['isp', true], ['domain-owner', false], ['customer', false]])
    expect(await made.desk.templates.restore('isp')).toBe(DEFAULT_TEMPLATES.isp)
    expect((await drafted(made)).notice.subject).toMatch(/^Mail from 198/)
  })
})
