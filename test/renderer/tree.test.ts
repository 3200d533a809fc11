/** The lookup tree: what each node says, for the cases an admin meets. */
import { expect, test } from 'vitest'
import { lookupTree } from '../../renderer/model/tree.ts'
import type { TreeNode } from '../../renderer/model/tree.ts'
import { answer, FOUNDING, HOSTILE_EHLO } from '../fakes/samplecast.ts'

/** A node as one line, its children indented below. */
const lines = (node: TreeNode | null, depth = 0): string[] =>
  node === null ? [] : [`${'  '.repeat(depth)}${node.mark}: ${node.subject} ${node.type ?? '-'} ${node.remark} [${node.answer?.records.join(', ') ?? 'none'}]`, ...node.children.flatMap((child) => lines(child, depth + 1))]

test('the founding case: no reverse name, and the EHLO name leads elsewhere', () => {
  const tree = lookupTree({ client: '216.33.111.150', ehlo: 'www.americangreetings.com', ptrNames: [] }, FOUNDING.evidence('216.33.111.150', 'www.americangreetings.com', []))
  expect(lines(tree.reverse)).toEqual(['bad: 150.111.33.216.in-addr.arpa PTR no-name []'])
  expect(lines(tree.forward)).toEqual(['bad: www.americangreetings.com A leads-elsewhere [216.33.97.70]', '  plain: www.americangreetings.com MX no-mail-host []'])
})

test('a confirmed IPv6 host', () => {
  const client = '2001:db8::1'
  const arpa = `${'1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2'}.ip6.arpa`
  const tree = lookupTree({ client, ehlo: 'MX.Six.Example.', ptrNames: ['mx.six.example'] }, [answer(arpa, 'PTR', 'found', ['mx.six.example']), answer('mx.six.example', 'AAAA', 'found', ['2001:db8::2', client])])
  expect(lines(tree.reverse)).toEqual([`good: ${arpa} PTR has-names [mx.six.example]`, '  good: mx.six.example AAAA leads-back [2001:db8::2, 2001:db8::1]'])
  expect(lines(tree.forward)).toEqual(['good: MX.Six.Example. AAAA matches-client [2001:db8::2, 2001:db8::1]'])
})

test('a mail host that is the client speaks for a name that leads elsewhere', () => {
  const tree = lookupTree({ client: '192.0.2.9', ehlo: 'acme.example', ptrNames: [] }, [
    answer('9.2.0.192.in-addr.arpa', 'PTR', 'servfail'), answer('acme.example', 'A', 'found', ['192.0.2.80']), answer('acme.example', 'MX', 'found', ['10 mx.acme.example', '20 b.example']),
    answer('mx.acme.example', 'A', 'found', ['192.0.2.9']), answer('b.example', 'A', 'timeout'),
  ])
  expect(lines(tree.reverse)).toEqual(['unknown: 9.2.0.192.in-addr.arpa PTR temporary []'])
  expect(lines(tree.forward)).toEqual([
    'plain: acme.example A leads-elsewhere [192.0.2.80]', '  good: acme.example MX mail-hosts [10 mx.acme.example, 20 b.example]',
    '    good: mx.acme.example A matches-client [192.0.2.9]', '    unknown: b.example A temporary []',
  ])
})

test('the other family, a null MX, and what was never asked', () => {
  const tree = lookupTree({ client: '192.0.2.9', ehlo: 'six.example', ptrNames: ['six.example'] }, [
    answer('9.2.0.192.in-addr.arpa', 'PTR', 'found', ['six.example']), answer('six.example', 'AAAA', 'found', ['2001:db8::1']), answer('six.example', 'MX', 'found', ['0 .']),
  ])
  expect(lines(tree.reverse)).toEqual(['plain: 9.2.0.192.in-addr.arpa PTR has-names [six.example]', '  plain: six.example A not-asked [none]'])
  expect(lines(tree.forward)).toEqual(['plain: six.example A not-asked [none]', '  plain: six.example AAAA other-family [2001:db8::1]', '  plain: six.example MX no-mail-host [0 .]'])
})

test.each([[HOSTILE_EHLO, 'bad', 'not-a-name'], ['[192.0.2.9]', 'plain', 'literal'], ['192.0.2.9', 'plain', 'literal'], ['2001:db8::1', 'plain', 'literal']])('%j is never looked up', (ehlo, mark, remark) => {
  expect(lookupTree({ client: '192.0.2.9', ehlo, ptrNames: [] }, []).forward).toMatchObject({ subject: ehlo, type: null, answer: null, mark, remark, children: [] })
})

test('no EHLO, no forward side', () => {
  expect(lookupTree({ client: '192.0.2.9', ehlo: null, ptrNames: [] }, []).forward).toBeNull()
})
