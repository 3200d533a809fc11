/**
 * Who knocked at a small shop's gate in 2002: bare words, NetBIOS names, dial-up pools, NAT firewalls, providers with many hosts,
 * mailing lists, and the few whose DNS was in order. Names and addresses are invented, the habits are not.
 */
import type { Scene } from './scene.ts'

interface Sender {
  readonly why: string
  readonly client: string
  readonly ehlo: string
  readonly zone?: string
  readonly reverse?: string
}

const refusedBy = (house: string, standard: string, lenient: string) => ({ house, standard, lenient })
const passes = (sender: Sender): Scene => ({ zone: '', reverse: 'pass', ...sender, found: '', ...refusedBy('accept', 'accept', 'accept') })

/** Greets with a word that is not qualified; `reverse` says whether its PTR is in order. */
const word = (sender: Sender): Scene => {
  const refusal = '504 5.5.2 ehlo-not-fqdn'
  if (sender.reverse !== undefined) return { zone: '', reverse: '', ...sender, found: 'ehlo-not-fqdn', ...refusedBy(refusal, refusal, 'accept') }
  const both = '550 5.7.25 ptr-missing ehlo-not-fqdn'
  return { zone: '', ...sender, reverse: 'permerror', found: 'ptr-missing ehlo-not-fqdn', ...refusedBy(both, both, '550 5.7.25 ptr-missing') }
}

/** No PTR, and a greeting against which `also` is found (house only). */
const nameless = (also: string, sender: Sender): Scene => ({
  zone: '', ...sender, reverse: 'permerror', found: `ptr-missing ${also}`.trim(),
  ...refusedBy(`550 5.7.25 ptr-missing ${also}`.trim(), '550 5.7.25 ptr-missing', '550 5.7.25 ptr-missing'),
})

/** PTR in order, but the greeting is not the shop's taste: refused by house alone, for all that is found. */
const houseOnly = (found: string, sender: Sender): Scene => ({ zone: '', reverse: '', ...sender, found, ...refusedBy(`550 5.7.1 ${found}`, 'accept', 'accept') })

/** A PTR that does not lead back, and what is found of the greeting. */
const claimed = (also: string, sender: Sender): Scene => ({
  zone: '', ...sender, reverse: 'fail', found: `ptr-unconfirmed ${also}`.trim(),
  ...refusedBy(`550 5.7.25 ptr-unconfirmed ${also}`.trim(), '550 5.7.25 ptr-unconfirmed', 'accept'),
})

const pool = (name: string, address: string) => `@ PTR ${name}\n${name} A ${address}`

