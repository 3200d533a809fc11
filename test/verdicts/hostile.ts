/** Names that try something. On the wire NUL and bare line ends never come this far; here anything may. */
import type { Scene } from './scene.ts'

const client = '198.51.100.7'
const zone = '@ PTR mail.acme.example\nmail.acme.example A 198.51.100.7'
const malformed = {
  client, zone, reverse: 'pass mail.acme.example', found: 'ehlo-malformed',
  house: '550 5.5.2 ehlo-malformed', standard: '550 5.5.2 ehlo-malformed', lenient: '550 5.5.2 ehlo-malformed',
}

export const hostile: Readonly<Record<string, Scene>> = {
  'an escape sequence': { why: 'Would colour the admin’s screen.', ehlo: 'mail\x1b[31m.acme.example', ...malformed },
  'a line end': { why: 'Would forge a line of the log.', ehlo: 'mail.acme.example\r\n250 ok', ...malformed },
  'a NUL': { why: 'Would end a string elsewhere.', ehlo: 'mail.acme.example\0.evil.example', ...malformed },
  'a tab': { why: 'A control octet.', ehlo: 'mail\t.acme.example', ...malformed },
  'a right-to-left override': { why: 'Would be read backwards.', ehlo: 'mail.\u202eelpmaxe.acme', ...malformed },
  'a look-alike letter': { why: 'Cyrillic а.', ehlo: 'm\u0430il.acme.example', ...malformed },
  'a Kelvin sign': { why: 'Folds to k in lower case; it is no k.', ehlo: '\u212aing.acme.example', ...malformed },
  'Latin-1': { why: 'Eight bits are no host name.', ehlo: 'm\xfcller.example', ...malformed },
  'full-width dots': { why: 'No dots to DNS.', ehlo: 'mail\uff0eacme\uff0eexample', ...malformed },
  'a script': { why: 'For whoever shows it in a page.', ehlo: '<script>alert(1)</script>.example', ...malformed },
  'a shell word': { why: 'For whoever puts it on a command line.', ehlo: '$(reboot).acme.example', ...malformed },
  'an SQL quote': { why: 'For whoever glues statements.', ehlo: "x';drop table sessions;--.example", ...malformed },
  'a template field': { why: 'For whoever fills in twice.', ehlo: '{client}.acme.example', ...malformed },
  'ten thousand octets': { why: 'Over length.', ehlo: 'a.'.repeat(5000), ...malformed },
  'an IPv6 literal of colons': { why: 'Not well-formed.', ehlo: `[IPv6:${':'.repeat(400)}]`, ...malformed },
  'numbers that look like a host': {
    why: 'Four parts and no address: a name by its letters, which does not exist.', client, zone, ehlo: '198.51.100.300', reverse: 'pass mail.acme.example',
    found: 'ehlo-unresolvable', house: '550 5.7.1 ehlo-unresolvable', standard: 'accept', lenient: 'accept',
  },
  'a hostile PTR name': {
    why: 'Shown escaped, never asked.', client, ehlo: 'mail.acme.example', zone: '@ PTR evil\u001b]0;.example\nmail.acme.example A 198.51.100.7', reverse: 'fail',
    found: 'ptr-unconfirmed', house: '550 5.7.25 ptr-unconfirmed', standard: '550 5.7.25 ptr-unconfirmed', lenient: 'accept',
  },
}
