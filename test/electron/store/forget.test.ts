/** A person's address is gone from everything that is stored, down to the octets of the files; everything else is as it was. */
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createAlarms } from '../../../electron/alarms.ts'
import { createStore } from '../../../electron/store/store.ts'
import type { Store } from '../../../electron/store/store.ts'
import type { JournalEntry } from '../../../shared/events.ts'
import { NOW, RULE, entryOf } from '../../contract/storecast.ts'

const clock = { now: () => NOW, monotonic: () => performance.now() }
let dataDir: string
let store: Store

const open = () => createStore({ dataDir, clock, alarms: createAlarms(clock), retentionDays: () => 90 })
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'porch-forget-'))
  store = await open()
})
afterEach(async () => {
  await store.close()
  rmSync(dataDir, { recursive: true })
})

const PERSON = 'anna.q@customer.example'
/** In how many files of the data folder any of its spellings stands. */
const filesNaming = (word = 'anna.q') => readdirSync(dataDir).filter((name) => readFileSync(join(dataDir, name), 'latin1').toLowerCase().includes(word))

const toPerson = (id: string, ago: number, address = PERSON): JournalEntry => {
  const entry = entryOf(id, ago, { recipients: [address], transactions: [{ sender: 'cards@americangreetings.com', recipients: [{ address, reply: `550 5.1.1 <${address}> unknown` }], reply: null, bytes: 0 }] })
  return { ...entry, transcript: [...entry.transcript, { ms: 50, who: 'client', text: `RCPT TO:<${address}>` }] }
}
const spoken = (id: string, ago: number): JournalEntry => ({ ...entryOf(id, ago), transcript: [{ ms: 1, who: 'client', text: `VRFY ${PERSON.toUpperCase()}` }] })
/** As a forwarder turns the address round, and as RFC 3461 encodes it. */
const forwarded = (id: string, ago: number): JournalEntry => ({
  ...entryOf(id, ago, { sender: 'SRS0=abcd=aa=customer.example=anna.q@fwd.example' }),
  transcript: [{ ms: 1, who: 'client', text: 'MAIL FROM:<SRS0=abcd=aa=customer.example=anna.q@fwd.example>' }, { ms: 2, who: 'client', text: 'RCPT TO:<joe@shop.example> ORCPT=rfc822;anna+2Eq+40customer.example' }],
})
const other = (id: string, ago: number) => toPerson(id, ago, 'johanna.q@customer.example')

test('sessions, transcripts, filters, rules, notices and small values; in no file, in no form; others stay', async () => {
  const others = Array.from({ length: 600 }, (_, at) => other(`o${at}`, 5000 - at))
  const named = [toPerson('p1', 90), toPerson('p2', 80, 'Anna.Q@Customer.Example'), toPerson('p3', 70, 'anna.q+shop@customer.example'), spoken('p4', 60), forwarded('p5', 50)]
  for (const [at, entry] of others.entries()) {
    store.record(entry)
    // Alone in a block, so that nothing hides it from a plain look at the file.
    if (at % 200 === 0) await store.sessions({ limit: 1 })
  }
  for (const entry of named) {
    store.record(entry)
    await store.sessions({ limit: 1 })
  }
  await store.putRule({ ...RULE, reason: `asked for by ${PERSON}` })
  await store.put('draft', { text: PERSON })
  const message = `To: <noc@isp.example>\r\n\r\nYour mail to anna.q@custo=\r\nmer.example was refused.\r\n`
  await store.putNotice('n1', JSON.stringify({ id: 'n1', events: [], subject: `for ${PERSON}` }), 'To: x\r\n')
  await store.putNotice('n2', JSON.stringify({ id: 'n2', events: [] }), message)
  await store.putNotice('n3', JSON.stringify({ id: 'n3', events: [] }), `To: x\r\n\r\n${Buffer.from(`Mail to ${PERSON} was refused, which nobody wanted to happen.`).toString('base64')}\r\n`)
  await store.putNotice('n4', JSON.stringify({ id: 'n4', events: [] }), 'To: y\r\n')
  expect(filesNaming().length).toBeGreaterThan(0)
  const before = await store.report({ kind: 'day', from: '2026-11-23' })

  const progress: [number, number][] = []
  expect(await store.forget(`<${PERSON.toUpperCase()}>`, (done, total) => progress.push([done, total]))).toEqual({ sessions: 5, notices: ['n2', 'n3', 'n1'], rules: ['ban 192.0.2.0/24'], values: 1 })
  expect(progress.at(-1)).toEqual([605, 605])

  // "johanna.q@customer.example" contains it and is somebody else: it is taken away for the look at the files.
  for (const entry of others) expect((await store.entry(entry.session.id))?.session.recipients).toEqual(['johanna.q@customer.example'])
  expect(filesNaming('<anna.q').concat(filesNaming('"anna.q'), filesNaming(' anna.q'))).toEqual([])
  for (const { session } of named) {
    const kept = await store.entry(session.id)
    expect(JSON.stringify(kept).toLowerCase()).not.toContain('anna.q')
    expect(JSON.stringify(kept)).toContain('(forgotten)@')
  }
  for (const rcpt of [PERSON, 'anna.q+shop@customer.example']) expect(await store.sessions({ rcpt, limit: 10 })).toEqual([])
  expect((await store.sessions({ rcpt: '@customer.example', limit: 1000 })).length).toBe(603)
  expect((await store.loadRules())[0]?.reason).toBe('asked for by (forgotten)@customer.example')
  expect([await store.get('draft'), await store.noticeMessage('n2'), await store.noticeMessage('n3'), await store.noticeMessage('n4')]).toEqual([{ text: '(forgotten)@customer.example' }, expect.stringContaining('was removed'), expect.stringContaining('was removed'), 'To: y\r\n'])
  expect(await store.report({ kind: 'day', from: '2026-11-23' })).toEqual(before)
  expect(await store.forget(PERSON)).toEqual({ sessions: 0, notices: [], rules: [], values: 0 })
})

