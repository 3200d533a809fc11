import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createReplyParser, fitsStage } from '../../../shared/smtp/backendreply.ts'
import type { ReplyEvent } from '../../../shared/smtp/backendreply.ts'

const octets = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0))

/** Feeds the pieces until something is settled. */
function feed(...pieces: string[]): ReplyEvent {
  const parser = createReplyParser()
  for (const piece of pieces) {
    const event = parser.push(octets(piece))
    if (event.kind !== 'more') return event
  }
  return { kind: 'more' }
}

const reply = (code: number, enhanced: string | null, text: string, lines: string[] = [text]): ReplyEvent =>
  ({ kind: 'reply', reply: { code, enhanced, text, lines }, surplus: false })

describe('well-formed replies', () => {
  const table: readonly (readonly [string, ReplyEvent])[] = [
    ['250 ok\r\n', reply(250, null, 'ok')],
    ['250\r\n', reply(250, null, '')],
    ['250 2.1.5 Ok\r\n', reply(250, '2.1.5', 'Ok', ['2.1.5 Ok'])],
    ['550 5.1.1\r\n', reply(550, '5.1.1', '', ['5.1.1'])],
    ['550-5.1.1 No such\r\n550-5.1.1 person\r\n550 5.1.1 here\r\n', reply(550, '5.1.1', 'No such person here', ['5.1.1 No such', '5.1.1 person', '5.1.1 here'])],
    // An enhanced code of another class is no code of this reply (RFC 3463 §2), and is not handed on.
    ['550 4.1.1 later\r\n', reply(550, null, 'later', ['4.1.1 later'])],
    ['250-mx greets\r\n250-SIZE 10\r\n250 DSN\r\n', reply(250, null, 'mx greets SIZE 10 DSN', ['mx greets', 'SIZE 10', 'DSN'])],
    ['451 caf\xe9 \x07\x00\x1b[31m\x7f\r\n', reply(451, null, 'caf? ???[31m?', ['caf? ???[31m?'])],
    ['250 a\rb\r\n', reply(250, null, 'a?b')],
  ]
  it.each(table)('%j', (wire, expected) => {
    expect(feed(wire)).toEqual(expected)
  })

  it('a long text is cut so that the line handed on stays within 512 octets', () => {
    const event = feed(`550-5.7.1 ${'x'.repeat(400)}\r\n550 5.7.1 ${'y'.repeat(400)}\r\n`)
    if (event.kind !== 'reply') throw new Error(event.kind)
    expect(event.reply.text).toBe(`${'x'.repeat(400)} ${'y'.repeat(76)}...`)
    expect(`550 5.7.1 ${event.reply.text}\r\n`.length).toBeLessThanOrEqual(512)
  })

  it('what follows unasked is told', () => {
    expect(feed('250 ok\r\n250 again\r\n')).toEqual({ ...reply(250, null, 'ok'), surplus: true })
  })
})

describe('what is no reply', () => {
  const table: readonly (readonly [string, string])[] = [
    ['hello\r\n', 'not a reply: "hello"'],
    ['199 early\r\n', 'not a reply: "199 early"'],
    ['600 late\r\n', 'not a reply: "600 late"'],
    ['25 short\r\n', 'not a reply: "25 short"'],
    ['2500 long\r\n', 'not a reply: "2500 long"'],
    ['250_ok\r\n', 'not a reply: "250_ok"'],
    ['\r\n', 'not a reply: ""'],
    ['\x00\x01\r\n', 'not a reply: "??"'],
    ['250 ok\n', 'a bare line feed in a reply'],
    ['250-a\r\n550 b\r\n', 'codes 250 and 550 in one reply'],
  ]
  it.each(table)('%j', (wire, why) => {
    expect(feed(wire)).toEqual({ kind: 'broken', why })
  })

  it('an endless line', () => {
    expect(feed(...Array.from({ length: 300 }, () => 'x'.repeat(10)))).toEqual({ kind: 'broken', why: 'a reply line of more than 2048 octets' })
  })

  it('an endless multi-line reply', () => {
    expect(feed(...Array.from({ length: 1000 }, () => '250-more\r\n'))).toEqual({ kind: 'broken', why: 'a reply of more than 128 lines' })
  })
})

it('codes that fit a stage', () => {
  const fitting = (['banner', 'ehlo', 'starttls', 'xclient', 'mail', 'rcpt', 'data', 'dot', 'rset'] as const).map((stage) =>
    [stage, ...[220, 221, 235, 250, 251, 252, 334, 354, 399, 421, 450, 550, 599].filter((code) => fitsStage(stage, code))].join(' '))
  expect(fitting).toEqual([
    'banner 220 421 450 550 599',
    'ehlo 250 421 450 550 599',
    'starttls 220 421 450 550 599',
    'xclient 220 250 421 450 550 599',
    'mail 250 421 450 550 599',
    'rcpt 250 251 252 421 450 550 599',
    'data 354 421 450 550 599',
    'dot 250 421 450 550 599',
    'rset 250 421 450 550 599',
  ])
})

/** What one stream of octets leads to: every event but `more`, up to the first `broken`. `surplus` depends on the cuts. */
function events(chunks: readonly Uint8Array[]): unknown[] {
  const parser = createReplyParser()
  const seen: unknown[] = []
  for (const chunk of chunks) {
    const event = parser.push(chunk)
    if (event.kind === 'broken') return [...seen, event]
    if (event.kind === 'reply') return [...seen, event.reply]
  }
  return seen
}

it('any octets at any cuts: no throw, the same outcome, printable text within bounds', () => {
  const piece = fc.oneof(
    fc.constantFrom('250 ok\r\n', '250-', '550 5.1.1 ', '\r\n', '\n', '\r', '\x00', '354', '4', ' ', '-', 'x'.repeat(700)),
    fc.string({ unit: 'binary-ascii', maxLength: 12 }),
  )
  fc.assert(fc.property(fc.array(piece, { maxLength: 20 }), fc.array(fc.nat(40), { maxLength: 20 }), (pieces, cuts) => {
    const wire = octets(pieces.join(''))
    const chunks: Uint8Array[] = []
    let at = 0
    for (const cut of cuts) {
      chunks.push(wire.subarray(at, at + cut))
      at += cut
    }
    chunks.push(wire.subarray(at))
    const outcome = events(chunks)
    expect(outcome).toEqual(events([wire]))
    for (const event of outcome) expect(JSON.stringify(event)).toMatch(/^[\x20-\x7e]{0,300000}$/)
  }), { numRuns: 3000 })
})
