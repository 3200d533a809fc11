/** Answers as nslookup and dig print them: each status, the chain, every record type, and names that try to be more than names. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { digText, nslookupText } from '../../../shared/dns/printed.ts'
import type { Answer } from '../../../shared/dns/answer.ts'

const AT = Date.UTC(2026, 10, 23, 15, 0, 7)

function answer(name: string, type: Answer['question']['type'], status: Answer['status'], records: readonly string[] = [], more: Partial<Answer> = {}): Answer {
  return { question: { name, type }, status, records, chain: [], ttl: 60, ms: 3, server: '127.0.0.1:53', ...more }
}

const HEAD = 'Server:\t\t127.0.0.1\nAddress:\t127.0.0.1#53\n\n'

const NSLOOKUP: readonly (readonly [string, Answer, string])[] = [
  ['no reverse name', answer('150.111.33.216.in-addr.arpa', 'PTR', 'nxdomain'),
    `$ nslookup -type=PTR 150.111.33.216.in-addr.arpa. 127.0.0.1\n${HEAD}** server can't find 150.111.33.216.in-addr.arpa: NXDOMAIN\n`],
  ['an address', answer('www.americangreetings.com', 'A', 'found', ['216.33.97.70']),
    `$ nslookup -type=A www.americangreetings.com. 127.0.0.1\n${HEAD}Non-authoritative answer:\nName:\twww.americangreetings.com\nAddress: 216.33.97.70\n`],
  ['a PTR by way of RFC 2317', answer('7.2.0.192.in-addr.arpa', 'PTR', 'found', ['mx.example.com'], { chain: ['7.0-25.2.0.192.in-addr.arpa'] }),
    `$ nslookup -type=PTR 7.2.0.192.in-addr.arpa. 127.0.0.1\n${HEAD}Non-authoritative answer:\n7.2.0.192.in-addr.arpa\tcanonical name = 7.0-25.2.0.192.in-addr.arpa.\n7.0-25.2.0.192.in-addr.arpa\tname = mx.example.com.\n`],
  ['mail hosts', answer('example.com', 'MX', 'found', ['10 mx1.example.com', '0 .']),
    `$ nslookup -type=MX example.com. 127.0.0.1\n${HEAD}Non-authoritative answer:\nexample.com\tmail exchanger = 10 mx1.example.com.\nexample.com\tmail exchanger = 0 .\n`],
  ['no such record, from a resolver by IPv6', answer('example.com', 'AAAA', 'nodata', [], { server: '[::1]:53' }),
    "$ nslookup -type=AAAA example.com. ::1\nServer:\t\t::1\nAddress:\t::1#53\n\n*** Can't find example.com: No answer\n"],
  ['a failing server', answer('example.com', 'A', 'servfail', [], { ttl: null }), `$ nslookup -type=A example.com. 127.0.0.1\n${HEAD}** server can't find example.com: SERVFAIL\n`],
  ['a refusal', answer('example.com', 'A', 'refused', [], { ttl: null }), `$ nslookup -type=A example.com. 127.0.0.1\n${HEAD}** server can't find example.com: REFUSED\n`],
  ['no answer', answer('example.com', 'A', 'timeout', [], { ttl: null, server: null }), '$ nslookup -type=A example.com.\n;; connection timed out; no servers could be reached\n'],
  ['an unusable answer', answer('example.com', 'A', 'malformed', [], { ttl: null }), `$ nslookup -type=A example.com. 127.0.0.1\n${HEAD};; Got bad packet: unusable answer\n`],
  ['the sample answers', answer('mail.acme.example', 'A', 'found', ['192.0.2.25'], { server: 'sample answers' }),
    '$ nslookup -type=A mail.acme.example.\nServer:\t\tsample answers\n\nNon-authoritative answer:\nName:\tmail.acme.example\nAddress: 192.0.2.25\n'],
  ['a chain that ends nowhere', answer('a.example', 'A', 'nxdomain', [], { chain: ['b.example'] }),
    `$ nslookup -type=A a.example. 127.0.0.1\n${HEAD}Non-authoritative answer:\na.example\tcanonical name = b.example.\n** server can't find b.example: NXDOMAIN\n`],
]

test.each(NSLOOKUP)('nslookup: %s', (_, given, expected) => {
  expect(nslookupText([given])).toBe(expected)
})

const TAIL = '\n;; Query time: 3 msec\n;; SERVER: 127.0.0.1#53\n;; WHEN: Mon Nov 23 15:00:07 UTC 2026\n'

const DIG: readonly (readonly [string, Answer, string])[] = [
  ['no reverse name', answer('150.111.33.216.in-addr.arpa', 'PTR', 'nxdomain'),
    `$ dig 150.111.33.216.in-addr.arpa. @127.0.0.1 PTR\n;; ->>HEADER<<- opcode: QUERY, status: NXDOMAIN\n;; QUERY: 1, ANSWER: 0\n\n;; QUESTION SECTION:\n;150.111.33.216.in-addr.arpa.\t\tIN\tPTR\n${TAIL}`],
  ['an alias and its addresses', answer('a.example', 'A', 'found', ['192.0.2.1', '192.0.2.2'], { chain: ['b.example'] }),
    `$ dig a.example. @127.0.0.1 A\n;; ->>HEADER<<- opcode: QUERY, status: NOERROR\n;; QUERY: 1, ANSWER: 3\n\n;; QUESTION SECTION:\n;a.example.\t\tIN\tA\n\n;; ANSWER SECTION:\na.example.\t60\tIN\tCNAME\tb.example.\nb.example.\t60\tIN\tA\t192.0.2.1\nb.example.\t60\tIN\tA\t192.0.2.2\n${TAIL}`],
  ['mail hosts', answer('example.com', 'MX', 'found', ['10 mx1.example.com']),
    `$ dig example.com. @127.0.0.1 MX\n;; ->>HEADER<<- opcode: QUERY, status: NOERROR\n;; QUERY: 1, ANSWER: 1\n\n;; QUESTION SECTION:\n;example.com.\t\tIN\tMX\n\n;; ANSWER SECTION:\nexample.com.\t60\tIN\tMX\t10 mx1.example.com.\n${TAIL}`],
  ['no answer', answer('example.com', 'A', 'timeout', [], { ttl: null, server: null }), '$ dig example.com. A\n;; communications error: timed out\n;; no servers could be reached\n'],
]

test.each(DIG)('dig: %s', (_, given, expected) => {
  expect(digText([given], AT)).toBe(expected)
})

test('several follow each other, a blank line between', () => {
  const two = [answer('a.example', 'A', 'timeout', [], { server: null }), answer('b.example', 'A', 'timeout', [], { server: null })]
  expect(nslookupText(two).split('\n\n').map((part) => part.split('\n')[0])).toEqual(['$ nslookup -type=A a.example.', '$ nslookup -type=A b.example.'])
  expect(nslookupText([])).toBe('')
})

describe('hostile names', () => {
  const nasty = answer('evil name; reboot', 'PTR', 'found', ['a\r\n$ rm -rf /\u202e\u0000.example', '<script>`id`</script>'], { chain: ['x\ny'], server: 'no\nserver' })

  test('stay on their line, and never become a command', () => {
    for (const text of [nslookupText([nasty]), digText([nasty], AT)]) {
      expect(text).toMatch(/^[\x20-\x7e\t\n]*$/)
      expect(text.split('\n').some((line) => line.startsWith('$'))).toBe(false)
      expect(text).toContain('a\\013\\010$\\032rm\\032-rf\\032/\\999\\000.example.')
    }
  })

  test('whatever they hold, as many lines as for tame ones, all printable', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 2000 }), fc.constantFrom('A', 'PTR', 'MX', 'NS', 'TXT'), (text, type) => {
      const given = answer('host.example', type, 'found', [text, text], { chain: [text], server: text })
      const tame = answer('host.example', type, 'found', ['a', 'a'], { chain: ['a'], server: 'x' })
      for (const print of [nslookupText, (answers: readonly Answer[]) => digText(answers, AT)]) {
        const printed = print([given])
        expect(printed).toMatch(/^[\x20-\x7e\t\n]*$/)
        if (!/^[[\d]/.test(text)) expect(printed.split('\n')).toHaveLength(print([tame]).split('\n').length)
      }
    }))
  })
})