test('not an octet of it is left in the files, also of copies that were deleted before', async () => {
  for (let at = 0; at < 300; at++) {
    store.record(toPerson(`p${at}`, 500 - at))
    if (at % 3 === 0) await store.sessions({ limit: 1 })
  }
  await store.putRule({ ...RULE, reason: PERSON })
  await store.putRule({ ...RULE, reason: 'other words now' })
  await store.putNotice('n', '{}', PERSON)
  await store.deleteNotice('n')
  expect(filesNaming()).toContain('rules.jsonl')
  expect(await store.forget(PERSON)).toMatchObject({ sessions: 300 })
  await store.putRule({ ...RULE, scope: '192.0.2.9', reason: 'a write after it' })
  expect(filesNaming()).toEqual([])
  // Nor unpacked: every block is read.
  for (const { id } of await store.sessions({ limit: 1000 })) expect(JSON.stringify(await store.entry(id))).not.toContain('anna.q')
  const db = new Sqlite(join(dataDir, 'journal.sqlite'), { readonly: true })
  expect(db.pragma('quick_check', { simple: true })).toBe('ok')
  db.close()
  // Blocks that were joined meanwhile have left pages free: nothing in those either.
  expect(filesNaming()).toEqual([])
})

test('while sessions come in, and a step at a time: nothing new is lost or doubled', async () => {
  for (let at = 0; at < 3000; at++) store.record(at % 10 === 0 ? toPerson(`p${at}`, 5000 - at) : entryOf(`o${at}`, 5000 - at))
  const forgetting = store.forget(PERSON)
  for (let at = 0; at < 300; at++) {
    store.record(entryOf(`n${at}`, 300 - at))
    if (at % 50 === 0) await store.sessions({ limit: 1 })
  }
  expect(await forgetting).toMatchObject({ sessions: 300 })
  const ids = (await store.sessions({ limit: 10_000 })).map(({ id }) => id)
  expect([ids.length, new Set(ids).size]).toEqual([3300, 3300])
  const { totals, uncounted } = await store.report({ kind: 'month', from: '2026-11-01' })
  expect([totals['d:rejected'], uncounted]).toEqual([3300, 0])
})

test('what is no address is refused, and nothing is touched', async () => {
  store.record(entryOf('a', 0))
  await expect(store.forget('shop.example')).rejects.toThrow('expected a mail address')
  expect((await store.sessions({ limit: 10 })).length).toBe(1)
})

test('sizes: the file, and the sessions of each month', async () => {
  for (let at = 0; at < 100; at++) store.record(entryOf(`a${at}`, 40 * 86_400 - at))
  await store.sessions({ limit: 1 })
  for (let at = 0; at < 50; at++) store.record(entryOf(`b${at}`, 100 - at))
  await store.putRule(RULE)
  const sizes = await store.sizes()
  expect(sizes).toMatchObject({ sessions: 150, rules: 1, months: [{ month: '2026-10', sessions: 100 }, { month: '2026-11', sessions: 50 }], newest: NOW - 51_000 })
  expect(sizes.bytes + sizes.logBytes).toBeGreaterThan(10_000)
})
