// The plan of questions: what is asked, in which order, and what never is.
import { describe, expect, it } from 'vitest'
import { questionText } from '../../../shared/dns/answer.ts'
import { answersInOrder, nextQuestions } from '../../../shared/dns/plan.ts'
import type { Subject } from '../../../shared/dns/plan.ts'
import { parseAddress } from '../../../shared/net/ip.ts'
import { answersOf } from './zone.ts'

const V4 = '192.0.2.1'
const PTR4 = '1.2.0.192.in-addr.arpa'
const V6 = '2001:db8::1'
const PTR6 = '1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa'

const subject = (client: string, ehlo: string | null): Subject => ({ client: parseAddress(client)!, ehlo })
const next = (client: string, ehlo: string | null, ...lines: string[]) =>
  nextQuestions(subject(client, ehlo), answersOf(...lines)).map(({ name, type }) => `${name} ${type}`)
const numbered = (count: number, make: (number: number) => string) => Array.from({ length: count }, (_, index) => make(index + 1))

describe('the PTR side', () => {
  it('starts with the PTR of the address, of either family', () => {
    expect(next(V4, null)).toEqual([`${PTR4} PTR`])
    expect(next(V6, null)).toEqual([`${PTR6} PTR`])
    expect(next('::ffff:192.0.2.1', null)).toEqual([`${PTR4} PTR`])
  })

  it.each(['nodata', 'nxdomain', 'servfail', 'refused', 'timeout', 'malformed'])('asks no more when the PTR is %s', (status) => {
    expect(next(V4, null, `${PTR4} PTR ${status}`)).toEqual([])
  })

  it('asks each PTR name for the family of the client', () => {
    expect(next(V4, null, `${PTR4} PTR found a.example b.example`)).toEqual(['a.example A', 'b.example A'])
    expect(next(V6, null, `${PTR6} PTR found a.example`)).toEqual(['a.example AAAA'])
  })

  it('takes the first 10 in the order received, and a repeated name once', () => {
    const names = numbered(12, (number) => `n${number}.example`)
    expect(next(V4, null, `${PTR4} PTR found ${names.join(' ')}`)).toEqual(names.slice(0, 10).map((name) => `${name} A`))
    expect(next(V4, null, `${PTR4} PTR found A.example a.EXAMPLE. b.example`)).toEqual(['a.example A', 'b.example A'])
  })

  it('does not ask for a PTR name that is no host name, though it counts as one of the 10', () => {
    const ptr = `${PTR4} PTR found a\\.b.example -x.example . \\000.example ok.example`
    expect(next(V4, null, ptr)).toEqual(['ok.example A'])
    const bad = numbered(10, (number) => `-${number}.example`)
    expect(next(V4, null, `${PTR4} PTR found ${bad.join(' ')} ok.example`)).toEqual([])
  })

  it('asks what is left', () => {
    expect(next(V4, null, `${PTR4} PTR found a.example b.example`, 'a.example A timeout')).toEqual(['b.example A'])
  })
})

