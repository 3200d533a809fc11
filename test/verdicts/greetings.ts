/** What can be said in EHLO instead of a host name, from a client whose reverse name is in order: syntax alone decides. */
import type { Scene } from './scene.ts'

const client = '198.51.100.7'
const zone = '@ PTR mail.acme.example\nmail.acme.example A 198.51.100.7'
const own = { client, zone, reverse: 'pass mail.acme.example' }
const notQualified = { ...own, found: 'ehlo-not-fqdn', house: '504 5.5.2 ehlo-not-fqdn', standard: '504 5.5.2 ehlo-not-fqdn', lenient: 'accept' }
const literal = { ...own, found: 'ehlo-literal', house: '550 5.7.1 ehlo-literal', standard: 'accept', lenient: 'accept' }
const otherLiteral = {
  ...own, found: 'ehlo-literal-mismatch', house: '550 5.7.1 ehlo-literal-mismatch', standard: '550 5.7.1 ehlo-literal-mismatch', lenient: 'accept',
}
const malformed = {
  ...own, found: 'ehlo-malformed', house: '550 5.5.2 ehlo-malformed', standard: '550 5.5.2 ehlo-malformed', lenient: '550 5.5.2 ehlo-malformed',
}

export const greetings: Readonly<Record<string, Scene>> = {
  'one label': { why: 'Not qualified at all.', ehlo: 'mailserver', ...notQualified, remedies: [['set-ehlo mail.acme.example']] },
  'one label and a dot': { why: 'The final dot makes no second label.', ehlo: 'mailserver.', ...notQualified },
  'a bare address': { why: 'RFC 5321 wants brackets.', ehlo: '198.51.100.7', ...notQualified },
  'a bare address of another': { why: 'Without brackets it is not compared.', ehlo: '203.0.113.9', ...notQualified },
  'a bare IPv6 address': { why: 'The same, in the other family.', ehlo: '2001:db8::7', ...notQualified },
  'its address in brackets': { why: 'RFC 5321 allows it, house does not.', ehlo: '[198.51.100.7]', ...literal },
  'its address with zeros in front': { why: 'Snum is up to three digits, and decimal.', ehlo: '[198.051.100.007]', ...literal },
  'its address as IPv4-mapped IPv6': { why: 'Any spelling of the same address.', ehlo: '[IPv6:::ffff:198.51.100.7]', ...literal },
  'the tag in odd capitals': { why: 'IPv6: in any case.', ehlo: '[iPV6:::FFFF:c633:6407]', ...literal },
  'another address in brackets': { why: 'Forged, or behind a NAT firewall.', ehlo: '[203.0.113.9]', ...otherLiteral },
  'a private address in brackets': { why: 'What the server is called inside.', ehlo: '[10.0.0.2]', ...otherLiteral },
  'an IPv6 address in brackets': { why: 'The other family is another address.', ehlo: '[IPv6:2001:db8::7]', ...otherLiteral },
  'IPv6 without its tag': { why: 'Not a well-formed literal.', ehlo: '[2001:db8::7]', ...malformed },
  'IPv4 with the tag of IPv6': { why: 'Nor is this.', ehlo: '[IPv6:198.51.100.7]', ...malformed },
  'a name in brackets': { why: 'Nor this.', ehlo: '[mail.acme.example]', ...malformed },
  'an open bracket': { why: 'Nor this.', ehlo: '[198.51.100.7', ...malformed },
  'an octet too big': { why: 'Nor this.', ehlo: '[198.51.100.300]', ...malformed },
  'five parts': { why: 'Nor this.', ehlo: '[198.51.100.7.1]', ...malformed },
  'a zone index': { why: 'No scope has a place in SMTP.', ehlo: '[IPv6:fe80::1%eth0]', ...malformed },
  'nothing': { why: 'An empty argument is no name.', ehlo: '', ...malformed },
  'a dot': { why: 'The root is no host.', ehlo: '.', ...malformed },
  'an empty label': { why: 'Two dots running.', ehlo: 'mail..acme.example', ...malformed },
  'two final dots': { why: 'Only one is forgiven.', ehlo: 'mail.acme.example..', ...malformed },
  'a hyphen in front': { why: 'LDH labels do not begin with one.', ehlo: '-mail.acme.example', ...malformed },
  'a hyphen behind': { why: 'Nor end with one.', ehlo: 'mail-.acme.example', ...malformed },
  'a label of 64': { why: 'At most 63 octets.', ehlo: `${'a'.repeat(64)}.acme.example`, ...malformed },
  '254 octets': { why: 'At most 253.', ehlo: `${'a.'.repeat(121)}acme.example`, ...malformed },
  'two words': { why: 'A space is in no name.', ehlo: 'mail acme.example', ...malformed },
  'a mail address': { why: 'Nor an @.', ehlo: 'joe@acme.example', ...malformed },
  'a quoted name': { why: 'Nor quotes.', ehlo: '"mail.acme.example"', ...malformed },
}
