/** The practice mailbox, as the gate's own backend and as a store of files. */
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createAlarms } from '../../../electron/alarms.ts'
import { systemClock } from '../../../electron/clock.ts'
import { createBackend } from '../../../electron/gate/backend/backend.ts'
import { envelopeLines, readEnvelope } from '../../../electron/practice/envelope.ts'
import { createMailbox } from '../../../electron/practice/mailbox.ts'
import type { Mailbox } from '../../../electron/practice/mailbox.ts'
import { client, line, opened, testSettings } from '../gate/backend/support.ts'

let dir: string
const closers: (() => unknown)[] = []
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'porch-mailbox-'))
})
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
  await rm(dir, { recursive: true })
})

async function box(options: Parameters<typeof createMailbox>[1] = {}): Promise<Mailbox> {
  const mailbox = await createMailbox(dir, options)
  closers.push(() => mailbox.close())
  return mailbox
}

/** Delivers as the gate does: XCLIENT, then one message for each text. */
async function deliver(mailbox: Mailbox, messages: readonly string[], from = 'a@acme.example'): Promise<string[]> {
  const alarms = createAlarms(systemClock)
  const backend = createBackend({ settings: testSettings({}), alarms, clock: systemClock, address: mailbox.address })
  const session = opened(await backend.connect(client))
  const replies: string[] = []
  for (const message of messages) {
    await session.mail(from, ['SIZE=100', 'RET=HDRS'])
    await session.rcpt('joe@shop.example', ['NOTIFY=NEVER'])
    await session.rcpt('ann@shop.example', [])
    await session.data()
    session.write(Buffer.from(message))
    replies.push(line(await session.finish()).slice(0, 3))
  }
  session.quit()
  backend.close()
  expect(alarms.list()).toEqual([])
  return replies
}

it('keeps what the gate delivers, with its envelope and the client’s identity', async () => {
  const mailbox = await box()
  expect(await deliver(mailbox, ['Subject: first\r\n\r\n..dot\r\n', 'X: y\r\nSUBJECT: sec\r\n ond\r\n\r\nSubject: body\r\n'])).toEqual(['250', '250'])
  const [second, first] = await mailbox.list()
  expect(first).toMatchObject({ from: 'a@acme.example', to: ['joe@shop.example', 'ann@shop.example'], subject: 'first' })
  expect(second).toMatchObject({ subject: 'sec ond' })
  expect(await mailbox.read(first!.file)).toBe([
    'Return-Path: <a@acme.example>', 'X-Porch-Recipient: <joe@shop.example>', 'X-Porch-Recipient: <ann@shop.example>',
    'X-Porch-Client: mail.acme.example [192.0.2.1], EHLO mail.acme.example', 'Subject: first', '', '.dot', '',
  ].join('\r\n'))
  expect((await mailbox.read(first!.file))?.length).toBe(first!.bytes)
  expect(new Date(first!.at).toISOString()).toBe(first!.at)
})

it('survives a restart, and takes torn files away', async () => {
  const before = await box()
  await deliver(before, ['Subject: kept\r\n\r\n'], '')
  const listed = await before.list()
  await writeFile(join(dir, '.20260101T000000000Z-000001-00000000.eml.part'), 'torn')
  await writeFile(join(dir, 'notes.txt'), 'the admin’s own')
  await writeFile(join(dir, '20260101T000000000Z-000001-00000000.eml'), 'not of ours')
  const again = await box()
  expect(await again.list()).toEqual(listed)
  expect(listed[0]?.from).toBe('')
  expect((await readdir(dir)).filter((file) => file.endsWith('.part'))).toEqual([])
})

it('keeps the newest, in order, however fast they come', async () => {
  const mailbox = await box({ keep: 3, now: () => Date.UTC(2026, 10, 23) })
  await deliver(mailbox, ['1', '2', '3', '4', '5'].map((text) => `Subject: ${text}\r\n\r\n`))
  const subjects = async (of: Mailbox) => (await of.list()).map((mail) => mail.subject)
  expect(await subjects(mailbox)).toEqual(['5', '4', '3'])
  expect((await readdir(dir)).length).toBe(3)
  expect(await subjects(await box({ keep: 2 }))).toEqual(['5', '4'])
})

it('reads only files of its own', async () => {
  const mailbox = await box()
  await writeFile(join(dir, 'secret.eml'), 'no')
  for (const file of ['../secret.eml', 'secret.eml', '', '.', '/etc/passwd', '20260101T000000000Z-000001-00000000.eml', '20260101T000000000Z-000001-00000000.eml\0']) {
    expect(await mailbox.read(file)).toBe(null)
  }
})

it('a folder that is gone: later, not lost', async () => {
  const mailbox = await box()
  await rm(dir, { recursive: true })
  expect(await deliver(mailbox, [`Subject: x\r\n\r\n${'x'.repeat(70)}\r\n`])).toEqual(['452'])
  expect(await mailbox.list()).toEqual([])
  dir = await mkdtemp(join(tmpdir(), 'porch-mailbox-'))
})

it('hostile envelopes stay one line each; a subject is bounded', () => {
  const lines = envelopeLines({ from: 'a\r\nX: y', to: ['b\0>c'], client: 'x\nSubject: z' })
  expect(lines).toBe('Return-Path: <a  X: y>\r\nX-Porch-Recipient: <b >c>\r\nX-Porch-Client: x Subject: z\r\n')
  expect(readEnvelope(`${lines}Subject: ${'s'.repeat(400)}\r\n\x07\r\n\r\n`)).toEqual({ from: 'a  X: y', to: ['b >c'], client: 'x Subject: z', subject: 's'.repeat(300) })
  expect(readEnvelope('Subject: x\r\n\r\n')).toBe(null)
})
