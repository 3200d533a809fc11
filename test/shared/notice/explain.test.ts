import { describe, expect, test } from 'vitest'
import { failingZone, failingZoneText, natHint } from '../../../shared/notice/explain.ts'
import { answer, gate, gather, RULE_SETS, zoneLines } from '../../verdicts/scene.ts'

const client = '203.0.113.9'
const evidence = (ehlo: string, zone = '', from = client) => gather(zoneLines(zone, from), from, ehlo)

describe('the signs of a NAT firewall', () => {
  const because = (sign: string) =>
    `${sign}: the server stands behind a NAT firewall and greets with what it is called inside; it must greet with its public name, and that name must lead to the firewall's outer address 203.0.113.9.`
  test.each([
    ['a private suffix', evidence('exchange.acme.local'), because('exchange.acme.local is a name that exists only inside an office')],
    ['home.arpa', evidence('nas.home.arpa'), because('nas.home.arpa is a name that exists only inside an office')],
    ['a private literal', evidence('[192.168.1.2]'), because('[192.168.1.2] is a private address')],
    ['a private address', evidence('10.0.0.2'), because('10.0.0.2 is a private address')],
    ['a name that leads inside', evidence('mail.acme.example', 'mail.acme.example A 172.16.0.9'), because('mail.acme.example leads to the private address 172.16.0.9')],
    ['a unique local IPv6 address', evidence('[IPv6:fd00::1]'), because('[IPv6:fd00::1] is a private address')],
    ['a public literal', evidence('[198.51.100.1]'), null],
    ['a public name', evidence('mail.acme.example', 'mail.acme.example A 198.51.100.1'), null],
    ['a name that matches by its MX', evidence('acme.example', `acme.example A 10.0.0.1\nacme.example MX 5 mx.acme.example\nmx.acme.example A ${client}`), null],
    ['a bare word', evidence('server'), null],
    ['malformed', evidence('two words.local'), null],
    ['a client that is inside itself', evidence('exchange.acme.local', '', '10.1.2.3'), null],
    ['no EHLO yet', { ...evidence('x'), ehlo: null }, null],
  ])('%s', (_, gathered, hint) => {
    expect(natHint(gathered)).toBe(hint)
  })
})

describe('a temporary failure: whose DNS it is', () => {
  const server = '127.0.0.1:53'
  test.each([
    ['the PTR', evidence('mail.acme.example', '@ SERVFAIL\nmail.acme.example A 203.0.113.9'),
      { zone: '113.0.203.in-addr.arpa', question: { name: '9.113.0.203.in-addr.arpa', type: 'PTR' }, status: 'servfail', nameServers: [], resolver: server }],
    ['the delegated PTR', evidence('mail.acme.example', '@ CNAME 9.8-15.113.0.203.in-addr.arpa\n9.8-15.113.0.203.in-addr.arpa TIMEOUT\nmail.acme.example A 203.0.113.9'),
      { zone: '8-15.113.0.203.in-addr.arpa', question: { name: '9.113.0.203.in-addr.arpa', type: 'PTR' }, status: 'timeout', nameServers: [], resolver: server }],
    ['an IPv6 PTR', evidence('mail.acme.example', '@ SERVFAIL\nmail.acme.example AAAA 2001:db8:7::9', '2001:db8:7::9'),
      { zone: '7.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa', question: { name: '9.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.7.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa', type: 'PTR' }, status: 'servfail', nameServers: [], resolver: server }],
    ['the PTR name', evidence('mail.acme.example', '@ PTR a.isp.co.uk\na.isp.co.uk REFUSED\nmail.acme.example A 203.0.113.9'),
      { zone: 'isp.co.uk', question: { name: 'a.isp.co.uk', type: 'A' }, status: 'refused', nameServers: [], resolver: server }],
    ['the EHLO name', evidence('mail.acme.example', '@ PTR a.isp.example\na.isp.example A 203.0.113.9\nmail.acme.example A MALFORMED'),
      { zone: 'acme.example', question: { name: 'mail.acme.example', type: 'A' }, status: 'malformed', nameServers: [], resolver: server }],
    ['an alias of another zone', evidence('mail.acme.example', '@ PTR a.isp.example\na.isp.example A 203.0.113.9\nmail.acme.example CNAME x.hoster.example\nx.hoster.example SERVFAIL'),
      { zone: 'hoster.example', question: { name: 'mail.acme.example', type: 'A' }, status: 'servfail', nameServers: [], resolver: server }],
  ])('%s', (_, gathered, failing) => {
    expect(failingZone(gathered, gate('house'))).toEqual(failing)
  })

  test('its servers, if their names were asked for', () => {
    const gathered = evidence('mail.acme.example', '@ SERVFAIL\nmail.acme.example A 203.0.113.9')
    const servers = answer(zoneLines('113.0.203.in-addr.arpa NS ns1.isp.example\n113.0.203.in-addr.arpa NS ns2.isp.example', client), { name: '113.0.203.in-addr.arpa', type: 'NS' })
    const failing = failingZone({ ...gathered, answers: new Map([...gathered.answers, ['113.0.203.in-addr.arpa. NS', servers]]) }, gate('house'))
    expect(failing === null ? '' : failingZoneText(failing)).toBe(
      'The lookup of 9.113.0.203.in-addr.arpa PTR failed (SERVFAIL) by way of 127.0.0.1:53: the zone 113.0.203.in-addr.arpa '
      + '(name servers ns1.isp.example, ns2.isp.example) or the path to it is in trouble, and the sender will try again by itself.',
    )
  })

  test.each(RULE_SETS)('nothing to name for an accept or a reject, %s', (rules) => {
    expect(failingZone(evidence('a.isp.example', '@ PTR a.isp.example\na.isp.example A 203.0.113.9'), gate(rules))).toBe(null)
    expect(failingZone(evidence('mail.acme.example', 'mail.acme.example SERVFAIL'), gate(rules))).toBe(null)
  })
})
