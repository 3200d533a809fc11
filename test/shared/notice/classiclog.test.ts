import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DISPOSITIONS, FINDINGS } from '../../../shared/events.ts'
import type { Finding } from '../../../shared/events.ts'
import { classicLog, classicTime } from '../../../shared/notice/classiclog.ts'
import { session, transcript } from './session.ts'

/** Denver in summer. */
const denver = () => -360
const log = (script: string, changes: Parameters<typeof session>[0] = {}) => classicLog({ session: session(changes), evidence: [], transcript: transcript(script) }, denver)

test('the founding case, as the shop’s gate of 2002 would have written it', () => {
  const entry = {
    session: session({ at: '2002-10-08T06:03:01.000Z', ms: 5000 }),
    evidence: [],
    transcript: [
      { ms: 0, who: 'client', text: 'EHLO www.americangreetings.com' },
      { ms: 5000, who: 'gate', text: '550 5.7.25 216.33.111.150 has no reverse name' },
    ] as const,
  }
  expect(classicLog(entry, denver)).toEqual([
    'SMTP 8 Oct 02 00:03:01 A k3f9 Connection from [216.33.111.150]',
    'SMTP 8 Oct 02 00:03:01 A k3f9 EHLO www.americangreetings.com',
    'SMTP 8 Oct 02 00:03:06 F k3f9 PTR - no reverse hostname [216.33.111.150]',
    'SMTP 8 Oct 02 00:03:06 F k3f9 EHLO - inconsistent hostname / IP address www.americangreetings.com [216.33.111.150]',
    'SMTP 8 Oct 02 00:03:06 F k3f9 EHLO rejected mail from www.americangreetings.com [216.33.111.150]',
    'SMTP 8 Oct 02 00:03:06 F k3f9 550 5.7.25 216.33.111.150 has no reverse name',
  ])
})

test('a session that is refused at RCPT', () => {
  const said = `
    n: Connection from [216.33.111.150]
    g: 220 mx.shop.example ESMTP
    c: HELO www.americangreetings.com
    g: 250-mx.shop.example
    g: 250 PIPELINING
    c: MAIL FROM:<cards@americangreetings.com>
    g: 250 2.1.0 ok
    c: RCPT TO:<joe@shop.example>
    n: looked up
    g: 550 5.7.25 216.33.111.150 has no reverse name
    c: QUIT
    g: 221 2.0.0 bye`
  expect(log(said)).toEqual([
    'SMTP 8 Oct 26 00:03:01 A k3f9 Connection from [216.33.111.150]',
    'SMTP 8 Oct 26 00:03:02 A k3f9 220 mx.shop.example ESMTP',
    'SMTP 8 Oct 26 00:03:03 A k3f9 HELO www.americangreetings.com',
    'SMTP 8 Oct 26 00:03:05 A k3f9 250 PIPELINING',
    'SMTP 8 Oct 26 00:03:06 A k3f9 MAIL FROM:<cards@americangreetings.com>',
    'SMTP 8 Oct 26 00:03:07 A k3f9 250 2.1.0 ok',
    'SMTP 8 Oct 26 00:03:08 A k3f9 RCPT TO:<joe@shop.example>',
    'SMTP 8 Oct 26 00:03:10 F k3f9 PTR - no reverse hostname [216.33.111.150]',
    'SMTP 8 Oct 26 00:03:10 F k3f9 HELO - inconsistent hostname / IP address www.americangreetings.com [216.33.111.150]',
    'SMTP 8 Oct 26 00:03:10 F k3f9 HELO rejected mail from www.americangreetings.com [216.33.111.150]',
    'SMTP 8 Oct 26 00:03:10 F k3f9 550 5.7.25 216.33.111.150 has no reverse name',
    'SMTP 8 Oct 26 00:03:11 A k3f9 QUIT',
    'SMTP 8 Oct 26 00:03:12 A k3f9 221 2.0.0 bye',
  ])
})

