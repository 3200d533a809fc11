/**
 * Temporary failures in each place. They are never held against a client: an accept stays an accept, a certain refusal stays one,
 * and only what hangs on the missing answer waits.
 */
import type { Scene } from './scene.ts'

const client = '198.51.100.7'
const ehlo = 'mail.acme.example'
const A = 'mail.acme.example A 198.51.100.7'
const ptr = '@ PTR out.acme.example\nout.acme.example A 198.51.100.7'
const confirmed = 'pass out.acme.example'
const ptrSide = '451 4.7.25 dns-temporary'
const ehloSide = '451 4.4.3 dns-temporary'

export const temporary: Readonly<Record<string, Scene>> = {
  'the PTR: servfail': { why: 'Every rule set needs it.', client, ehlo, zone: `@ SERVFAIL\n${A}`, reverse: 'temperror', found: '', house: ptrSide, standard: ptrSide, lenient: ptrSide },
  'the PTR: timeout': { why: 'The same.', client, ehlo, zone: `@ TIMEOUT\n${A}`, reverse: 'temperror', found: '', house: ptrSide, standard: ptrSide, lenient: ptrSide },
  'the PTR: refused': { why: 'A resolver that is not for us says nothing of the client.', client, ehlo, zone: `@ REFUSED\n${A}`, reverse: 'temperror', found: '', house: ptrSide, standard: ptrSide, lenient: ptrSide },
  'the PTR: malformed': { why: 'Nor does a broken packet.', client, ehlo, zone: `@ MALFORMED\n${A}`, reverse: 'temperror', found: '', house: ptrSide, standard: ptrSide, lenient: ptrSide },
  'the PTR: a CNAME loop': {
    why: 'Broken delegation is not no PTR.', client, ehlo, zone: `@ CNAME loop.isp.example\nloop.isp.example CNAME loop2.isp.example\nloop2.isp.example CNAME loop.isp.example\n${A}`,
    reverse: 'temperror', found: '', house: ptrSide, standard: ptrSide, lenient: ptrSide,
  },
  'the delegated PTR': {
    why: 'RFC 2317 with a dead server at the end.', client, ehlo, zone: `@ CNAME 7.0-15.100.51.198.in-addr.arpa\n7.0-15.100.51.198.in-addr.arpa SERVFAIL\n${A}`,
    reverse: 'temperror', found: '', house: ptrSide, standard: ptrSide, lenient: ptrSide,
  },
  'the PTR name': {
    why: 'Whether it leads back is open; lenient does not ask that.', client, ehlo, zone: `@ PTR out.acme.example\nout.acme.example SERVFAIL\n${A}`,
    reverse: 'temperror', found: '', house: ptrSide, standard: ptrSide, lenient: 'accept',
  },
  'one PTR name of two, the other leads back': {
    why: 'One exact match passes even if another name was temporary.', client, ehlo, zone: `@ PTR dead.acme.example\n@ PTR mail.acme.example\ndead.acme.example TIMEOUT\n${A}`,
    reverse: 'pass mail.acme.example', found: '', house: 'accept', standard: 'accept', lenient: 'accept',
  },
  'one PTR name of two, the other does not': {
    why: 'It might be the one that leads back.', client, ehlo, zone: `@ PTR dead.acme.example\n@ PTR other.acme.example\ndead.acme.example TIMEOUT\n${A}`,
    reverse: 'temperror', found: '', house: ptrSide, standard: ptrSide, lenient: 'accept',
  },
  'the EHLO name': { why: 'Only house asks where it leads.', client, ehlo, zone: `${ptr}\nmail.acme.example SERVFAIL`, reverse: confirmed, found: '', house: ehloSide, standard: 'accept', lenient: 'accept' },
  'the EHLO name, matched by its MX': {
    why: 'A match is a match.', client, ehlo, zone: `${ptr}\nmail.acme.example A TIMEOUT\nmail.acme.example MX 10 out.acme.example`,
    reverse: confirmed, found: '', house: 'accept', standard: 'accept', lenient: 'accept',
  },
  'the EHLO name, its MX elsewhere': {
    why: 'The address might still match.', client, ehlo, zone: `${ptr}\nmail.acme.example A TIMEOUT\nmail.acme.example MX 10 mx.hoster.example\nmx.hoster.example A 203.0.113.1`,
    reverse: confirmed, found: '', house: ehloSide, standard: 'accept', lenient: 'accept',
  },
  'the other family': {
    why: 'Between unresolvable and mismatch: both refuse, but neither is certain.', client, ehlo, zone: `${ptr}\nmail.acme.example AAAA SERVFAIL`,
    reverse: confirmed, found: '', house: ehloSide, standard: 'accept', lenient: 'accept',
  },
  'the MX': { why: 'An MX could still match.', client, ehlo, zone: `${ptr}\nmail.acme.example A 203.0.113.1\nmail.acme.example MX SERVFAIL`, reverse: confirmed, found: '', house: ehloSide, standard: 'accept', lenient: 'accept' },
  'the MX, when the address matches': { why: 'It is not even asked.', client, ehlo, zone: `${ptr}\n${A}\nmail.acme.example MX SERVFAIL`, reverse: confirmed, found: '', house: 'accept', standard: 'accept', lenient: 'accept' },
  'an MX host': {
    why: 'It could lead to the client.', client, ehlo, zone: `${ptr}\nmail.acme.example MX 10 a.acme.example\na.acme.example TIMEOUT`, reverse: confirmed, found: '', house: ehloSide, standard: 'accept', lenient: 'accept',
  },
  'an MX host, the next one matches': {
    why: 'Any match passes.', client, ehlo, zone: `${ptr}\nmail.acme.example MX 10 a.acme.example\nmail.acme.example MX 20 out.acme.example\na.acme.example TIMEOUT`,
    reverse: confirmed, found: '', house: 'accept', standard: 'accept', lenient: 'accept',
  },
  'both sides': { why: 'The PTR side names the reply.', client, ehlo, zone: '@ SERVFAIL\nmail.acme.example SERVFAIL', reverse: 'temperror', found: '', house: ptrSide, standard: ptrSide, lenient: ptrSide },
  'the EHLO name, and no PTR': {
    why: 'A certain refusal is not softened.', client, ehlo, zone: 'mail.acme.example SERVFAIL', reverse: 'permerror', found: 'ptr-missing',
    house: '550 5.7.25 ptr-missing', standard: '550 5.7.25 ptr-missing', lenient: '550 5.7.25 ptr-missing',
    remedies: [['add 7.100.51.198.in-addr.arpa PTR mail.acme.example', 'add mail.acme.example A 198.51.100.7']],
  },
  'the EHLO name, and an unconfirmed PTR': {
    why: 'For lenient nothing is open.', client, ehlo, zone: '@ PTR out.acme.example\nmail.acme.example SERVFAIL', reverse: 'fail', found: 'ptr-unconfirmed',
    house: '550 5.7.25 ptr-unconfirmed', standard: '550 5.7.25 ptr-unconfirmed', lenient: 'accept',
  },
  'the PTR, and a name elsewhere': {
    why: 'House refuses for certain; the others wait for the PTR.', client, ehlo, zone: '@ SERVFAIL\nmail.acme.example A 203.0.113.1', reverse: 'temperror', found: 'ehlo-mismatch',
    house: '550 5.7.1 ehlo-mismatch', standard: ptrSide, lenient: ptrSide,
  },
  'the PTR, and a bare word': {
    why: 'Standard refuses for the word, lenient does not.', client, ehlo: 'server', zone: '@ SERVFAIL', reverse: 'temperror', found: 'ehlo-not-fqdn',
    house: '504 5.5.2 ehlo-not-fqdn', standard: '504 5.5.2 ehlo-not-fqdn', lenient: ptrSide,
  },
  'the PTR, and its own literal': {
    why: 'Only house refuses for the literal.', client, ehlo: '[198.51.100.7]', zone: '@ TIMEOUT', reverse: 'temperror', found: 'ehlo-literal',
    house: '550 5.7.1 ehlo-literal', standard: ptrSide, lenient: ptrSide,
  },
  'the PTR, and a malformed name': {
    why: 'Certain for all.', client, ehlo: 'mail..acme', zone: '@ TIMEOUT', reverse: 'temperror', found: 'ehlo-malformed',
    house: '550 5.5.2 ehlo-malformed', standard: '550 5.5.2 ehlo-malformed', lenient: '550 5.5.2 ehlo-malformed',
  },
  'the PTR name, and our own name': {
    why: 'Certain for all.', client, ehlo: 'mx.shop.example', zone: '@ PTR out.acme.example\nout.acme.example TIMEOUT\nmx.shop.example A 192.0.2.25', reverse: 'temperror',
    found: 'ehlo-ours ehlo-mismatch', house: '550 5.7.1 ehlo-ours ehlo-mismatch', standard: '550 5.7.1 ehlo-ours', lenient: '550 5.7.1 ehlo-ours',
  },
  'a bare domain': {
    why: 'That it is one is certain; where it leads is open.', client, ehlo: 'acme.example', zone: `${ptr}\nacme.example SERVFAIL`, reverse: confirmed, found: 'ehlo-bare-domain',
    house: '550 5.7.1 ehlo-bare-domain', standard: 'accept', lenient: 'accept',
  },
  'the PTR name, and a served domain that cannot be asked': {
    why: 'Lenient needs the second only: the EHLO side names its reply.', client, ehlo: 'second-shop.example', zone: '@ PTR out.acme.example\nout.acme.example SERVFAIL\nsecond-shop.example SERVFAIL',
    reverse: 'temperror', found: 'ehlo-bare-domain', house: '550 5.7.1 ehlo-bare-domain', standard: ptrSide, lenient: ehloSide,
  },
  'an EHLO alias without end': {
    why: 'A CNAME loop is temporary.', client, ehlo, zone: `${ptr}\nmail.acme.example CNAME m2.acme.example\nm2.acme.example CNAME mail.acme.example`, reverse: confirmed, found: '',
    house: ehloSide, standard: 'accept', lenient: 'accept',
  },
}
