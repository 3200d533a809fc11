/** Every row of the table once more, from IPv6 clients: their reverse names end in ip6.arpa, their addresses are AAAA. */
import type { Scene } from './scene.ts'

const client = '2001:db8:7::25'
const ptr = '@ PTR out.acme.example\nout.acme.example AAAA 2001:db8:7::25'
const own = { client, reverse: 'pass out.acme.example' }
const reverseName = '5.2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.7.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa'

export const sixes: Readonly<Record<string, Scene>> = {
  'all in order': { why: 'There and back.', ...own, ehlo: 'out.acme.example', zone: ptr, found: '', house: 'accept', standard: 'accept', lenient: 'accept' },
  'no PTR': {
    why: 'Most often with IPv6: nobody set one.', client, ehlo: 'out.acme.example', zone: 'out.acme.example AAAA 2001:db8:7::25', reverse: 'permerror', found: 'ptr-missing',
    house: '550 5.7.25 ptr-missing', standard: '550 5.7.25 ptr-missing', lenient: '550 5.7.25 ptr-missing', remedies: [[`add ${reverseName} PTR out.acme.example`]],
  },
  'a PTR with an IPv4 address only': {
    why: 'Only the family of the client counts.', client, ehlo: 'out.acme.example', zone: '@ PTR out.acme.example\nout.acme.example A 198.51.100.7', reverse: 'fail', found: 'ptr-unconfirmed ehlo-mismatch',
    house: '550 5.7.25 ptr-unconfirmed ehlo-mismatch', standard: '550 5.7.25 ptr-unconfirmed', lenient: 'accept', remedies: [['add out.acme.example AAAA 2001:db8:7::25']],
  },
  'malformed': { why: 'A literal needs its tag.', ...own, ehlo: '[2001:db8:7::25]', zone: ptr, found: 'ehlo-malformed', house: '550 5.5.2 ehlo-malformed', standard: '550 5.5.2 ehlo-malformed', lenient: '550 5.5.2 ehlo-malformed' },
  'ours': { why: 'The address it knocked at.', ...own, ehlo: '[IPv6:2001:db8:25::25]', zone: ptr, found: 'ehlo-ours', house: '550 5.7.1 ehlo-ours', standard: '550 5.7.1 ehlo-ours', lenient: '550 5.7.1 ehlo-ours' },
  'another literal': {
    why: 'A neighbour in the same /64 is another address.', ...own, ehlo: '[IPv6:2001:db8:7::26]', zone: ptr, found: 'ehlo-literal-mismatch',
    house: '550 5.7.1 ehlo-literal-mismatch', standard: '550 5.7.1 ehlo-literal-mismatch', lenient: 'accept',
  },
  'its literal, spelled out': { why: 'Any spelling.', ...own, ehlo: '[ipv6:2001:0DB8:0007:0:0:0:0:0025]', zone: ptr, found: 'ehlo-literal', house: '550 5.7.1 ehlo-literal', standard: 'accept', lenient: 'accept' },
  'its bare address': { why: 'Without brackets.', ...own, ehlo: '2001:db8:7::25', zone: ptr, found: 'ehlo-not-fqdn', house: '504 5.5.2 ehlo-not-fqdn', standard: '504 5.5.2 ehlo-not-fqdn', lenient: 'accept' },
  'a bare domain': { why: 'Leads here, has no host part.', ...own, ehlo: 'acme.example', zone: `${ptr}\nacme.example AAAA ${client}`, found: 'ehlo-bare-domain', house: '550 5.7.1 ehlo-bare-domain', standard: 'accept', lenient: 'accept' },
  'nowhere': { why: 'No address of either family, no MX.', ...own, ehlo: 'ghost.acme.example', zone: ptr, found: 'ehlo-unresolvable', house: '550 5.7.1 ehlo-unresolvable', standard: 'accept', lenient: 'accept' },
  'in the other family only': { why: 'A host with IPv4 in DNS that went out by IPv6.', ...own, ehlo: 'old.acme.example', zone: `${ptr}\nold.acme.example A 198.51.100.7`, found: 'ehlo-mismatch', house: '550 5.7.1 ehlo-mismatch', standard: 'accept', lenient: 'accept' },
  'by its MX': { why: 'The MX host has the client’s AAAA.', ...own, ehlo: 'lists.acme.example', zone: `${ptr}\nlists.acme.example MX 10 out.acme.example`, found: '', house: 'accept', standard: 'accept', lenient: 'accept' },
  'the PTR is temporary': { why: 'Every rule set waits.', client, ehlo: 'out.acme.example', zone: '@ SERVFAIL\nout.acme.example AAAA 2001:db8:7::25', reverse: 'temperror', found: '', house: '451 4.7.25 dns-temporary', standard: '451 4.7.25 dns-temporary', lenient: '451 4.7.25 dns-temporary' },
  'the AAAA is temporary': { why: 'House waits.', ...own, ehlo: 'mail.acme.example', zone: `${ptr}\nmail.acme.example AAAA TIMEOUT`, found: '', house: '451 4.4.3 dns-temporary', standard: 'accept', lenient: 'accept' },
  'an IPv4-mapped address': {
    why: 'It counts as IPv4: A and in-addr.arpa.', client: '::ffff:198.51.100.7', ehlo: 'mail.acme.example', zone: '@ PTR mail.acme.example\nmail.acme.example A 198.51.100.7',
    reverse: 'pass mail.acme.example', found: '', house: 'accept', standard: 'accept', lenient: 'accept',
  },
}