test('mail that is accepted, though something was found', () => {
  const said = `
    c: EHLO www.americangreetings.com
    c: MAIL FROM:<>
    c: RCPT TO:<joe@shop.example>
    g: 250 2.1.5 ok
    c: DATA
    g: 354 go on
    g: 250 2.0.0 ok`
  expect(log(said, { verdict: 'accept', iprev: 'pass', findings: ['ehlo-mismatch'], refusedFor: [], disposition: 'accepted', reply: '250 2.0.0 ok', ms: 7000 })).toEqual([
    'SMTP 8 Oct 26 00:03:01 A k3f9 Connection from [216.33.111.150]',
    'SMTP 8 Oct 26 00:03:01 A k3f9 EHLO www.americangreetings.com',
    'SMTP 8 Oct 26 00:03:02 A k3f9 MAIL FROM:<>',
    'SMTP 8 Oct 26 00:03:03 A k3f9 RCPT TO:<joe@shop.example>',
    'SMTP 8 Oct 26 00:03:04 A k3f9 EHLO - inconsistent hostname / IP address www.americangreetings.com [216.33.111.150]',
    'SMTP 8 Oct 26 00:03:04 A k3f9 250 2.1.5 ok',
    'SMTP 8 Oct 26 00:03:05 A k3f9 DATA',
    'SMTP 8 Oct 26 00:03:06 A k3f9 354 go on',
    'SMTP 8 Oct 26 00:03:07 A k3f9 250 2.0.0 ok',
    'SMTP 8 Oct 26 00:03:08 A k3f9 DATA accepted mail from www.americangreetings.com [216.33.111.150]',
  ])
})

describe('each finding has its words', () => {
  test.each<[Finding, string]>([
    ['ptr-missing', 'PTR - no reverse hostname [216.33.111.150]'],
    ['ptr-unconfirmed', 'PTR - reverse hostname does not lead back host7.isp.example [216.33.111.150]'],
    ['ehlo-malformed', 'EHLO - malformed hostname x [216.33.111.150]'],
    ['ehlo-ours', 'EHLO - forged hostname, it is ours x [216.33.111.150]'],
    ['ehlo-literal-mismatch', 'EHLO - inconsistent address literal / IP address x [216.33.111.150]'],
    ['ehlo-literal', 'EHLO - address literal, no hostname x [216.33.111.150]'],
    ['ehlo-not-fqdn', 'EHLO - hostname not fully qualified x [216.33.111.150]'],
    ['ehlo-bare-domain', 'EHLO - domain without host part x [216.33.111.150]'],
    ['ehlo-unresolvable', 'EHLO - unknown hostname x [216.33.111.150]'],
    ['ehlo-mismatch', 'EHLO - inconsistent hostname / IP address x [216.33.111.150]'],
    ['dns-temporary', 'DNS - temporary failure x [216.33.111.150]'],
  ])('%s', (finding, words) => {
    const lines = log('c: EHLO x', { ehlo: 'x', ptrNames: ['host7.isp.example'], findings: [finding], refusedFor: [finding] })
    expect(lines[2]).toBe(`SMTP 8 Oct 26 00:03:06 F k3f9 ${words}`)
  })
})

