import { describe, expect, test } from 'vitest'
import { REPLIES } from '../../../shared/smtp/codes.ts'
import type { Reply } from '../../../shared/smtp/codes.ts'
import { NO_BACKEND, ehloLines, plainLine, relayed, replyLine } from '../../../shared/smtp/reply.ts'

test.each(Object.entries(REPLIES as Readonly<Record<string, Reply>>))('%s is a proper reply', (_name, reply) => {
  const line = replyLine(reply)
  expect(line).toMatch(/^[2-5]\d\d [\x20-\x7e]+$/)
  expect(line.length).toBeLessThanOrEqual(510)
  if (reply.enhanced !== null) expect(reply.enhanced).toMatch(new RegExp(`^${String(reply.code)[0]}\\.\\d\\.\\d+$`))
})

test('nothing of others makes a second line or a long one', () => {
  expect(plainLine('250 a\r\n250 b\0\x1b[1m')).toBe('250 a?250 b?[1m')
  expect(plainLine(`250 ${'x'.repeat(2000)}`)).toHaveLength(510)
})

test('the response to EHLO', () => {
  expect(ehloLines('mx.shop.example', [])).toEqual(['250 mx.shop.example'])
  expect(ehloLines('mx.shop.example', ['A', 'B'])).toEqual(['250-mx.shop.example', '250-A', '250 B'])
})

describe('a backend’s replies', () => {
  const said = (code: number, enhanced: string | null, text: string) => ({ code, enhanced, text })
  const cases = [
    ['2xx', said(250, '2.1.5', 'OK'), { kind: 'yes', line: '250 2.1.5 OK' }],
    ['2xx', said(250, null, 'OK'), { kind: 'yes', line: '250 2.0.0 OK' }],
    ['2xx', said(251, null, ''), { kind: 'yes', line: '251 2.0.0 OK' }],
    ['2xx', said(450, '5.1.1', 'odd'), { kind: 'later', line: '450 4.0.0 odd' }],
    ['2xx', said(421, '4.3.2', 'bye'), { kind: 'later', line: '451 4.3.2 bye' }],
    ['2xx', said(550, '5.1.1', 'no\r\n250 yes'), { kind: 'no', line: '550 5.1.1 no?250 yes' }],
    ['2xx', said(521, null, 'no'), { kind: 'no', line: '550 5.0.0 no' }],
    ['2xx', said(530, '5.7.0', 'who are you'), NO_BACKEND],
    ['2xx', said(354, null, 'go'), NO_BACKEND],
    ['2xx', said(221, null, 'bye'), NO_BACKEND],
    ['354', said(354, null, 'their text'), { kind: 'yes', line: replyLine(REPLIES.goAhead) }],
    ['354', said(250, null, 'what'), NO_BACKEND],
    ['354', said(554, '5.7.1', 'no'), { kind: 'no', line: '554 5.7.1 no' }],
    ['2xx', null, NO_BACKEND],
  ] as const
  test.each(cases)('%s: %o', (positive, reply, expected) => { expect(relayed(reply, positive)).toEqual(expected) })
})
