import { describe, expect, test } from 'vitest'
import { VERBS } from '../../../shared/smtp/command.ts'
import { readCommand } from '../../../shared/smtp/command.ts'
import { NEW_SESSION } from '../../../shared/smtp/dialogue.ts'
import type { Session, Terms } from '../../../shared/smtp/dialogue.ts'
import { step } from '../../../shared/smtp/session.ts'
import { ORDER } from '../../../shared/smtp/table.ts'

const terms: Terms = {
  hostname: 'mx.shop.example', offered: { eightBitMime: true, smtpUtf8: true, dsn: true }, offeredSize: 1000, startTls: true, rejectAt: 'rcpt',
  limits: { messageBytes: 1000, recipients: 100, messages: 100, errors: 10 },
  classify: (address) => (address.endsWith('@shop.example') ? 'served' : 'relay'),
}
const LINES = {
  EHLO: 'EHLO a.example', HELO: 'HELO a.example', STARTTLS: 'STARTTLS', MAIL: 'MAIL FROM:<>', RCPT: 'RCPT TO:<joe@shop.example>', DATA: 'DATA',
  RSET: 'RSET', NOOP: 'NOOP', VRFY: 'VRFY joe', EXPN: 'EXPN list', HELP: 'HELP', QUIT: 'QUIT',
} as const
const SESSIONS: Readonly<Record<keyof typeof ORDER, Session>> = {
  start: NEW_SESSION,
  ready: { ...NEW_SESSION, phase: 'ready', greetings: 1 },
  mail: { ...NEW_SESSION, phase: 'mail', greetings: 1 },
  rcpt: { ...NEW_SESSION, phase: 'rcpt', greetings: 1, accepted: 1, named: 1 },
}
const run = (session: Session, line: string) => step(session, { kind: 'command', command: readCommand(line, terms.offered, false) }, terms)
const firstReply = (result: ReturnType<typeof step>) => result.effects.find((effect) => effect.do === 'reply')?.lines.at(-1)?.slice(0, 3)

/** What is answered at once, or what is asked first. RFC 5321 §4.1.4. */
const EXPECTED: Readonly<Record<keyof typeof ORDER, Readonly<Record<keyof typeof LINES, string>>>> = {
  start: { EHLO: 'greet', HELO: 'greet', STARTTLS: '503', MAIL: '503', RCPT: '503', DATA: '503', RSET: '250', NOOP: '250', VRFY: '252', EXPN: '502', HELP: '214', QUIT: '221' },
  ready: { EHLO: 'greet', HELO: 'greet', STARTTLS: '220', MAIL: '250', RCPT: '503', DATA: '503', RSET: '250', NOOP: '250', VRFY: '252', EXPN: '502', HELP: '214', QUIT: '221' },
  mail: { EHLO: 'greet', HELO: 'greet', STARTTLS: '503', MAIL: '503', RCPT: 'rule', DATA: '503', RSET: '250', NOOP: '250', VRFY: '252', EXPN: '502', HELP: '214', QUIT: '221' },
  rcpt: { EHLO: 'greet', HELO: 'greet', STARTTLS: '503', MAIL: '503', RCPT: 'rule', DATA: 'ask-data', RSET: '250', NOOP: '250', VRFY: '252', EXPN: '502', HELP: '214', QUIT: '221' },
}

describe.each(Object.keys(EXPECTED) as (keyof typeof ORDER)[])('in phase %s', (phase) => {
  test.each(VERBS)('%s', (verb) => {
    const result = run(SESSIONS[phase], LINES[verb])
    expect(firstReply(result) ?? result.effects.find((effect) => !['name', 'forget'].includes(effect.do))?.do).toBe(EXPECTED[phase][verb])
  })
})

test('a transaction from MAIL to the dot', () => {
  const mail = run(SESSIONS.ready, 'MAIL FROM:<a@b.example>').session
  expect(mail.phase).toBe('mail')
  const asked = run(mail, 'RCPT TO:<joe@shop.example>').session
  expect(asked.awaiting).toBe('ruling')
  const ruled = step(asked, { kind: 'ruled', refusal: null }, terms)
  expect(ruled.effects).toEqual([{ do: 'ask-recipient', recipient: 'joe@shop.example', parameters: [] }])
  const rcpt = step(ruled.session, { kind: 'backend', reply: { kind: 'yes', line: '250 2.1.5 OK' } }, terms).session
  expect(rcpt).toMatchObject({ phase: 'rcpt', accepted: 1, awaiting: null })
  const data = step(run(rcpt, 'DATA').session, { kind: 'backend', reply: { kind: 'yes', line: '354 go' } }, terms)
  expect(data.session.phase).toBe('data')
  const dot = step(data.session, { kind: 'dot', excess: null }, terms)
  expect(dot).toMatchObject({ session: { awaiting: 'dot' }, effects: [{ do: 'finish' }] })
  const done = step(dot.session, { kind: 'backend', reply: { kind: 'yes', line: '250 2.0.0 taken' } }, terms)
  expect(done).toEqual({ session: { ...mail, phase: 'ready', named: 0 }, effects: [{ do: 'reply', lines: ['250 2.0.0 taken'], mark: 'delivered', about: 'dot' }] })
})

test('no command is taken while an answer is awaited, or after the end', () => {
  const asked = run(SESSIONS.mail, 'RCPT TO:<joe@shop.example>').session
  expect(run(asked, 'NOOP')).toEqual({ session: asked, effects: [] })
  const over = run(SESSIONS.ready, 'QUIT').session
  expect(run(over, 'NOOP')).toEqual({ session: over, effects: [] })
})

test('a hundred junk commands are answered, the next one is not', () => {
  let session = SESSIONS.ready
  for (let count = 0; count < 100; count++) {
    const result = run(session, 'NOOP')
    expect(firstReply(result)).toBe('250')
    session = result.session
  }
  const last = run(session, 'RSET')
  expect(last.effects).toMatchObject([{ do: 'reply', lines: ['421 4.7.0 Too many commands that deliver nothing'], mark: 'limited' }, { do: 'close' }])
})

test('STARTTLS forgets the greeting, not what was counted', () => {
  const result = run({ ...SESSIONS.ready, errors: 3, messages: 2 }, 'STARTTLS')
  expect(result.session).toMatchObject({ phase: 'start', tls: true, errors: 3, messages: 2 })
  expect(firstReply(run(result.session, 'MAIL FROM:<>'))).toBe('503')
  expect(firstReply(run({ ...result.session, phase: 'ready' }, 'STARTTLS'))).toBe('503')
})

test('when the gate is being stopped the transaction under way is the last', () => {
  expect(step(SESSIONS.ready, { kind: 'stop' }, terms).effects).toMatchObject([{ do: 'reply', lines: ['421 4.3.2 The gate is being stopped, try again later'] }, { do: 'close' }])
  const stopping = step(SESSIONS.rcpt, { kind: 'stop' }, terms)
  expect(stopping).toMatchObject({ session: { stopping: true, phase: 'rcpt' }, effects: [] })
  expect(run(stopping.session, 'RSET').effects.filter((effect) => effect.do === 'reply')).toHaveLength(2)
})
