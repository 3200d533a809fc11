/** Scenes for the advice: which names a remedy may be built on, in what order remedies come, and when only a placeholder is left. */
import type { Scene } from './scene.ts'

const client = '198.51.100.7'
const reverseName = '7.100.51.198.in-addr.arpa'

export const remedies: Readonly<Record<string, Scene>> = {
  'a server behind NAT': {
    why: 'An Exchange server says what it is called inside. Nothing of it can be used, the sender’s domain can.', client, ehlo: 'exchange.acme.local', zone: '',
    reverse: 'permerror', found: 'ptr-missing ehlo-unresolvable', house: '550 5.7.25 ptr-missing ehlo-unresolvable', standard: '550 5.7.25 ptr-missing', lenient: '550 5.7.25 ptr-missing',
    remedies: [[`add ${reverseName} PTR mail.sender.example`, `add mail.sender.example A ${client}`, 'set-ehlo mail.sender.example']],
  },
  'a bare domain without anything': {
    why: 'House never accepts a bare domain as greeting: the placeholder is below it.', client, ehlo: 'acme.example', zone: `acme.example A ${client}`,
    reverse: 'permerror', found: 'ptr-missing ehlo-bare-domain', house: '550 5.7.25 ptr-missing ehlo-bare-domain', standard: '550 5.7.25 ptr-missing', lenient: '550 5.7.25 ptr-missing',
    remedies: [[`add ${reverseName} PTR mail.acme.example`, `add mail.acme.example A ${client}`, 'set-ehlo mail.acme.example']],
  },
  'a bare domain whose MX it is': {
    why: 'The MX host leads here: it serves as reverse name and as greeting.', client, ehlo: 'acme.example', zone: `acme.example MX 10 mx1.acme.example\nmx1.acme.example A ${client}`,
    reverse: 'permerror', found: 'ptr-missing ehlo-bare-domain', house: '550 5.7.25 ptr-missing ehlo-bare-domain', standard: '550 5.7.25 ptr-missing', lenient: '550 5.7.25 ptr-missing',
    remedies: [[`add ${reverseName} PTR mx1.acme.example`, 'set-ehlo mx1.acme.example']],
  },
  'a name that its MX carries': {
    why: 'The greeting is in order by its MX; the reverse may name the MX host, or the greeting itself.', client, ehlo: 'lists.acme.example', zone: `lists.acme.example MX 10 mx1.acme.example\nmx1.acme.example A ${client}`,
    reverse: 'permerror', found: 'ptr-missing', house: '550 5.7.25 ptr-missing', standard: '550 5.7.25 ptr-missing', lenient: '550 5.7.25 ptr-missing',
    remedies: [[`add ${reverseName} PTR mx1.acme.example`], [`add ${reverseName} PTR lists.acme.example`, `add lists.acme.example A ${client}`]],
  },
  'a claimed name and another greeting': {
    why: 'Either the claimed name becomes both, or the greeting does: the server and one owner before two owners.', client, ehlo: 'www.acme.example', zone: '@ PTR host7.isp.example\nwww.acme.example A 203.0.113.80',
    reverse: 'fail', found: 'ptr-unconfirmed ehlo-mismatch', house: '550 5.7.25 ptr-unconfirmed ehlo-mismatch', standard: '550 5.7.25 ptr-unconfirmed', lenient: 'accept',
    remedies: [[`add host7.isp.example A ${client}`, 'set-ehlo host7.isp.example'], [`add ${reverseName} PTR www.acme.example`, `add www.acme.example A ${client}`]],
  },
  'a greeting that is an alias of the claimed name': {
    why: 'With the address at the claimed name the alias leads here too: one step does it.', client, ehlo: 'mail.acme.example',
    zone: '@ PTR host7.acme.example\nmail.acme.example CNAME host7.acme.example\nhost7.acme.example A 203.0.113.80',
    reverse: 'fail', found: 'ptr-unconfirmed ehlo-mismatch', house: '550 5.7.25 ptr-unconfirmed ehlo-mismatch', standard: '550 5.7.25 ptr-unconfirmed', lenient: 'accept',
    remedies: [
      [`add host7.acme.example A ${client}`],
      [`add ${reverseName} PTR mail.acme.example`, 'remove mail.acme.example CNAME host7.acme.example', `add mail.acme.example A ${client}`],
    ],
  },
  'a claimed name of ours': {
    why: 'A PTR can say anything; we do not advise a stranger to bear our name.', client, ehlo: 'mail.acme.example', zone: `@ PTR mx.shop.example\nmail.acme.example A ${client}`,
    reverse: 'fail', found: 'ptr-unconfirmed', house: '550 5.7.25 ptr-unconfirmed', standard: '550 5.7.25 ptr-unconfirmed', lenient: 'accept', remedies: [[`add ${reverseName} PTR mail.acme.example`]],
  },
  'verified only as a bare domain': {
    why: 'The host is known by its domain alone, which house does not accept as greeting.', client, ehlo: 'server', zone: `@ PTR acme.example\nacme.example A ${client}`,
    reverse: 'pass acme.example', found: 'ehlo-not-fqdn', house: '504 5.5.2 ehlo-not-fqdn', standard: '504 5.5.2 ehlo-not-fqdn', lenient: 'accept',
    remedies: [[`add mail.acme.example A ${client}`, 'set-ehlo mail.acme.example']],
  },
  'verified under a name of the office': {
    why: 'mail.corp exists only inside, even if our resolver knows it.', client, ehlo: 'server', zone: `@ PTR mail.acme.corp\nmail.acme.corp A ${client}`,
    reverse: 'pass mail.acme.corp', found: 'ehlo-not-fqdn', house: '504 5.5.2 ehlo-not-fqdn', standard: '504 5.5.2 ehlo-not-fqdn', lenient: 'accept',
    remedies: [[`add mail.sender.example A ${client}`, 'set-ehlo mail.sender.example']],
  },
  'twelve reverse names that lead nowhere': {
    why: 'None of the claimed names can ever lead anywhere from outside. The greeting becomes the reverse name, but only ten are looked at: three must go.', client, ehlo: 'mail.acme.example',
    zone: `${Array.from({ length: 12 }, (_, index) => `@ PTR v${index}.hoster.local`).join('\n')}\nmail.acme.example A ${client}`,
    reverse: 'fail', found: 'ptr-unconfirmed', house: '550 5.7.25 ptr-unconfirmed', standard: '550 5.7.25 ptr-unconfirmed', lenient: 'accept',
    remedies: [[`remove ${reverseName} PTR v9.hoster.local`, `remove ${reverseName} PTR v10.hoster.local`, `remove ${reverseName} PTR v11.hoster.local`, `add ${reverseName} PTR mail.acme.example`]],
  },
  'a dead reverse zone and a private literal': {
    why: 'The literal refuses; the PTR that did not answer is no help, so it is advised as well.', client, ehlo: '[192.168.1.2]', zone: '@ SERVFAIL',
    reverse: 'temperror', found: 'ehlo-literal-mismatch', house: '550 5.7.1 ehlo-literal-mismatch', standard: '550 5.7.1 ehlo-literal-mismatch', lenient: '451 4.7.25 dns-temporary',
    remedies: [[`add ${reverseName} PTR mail.sender.example`, `add mail.sender.example A ${client}`, 'set-ehlo mail.sender.example']],
  },
  'a reverse name that loops': {
    why: 'A PTR can only stand where no CNAME does.', client, ehlo: 'server', zone: '@ CNAME a.isp.example\na.isp.example CNAME b.isp.example\nb.isp.example CNAME a.isp.example',
    reverse: 'temperror', found: 'ehlo-not-fqdn', house: '504 5.5.2 ehlo-not-fqdn', standard: '504 5.5.2 ehlo-not-fqdn', lenient: '451 4.7.25 dns-temporary',
    remedies: [[`remove ${reverseName} CNAME a.isp.example`, `add ${reverseName} PTR mail.sender.example`, `add mail.sender.example A ${client}`, 'set-ehlo mail.sender.example']],
  },
  'our domain, an alias of the claimed name': {
    why: 'An address at the claimed name would make our own domain lead there. A stranger who greets with it must greet otherwise, whatever else is done.', client,
    ehlo: 'second-shop.example', zone: '@ PTR host7.isp.example\nsecond-shop.example CNAME host7.isp.example\nhost7.isp.example A 203.0.113.80',
    reverse: 'fail', found: 'ptr-unconfirmed ehlo-ours ehlo-bare-domain ehlo-mismatch', house: '550 5.7.25 ptr-unconfirmed ehlo-ours ehlo-bare-domain ehlo-mismatch',
    standard: '550 5.7.25 ptr-unconfirmed ehlo-ours', lenient: '550 5.7.1 ehlo-ours', remedies: [[`add host7.isp.example A ${client}`, 'set-ehlo host7.isp.example']],
  },
}
