/** Host names in EHLO: which of them lead to the client, by themselves or by their MX, and which have no host part. */
import type { Scene } from './scene.ts'

const client = '198.51.100.7'
const ptr = '@ PTR out.acme.example\nout.acme.example A 198.51.100.7'
const own = { client, reverse: 'pass out.acme.example' }
const accepted = { found: '', house: 'accept', standard: 'accept', lenient: 'accept' }
const mismatch = { found: 'ehlo-mismatch', house: '550 5.7.1 ehlo-mismatch', standard: 'accept', lenient: 'accept' }
const unresolvable = { found: 'ehlo-unresolvable', house: '550 5.7.1 ehlo-unresolvable', standard: 'accept', lenient: 'accept' }
const bare = { found: 'ehlo-bare-domain', house: '550 5.7.1 ehlo-bare-domain', standard: 'accept', lenient: 'accept' }

export const names: Readonly<Record<string, Scene>> = {
  'one address of several': { why: 'Any match passes.', ...own, ehlo: 'pool.acme.example', zone: `${ptr}\npool.acme.example A 203.0.113.1\npool.acme.example A ${client}`, ...accepted },
  'an alias': { why: 'The chain is followed.', ...own, ehlo: 'smtp.acme.example', zone: `${ptr}\nsmtp.acme.example CNAME out.acme.example`, ...accepted },
  'elsewhere': {
    why: 'The owner of the name, or the server, can repair it.', ...own, ehlo: 'smtp.acme.example', zone: `${ptr}\nsmtp.acme.example A 203.0.113.1`, ...mismatch,
    remedies: [['set-ehlo out.acme.example'], ['add smtp.acme.example A 198.51.100.7']],
  },
  'an alias elsewhere': {
    why: 'A CNAME stands alone at its name: it must go before an address can come.', ...own, ehlo: 'smtp.acme.example',
    zone: `${ptr}\nsmtp.acme.example CNAME web.hoster.example\nweb.hoster.example A 203.0.113.80`, ...mismatch,
    remedies: [['set-ehlo out.acme.example'], ['remove smtp.acme.example CNAME web.hoster.example', 'add smtp.acme.example A 198.51.100.7']],
  },
  'in the other family only': { why: 'It resolves, elsewhere.', ...own, ehlo: 'six.acme.example', zone: `${ptr}\nsix.acme.example AAAA 2001:db8::7`, ...mismatch },
  'nowhere': { why: 'nxdomain.', ...own, ehlo: 'ghost.acme.example', zone: ptr, ...unresolvable },
  'a name without address': { why: 'nodata of every kind.', ...own, ehlo: 'text.acme.example', zone: `${ptr}\ntext.acme.example TXT "hello"`, ...unresolvable },
  'a null MX': { why: 'RFC 7505: it says that there is none.', ...own, ehlo: 'silent.acme.example', zone: `${ptr}\nsilent.acme.example MX 0 .`, ...unresolvable },
  'by its MX': { why: 'A valid MX counts, so the shop said.', ...own, ehlo: 'lists.acme.example', zone: `${ptr}\nlists.acme.example MX 10 out.acme.example`, ...accepted },
  'an MX elsewhere': { why: 'An MX that leads elsewhere is a mismatch.', ...own, ehlo: 'lists.acme.example', zone: `${ptr}\nlists.acme.example MX 10 mx.hoster.example\nmx.hoster.example A 203.0.113.1`, ...mismatch },
  'an MX that is not there': { why: 'It has an MX: it resolves, though not to the client.', ...own, ehlo: 'lists.acme.example', zone: `${ptr}\nlists.acme.example MX 10 gone.acme.example`, ...mismatch },
  'the address elsewhere, the MX here': { why: 'Any match passes.', ...own, ehlo: 'www.acme.example', zone: `${ptr}\nwww.acme.example A 203.0.113.80\nwww.acme.example MX 5 out.acme.example`, ...accepted },
  'the fifth MX': {
    why: 'Five are looked at, by preference.', ...own, ehlo: 'lists.acme.example',
    zone: `${ptr}\n${[60, 20, 30, 40].map((preference) => `lists.acme.example MX ${preference} mx${preference}.acme.example`).join('\n')}\nlists.acme.example MX 50 out.acme.example`, ...accepted,
  },
  'the sixth MX': {
    why: 'And no more.', ...own, ehlo: 'lists.acme.example',
    zone: `${ptr}\n${[10, 20, 30, 40, 50].map((preference) => `lists.acme.example MX ${preference} mx${preference}.acme.example`).join('\n')}\nlists.acme.example MX 60 out.acme.example`, ...mismatch,
  },
  'a bare domain that leads here': { why: 'Qualified, not fully.', ...own, ehlo: 'acme.example', zone: `${ptr}\nacme.example A ${client}`, ...bare },
  'a bare domain by its MX': { why: 'The MX makes it match, not a host.', ...own, ehlo: 'acme.example', zone: `${ptr}\nacme.example MX 10 out.acme.example`, ...bare },
  'a bare domain elsewhere': {
    why: 'Both hold.', ...own, ehlo: 'acme.example', zone: `${ptr}\nacme.example A 203.0.113.80`,
    found: 'ehlo-bare-domain ehlo-mismatch', house: '550 5.7.1 ehlo-bare-domain ehlo-mismatch', standard: 'accept', lenient: 'accept',
  },
  'a bare domain that does not exist': {
    why: 'Both hold.', ...own, ehlo: 'nonesuch.example', zone: ptr,
    found: 'ehlo-bare-domain ehlo-unresolvable', house: '550 5.7.1 ehlo-bare-domain ehlo-unresolvable', standard: 'accept', lenient: 'accept',
  },
  'a bare domain under co.uk': { why: 'The public suffix list knows where one registers.', ...own, ehlo: 'acme.co.uk', zone: `${ptr}\nacme.co.uk A ${client}`, ...bare },
  'a host under co.uk': { why: 'Three labels below uk, one of them the host.', ...own, ehlo: 'mail.acme.co.uk', zone: `${ptr}\nmail.acme.co.uk A ${client}`, ...accepted },
  'a public suffix itself': { why: 'Nobody registers it: it is no registrable domain.', ...own, ehlo: 'co.uk', zone: `${ptr}\nco.uk A ${client}`, ...accepted },
  'under a private suffix': { why: 'Only the ICANN section counts: joe is a host of dyndns.org.', ...own, ehlo: 'joe.dyndns.org', zone: `${ptr}\njoe.dyndns.org A ${client}`, ...accepted },
  'a private suffix itself': { why: 'And dyndns.org the domain.', ...own, ehlo: 'dyndns.org', zone: `${ptr}\ndyndns.org A ${client}`, ...bare },
  'an underscore': { why: 'No host name by RFC 952, and many Windows servers had one: tolerated.', ...own, ehlo: 'mail_1.acme.example', zone: `${ptr}\nmail_1.acme.example A ${client}`, ...accepted },
  'an A-label': { why: 'Compared as it is.', ...own, ehlo: 'mail.xn--mller-kva.example', zone: `${ptr}\nmail.xn--mller-kva.example A ${client}`, ...accepted },
  'a name of 253 octets': {
    why: 'As long as may be.', ...own, ehlo: `${'a.'.repeat(120)}aacme.example`, zone: `${ptr}\n${'a.'.repeat(120)}aacme.example A ${client}`, ...accepted,
  },
}