describe('and each end', () => {
  const who = 'www.americangreetings.com [216.33.111.150]'
  test.each([
    ['banned', [], `F k3f9 BAN rejected mail from ${who}`],
    ['limited', [], `F k3f9 LIMIT rejected mail from ${who}`],
    ['rejected', ['ptr-missing'], `F k3f9 EHLO rejected mail from ${who}`],
    ['rejected', [], `F k3f9 SMTP rejected mail from ${who}`],
    ['deferred', ['dns-temporary'], `F k3f9 EHLO deferred mail from ${who}`],
    ['deferred', [], `F k3f9 SMTP deferred mail from ${who}`],
    ['bounced-by-backend', [], `F k3f9 Mail server rejected mail from ${who}`],
    ['whitelisted', ['ptr-missing'], `A k3f9 WHITELIST accepted mail from ${who}`],
    ['exempt', [], `A k3f9 EXEMPT accepted mail from ${who}`],
    ['would-reject', ['ptr-missing'], `A k3f9 DATA accepted mail from ${who}`],
    ['accepted', [], `A k3f9 DATA accepted mail from ${who}`],
    ['aborted', [], `A k3f9 Connection ended without mail from ${who}`],
  ] as const)('%s for %j', (disposition, refusedFor, end) => {
    expect(log('c: EHLO www.americangreetings.com', { disposition, refusedFor: [...refusedFor], findings: [...refusedFor] }).at(-1)).toBe(`SMTP 8 Oct 26 00:03:06 ${end}`)
  })
  test('observed: what would have been', () => {
    const words = (disposition: 'would-reject' | 'would-defer') => log('c: EHLO x', { ehlo: 'x', disposition }).at(-2)
    expect([words('would-reject'), words('would-defer')]).toEqual([
      'SMTP 8 Oct 26 00:03:06 A k3f9 EHLO would have rejected mail from x [216.33.111.150]',
      'SMTP 8 Oct 26 00:03:06 A k3f9 EHLO would have deferred mail from x [216.33.111.150]',
    ])
  })
  test('before any EHLO', () => {
    expect(log('g: 554 5.5.0 you talk too early', { ehlo: null, findings: [], refusedFor: [], disposition: 'rejected', ms: 0 })).toEqual([
      'SMTP 8 Oct 26 00:03:01 A k3f9 Connection from [216.33.111.150]',
      'SMTP 8 Oct 26 00:03:01 F k3f9 554 5.5.0 you talk too early',
      'SMTP 8 Oct 26 00:03:01 F k3f9 SMTP rejected mail from [216.33.111.150]',
    ])
  })
})

test.each([
  ['2026-01-01T06:59:59.999Z', -420, '31 Dec 25 23:59:59'],
  ['2026-11-23T15:00:00.123Z', 0, '23 Nov 26 15:00:00'],
  ['2026-06-30T20:00:00.000Z', 345, '1 Jul 26 01:45:00'],
])('%s at %i minutes', (at, offset, local) => {
  expect(classicTime(Date.parse(at), () => offset)).toBe(local)
})

test('the offset is that of the moment: summer time begins within a session', () => {
  const change = Date.parse('2026-03-29T01:00:00Z')
  const berlin = (ms: number) => (ms < change ? 60 : 120)
  expect([classicTime(change - 1000, berlin), classicTime(change, berlin)]).toEqual(['29 Mar 26 01:59:59', '29 Mar 26 03:00:00'])
})

test('hostile text stays in its line, and is seen', () => {
  const lines = log('c: EHLO x', { ehlo: 'x\r\nSMTP 8 Oct 26 00:00:00 A k3f9 DATA accepted\u202e', findings: ['ehlo-malformed'], refusedFor: ['ehlo-malformed'] })
  expect(lines[2]).toBe('SMTP 8 Oct 26 00:03:06 F k3f9 EHLO - malformed hostname x\\x0d\\x0aSMTP 8 Oct 26 00:00:00 A k3f9 DATA accepted\\u{202e} [216.33.111.150]')
})

test('whatever is said: one event a line, nothing hidden, bounded', () => {
  const text = fc.string({ unit: 'binary', maxLength: 80 })
  fc.assert(fc.property(text, text, text, fc.constantFrom(...DISPOSITIONS), fc.subarray([...FINDINGS]), (ehlo, ptr, line, disposition, findings) => {
    const entry = {
      session: session({ ehlo, ptrNames: [ptr], disposition, findings, refusedFor: findings, reply: line }),
      evidence: [],
      transcript: [{ ms: 0, who: 'client' as const, text: `EHLO ${ehlo}` }, { ms: 1, who: 'gate' as const, text: line }, { ms: 2, who: 'backend' as const, text: line }],
    }
    for (const each of classicLog(entry, denver)) {
      expect(each).toMatch(/^SMTP 8 Oct 26 00:03:\d\d [AF] k3f9 /)
      expect(each).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u)
    }
  }), { numRuns: 300, seed: 5 })
})
