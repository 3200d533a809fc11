/** Clients that say they are us. What is ours is certain unless DNS must tell whether a served domain leads to the client. */
import type { Scene } from './scene.ts'

const client = '198.51.100.7'
const zone = '@ PTR mail.acme.example\nmail.acme.example A 198.51.100.7'
const own = { client, zone, reverse: 'pass mail.acme.example' }
const all = (refusal: string) => ({ house: refusal, standard: refusal, lenient: refusal })

export const ours: Readonly<Record<string, Scene>> = {
  'our host name': {
    why: 'Only a spammer greets a host with its own name. It is asked all the same, and does not exist here.', ...own, ehlo: 'mx.shop.example', found: 'ehlo-ours ehlo-unresolvable',
    house: '550 5.7.1 ehlo-ours ehlo-unresolvable', standard: '550 5.7.1 ehlo-ours', lenient: '550 5.7.1 ehlo-ours', remedies: [['set-ehlo mail.acme.example']],
  },
  'our host name in capitals': {
    why: 'Case and the dot do not matter.', ...own, ehlo: 'MX.Shop.Example.', found: 'ehlo-ours ehlo-unresolvable',
    house: '550 5.7.1 ehlo-ours ehlo-unresolvable', standard: '550 5.7.1 ehlo-ours', lenient: '550 5.7.1 ehlo-ours',
  },
  'our host name from where it leads': {
    why: 'The gate never greets itself: its name is ours wherever it leads.', ...own, zone: `${zone}\nmx.shop.example A ${client}`, ehlo: 'mx.shop.example',
    found: 'ehlo-ours', ...all('550 5.7.1 ehlo-ours'),
  },
  'a served domain': {
    why: 'Claimed by a stranger; a bare domain that leads elsewhere besides.', ...own, zone: `${zone}\nshop.example A 192.0.2.80`, ehlo: 'shop.example',
    found: 'ehlo-ours ehlo-bare-domain ehlo-mismatch', house: '550 5.7.1 ehlo-ours ehlo-bare-domain ehlo-mismatch', standard: '550 5.7.1 ehlo-ours', lenient: '550 5.7.1 ehlo-ours',
  },
  'a served domain from its own host': {
    why: 'It leads to the client: then it is not forged. House still wants the host part.', ...own, zone: `${zone}\nshop.example A ${client}`, ehlo: 'shop.example',
    found: 'ehlo-bare-domain', house: '550 5.7.1 ehlo-bare-domain', standard: 'accept', lenient: 'accept',
  },
  'a served domain whose MX is the client': {
    why: 'A second MX of the shop, forwarding under the domain: an MX host counts as it does elsewhere.', ...own, ehlo: 'shop.example',
    zone: `${zone}\nshop.example MX 20 mx2.shop.example\nmx2.shop.example A ${client}`,
    found: 'ehlo-bare-domain', house: '550 5.7.1 ehlo-bare-domain', standard: 'accept', lenient: 'accept',
  },
  'a served domain that cannot be asked': {
    why: 'Whether it is forged hangs on DNS, under every rule set. That it is a bare domain is certain, and house refuses for it.', ...own, zone: `${zone}\nshop.example SERVFAIL`,
    ehlo: 'shop.example', found: 'ehlo-bare-domain', house: '550 5.7.1 ehlo-bare-domain', standard: '451 4.4.3 dns-temporary', lenient: '451 4.4.3 dns-temporary',
  },
  'a name below a served domain': {
    why: 'Customers have hosts there: "*.shop.example" serves their mail, and makes no name ours.', ...own, zone: `${zone}\nweb7.shop.example A ${client}`, ehlo: 'web7.shop.example',
    found: '', house: 'accept', standard: 'accept', lenient: 'accept',
  },
  'the address it knocked at': { why: 'Ours before it is another literal.', ...own, ehlo: '[192.0.2.25]', found: 'ehlo-ours', ...all('550 5.7.1 ehlo-ours') },
  'the address it knocked at, bare': { why: 'Ours before it is not qualified.', ...own, ehlo: '192.0.2.25', found: 'ehlo-ours', ...all('550 5.7.1 ehlo-ours') },
  'our other address, tagged': { why: 'In any spelling.', ...own, ehlo: '[IPv6:2001:DB8:25:0::25]', found: 'ehlo-ours', ...all('550 5.7.1 ehlo-ours') },
  'our name and no reverse name': {
    why: 'The first in the table names the reply.', client, zone: '', reverse: 'permerror', ehlo: 'mx.shop.example', found: 'ptr-missing ehlo-ours ehlo-unresolvable',
    house: '550 5.7.25 ptr-missing ehlo-ours ehlo-unresolvable', standard: '550 5.7.25 ptr-missing ehlo-ours', lenient: '550 5.7.25 ptr-missing ehlo-ours',
  },
}
