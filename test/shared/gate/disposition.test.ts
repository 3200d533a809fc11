import { describe, expect, test } from 'vitest'
import { classifyRecipient, ruleOn, ruleOnMalformedEhlo } from '../../../shared/gate/disposition.ts'
import type { PolicyNow, Ruling } from '../../../shared/gate/disposition.ts'
import { judge } from '../../../shared/gate/verdict.ts'
import { gate, gather, zoneLines } from '../../verdicts/scene.ts'

const client = '198.51.100.7'
const judged = (ehlo: string, zone: string) => judge(gather(zoneLines(zone, client), client, ehlo), gate('house'))
const A = 'mail.acme.example A 198.51.100.7'

const good = judged('mail.acme.example', `@ PTR mail.acme.example\n${A}`)
const noPtr = judged('mail.acme.example', A)
const word = judged('server', `@ PTR mail.acme.example\n${A}`)
const broken = judged('two words', `@ PTR mail.acme.example\n${A}`)
const unknown = judged('mail.acme.example', `@ SERVFAIL\n${A}`)

const enforce: PolicyNow = { mode: 'enforce', graceOver: false, canaryRed: false, nameMatchPending: false }
const observe: PolicyNow = { ...enforce, mode: 'observe' }
const grace: PolicyNow = { ...enforce, mode: 'grace' }
const graceOver: PolicyNow = { ...grace, graceOver: true }

const pass = (would: 'reject' | 'defer' | null = null): Ruling => ({ kind: 'pass', would })
const reject = (reply: string, finding: string, strike = true) => said('reject', reply, finding, strike)
const defer = (reply: string, finding: string) => said('defer', reply, finding, false)
function said(kind: string, reply: string, finding: string, strike: boolean) {
  const [code, enhanced] = reply.split(' ')
  return { kind, code: Number(code), enhanced, finding, strike }
}

describe('a verdict becomes a ruling', () => {
  test.each([
    ['accept', good, enforce, pass()],
    ['accept, observed', good, observe, pass()],
    ['accept, canary red', good, { ...enforce, canaryRed: true }, pass()],
    ['accept, a name entry pending', good, { ...enforce, nameMatchPending: true }, pass()],

    ['reject', noPtr, enforce, reject('550 5.7.25', 'ptr-missing')],
    ['reject with 504', word, enforce, reject('504 5.5.2', 'ehlo-not-fqdn')],
    ['reject, observed', noPtr, observe, pass('reject')],
    ['reject in grace', noPtr, grace, defer('450 4.7.25', 'ptr-missing')],
    ['504 in grace', word, grace, defer('450 4.5.2', 'ehlo-not-fqdn')],
    ['a malformed name at RCPT in grace', broken, grace, defer('450 4.5.2', 'ehlo-malformed')],
    ['reject after grace', noPtr, graceOver, reject('550 5.7.25', 'ptr-missing')],
    ['504 after grace', word, graceOver, reject('504 5.5.2', 'ehlo-not-fqdn')],
    ['reject, canary red', noPtr, { ...enforce, canaryRed: true }, defer('451 4.4.3', 'dns-temporary')],
    ['reject in grace, canary red', noPtr, { ...grace, canaryRed: true }, defer('451 4.4.3', 'dns-temporary')],
    ['reject, observed, canary red', noPtr, { ...observe, canaryRed: true }, pass('defer')],
    ['reject, a name entry pending', noPtr, { ...enforce, nameMatchPending: true }, defer('451 4.7.25', 'dns-temporary')],
    ['reject in grace, a name entry pending', noPtr, { ...grace, nameMatchPending: true }, defer('451 4.7.25', 'dns-temporary')],
    ['reject, observed, a name entry pending', noPtr, { ...observe, nameMatchPending: true }, pass('defer')],

    ['tempfail', unknown, enforce, defer('451 4.7.25', 'dns-temporary')],
    ['tempfail in grace', unknown, grace, defer('451 4.7.25', 'dns-temporary')],
    ['tempfail after grace', unknown, graceOver, defer('451 4.7.25', 'dns-temporary')],
    ['tempfail, observed', unknown, observe, pass('defer')],
    ['tempfail, canary red', unknown, { ...enforce, canaryRed: true }, defer('451 4.4.3', 'dns-temporary')],
    ['tempfail, a name entry pending', unknown, { ...enforce, nameMatchPending: true }, defer('451 4.7.25', 'dns-temporary')],
  ] as const)('%s', (_, judgement, now, ruling) => {
    expect(ruleOn(judgement, 'judged', now)).toEqual(ruling)
  })

  test.each(['whitelisted', 'exempt'] as const)('%s clients pass whatever was found', (standing) => {
    for (const judgement of [noPtr, broken, unknown]) expect(ruleOn(judgement, standing, enforce)).toEqual(pass())
  })
})

