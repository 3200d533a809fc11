/** A cast of senders for the console's double: what each says, what DNS said of it, and what would repair it. Values only. */
import type { Answer, AnswerStatus, RecordType } from '../../shared/dns/answer.ts'
import type { Disposition, Finding, Iprev, VerdictKind } from '../../shared/events.ts'
import type { Remedy } from '../../shared/notice/advice.ts'

export interface Role {
  readonly name: string
  /** How often it turns up among others. */
  readonly weight: number
  readonly client: (n: number) => string
  readonly ehlo: (n: number) => string | null
  readonly ptr: (n: number) => readonly string[]
  readonly iprev: Iprev | null
  readonly findings: readonly Finding[]
  readonly verdict: VerdictKind | null
  readonly disposition: Disposition
  readonly reply: (client: string, ehlo: string) => string
  readonly sender: (n: number) => string
  readonly ms: number
  readonly evidence: (client: string, ehlo: string, ptr: readonly string[]) => readonly Answer[]
  readonly remedies: (client: string, ehlo: string) => readonly Remedy[]
  readonly sentence: (client: string, ehlo: string) => string
}

export function answer(name: string, type: RecordType, status: AnswerStatus, records: readonly string[] = [], more: Partial<Answer> = {}): Answer {
  return { question: { name, type }, status, records, chain: [], ttl: status === 'timeout' ? null : 3600, ms: 12, server: status === 'timeout' ? null : '127.0.0.1:53', ...more }
}

const reverse4 = (client: string) => `${client.split('.').reverse().join('.')}.in-addr.arpa`
const reverse6 = '1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.1.0.8.b.d.0.1.0.0.2.ip6.arpa'
const accepted = () => '250 2.0.0 Ok: queued as 4F1D2A'
const inNet = (net: string) => (n: number) => `${net}.${(n % 250) + 1}`

export const FOUNDING: Role = {
  name: 'founding', weight: 3, client: () => '216.33.111.150', ehlo: () => 'www.americangreetings.com', ptr: () => [], iprev: 'permerror',
  findings: ['ptr-missing', 'ehlo-mismatch'], verdict: 'reject', disposition: 'rejected',
  reply: (client) => `550 5.7.25 ${client} has no reverse name (PTR); see https://help.shop.example/r/k3f9`, sender: () => 'cards@americangreetings.com', ms: 112,
  evidence: (client, ehlo) => [
    answer(reverse4(client), 'PTR', 'nxdomain', [], { ms: 41 }),
    answer(ehlo, 'A', 'found', ['216.33.97.70'], { ttl: 60, ms: 3 }),
    answer(ehlo, 'MX', 'nodata', [], { ms: 9 }),
  ],
  remedies: (client, ehlo) => [{ title: 'Give the address a reverse name that leads back to it', steps: [
    { who: 'address-owner', do: 'add', name: reverse4(client), type: 'PTR', value: ehlo },
    { who: 'domain-owner', do: 'add', name: ehlo, type: 'A', value: client },
  ] }],
  sentence: (client, ehlo) => `${client} has no reverse name, and ${ehlo} leads to 216.33.97.70: the owner of the address and the owner of the domain must each add a record.`,
}

const CONFIRMED: Role = {
  name: 'confirmed', weight: 8, client: inNet('198.51.100'), ehlo: (n) => `mail${(n % 250) + 1}.acme.example`, ptr: (n) => [`mail${(n % 250) + 1}.acme.example`], iprev: 'pass',
  findings: [], verdict: 'accept', disposition: 'accepted', reply: accepted, sender: (n) => `anna${n % 7}@acme.example`, ms: 214,
  evidence: (client, ehlo, ptr) => [answer(reverse4(client), 'PTR', 'found', ptr), answer(ehlo, 'A', 'found', [client])],
  remedies: () => [], sentence: (client, ehlo) => `${client} is ${ehlo}, and its DNS is in order.`,
}

const ELSEWHERE: Role = {
  name: 'elsewhere', weight: 4, client: inNet('203.0.113'), ehlo: (n) => `srv${n % 40}.hosting.example`, ptr: () => ['pool.elsewhere.example'], iprev: 'fail',
  findings: ['ptr-unconfirmed', 'ehlo-mismatch'], verdict: 'reject', disposition: 'rejected',
  reply: (client) => `550 5.7.25 pool.elsewhere.example does not lead back to ${client}`, sender: (n) => `info@shop${n % 12}.example`, ms: 96,
  evidence: (client, ehlo, ptr) => [
    answer(reverse4(client), 'PTR', 'found', ptr, { chain: [`${client.split('.').at(-1)}.0-25.${reverse4(client).split('.').slice(1).join('.')}`] }),
    answer('pool.elsewhere.example', 'A', 'found', ['192.0.2.200', '192.0.2.201']),
    answer(ehlo, 'A', 'found', ['192.0.2.14'], { ms: 0 }),
    answer(ehlo, 'MX', 'found', ['10 mx1.hosting.example', '20 mx2.hosting.example']),
    answer('mx1.hosting.example', 'A', 'found', ['192.0.2.15']), answer('mx2.hosting.example', 'A', 'servfail'),
  ],
  remedies: (client, ehlo) => [
    { title: 'Let the name lead back', steps: [{ who: 'domain-owner', do: 'add', name: 'pool.elsewhere.example', type: 'A', value: client }, { who: 'server', do: 'set-ehlo', name: ehlo, type: '', value: 'pool.elsewhere.example' }] },
    { title: 'Give the address its own name', steps: [{ who: 'address-owner', do: 'add', name: reverse4(client), type: 'PTR', value: ehlo }, { who: 'domain-owner', do: 'add', name: ehlo, type: 'A', value: client }] },
  ],
  sentence: (client) => `The reverse name of ${client} leads elsewhere: whoever runs pool.elsewhere.example must let it lead back.`,
}

