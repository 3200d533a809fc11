/** The case from which this gate comes: a greeting-card company's host knocks at a shop in Colorado, 8 October 2002. */
import type { Scene } from './scene.ts'

export const founding: Readonly<Record<string, Scene>> = {
  'the founding case': {
    why: 'The name has an address record, but it leads to another machine, and the address has no reverse name. Both must be repaired.',
    client: '216.33.111.150',
    ehlo: 'www.americangreetings.com',
    zone: 'www.americangreetings.com A 216.33.97.70',
    reverse: 'permerror',
    found: 'ptr-missing ehlo-mismatch',
    house: '550 5.7.25 ptr-missing ehlo-mismatch',
    standard: '550 5.7.25 ptr-missing',
    lenient: '550 5.7.25 ptr-missing',
    remedies: [['add 150.111.33.216.in-addr.arpa PTR www.americangreetings.com', 'add www.americangreetings.com A 216.33.111.150']],
  },
  'with the address record alone': {
    why: 'The admin wrote it then: with the A alone it would still be refused.',
    client: '216.33.111.150',
    ehlo: 'www.americangreetings.com',
    zone: `
      www.americangreetings.com A 216.33.97.70
      www.americangreetings.com A 216.33.111.150`,
    reverse: 'permerror',
    found: 'ptr-missing',
    house: '550 5.7.25 ptr-missing',
    standard: '550 5.7.25 ptr-missing',
    lenient: '550 5.7.25 ptr-missing',
    remedies: [['add 150.111.33.216.in-addr.arpa PTR www.americangreetings.com']],
  },
  'with the reverse name alone': {
    why: 'A PTR that names the other machine is only a claim.',
    client: '216.33.111.150',
    ehlo: 'www.americangreetings.com',
    zone: `
      @ PTR www.americangreetings.com
      www.americangreetings.com A 216.33.97.70`,
    reverse: 'fail',
    found: 'ptr-unconfirmed ehlo-mismatch',
    house: '550 5.7.25 ptr-unconfirmed ehlo-mismatch',
    standard: '550 5.7.25 ptr-unconfirmed',
    lenient: 'accept',
    remedies: [['add www.americangreetings.com A 216.33.111.150']],
  },
  'repaired': {
    why: 'Both records made, the other address may stay.',
    client: '216.33.111.150',
    ehlo: 'www.americangreetings.com',
    zone: `
      @ PTR www.americangreetings.com
      www.americangreetings.com A 216.33.97.70
      www.americangreetings.com A 216.33.111.150`,
    reverse: 'pass www.americangreetings.com',
    found: '',
    house: 'accept',
    standard: 'accept',
    lenient: 'accept',
    remedies: [],
  },
  'the bare domain': {
    why: 'americangreetings.com is qualified, but not fully: the shop wants the host part, since a bare domain is easily claimed.',
    client: '216.33.111.150',
    ehlo: 'americangreetings.com',
    zone: `
      @ PTR www.americangreetings.com
      www.americangreetings.com A 216.33.111.150
      americangreetings.com A 216.33.111.150`,
    reverse: 'pass www.americangreetings.com',
    found: 'ehlo-bare-domain',
    house: '550 5.7.1 ehlo-bare-domain',
    standard: 'accept',
    lenient: 'accept',
    remedies: [['set-ehlo www.americangreetings.com']],
  },
}
