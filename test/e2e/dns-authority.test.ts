// The resolver and the gatherer against real name servers: what they say is read as POLICY means it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createGatherer } from '../../electron/dns/gather.ts'
import { createResolver } from '../../electron/dns/resolver.ts'
import type { ResolverPort } from '../../electron/ports.ts'
import { ehloMatch } from '../../shared/dns/ehloside.ts'
import { iprevOf } from '../../shared/dns/iprev.ts'
import type { Question } from '../../shared/dns/answer.ts'
import { isInstalled, startAuthority } from './authority.ts'
import type { Authority, AuthorityKind } from './authority.ts'

const pool = Array.from({ length: 200 }, (_, index) => `n${index}.pool.example`)
const ZONE = `
1.2.0.192.in-addr.arpa.          IN PTR   mail.acme.example.
26.2.0.192.in-addr.arpa.         IN CNAME 26.0/25.2.0.192.in-addr.arpa.
26.0/25.2.0.192.in-addr.arpa.    IN PTR   Mail.Acme.Example.
111.150.in-addr.arpa.            IN TXT   "names below it"
9.2.0.192.in-addr.arpa.          IN PTR   a\\.b.example.
9.2.0.192.in-addr.arpa.          IN PTR   \\000\\013\\010x.example.
1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa. IN PTR six.acme.example.
six.acme.example.        IN AAAA  2001:db8::1
mail.acme.example.  300  IN A     192.0.2.1
mail.acme.example.  300  IN A     192.0.2.26
www.acme.example.   20   IN CNAME web.acme.example.
web.acme.example.        IN CNAME mail.acme.example.
lost.acme.example.       IN CNAME nowhere.acme.example.
acme.example.            IN MX    10 mail.acme.example.
null.example.            IN MX    0 .
loop1.example.           IN CNAME loop2.example.
loop2.example.           IN CNAME loop1.example.
zero.example.       0    IN A     192.0.2.9
www.americangreetings.com. IN A   216.33.97.70
${pool.map((name) => `5.2.0.192.in-addr.arpa. IN PTR ${name}.`).join('\n')}
${Array.from({ length: 300 }, (_, index) => `many.example. IN A 198.51.${100 + Math.floor(index / 200)}.${index % 200}`).join('\n')}
`
const clock = { now: () => Date.now(), monotonic: () => performance.now() }

for (const kind of ['knot', 'nsd'] as const satisfies readonly AuthorityKind[]) {
  describe.skipIf(!isInstalled(kind))(kind, () => {
    let authority: Authority
    let resolver: ResolverPort
    beforeAll(async () => {
      authority = await startAuthority(kind, ZONE)
      resolver = createResolver({ settings: () => ({ servers: [authority.address], timeoutMs: 2000, tries: 2 }), clock })
    })
    afterAll(async () => {
      resolver?.close()
      await authority?.close()
    })
    const ask = (text: string) => resolver.resolve(
      { name: text.split(' ')[0]!, type: text.split(' ')[1] as Question['type'] }, { deadline: clock.monotonic() + 8000, fresh: true })

    it.each<[string, object]>([
      ['mail.acme.example A', { status: 'found', records: ['192.0.2.1', '192.0.2.26'], chain: [], ttl: 300 }],
      ['mail.acme.example AAAA', { status: 'nodata', records: [], chain: [], ttl: 60 }],
      ['acme.example A', { status: 'nodata', records: [], chain: [], ttl: 60 }],
      ['example A', { status: 'nodata', records: [], chain: [], ttl: 60 }],
      ['nobody.acme.example A', { status: 'nxdomain', records: [], chain: [], ttl: 60 }],
      ['lost.acme.example A', { status: 'nxdomain', records: [], chain: ['nowhere.acme.example'], ttl: 60 }],
      ['www.acme.example MX', { status: 'nodata', records: [], chain: ['web.acme.example', 'mail.acme.example'], ttl: 20 }],
      ['acme.example MX', { status: 'found', records: ['10 mail.acme.example'], chain: [], ttl: 60 }],
      ['null.example MX', { status: 'found', records: ['0 .'], chain: [], ttl: 60 }],
      ['zero.example A', { status: 'found', records: ['192.0.2.9'], chain: [], ttl: 0 }],
      ['26.2.0.192.in-addr.arpa PTR', { status: 'found', records: ['mail.acme.example'], chain: ['26.0/25.2.0.192.in-addr.arpa'], ttl: 60 }],
      ['150.111.33.216.in-addr.arpa PTR', { status: 'nxdomain', records: [], chain: [], ttl: 60 }],
      ['loop1.example A', { status: 'malformed' }],
    ])('%s', async (text, expected) => {
      const answer = await ask(text)
      expect({ ...answer, records: [...answer.records].sort() }).toMatchObject(expected)
      expect(answer.server).toBe(authority.address)
    })

    it('sets that do not fit into a datagram come whole, over TCP', async () => {
      expect([...(await ask('5.2.0.192.in-addr.arpa PTR')).records].sort()).toEqual([...pool].sort())
      expect((await ask('many.example A')).records.length).toBe(300)
    })

    it('hostile PTR names are shown for what they are', async () => {
      expect([...(await ask('9.2.0.192.in-addr.arpa PTR')).records].sort()).toEqual(['\\000\\013\\010x.example', 'a\\.b.example'])
    })

    const gather = (client: string, ehlo: string) => createGatherer(resolver, clock).begin(client, { fresh: true }).ehloSide(ehlo)

    it('the founding case', async () => {
      const evidence = await gather('216.33.111.150', 'www.americangreetings.com')
      expect([...evidence.answers].map(([key, { status, records }]) => `${key} ${status} ${records.join(' ')}`.trim())).toEqual([
        '150.111.33.216.in-addr.arpa. PTR nxdomain', 'www.americangreetings.com. A found 216.33.97.70', 'www.americangreetings.com. MX nodata',
      ])
      expect(iprevOf(evidence).iprev).toBe('permerror')
      expect(ehloMatch(evidence)).toEqual({ state: 'elsewhere', name: 'www.americangreetings.com', addresses: ['216.33.97.70'], mxHosts: [] })
    })

    it.each<[string, string, string, string]>([
      ['192.0.2.1', 'mail.acme.example', 'pass', 'match'],
      ['192.0.2.26', 'www.acme.example', 'pass', 'match'],
      ['192.0.2.1', 'acme.example', 'pass', 'match'],
      ['2001:db8::1', 'six.acme.example', 'pass', 'match'],
      ['192.0.2.1', 'six.acme.example', 'pass', 'elsewhere'],
      ['192.0.2.5', 'null.example', 'fail', 'unresolvable'],
      ['192.0.2.9', 'loop1.example', 'fail', 'temporary'],
    ])('%s, %s: iprev %s, EHLO %s', async (client, ehlo, iprev, state) => {
      const evidence = await gather(client, ehlo)
      expect({ iprev: iprevOf(evidence).iprev, state: ehloMatch(evidence).state }).toEqual({ iprev, state })
    })
  })
}
