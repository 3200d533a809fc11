/** Submission with TLS and credentials, against a real submission server; and what survives a torn database. */
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SMTPServer } from 'smtp-server'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createAlarms } from '../../../electron/alarms.ts'
import { createOutbox } from '../../../electron/notice/outbox.ts'
import { readPasswordFile } from '../../../electron/notice/password.ts'
import { submit } from '../../../electron/notice/submit.ts'
import { step } from '../../../shared/notice/outbox.ts'
import type { Notice } from '../../../shared/notice/outbox.ts'
import { manualClock } from '../../fakes/clock.ts'
import { createFakeStore } from '../../fakes/store.ts'

let dir: string
let server: SMTPServer
let smtp: string
const taken: { readonly secure: boolean; readonly user: unknown; readonly from: string; readonly text: string }[] = []

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'porch-submit-'))
  taken.length = 0
  server = new SMTPServer({
    authMethods: ['PLAIN', 'LOGIN'], logger: false,
    onAuth: ({ username, password }, _, done) => (username === 'porch' && password === 'right' ? done(null, { user: username }) : done(new Error('wrong'))),
    onData(stream, session, done) {
      const parts: Buffer[] = []
      stream.on('data', (part: Buffer) => parts.push(part))
      stream.on('end', () => {
        taken.push({ secure: session.secure, user: session.user, from: session.envelope.mailFrom === false ? '' : session.envelope.mailFrom.address, text: Buffer.concat(parts).toString('latin1') })
        done(null, 'taken')
      })
    },
  })
  server.on('error', () => undefined)
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  smtp = `127.0.0.1:${(server.server.address() as AddressInfo).port}`
})
afterEach(async () => {
  await new Promise<void>((resolve) => server.close(resolve))
  rmSync(dir, { recursive: true })
})

function passwordFile(text: string, mode = 0o600): string {
  const file = join(dir, 'password')
  writeFileSync(file, text)
  chmodSync(file, mode)
  return file
}
const job = ({ passwordFile: file, ...changes }: { readonly passwordFile?: string; readonly [name: string]: unknown }) => submit({ smtp, password: () => readPasswordFile(file ?? join(dir, 'nothing')), hostname: 'mx.shop.example', reversePath: 'porch-bounce+x@shop.example', to: 'noc@isp.example', message: 'Subject: x\r\n\r\n.dot\r\n', beforeData: () => Promise.resolve(), ...changes })

test('signs in over TLS', async () => {
  expect(await job({ user: 'porch', passwordFile: passwordFile('right\n') })).toMatchObject({ kind: 'accepted' })
  expect(taken).toEqual([{ secure: true, user: 'porch', from: 'porch-bounce+x@shop.example', text: 'Subject: x\r\n\r\n.dot\r\n' }])
})

test('wrong credentials are put right by the admin: it is tried again, and no password is told', async () => {
  const outcome = await job({ user: 'porch', passwordFile: passwordFile('secretguess') })
  expect(outcome).toMatchObject({ kind: 'refused', permanent: false, reply: expect.stringMatching(/signing in failed/) as string })
  expect(JSON.stringify(outcome)).not.toContain('secretguess')
  expect(taken).toEqual([])
})

test.each([[{ user: 'porch' }, /passwordFile cannot be read/], [{ user: 'porch', passwordFile: '/nowhere' }, /cannot be read/], [{ smtp: 'nonsense' }, /no address/]])('%j waits for the admin', async (changes, why) => {
  expect(await job(changes)).toMatchObject({ kind: 'refused', permanent: false, reply: expect.stringMatching(why) as string })
})

test('what could not be written down does not leave', async () => {
  expect(await job({ user: 'porch', passwordFile: passwordFile('right'), beforeData: () => Promise.reject(new Error('disk full')) })).toMatchObject({ kind: 'refused', permanent: false })
  expect(taken).toEqual([])
})

test('a torn database: the copy beside it brings the timelines back, and nothing is sent again', async () => {
  const clock = manualClock()
  const draft: Notice = {
    id: '0123456789abcdef0123', state: 'draft', template: 'isp', session: 's', client: '192.0.2.1', ehlo: null, refusedFor: [], thenAnswers: [], from: 'a@shop.example', to: 'noc@isp.example', source: { kind: 'typed' }, trust: 'typed',
    subject: 'x', createdAt: clock.now(), queuedAt: null, sentAt: null, tries: 0, nextTryAt: null, checks: 0, nextCheckAt: null, events: [],
  }
  const open = () => createOutbox({ store: createFakeStore(), clock, alarms: createAlarms(clock), dataDir: dir })
  const first = await open()
  await first.put(draft, 'x')
  await first.apply(draft.id, { kind: 'queue' })
  await first.put({ ...draft, id: 'aaaaaaaaaaaaaaaaaaaa' }, 'x')
  await first.drop('aaaaaaaaaaaaaaaaaaaa')
  await first.close()
  const second = await open()
  expect(second.list().map(({ id, state }) => [id, state])).toEqual([[draft.id, 'unknown']])
  expect(step(second.list()[0]!, { kind: 'queue' }, clock.now()).state).toBe('unknown')
})