describe('a malformed name is refused at EHLO itself', () => {
  test.each([
    ['enforce', enforce, reject('501 5.5.2', 'ehlo-malformed')],
    ['grace: still 501, but no strike', grace, reject('501 5.5.2', 'ehlo-malformed', false)],
    ['after grace', graceOver, reject('501 5.5.2', 'ehlo-malformed')],
    ['observe', observe, pass('reject')],
    ['canary red', { ...enforce, canaryRed: true }, defer('451 4.4.3', 'dns-temporary')],
    ['a name entry pending', { ...enforce, nameMatchPending: true }, defer('451 4.7.25', 'dns-temporary')],
    ['observe, canary red', { ...observe, canaryRed: true }, pass('defer')],
  ] as const)('%s', (_, now, ruling) => {
    expect(ruleOnMalformedEhlo('judged', now)).toEqual(ruling)
  })
  test.each(['whitelisted', 'exempt'] as const)('not for a client that is %s', (standing) => {
    expect(ruleOnMalformedEhlo(standing, enforce)).toEqual(pass())
  })
})

const domains = ['shop.example', '*.shop.example', 'Second.Example', '*.hosted.example', 'xn--mller-kva.example']

describe('recipients', () => {
  test.each([
    ['joe@shop.example', 'served'],
    ['joe@SHOP.Example', 'served'],
    ['joe@shop.example.', 'served'],
    ['joe@second.example', 'served'],
    ['joe@web.shop.example', 'served'],
    ['joe@a.b.shop.example', 'served'],
    ['joe@www.hosted.example', 'served'],
    ['joe@xn--mller-kva.example', 'served'],
    ['"joe smith"@shop.example', 'served'],
    ['joe+tag@shop.example', 'served'],
    ['postmaster.joe@shop.example', 'served'],

    ['postmaster', 'always'],
    ['PostMaster', 'always'],
    ['postmaster@shop.example', 'always'],
    ['POSTMASTER@Shop.Example.', 'always'],
    ['"postmaster"@shop.example', 'always'],
    ['abuse@web.shop.example', 'always'],
    ['Abuse@second.example', 'always'],

    ['joe@elsewhere.example', 'relay'],
    ['postmaster@elsewhere.example', 'relay'],
    ['abuse@elsewhere.example', 'relay'],
    ['abuse', 'relay'],
    ['joe', 'relay'],
    ['', 'relay'],
    ['@', 'relay'],
    ['@shop.example', 'relay'],
    ['joe@', 'relay'],
    ['joe@hosted.example', 'relay'],
    ['joe@sub.second.example', 'relay'],
    ['joe@evilshop.example', 'relay'],
    ['joe@.shop.example', 'relay'],
    ['joe@shop.example.evil.example', 'relay'],
    ['joe@shop.example..', 'relay'],
    ['joe%elsewhere.example@shop.example', 'relay'],
    ['elsewhere.example!joe@shop.example', 'relay'],
    ['"joe%elsewhere.example"@shop.example', 'relay'],
    ['"elsewhere!joe"@shop.example', 'relay'],
    ['"joe@elsewhere.example"@shop.example', 'relay'],
    ['"joe\\@elsewhere.example"@shop.example', 'relay'],
    ['joe@elsewhere.example@shop.example', 'relay'],
    ['@elsewhere.example:joe@shop.example', 'relay'],
    ['postmaster%elsewhere.example@shop.example', 'relay'],
    ['joe@[192.0.2.25]', 'relay'],
    ['postmaster@[192.0.2.25]', 'relay'],
    ['joe@[IPv6:2001:db8::1]', 'relay'],
    ['joe@192.0.2.25', 'relay'],
    ['joe@m\u00fcller.example', 'relay'],
    ['joe@\u017fhop.example', 'relay'],
    ['joe@shop\u3002example', 'relay'],
    ['joe@shop.example\0', 'relay'],
    ['joe@shop.example@', 'relay'],
    ['joe@*.shop.example', 'relay'],
  ])('%s: %s', (address, outcome) => {
    expect(classifyRecipient(address, domains, false)).toBe(outcome)
  })

  test.each([
    ['joe@anything.example', 'served'],
    ['joe@[127.0.0.1]', 'served'],
    ['postmaster@anything.example', 'always'],
    ['postmaster', 'always'],
    ['joe%elsewhere.example@anything.example', 'relay'],
    ['elsewhere!joe@anything.example', 'relay'],
    ['"joe@elsewhere.example"@anything.example', 'relay'],
    ['joe', 'relay'],
  ])('in practice without domains, %s: %s', (address, outcome) => {
    expect(classifyRecipient(address, [], true)).toBe(outcome)
  })

  test('without domains and not in practice every recipient is refused', () => {
    for (const address of ['joe@shop.example', 'postmaster@shop.example', 'postmaster']) expect(classifyRecipient(address, [], false)).toBe('relay')
  })
})