describe('the EHLO side', () => {
  const ptr = `${PTR4} PTR nxdomain`
  const ptr6 = `${PTR6} PTR nxdomain`

  it('begins with the addresses of the client’s family, beside the PTR', () => {
    expect(next(V4, 'Mail.Example.ORG.')).toEqual([`${PTR4} PTR`, 'mail.example.org A'])
    expect(next(V6, 'mail.example.org')).toEqual([`${PTR6} PTR`, 'mail.example.org AAAA'])
  })

  it.each(['[192.0.2.1]', '[IPv6:2001:db8::1]', '192.0.2.1', '2001:db8::1', 'localhost', '', '-a.b', 'a..b', 'a b.example', '[bad'])(
    'never asks for %j',
    (ehlo) => {
      expect(next(V4, ehlo, ptr)).toEqual([])
    },
  )

  it('is done at a match', () => {
    expect(next(V4, 'a.example', ptr, 'a.example A found 192.0.2.9 192.0.2.1')).toEqual([])
    expect(next(V6, 'a.example', ptr6, 'a.example AAAA found 2001:db8::1')).toEqual([])
  })

  it('asks for MX if the addresses do not match, also when they are temporary', () => {
    expect(next(V4, 'a.example', ptr, 'a.example A found 192.0.2.9')).toEqual(['a.example MX'])
    for (const status of ['servfail', 'refused', 'timeout', 'malformed']) {
      expect(next(V4, 'a.example', ptr, `a.example A ${status}`)).toEqual(['a.example MX'])
    }
  })

  it('asks for the other family too if there is none of the client’s', () => {
    expect(next(V4, 'a.example', ptr, 'a.example A nodata')).toEqual(['a.example AAAA', 'a.example MX'])
    expect(next(V4, 'a.example', ptr, 'a.example A nxdomain')).toEqual(['a.example AAAA', 'a.example MX'])
    expect(next(V6, 'a.example', ptr6, 'a.example AAAA nodata')).toEqual(['a.example A', 'a.example MX'])
  })

  it('asks for the client’s family of the first 5 MX hosts by preference', () => {
    const known = [ptr, 'a.example A found 192.0.2.9']
    const mx = numbered(7, (number) => `${80 - number * 10} m${number}.example`)
    expect(next(V4, 'a.example', ...known, `a.example MX found ${mx.join(', ')}`)).toEqual(
      ['m7', 'm6', 'm5', 'm4', 'm3'].map((name) => `${name}.example A`),
    )
    expect(next(V4, 'a.example', ...known, 'a.example MX found 9 x.example, 10 y.example')).toEqual(['x.example A', 'y.example A'])
    expect(next(V4, 'a.example', ...known, 'a.example MX found 10 b.example, 10 a2.example')).toEqual(['a2.example A', 'b.example A'])
    expect(next(V6, 'a.example', ptr6, 'a.example AAAA found 2001:db8::9', 'a.example MX found 10 b.example')).toEqual(['b.example AAAA'])
  })

  it('does not ask for a null MX, a repeated one, itself, nor a host that is none', () => {
    const known = [ptr, 'a.example A found 192.0.2.9']
    expect(next(V4, 'a.example', ...known, 'a.example MX found 0 .')).toEqual([])
    expect(next(V4, 'a.example', ...known, 'a.example MX found 10 B.example., 20 b.example, 30 a.example')).toEqual(['b.example A'])
    expect(next(V4, 'a.example', ...known, 'a.example MX found 10 -b.example, 20 c.example')).toEqual(['c.example A'])
    expect(next(V4, 'a.example', ...known, 'a.example MX servfail')).toEqual([])
  })

  it('shares a question with the PTR side', () => {
    expect(next(V4, 'a.example', `${PTR4} PTR found a.example`)).toEqual(['a.example A'])
    expect(next(V4, 'a.example', `${PTR4} PTR found a.example`, 'a.example A found 192.0.2.1')).toEqual([])
  })
})

describe('answersInOrder', () => {
  it('puts answers in the plan’s order, whatever order they came in, and leaves out those of other names', () => {
    const known = answersOf(
      'other.example A found 192.0.2.1', 'm.example A nxdomain', 'b.example A timeout', 'a.example MX found 10 m.example', 'a.example AAAA nodata',
      'a.example A nodata', 'c.example A found 192.0.2.1', `${PTR4} PTR found c.example b.example`,
    )
    expect([...answersInOrder(subject(V4, 'a.example'), known).keys()]).toEqual([
      `${PTR4}. PTR`, 'c.example. A', 'b.example. A', 'a.example. A', 'a.example. AAAA', 'a.example. MX', 'm.example. A',
    ])
  })

  it('is complete when nothing is left to ask', () => {
    const known = answersOf(`${PTR4} PTR found c.example`, 'c.example A found 192.0.2.1', 'a.example A found 192.0.2.1')
    expect(nextQuestions(subject(V4, 'a.example'), known).map(questionText)).toEqual([])
    expect(answersInOrder(subject(V4, 'a.example'), known).size).toBe(3)
  })
})
