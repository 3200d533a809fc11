/** What the scenes (test/verdicts) do not show: unfinished evidence, no EHLO yet, and which of two judgements stands. */
import { describe, expect, test } from 'vitest'
import { judge, registrableDomain, worseOf } from '../../../shared/gate/verdict.ts'
import type { Judgement } from '../../../shared/gate/verdict.ts'
import { gate, gather, RULE_SETS, zoneLines } from '../../verdicts/scene.ts'

const client = '198.51.100.7'
const zone = zoneLines('@ PTR mail.acme.example\nmail.acme.example A 198.51.100.7', client)
const complete = gather(zone, client, 'mail.acme.example')
const temporaryPtr = { code: 451, enhanced: '4.7.25', finding: 'dns-temporary' }

describe('unfinished evidence is never held against a client', () => {
  test.each(RULE_SETS)('nothing asked yet, %s', (rules) => {
    expect(judge({ client, ehlo: null, answers: new Map() }, gate(rules))).toEqual({
      ehlo: null, verdict: 'tempfail', iprev: 'temperror', ptrNames: [], verifiedNames: [], findings: ['dns-temporary'], refusedFor: ['dns-temporary'], reply: temporaryPtr,
    })
  })
  test.each(RULE_SETS)('a malformed name needs no DNS, %s', (rules) => {
    expect(judge({ client, ehlo: 'two words', answers: new Map() }, gate(rules))).toEqual({
      ehlo: 'two words', verdict: 'reject', iprev: 'temperror', ptrNames: [], verifiedNames: [], findings: ['ehlo-malformed'], refusedFor: ['ehlo-malformed'],
      reply: { code: 550, enhanced: '5.5.2', finding: 'ehlo-malformed' },
    })
  })
  test.each(RULE_SETS)('any part of complete evidence: never a reject, %s', (rules) => {
    const entries = [...complete.answers]
    for (let part = 0; part < 2 ** entries.length; part += 1) {
      const answers = new Map(entries.filter((_, index) => (part >> index) % 2 === 1))
      expect(judge({ ...complete, answers }, gate(rules)).verdict).not.toBe('reject')
    }
  })
})

test('before EHLO the PTR side is judged alone', () => {
  expect(judge({ ...complete, ehlo: null }, gate('house'))).toEqual({
    ehlo: null, verdict: 'accept', iprev: 'pass', ptrNames: ['mail.acme.example'], verifiedNames: ['mail.acme.example'], findings: [], refusedFor: [], reply: null,
  })
})

test('the worse of two stands, the earlier if they are alike', () => {
  const of = (verdict: Judgement['verdict'], ehlo: string): Judgement => ({ ...judge(complete, gate('house')), verdict, ehlo })
  const kinds = ['accept', 'tempfail', 'reject'] as const
  const standing = kinds.map((earlier) => kinds.map((later) => worseOf(of(earlier, 'first'), of(later, 'second')).ehlo))
  expect(standing).toEqual([
    ['first', 'second', 'second'],
    ['first', 'first', 'second'],
    ['first', 'first', 'first'],
  ])
})

test.each([
  ['mail.acme.example', 'acme.example'],
  ['acme.co.uk', 'acme.co.uk'],
  ['co.uk', null],
  ['com', null],
  ['a.b.github.io', 'github.io'],
  ['_x.mail_1.acme.com', 'acme.com'],
  ['mail.acme.local', 'acme.local'],
])('the registrable domain of %s is %s', (name, domain) => {
  expect(registrableDomain(name)).toBe(domain)
})