/** Everything a hostile client may say: markup, control bytes, a right-to-left override. */
export const HOSTILE_EHLO = '<img src=x onerror=alert(1)>\u0007\u202egpj.exe\r\nRCPT TO:<all@shop.example>'

const HOSTILE: Role = {
  name: 'hostile', weight: 1, client: () => '192.0.2.66', ehlo: () => HOSTILE_EHLO, ptr: () => ['"><script>alert(2)</script>.evil.example'], iprev: 'fail',
  findings: ['ptr-unconfirmed', 'ehlo-malformed'], verdict: 'reject', disposition: 'rejected', reply: () => '501 5.5.2 the EHLO name is no host name', sender: () => '"<b>x</b>"@evil.example', ms: 9,
  evidence: (client, _ehlo, ptr) => [answer(reverse4(client), 'PTR', 'found', ptr)], remedies: () => [],
  sentence: () => 'The EHLO name is no host name: whoever runs the sending server must set one.',
}

const V6: Role = {
  name: 'v6', weight: 2, client: () => '2001:db8:100::1', ehlo: () => 'mx.sechs.example', ptr: () => ['mx.sechs.example'], iprev: 'pass',
  findings: [], verdict: 'accept', disposition: 'accepted', reply: accepted, sender: () => 'rolf@sechs.example', ms: 305,
  evidence: (client, ehlo, ptr) => [answer(reverse6, 'PTR', 'found', ptr), answer(ehlo, 'AAAA', 'found', [client, '2001:db8:100::2'])],
  remedies: () => [], sentence: (client, ehlo) => `${client} is ${ehlo}, and its DNS is in order.`,
}

const GERMAN: Role = {
  name: 'german', weight: 1, client: () => '198.18.7.9', ehlo: () => 'donaudampfschifffahrtselektrizitaetenhauptbetriebswerkbau.rindfleischetikettierungsueberwachung.example', ptr: () => [], iprev: 'temperror',
  findings: ['dns-temporary'], verdict: 'tempfail', disposition: 'deferred', reply: () => '451 4.7.25 the reverse name could not be looked up, try again later',
  sender: () => 'geschaeftsfuehrung.rechtsschutzversicherungsgesellschaften@rindfleischetikettierungsueberwachung.example', ms: 8012,
  evidence: (client, ehlo) => [answer(reverse4(client), 'PTR', 'timeout', [], { ms: 8000 }), answer(ehlo, 'A', 'servfail', [], { ttl: null, ms: 2100 })],
  remedies: () => [], sentence: (client) => `The name servers for 7.18.198.in-addr.arpa did not answer, so nothing can be said of ${client}; it will try again.`,
}

const BARE_WORD: Role = {
  name: 'bare word', weight: 5, client: inNet('100.64.9'), ehlo: (n) => `DESKTOP-${(n * 7919).toString(36).toUpperCase().slice(0, 6)}`, ptr: (n) => [`dyn-${n % 250}.cable.example`], iprev: 'pass',
  findings: ['ehlo-not-fqdn'], verdict: 'reject', disposition: 'rejected', reply: (_client, ehlo) => `504 5.5.2 ${ehlo} is not a fully qualified host name`, sender: () => 'winner@lottery.example', ms: 61,
  evidence: (client, _ehlo, ptr) => [answer(reverse4(client), 'PTR', 'found', ptr), answer(ptr[0] ?? '', 'A', 'found', [client])],
  remedies: (_client, ehlo) => [{ title: 'Greet with the verified name', steps: [{ who: 'server', do: 'set-ehlo', name: ehlo, type: '', value: 'dyn-1.cable.example' }] }],
  sentence: (_client, ehlo) => `${ehlo} is only one word: whoever runs the sending server must let it greet with its full name.`,
}

const SPAMMER: Role = {
  ...FOUNDING, name: 'retrying spammer', weight: 6, client: () => '192.0.2.130', ehlo: () => 'cheap-pills.example', sender: (n) => `offer${n}@cheap-pills.example`,
  findings: ['ptr-missing', 'ehlo-bare-domain', 'ehlo-mismatch'],
}

const BANNED: Role = {
  ...FOUNDING, name: 'banned', weight: 1, client: () => '192.0.2.9', ehlo: () => 'again.example', disposition: 'banned', reply: (client) => `554 5.7.1 ${client} is banned until 27 Nov 2026`,
}

const POOL: Role = {
  ...CONFIRMED, name: 'pool', weight: 2, client: inNet('40.107.22'), ehlo: () => 'EUR05-AM6-obe.outbound.protection.outlook.example', ptr: (n) => [`mail-am6-${n % 250}.outbound.protection.outlook.example`],
  findings: ['ehlo-mismatch'], verdict: 'reject', disposition: 'whitelisted', sender: () => 'kunde@grosskunde.example',
}

export const CAST: readonly Role[] = [FOUNDING, CONFIRMED, ELSEWHERE, HOSTILE, V6, GERMAN, BARE_WORD, SPAMMER, BANNED, POOL]
