import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FINDINGS } from '../../../shared/events.ts'
import type { Finding } from '../../../shared/events.ts'
import { refusalText } from '../../../shared/gate/replytext.ts'
import type { ReplyTextOptions } from '../../../shared/gate/replytext.ts'
import { judge } from '../../../shared/gate/verdict.ts'
import type { Judgement } from '../../../shared/gate/verdict.ts'
import { gate, gather, zoneLines } from '../../verdicts/scene.ts'

const plain: ReplyTextOptions = { detail: 'full', overrides: {}, helpUrl: null, id: 'x7k3f9' }
const linked: ReplyTextOptions = { ...plain, helpUrl: 'https://help.shop.example/' }
const judged = (client: string, ehlo: string, zone: string) => judge(gather(zoneLines(zone, client), client, ehlo), gate('house'))

const client = '216.33.111.150'
const founding = judged(client, 'www.americangreetings.com', 'www.americangreetings.com A 216.33.97.70')

test('the founding case: what is wrong, and all that must be created', () => {
  expect(refusalText(client, founding, 'ptr-missing', linked)).toBe(
    '216.33.111.150 has no reverse name, its owner (ISP) must create a PTR record at 150.111.33.216.in-addr.arpa whose name leads back. '
    + 'The EHLO name www.americangreetings.com does not lead to 216.33.111.150, create www.americangreetings.com A 216.33.111.150. '
    + 'See https://help.shop.example/r/x7k3f9',
  )
})

describe('each finding says what is wrong with which name, and what to do', () => {
  const mine = '@ PTR out.acme.example\nout.acme.example A 198.51.100.7'
  test.each([
    ['ptr-unconfirmed', 'mail.acme.example', '@ PTR out.acme.example\nmail.acme.example A 198.51.100.7',
      'The reverse name out.acme.example of 198.51.100.7 does not lead back to it, create out.acme.example A 198.51.100.7 or correct the PTR record.'],
    ['ehlo-malformed', 'two words', mine, 'The EHLO name two words is not a host name, say EHLO with a full host name that leads to 198.51.100.7.'],
    ['ehlo-ours', '[192.0.2.25]', mine, 'The EHLO name [192.0.2.25] is ours and not yours, say EHLO with a full host name that leads to 198.51.100.7.'],
    ['ehlo-literal-mismatch', '[10.0.0.1]', mine, 'The EHLO address [10.0.0.1] is not 198.51.100.7, say EHLO with a full host name that leads to 198.51.100.7.'],
    ['ehlo-literal', '[198.51.100.7]', mine, 'The EHLO address [198.51.100.7] is not a host name, say EHLO with a full host name that leads to 198.51.100.7.'],
    ['ehlo-not-fqdn', 'localhost', mine, 'The EHLO name localhost is not fully qualified, say EHLO with a full host name that leads to 198.51.100.7.'],
    ['ehlo-bare-domain', 'acme.example', `${mine}\nacme.example A 198.51.100.7`,
      'The EHLO name acme.example is a domain without a host part, say EHLO with a full host name that leads to 198.51.100.7.'],
    ['ehlo-unresolvable', 'ghost.acme.example', mine, 'The EHLO name ghost.acme.example has no address and no MX, create ghost.acme.example A 198.51.100.7.'],
    ['ehlo-mismatch', 'mail.acme.example', `${mine}\nmail.acme.example A 203.0.113.1`,
      'The EHLO name mail.acme.example does not lead to 198.51.100.7, create mail.acme.example A 198.51.100.7.'],
    ['dns-temporary', 'mail.acme.example', `${mine}\nmail.acme.example SERVFAIL`,
      'The EHLO name mail.acme.example cannot be checked now because its DNS fails, please try again later.'],
    ['dns-temporary', 'mail.acme.example', '@ SERVFAIL\nmail.acme.example A 198.51.100.7', 'The reverse name of 198.51.100.7 cannot be checked now because its DNS fails, please try again later.'],
    ['ehlo-ours', 'shop.example', mine, 'The EHLO name shop.example is ours and not yours, say EHLO with a full host name that leads to 198.51.100.7.'],
    ['ehlo-ours', 'mx.shop.example', `${mine}\nmx.shop.example A 192.0.2.25`, 'The EHLO name mx.shop.example is ours and not yours, say EHLO with a full host name that leads to 198.51.100.7.'],
    ['ptr-missing', 'acme.example', 'acme.example A 203.0.113.1',
      '198.51.100.7 has no reverse name, its owner (ISP) must create a PTR record at 7.100.51.198.in-addr.arpa whose name leads back. '
      + 'The EHLO name acme.example is a domain without a host part, say EHLO with a full host name that leads to 198.51.100.7.'],
    ['ptr-unconfirmed', 'mail.acme.example', '@ PTR -out.acme.example\nmail.acme.example A 198.51.100.7',
      'The reverse name -out.acme.example of 198.51.100.7 does not lead back to it, correct the PTR record.'],
  ] as const)('%s %s', (finding, ehlo, zone, text) => {
    expect(refusalText('198.51.100.7', judged('198.51.100.7', ehlo, zone), finding, plain)).toBe(text)
  })

  test('an IPv6 client is told to create an AAAA', () => {
    expect(refusalText('2001:db8::7', judged('2001:db8::7', 'mail.acme.example', '@ PTR mail.acme.example'), 'ehlo-unresolvable', plain)).toBe(
      'The EHLO name mail.acme.example has no address and no MX, create mail.acme.example AAAA 2001:db8::7. '
      + 'The reverse name mail.acme.example of 2001:db8::7 does not lead back to it, create mail.acme.example AAAA 2001:db8::7 or correct the PTR record.',
    )
  })
})

