// Whether the EHLO name leads to the client.
import { expect, it } from 'vitest'
import { ehloMatch } from '../../../shared/dns/ehloside.ts'
import type { EhloMatch } from '../../../shared/dns/ehloside.ts'
import { evidence } from './zone.ts'

const V4 = '192.0.2.1'
const name = 'a.example'
const A = 'a.example A'
const AAAA = 'a.example AAAA'
const MX = 'a.example MX'
const temporary = (...questions: string[]): EhloMatch => ({
  state: 'temporary',
  name,
  questions: questions.map((text) => ({ name: text.split(' ')[0]!, type: text.split(' ')[1] as 'A' })),
})
const elsewhere = (addresses: readonly string[], mxHosts: readonly string[] = []): EhloMatch => ({ state: 'elsewhere', name, addresses, mxHosts })

const rows: readonly (readonly [what: string, lines: readonly string[], match: EhloMatch])[] = [
  ['own address', [`${A} found 192.0.2.9 192.0.2.1`], { state: 'match', name, by: 'own', host: name }],
  ['an MX host’s address', [`${A} found 192.0.2.9`, `${MX} found 10 m.example`, 'm.example A found 192.0.2.1'], { state: 'match', name, by: 'mx', host: 'm.example' }],
  ['MX only, matching', [`${A} nodata`, `${AAAA} nodata`, `${MX} found 10 m.example`, 'm.example A found 192.0.2.1'], { state: 'match', name, by: 'mx', host: 'm.example' }],
  ['a match beats a temporary own address', [`${A} servfail`, `${MX} found 10 m.example`, 'm.example A found 192.0.2.1'], { state: 'match', name, by: 'mx', host: 'm.example' }],
  ['a match beats a temporary MX host', [`${A} nodata`, `${AAAA} timeout`, `${MX} found 10 l.example, 20 m.example`, 'l.example A timeout', 'm.example A found 192.0.2.1'], { state: 'match', name, by: 'mx', host: 'm.example' }],
  ['other address', [`${A} found 192.0.2.9`, `${MX} nodata`], elsewhere(['192.0.2.9'])],
  ['other address, null MX', [`${A} found 192.0.2.9`, `${MX} found 0 .`], elsewhere(['192.0.2.9'])],
  ['other family only', [`${A} nodata`, `${AAAA} found 2001:db8::1`, `${MX} nodata`], elsewhere(['2001:db8::1'])],
  ['MX that leads elsewhere', [`${A} nodata`, `${AAAA} nodata`, `${MX} found 10 m.example`, 'm.example A found 192.0.2.9'], elsewhere([], ['m.example'])],
  ['MX whose hosts do not exist still resolves', [`${A} nodata`, `${AAAA} nodata`, `${MX} found 10 m.example`, 'm.example A nxdomain'], elsewhere([], ['m.example'])],
  ['MX host that is none', [`${A} nodata`, `${AAAA} nodata`, `${MX} found 10 -m.example`], elsewhere([], ['-m.example'])],
  ['nothing at all: nxdomain', [`${A} nxdomain`, `${AAAA} nxdomain`, `${MX} nxdomain`], { state: 'unresolvable', name }],
  ['nothing at all: nodata', [`${A} nodata`, `${AAAA} nodata`, `${MX} nodata`], { state: 'unresolvable', name }],
  ['only a null MX', [`${A} nodata`, `${AAAA} nodata`, `${MX} found 0 .`], { state: 'unresolvable', name }],
  ['own address temporary', [`${A} servfail`, `${MX} nodata`], temporary(A)],
  ['own address wrong, MX temporary', [`${A} found 192.0.2.9`, `${MX} timeout`], temporary(MX)],
  ['own address wrong, MX host temporary', [`${A} found 192.0.2.9`, `${MX} found 10 m.example`, 'm.example A refused'], temporary('m.example A')],
  ['other family temporary', [`${A} nodata`, `${AAAA} malformed`, `${MX} nodata`], temporary(AAAA)],
  ['several', [`${A} nxdomain`, `${AAAA} timeout`, `${MX} servfail`], temporary(AAAA, MX)],
  ['not answered yet', [], temporary(A)],
  ['half answered', [`${A} nxdomain`, `${MX} nxdomain`], temporary(AAAA)],
]

it.each(rows)('%s', (_what, lines, match) => {
  expect(ehloMatch(evidence(V4, 'A.Example.', ...lines))).toEqual(match)
})

it('IPv6 asks for AAAA first, A then says where else it leads', () => {
  expect(ehloMatch(evidence('2001:db8::1', name, `${AAAA} found 2001:db8::1`))).toEqual({ state: 'match', name, by: 'own', host: name })
  expect(ehloMatch(evidence('2001:db8::1', name, `${AAAA} nodata`, `${A} found 192.0.2.1`, `${MX} nodata`))).toEqual(elsewhere(['192.0.2.1']))
})

it.each([
  [null, null],
  ['[192.0.2.1]', 'literal'],
  ['192.0.2.1', 'bare-address'],
  ['fred', 'one-label'],
  ['a..b', 'malformed'],
])('%j is not asked', (ehlo, kind) => {
  const match = ehloMatch(evidence(V4, ehlo, `${A} nxdomain`))
  expect(match.state === 'not-asked' ? match.form?.kind ?? null : match.state).toBe(kind)
})
