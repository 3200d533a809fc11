/** What every ResolverPort promises; run for the double and for the real one over a name server on loopback. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Answer, Question } from '../../shared/dns/answer.ts'
import type { ResolverPort } from '../../electron/ports.ts'

export interface ResolverUnderTest {
  readonly resolver: ResolverPort
  /** On the monotonic clock of the resolver, far enough for an answer. */
  readonly deadline: () => number
  readonly setZone: (text: string) => void
  readonly close: () => Promise<void>
}

const ZONE = `
  1.2.0.192.in-addr.arpa          PTR   mail.acme.example
  2.2.0.192.in-addr.arpa          CNAME 2.0/25.2.0.192.in-addr.arpa
  2.0/25.2.0.192.in-addr.arpa     PTR   two.acme.example
  mail.acme.example        300    A     192.0.2.1
  mail.acme.example        300    A     192.0.2.2
  mail.acme.example               AAAA  2001:db8::1
  www.acme.example         20     CNAME web.acme.example
  web.acme.example                CNAME mail.acme.example
  acme.example                    MX    10 mail.acme.example
  null.example                    MX    0 .
  lost.acme.example               CNAME nowhere.acme.example
  half.acme.example               CNAME acme.example
  ill.acme.example                CNAME sick.example
  loop1.example                   CNAME loop2.example
  loop2.example                   CNAME loop1.example
  self.example                    CNAME self.example
  sick.example                    ANY   !servfail
  shy.example                     ANY   !refused
  torn.example                    ANY   !malformed
  n0.example  CNAME  n1.example
  n1.example  CNAME  n2.example
  n2.example  CNAME  n3.example
  n3.example  CNAME  n4.example
  n4.example  CNAME  n5.example
  n5.example  CNAME  n6.example
  n6.example  CNAME  n7.example
  n7.example  CNAME  n8.example
  n8.example  CNAME  n9.example
  n9.example  A      192.0.2.9
`

export function resolverContract(name: string, make: (zone: string) => Promise<ResolverUnderTest>): void {
  describe(`a resolver: ${name}`, () => {
    let under: ResolverUnderTest
    beforeEach(async () => {
      under = await make(ZONE)
    })
    afterEach(() => under.close())

    const question = (text: string): Question => ({ name: text.split(' ')[0]!, type: text.split(' ')[1] as Question['type'] })
    const ask = (text: string, fresh = false): Promise<Answer> => under.resolver.resolve(question(text), { deadline: under.deadline(), fresh })
    const told = (answer: Answer) => ({ status: answer.status, records: answer.records, chain: answer.chain, ttl: answer.ttl })

    it.each<[string, Pick<Answer, 'status'> & Partial<Answer>]>([
      ['1.2.0.192.in-addr.arpa PTR', { status: 'found', records: ['mail.acme.example'], ttl: 60 }],
      ['2.2.0.192.in-addr.arpa PTR', { status: 'found', records: ['two.acme.example'], chain: ['2.0/25.2.0.192.in-addr.arpa'], ttl: 60 }],
      ['mail.acme.example A', { status: 'found', records: ['192.0.2.1', '192.0.2.2'], ttl: 300 }],
      ['mail.acme.example AAAA', { status: 'found', records: ['2001:db8::1'], ttl: 60 }],
      ['www.acme.example A', { status: 'found', records: ['192.0.2.1', '192.0.2.2'], chain: ['web.acme.example', 'mail.acme.example'], ttl: 20 }],
      ['acme.example MX', { status: 'found', records: ['10 mail.acme.example'], ttl: 60 }],
      ['null.example MX', { status: 'found', records: ['0 .'], ttl: 60 }],
      ['mail.acme.example MX', { status: 'nodata', ttl: 60 }],
      ['acme.example A', { status: 'nodata', ttl: 60 }],
      ['nobody.acme.example A', { status: 'nxdomain', ttl: 60 }],
      ['lost.acme.example A', { status: 'nxdomain', chain: ['nowhere.acme.example'], ttl: 60 }],
      ['half.acme.example A', { status: 'nodata', chain: ['acme.example'], ttl: 60 }],
      ['ill.acme.example A', { status: 'servfail', chain: ['sick.example'], ttl: null }],
      ['sick.example A', { status: 'servfail', ttl: null }],
      ['shy.example A', { status: 'refused', ttl: null }],
      ['torn.example A', { status: 'malformed', ttl: null }],
      ['loop1.example A', { status: 'malformed', ttl: null }],
      ['self.example A', { status: 'malformed', ttl: null }],
      ['n0.example A', { status: 'malformed', ttl: null }],
      ['n1.example A', { status: 'found', records: ['192.0.2.9'], chain: [2, 3, 4, 5, 6, 7, 8, 9].map((n) => `n${n}.example`), ttl: 60 }],
    ])('%s', async (text, expected) => {
      const answer = await ask(text)
      const { chain, ...rest } = told(answer)
      const { chain: expectedChain, ...expectedRest } = { records: [], chain: [], ...expected }
      expect(rest).toEqual(expectedRest)
      if (expected.status !== 'malformed') expect(chain).toEqual(expectedChain)
      expect(chain.length).toBeLessThanOrEqual(8)
      expect(answer.question).toEqual(question(text))
    })

    it.each(['-a.example A', 'a..example A', 'a\\.b.example A', ' A', `${'a'.repeat(64)}.example A`, 'ü.example A', 'a/b.example A'])(
      'does not ask for %j', async (text) => {
        expect(await ask(text)).toEqual({ question: question(text), status: 'malformed', records: [], chain: [], ttl: null, ms: 0, server: null })
      })

    it('answers `timeout` when the deadline has passed', async () => {
      const answer = await under.resolver.resolve(question('deaf.example A'), { deadline: under.deadline() - 1e9, fresh: false })
      expect({ ...answer, ms: 0 }).toEqual({ question: question('deaf.example A'), status: 'timeout', records: [], chain: [], ttl: null, ms: 0, server: null })
    })

    it('spends a budget, and answers `malformed` without one', async () => {
      const budget = { left: 2 }
      const options = { deadline: under.deadline(), fresh: false, budget }
      expect((await under.resolver.resolve(question('mail.acme.example A'), options)).status).toBe('found')
      expect((await under.resolver.resolve(question('mail.acme.example A'), options)).status).toBe('found')
      expect(budget).toEqual({ left: 0 })
      expect((await under.resolver.resolve(question('mail.acme.example A'), options)).status).toBe('malformed')
    })

    it('sees a change when asked anew', async () => {
      await ask('mail.acme.example A')
      under.setZone('mail.acme.example A 192.0.2.77')
      expect((await ask('mail.acme.example A', true)).records).toEqual(['192.0.2.77'])
      expect((await ask('mail.acme.example A')).records).toEqual(['192.0.2.77'])
    })

    it('forgets what was asked for a client', async () => {
      const options = { deadline: under.deadline(), fresh: false, client: '192.0.2.1' }
      await under.resolver.resolve(question('1.2.0.192.in-addr.arpa PTR'), options)
      await under.resolver.resolve(question('new.example A'), options)
      under.setZone('new.example A 192.0.2.1')
      under.resolver.forget('192.0.2.1')
      expect((await ask('new.example A')).records).toEqual(['192.0.2.1'])
      expect((await ask('1.2.0.192.in-addr.arpa PTR')).status).toBe('nxdomain')
    })

    it('forgets everything', async () => {
      await ask('new.example A')
      under.setZone('new.example A 192.0.2.1')
      under.resolver.forgetAll()
      expect((await ask('new.example A')).records).toEqual(['192.0.2.1'])
    })
  })
}
