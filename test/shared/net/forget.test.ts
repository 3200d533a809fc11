/** In what forms a person's address is found in kept texts, and what is somebody else's. */
import { describe, expect, test } from 'vitest'
import { readForgettable } from '../../../shared/net/forget.ts'

const joe = readForgettable('Joe@Shop.Example')
if (!joe.ok) throw new Error(joe.problem)

describe('found and taken out', () => {
  test.each([
    ['joe@shop.example', '(forgotten)@shop.example'],
    ['RCPT TO:<JOE@SHOP.EXAMPLE> NOTIFY=NEVER', 'RCPT TO:<(forgotten)@SHOP.EXAMPLE> NOTIFY=NEVER'],
    ['{"sender":"joe@shop.example","x":"Joe@shop.example."}', '{"sender":"(forgotten)@shop.example","x":"(forgotten)@shop.example."}'],
    ['joe+news@shop.example', '(forgotten)@shop.example'],
    ['"\\"joe\\"@shop.example"', '"(forgotten)@shop.example"'],
    ['"joe"@shop.example', '(forgotten)@shop.example'],
    ['joe+list=other.example@shop.example', '(forgotten)@shop.example'],
    ['bounce-joe=shop.example@list.example', 'bounce-(forgotten)=shop.example@list.example'],
    ['bounces+joe=shop.example@list.example', 'bounces+(forgotten)=shop.example@list.example'],
    ['joe%shop.example@relay.example', '(forgotten)%shop.example@relay.example'],
    ['SRS0=HHH=TT=joe=shop.example@fwd.example', 'SRS0=HHH=TT=(forgotten)=shop.example@fwd.example'],
    ['MAIL FROM:<SRS0=abcd=aa=shop.example=joe@fwd.example>', 'MAIL FROM:<SRS0=abcd=aa=shop.example=(forgotten)@fwd.example>'],
    ['srs0+abcd=aa=SHOP.EXAMPLE=Joe+news=x@fwd.example', 'srs0+abcd=aa=SHOP.EXAMPLE=(forgotten)@fwd.example'],
    ['SRS1=efgh=fwd.example==abcd=aa=shop.example=joe@next.example', 'SRS1=efgh=fwd.example==abcd=aa=shop.example=(forgotten)@next.example'],
    ['list-SRS0=abcd=aa=shop.example=joe=fwd.example@list.example', 'list-SRS0=abcd=aa=shop.example=(forgotten)=fwd.example@list.example'],
    ['RCPT TO:<x@y.example> ORCPT=rfc822;joe+40shop.example', 'RCPT TO:<x@y.example> ORCPT=rfc822;(forgotten)@shop.example'],
    ['ORCPT=RFC822;joe+2Bnews@shop.example NOTIFY=NEVER', 'ORCPT=RFC822;(forgotten)@shop.example NOTIFY=NEVER'],
    ['ORCPT=rfc822;+6aoe@shop.example', 'ORCPT=rfc822;(forgotten)@shop.example'],
    ['ORCPT=rfc822;SRS0+3Dabcd+3Daa+3Dshop.example+3Djoe@fwd.example', 'ORCPT=rfc822;SRS0+3Dabcd+3Daa+3Dshop.example+3D(forgotten)@fwd.example'],
    ['{"text":"MAIL FROM:<> ENVID=q7-joe+3Dshop.example+40list"}', '{"text":"MAIL FROM:<> ENVID=q7-(forgotten)+3Dshop.example@list"}'],
    ['prvs=1234abcdef=joe@shop.example', 'prvs=1234abcdef=(forgotten)@shop.example'],
    ['mailto:joe@shop.example, Joe <joe@shop.example>', 'mailto:(forgotten)@shop.example, Joe <(forgotten)@shop.example>'],
    ['joe@shop.example@joe@shop.example', '(forgotten)@shop.example@(forgotten)@shop.example'],
    ['550 5.1.1 joe@shop.example: unknown', '550 5.1.1 (forgotten)@shop.example: unknown'],
  ])('%s', (text, without) => {
    expect([joe.without(text), joe.isIn(text)]).toEqual([without, text !== without])
    expect(joe.isIn(joe.without(text))).toBe(false)
  })
})

test.each(['billyjoe@shop.example', 'billy.joe@shop.example', 'joe@shop.example.com', 'joe@workshop.example', 'joe@shop-example', 'joey@shop.example', 'joe@other.example', 'joe shop.example', 'joe@shop.examples',
  'SRS0=abcd=aa=shop.example=billy.joe@fwd.example', 'SRS0=abcd=aa=workshop.example=joe@fwd.example', 'SRS0=abcd=aa=shop.example=joey@fwd.example', 'ORCPT=rfc822;billy+2Ejoe+40shop.example', 'ORCPT=rfc822;joe+2Bnews@other.example', 'RCPT TO:<joe+40shop.example@y.example>'])('%s is somebody else', (text) => {
  expect([joe.isIn(text), joe.without(text)]).toEqual([false, text])
})

test('characters that mean something elsewhere are themselves', () => {
  const odd = readForgettable('a.b*(c)@x-y.example')
  expect(odd.ok && [odd.isIn('a.b*(c)@x-y.example'), odd.isIn('aXb*(c)@x-y.example'), odd.isIn('a.b*(c)@xzy.example')]).toEqual([true, false, false])
  const umlaut = readForgettable('müller@büro.example')
  expect(umlaut.ok && [umlaut.isIn('<MÜLLER@büro.example>'), umlaut.isIn('<m\u00c3\u00bcller@b\u00c3\u00bcro.example>')]).toEqual([true, true])
})

test.each(['', 'joe', '@shop.example', 'joe@', 'joe@shop example', 'joe x@shop.example', '192.0.2.1', 'a"b@shop.example', `${'x'.repeat(65)}@shop.example`, '(forgotten)@shop.example', 'joe@-x.example!'])('"%s" is refused', (text) => {
  expect(readForgettable(text)).toMatchObject({ ok: false, problem: expect.stringContaining('expected a mail address') as string })
})

test.each(['<joe@shop.example>', ' mailto:joe@shop.example ', 'joe@shop.example.', 'joe@[192.0.2.1]', 'joe@xn--bro-hoa.example', '"joe"@shop.example'])('%s is taken', (text) => {
  expect(readForgettable(text)).toMatchObject({ ok: true })
})

test('a hostile text costs no time', () => {
  const began = performance.now()
  expect(joe.isIn(`joe+${'+'.repeat(200_000)}`)).toBe(false)
  expect(joe.isIn('joe+'.repeat(50_000))).toBe(false)
  expect(joe.isIn('SRS0='.repeat(50_000))).toBe(false)
  expect(joe.isIn('rfc822;joe+2B'.repeat(20_000))).toBe(false)
  expect(joe.isIn(`rfc822;${'joe+2B'.repeat(50_000)}`)).toBe(false)
  expect(performance.now() - began).toBeLessThan(5000)
})