test('a refusal that must wait for us blames nobody', () => {
  expect(refusalText(client, founding, 'dns-temporary', plain)).toBe('The DNS of 216.33.111.150 cannot be checked now, please try again later.')
})

test('brief says only that DNS is wrong, and the link', () => {
  expect(refusalText(client, founding, 'ptr-missing', { ...linked, detail: 'brief' })).toBe('The DNS of 216.33.111.150 is wrong. See https://help.shop.example/r/x7k3f9')
  expect(refusalText(client, founding, 'dns-temporary', { ...plain, detail: 'brief' })).toBe('The DNS of 216.33.111.150 cannot be checked now.')
})

describe('the shop’s own texts', () => {
  const said = (text: string, options = linked) => refusalText(client, founding, 'ptr-missing', { ...options, overrides: { 'ptr-missing': text } })
  test.each([
    ['fields', '{client} as {ehlo}, PTR {ptr}, case {id}', '216.33.111.150 as www.americangreetings.com, PTR none, case x7k3f9 See https://help.shop.example/r/x7k3f9'],
    ['the link where the shop wants it', 'Read {url} first', 'Read https://help.shop.example/r/x7k3f9 first'],
    ['the link spelled out', 'Read {url}/r/{id} first', 'Read https://help.shop.example/r/x7k3f9 first'],
    ['no field', 'Call us.', 'Call us. See https://help.shop.example/r/x7k3f9'],
  ])('%s', (_, template, text) => {
    expect(said(template)).toBe(text)
  })
  test('without a help page', () => {
    expect(said('Call {url} us', plain)).toBe('Call  us')
  })
  test('only for their own finding', () => {
    expect(refusalText(client, founding, 'ptr-missing', { ...plain, detail: 'brief', overrides: { 'ehlo-mismatch': 'no' } })).toBe('The DNS of 216.33.111.150 is wrong.')
  })
  test('what a client said is not filled in again', () => {
    const hostile: Judgement = { ...founding, ehlo: '{id}{url}' }
    expect(refusalText(client, hostile, 'ptr-missing', { ...plain, overrides: { 'ptr-missing': 'You said {ehlo}' } })).toBe('You said {id}{url}')
  })
})

test('whatever was said: one line of printable ASCII, 512 octets at most with its code, the link whole', () => {
  const text = fc.string({ unit: 'binary', maxLength: 300 })
  const finding = fc.constantFrom<Finding[]>(...FINDINGS)
  fc.assert(fc.property(text, text, finding, fc.option(fc.string({ unit: 'grapheme-ascii', maxLength: 400 })), (ehlo, ptr, named, own) => {
    const judgement: Judgement = { ...founding, ehlo, ptrNames: [ptr], findings: FINDINGS, refusedFor: FINDINGS, reply: { code: 550, enhanced: '5.7.25', finding: named } }
    const line = refusalText('2001:db8:1111:2222:3333:4444:5555:6666', judgement, named, { ...linked, overrides: own === null ? {} : { [named]: own } })
    expect(line).toMatch(/^[\x20-\x7e]*$/)
    expect(`550 5.7.25 ${line}\r\n`.length).toBeLessThanOrEqual(512)
    if (own === null) expect(line.endsWith(' See https://help.shop.example/r/x7k3f9')).toBe(true)
  }), { numRuns: 200, seed: 3 })
})