export const senders2002: Readonly<Record<string, Scene>> = {
  // In order.
  'a university': passes({ why: 'Ran its own name servers since 1987.', client: '192.0.2.130', ehlo: 'mailhub.cs.state-u.example', zone: pool('mailhub.cs.state-u.example', '192.0.2.130'), reverse: 'pass mailhub.cs.state-u.example' }),
  'a careful provider': passes({ why: 'Each outgoing host has its own name.', client: '198.51.100.31', ehlo: 'smtp31.net-west.example', zone: pool('smtp31.net-west.example', '198.51.100.31'), reverse: 'pass smtp31.net-west.example' }),
  'a provider with a pool name': passes({ why: 'One name lists all the hosts of the pool.', client: '198.51.100.42', ehlo: 'mailout.bigmail.example', zone: `${pool('mo42.bigmail.example', '198.51.100.42')}\nmailout.bigmail.example A 198.51.100.41\nmailout.bigmail.example A 198.51.100.42`, reverse: 'pass mo42.bigmail.example' }),
  'a multihomed host': passes({ why: 'One name, two networks, both reverse names right.', client: '203.0.113.66', ehlo: 'relay.factory.example', zone: `@ PTR relay.factory.example\nrelay.factory.example A 198.51.100.66\nrelay.factory.example A 203.0.113.66`, reverse: 'pass relay.factory.example' }),
  'an alias in the greeting': passes({ why: 'mail is an alias of the host; it leads here.', client: '203.0.113.12', ehlo: 'mail.printers.example', zone: `${pool('hal.printers.example', '203.0.113.12')}\nmail.printers.example CNAME hal.printers.example`, reverse: 'pass hal.printers.example' }),
  'a list server by its MX': passes({ why: 'The list’s name has only an MX.', client: '192.0.2.201', ehlo: 'lists.gardeners.example', zone: `${pool('majordomo.gardeners.example', '192.0.2.201')}\nlists.gardeners.example MX 10 majordomo.gardeners.example`, reverse: 'pass majordomo.gardeners.example' }),
  'a small office with a delegated /28': passes({ why: 'RFC 2317 worked.', client: '203.0.113.35', ehlo: 'mail.lawfirm.example', zone: `@ CNAME 35.32/28.113.0.203.in-addr.arpa\n35.32/28.113.0.203.in-addr.arpa PTR mail.lawfirm.example\nmail.lawfirm.example A 203.0.113.35`, reverse: 'pass mail.lawfirm.example' }),
  'a host with three PTRs': passes({ why: 'A web host that mails; one of its names leads back.', client: '203.0.113.90', ehlo: 'web9.hoster.example', zone: `@ PTR www.flowers.example\n@ PTR web9.hoster.example\n@ PTR www.bakery.example\nweb9.hoster.example A 203.0.113.90\nwww.bakery.example A 203.0.113.91`, reverse: 'pass web9.hoster.example' }),

  // Bare words.
  'HELO localhost': word({ why: 'A script on a web host.', client: '203.0.113.101', ehlo: 'localhost', zone: pool('web101.hoster.example', '203.0.113.101'), reverse: 'pass web101.hoster.example' }),
  'HELO localhost from nowhere': word({ why: 'A mass mailer.', client: '198.51.100.201', ehlo: 'localhost' }),
  'a Windows computer name': word({ why: 'NT’s own SMTP service, out of the box.', client: '203.0.113.102', ehlo: 'INTIMIDATOR', zone: pool('mail.tools.example', '203.0.113.102'), reverse: 'pass mail.tools.example' }),
  'a NetBIOS name with an underscore': word({ why: 'Tolerated as a letter, still one label.', client: '203.0.113.103', ehlo: 'MAIL_SRV1', zone: pool('gw.dentist.example', '203.0.113.103'), reverse: 'pass gw.dentist.example' }),
  'a name of fifteen letters': word({ why: 'What Windows makes of an owner’s name.', client: '198.51.100.202', ehlo: 'OEMCOMPUTER' }),
  'the word mail': word({ why: 'A misconfigured sendmail.', client: '192.0.2.140', ehlo: 'mail', zone: pool('mail.county.example', '192.0.2.140'), reverse: 'pass mail.county.example' }),
  'the word friend': word({ why: 'Spam software of the year.', client: '198.51.100.203', ehlo: 'friend' }),
  'a number': word({ why: 'One label of digits.', client: '198.51.100.204', ehlo: '12345' }),
  'its address without brackets': word({ why: 'A worm.', client: '198.51.100.205', ehlo: '198.51.100.205' }),
  'an office’s inner address without brackets': word({ why: 'A mail client behind NAT.', client: '203.0.113.104', ehlo: '192.168.0.5', zone: pool('gw.plumber.example', '203.0.113.104'), reverse: 'pass gw.plumber.example' }),
  'a name in capitals with a dot': word({ why: 'GROUPWISE. is still one label.', client: '192.0.2.141', ehlo: 'GROUPWISE.', zone: pool('gw.school.example', '192.0.2.141'), reverse: 'pass gw.school.example' }),

  // Dial-up and cable.
  'a dial-up line': nameless('ehlo-unresolvable', { why: 'A spammer’s home line, with an invented greeting.', client: '198.51.100.77', ehlo: 'mx7.fastcash.example' }),
  'a dial-up pool with its own names': passes({ why: 'A line that tells the truth passes; lists of dial-up names are another trade.', client: '203.0.113.150', ehlo: 'ppp-150.dialup.isp.example', zone: pool('ppp-150.dialup.isp.example', '203.0.113.150'), reverse: 'pass ppp-150.dialup.isp.example' }),
  'a cable modem that says a big name': houseOnly('ehlo-mismatch', { why: 'The line is confirmed, the greeting is borrowed.', client: '203.0.113.151', ehlo: 'mail.bigmail.example', zone: `${pool('c151.cable.example', '203.0.113.151')}\nmail.bigmail.example A 198.51.100.40`, reverse: 'pass c151.cable.example' }),
  'a pool whose PTRs lead nowhere': claimed('ehlo-unresolvable', { why: 'The provider generated PTRs and no addresses.', client: '203.0.113.152', ehlo: 'adsl-152.pool.isp2.example', zone: '@ PTR adsl-152.pool.isp2.example' }),
  'a spammer with the provider’s name': houseOnly('ehlo-bare-domain ehlo-mismatch', { why: 'Says only bigmail.example, which is no host of his.', client: '203.0.113.153', ehlo: 'bigmail.example', zone: `${pool('c153.cable.example', '203.0.113.153')}\nbigmail.example A 198.51.100.80`, reverse: 'pass c153.cable.example' }),
  'a spammer with an invented domain': nameless('ehlo-bare-domain ehlo-unresolvable', { why: 'Neither the line nor the name exists.', client: '198.51.100.78', ehlo: 'xq7zzk.com' }),

  // NAT firewalls.
  'Exchange behind NAT': houseOnly('ehlo-unresolvable', { why: 'Greets with its inner name; the firewall’s address has a PTR.', client: '203.0.113.20', ehlo: 'exchange.printshop.local', zone: pool('mail.printshop.example', '203.0.113.20'), reverse: 'pass mail.printshop.example' }),
  'Exchange behind NAT, nothing outside': nameless('ehlo-unresolvable', { why: 'And the provider set no PTR.', client: '203.0.113.21', ehlo: 'mail.acme-tools.lan' }),
  'a public name that leads inside': houseOnly('ehlo-mismatch', { why: 'Somebody put 192.168.1.10 into public DNS.', client: '203.0.113.22', ehlo: 'mail.vineyard.example', zone: `${pool('fw.vineyard.example', '203.0.113.22')}\nmail.vineyard.example A 192.168.1.10`, reverse: 'pass fw.vineyard.example' }),
  'a firewall that greets with the inner address': ({
    why: 'A proxy that passes the greeting through.', client: '203.0.113.23', ehlo: '[10.1.1.5]', zone: pool('fw.surveyors.example', '203.0.113.23'), reverse: 'pass fw.surveyors.example', found: 'ehlo-literal-mismatch',
    ...refusedBy('550 5.7.1 ehlo-literal-mismatch', '550 5.7.1 ehlo-literal-mismatch', 'accept'),
  }),
  'the outgoing address is another': nameless('ehlo-mismatch', { why: 'Mail comes in at .24 and goes out at .25, which nobody named.', client: '203.0.113.25', ehlo: 'mail.realtor.example', zone: 'mail.realtor.example A 203.0.113.24' }),
  'two lines, one named': claimed('ehlo-mismatch', { why: 'The backup line’s PTR has the main line’s name.', client: '203.0.113.27', ehlo: 'mail.clinic.example', zone: '@ PTR mail.clinic.example\nmail.clinic.example A 203.0.113.26' }),

  // Literals.
  'a literal, as the standard allows': houseOnly('ehlo-literal', { why: 'A careful client without a name.', client: '203.0.113.40', ehlo: '[203.0.113.40]', zone: pool('dsl40.isp.example', '203.0.113.40'), reverse: 'pass dsl40.isp.example' }),
  'a literal and no PTR': nameless('ehlo-literal', { why: 'Nothing but its address.', client: '198.51.100.79', ehlo: '[198.51.100.79]' }),

  // Hosting, newsletters, large senders.
  'a bare domain on its own host': houseOnly('ehlo-bare-domain', { why: 'A web host that calls itself by its customer’s domain.', client: '203.0.113.60', ehlo: 'flowers.example', zone: `@ PTR flowers.example\nflowers.example A 203.0.113.60`, reverse: 'pass flowers.example' }),
  'a bare domain by MX only': houseOnly('ehlo-bare-domain', { why: 'The domain has only an MX, which is this host.', client: '203.0.113.61', ehlo: 'bakery.example', zone: `${pool('mx.bakery.example', '203.0.113.61')}\nbakery.example MX 10 mx.bakery.example`, reverse: 'pass mx.bakery.example' }),
  'a newsletter house': houseOnly('ehlo-mismatch', { why: 'A hundred senders greet with one name that lists ten.', client: '198.51.100.150', ehlo: 'out.newsletter-house.example', zone: `${pool('s150.newsletter-house.example', '198.51.100.150')}\nout.newsletter-house.example A 198.51.100.101\nout.newsletter-house.example A 198.51.100.102`, reverse: 'pass s150.newsletter-house.example' }),
  'a large provider’s web mail': houseOnly('ehlo-unresolvable', { why: 'Greets with an inner cluster name below its own domain.', client: '198.51.100.160', ehlo: 'bay6-f160.bay6.webmail.example', zone: pool('f160.law.webmail.example', '198.51.100.160'), reverse: 'pass f160.law.webmail.example' }),
  'a greeting-card host': nameless('ehlo-mismatch', { why: 'As in the founding case.', client: '198.51.100.170', ehlo: 'www.cards.example', zone: 'www.cards.example A 198.51.100.17' }),
  'an airline': claimed('', { why: 'The greeting is right, the PTR was left from the last tenant.', client: '198.51.100.180', ehlo: 'mx1.airline.example', zone: '@ PTR ns.last-tenant.example\nmx1.airline.example A 198.51.100.180\nns.last-tenant.example A 203.0.113.250' }),
  'a bank': nameless('', { why: 'Names right, and a firewall that answers no PTR: none is delegated.', client: '198.51.100.190', ehlo: 'gate.bank.example', zone: 'gate.bank.example A 198.51.100.190' }),
  'a registrar abroad': passes({ why: 'Its name ends in two suffixes.', client: '192.0.2.150', ehlo: 'smtp.registrar.co.nz', zone: pool('smtp.registrar.co.nz', '192.0.2.150'), reverse: 'pass smtp.registrar.co.nz' }),
  'a domain abroad, bare': houseOnly('ehlo-bare-domain', { why: 'com.au is a suffix; this is a domain.', client: '192.0.2.151', ehlo: 'wool.com.au', zone: `${pool('mail.wool.com.au', '192.0.2.151')}\nwool.com.au A 192.0.2.151`, reverse: 'pass mail.wool.com.au' }),
  'an underscore in a full name': passes({ why: 'mail_gw: no host name to the letter, and a customer’s supplier.', client: '203.0.113.70', ehlo: 'mail_gw.supplier.example', zone: pool('mail_gw.supplier.example', '203.0.113.70'), reverse: 'pass mail_gw.supplier.example' }),
  'a blank in the name': ({
    why: 'The installer asked for the company’s name.', client: '203.0.113.71', ehlo: 'Smith and Sons', zone: pool('fw.smith.example', '203.0.113.71'), reverse: 'pass fw.smith.example', found: 'ehlo-malformed',
    ...refusedBy('550 5.5.2 ehlo-malformed', '550 5.5.2 ehlo-malformed', '550 5.5.2 ehlo-malformed'),
  }),
  'a spammer who says our name': ({
    why: 'A popular trick: gates trusted their own name.', client: '198.51.100.81', ehlo: 'shop.example', zone: 'shop.example MX 10 mx.shop.example\nmx.shop.example A 192.0.2.25', reverse: 'permerror',
    found: 'ptr-missing ehlo-ours ehlo-bare-domain ehlo-mismatch',
    ...refusedBy('550 5.7.25 ptr-missing ehlo-ours ehlo-bare-domain ehlo-mismatch', '550 5.7.25 ptr-missing ehlo-ours', '550 5.7.25 ptr-missing ehlo-ours'),
  }),
  'a spammer who says our address': ({
    why: 'The other half of the trick.', client: '198.51.100.82', ehlo: '192.0.2.25', zone: '', reverse: 'permerror', found: 'ptr-missing ehlo-ours',
    ...refusedBy('550 5.7.25 ptr-missing ehlo-ours', '550 5.7.25 ptr-missing ehlo-ours', '550 5.7.25 ptr-missing ehlo-ours'),
  }),
  'a provider whose name servers are down': ({
    why: 'Nobody is refused for a bad afternoon.', client: '203.0.113.200', ehlo: 'smtp.isp3.example', zone: '@ SERVFAIL\nsmtp.isp3.example TIMEOUT', reverse: 'temperror', found: '',
    ...refusedBy('451 4.7.25 dns-temporary', '451 4.7.25 dns-temporary', '451 4.7.25 dns-temporary'),
  }),
}
