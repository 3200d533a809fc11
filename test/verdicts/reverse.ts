/** The PTR side: from no reverse name at all to more of them than anyone needs. The greeting is in order unless it says otherwise. */
import type { Scene } from './scene.ts'

const client = '198.51.100.7'
const ehlo = 'mail.acme.example'
const A = 'mail.acme.example A 198.51.100.7'
const accepted = { found: '', house: 'accept', standard: 'accept', lenient: 'accept' }
const missing = {
  reverse: 'permerror', found: 'ptr-missing',
  house: '550 5.7.25 ptr-missing', standard: '550 5.7.25 ptr-missing', lenient: '550 5.7.25 ptr-missing',
}
const unconfirmed = {
  reverse: 'fail', found: 'ptr-unconfirmed',
  house: '550 5.7.25 ptr-unconfirmed', standard: '550 5.7.25 ptr-unconfirmed', lenient: 'accept',
}

export const reverse: Readonly<Record<string, Scene>> = {
  'all in order': { why: 'One name, there and back.', client, ehlo, zone: `@ PTR mail.acme.example\n${A}`, reverse: 'pass mail.acme.example', ...accepted },
  'in capitals and with a dot': {
    why: 'Neither letter case nor a final dot matters.', client, ehlo: 'MAIL.Acme.EXAMPLE.', zone: `@ PTR Mail.ACME.example\n${A}`, reverse: 'pass mail.acme.example', ...accepted,
  },
  'no such name': { why: 'nxdomain is no PTR.', client, ehlo, zone: A, ...missing, remedies: [['add 7.100.51.198.in-addr.arpa PTR mail.acme.example']] },
  'a name without PTR': { why: 'nodata is no PTR either.', client, ehlo, zone: `@ TXT "reserved"\n${A}`, ...missing },
  'a name that does not exist': { why: 'The provider set a PTR and forgot the address.', client, ehlo, zone: `@ PTR host7.isp.example\n${A}`, ...unconfirmed },
  'a name of somebody else': {
    why: 'Anyone may claim anything in his own reverse zone.', client, ehlo, zone: `@ PTR mail.bigbank.example\n${A}\nmail.bigbank.example A 203.0.113.1`, ...unconfirmed,
  },
  'a name with an IPv6 address only': {
    why: 'Only the family of the client counts.', client, ehlo, zone: `@ PTR six.acme.example\n${A}\nsix.acme.example AAAA 2001:db8::7`, ...unconfirmed,
  },
  'not a host name': { why: 'It is never asked, and counts as unconfirmed.', client, ehlo, zone: `@ PTR -mail-.acme.example\n${A}\n-mail-.acme.example A ${client}`, ...unconfirmed },
  'the second of three leads back': {
    why: 'One exact match passes.', client, ehlo, zone: `@ PTR a.acme.example\n@ PTR mail.acme.example\n@ PTR c.acme.example\n${A}`, reverse: 'pass mail.acme.example', ...accepted,
  },
  'two lead back': {
    why: 'Both are verified, in the order in which DNS told them.', client, ehlo, zone: `@ PTR web.acme.example\n@ PTR mail.acme.example\nweb.acme.example A ${client}\n${A}`,
    reverse: 'pass web.acme.example mail.acme.example', ...accepted,
  },
  'through a CNAME': {
    why: 'RFC 2317: a part of a /24 is delegated by CNAMEs; what they lead to is the PTR.', client, ehlo,
    zone: `@ CNAME 7.0-15.100.51.198.in-addr.arpa\n7.0-15.100.51.198.in-addr.arpa PTR mail.acme.example\n${A}`, reverse: 'pass mail.acme.example', ...accepted,
  },
  'a CNAME that leads to nothing': {
    why: 'The PTR belongs at the target: the /24 has it no more.', client, ehlo, zone: `@ CNAME 7.0-15.100.51.198.in-addr.arpa\n${A}`, ...missing,
    remedies: [['add 7.0-15.100.51.198.in-addr.arpa PTR mail.acme.example']],
  },
  'the PTR name is an alias': {
    why: 'It leads back all the same.', client, ehlo, zone: `@ PTR alias.acme.example\nalias.acme.example CNAME mail.acme.example\n${A}`, reverse: 'pass alias.acme.example', ...accepted,
  },
  'the eleventh name leads back': {
    why: 'The first ten are looked at, more are ignored. To make room one of them must go.', client, ehlo,
    zone: `${Array.from({ length: 10 }, (_, index) => `@ PTR vhost${index}.acme.example`).join('\n')}\n@ PTR mail.acme.example\n${A}`, ...unconfirmed,
  },
  'a lone label': { why: 'A PTR of one label is a host name, and does not exist.', client, ehlo, zone: `@ PTR localhost\n${A}`, ...unconfirmed },
}
