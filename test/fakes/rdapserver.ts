/**
 * A registry on loopback: IANA's bootstrap files and RDAP answers in the shapes that the five regional registries give (written by us
 * after RFC 9083 and what is known of them), and every way to misbehave. It counts what it is asked.
 */
import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'

/** What a path answers: JSON, or a misbehaviour. */
export type RdapAnswer =
  | { readonly do: 'json'; readonly json: unknown }
  | { readonly do: 'text'; readonly text: string }
  | { readonly do: 'status'; readonly status: number; readonly headers?: Record<string, string> }
  | { readonly do: 'redirect'; readonly to: string }
  | { readonly do: 'endless' }
  | { readonly do: 'silent' }
  | { readonly do: 'drop' }

export const json = (value: unknown): RdapAnswer => ({ do: 'json', json: value })

export interface RdapServer {
  /** The base of the bootstrap files and of the service. */
  readonly base: string
  /** Paths asked for, in order. */
  readonly asked: readonly string[]
  /** By path, such as "/ip/192.0.2.1"; a list is used up one by one, the last stays. */
  answers: Record<string, RdapAnswer | readonly RdapAnswer[]>
  close(): Promise<void>
  /** Listens again on the same port. */
  reopen(): Promise<void>
}

export async function startRdapServer(answers: RdapServer['answers'] = {}): Promise<RdapServer> {
  const asked: string[] = []
  const used = new Map<string, number>()
  const server = http.createServer((request, response) => {
    const path = request.url ?? ''
    asked.push(path)
    const own = fake.answers[path]
    const count = used.get(path) ?? 0
    used.set(path, count + 1)
    const answer = own === undefined ? bootstrap(path, fake.base) : 'do' in own ? own : own[Math.min(count, own.length - 1)]
    perform(answer ?? { do: 'status', status: 404 }, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const fake: RdapServer = {
    base: `http://127.0.0.1:${port}`,
    asked,
    answers,
    async close() {
      server.closeAllConnections()
      server.close()
      if (server.listening) await once(server, 'close')
    },
    async reopen() {
      server.listen(port, '127.0.0.1')
      await once(server, 'listening')
    },
  }
  return fake
}

function bootstrap(path: string, base: string): RdapAnswer | undefined {
  const file = (services: unknown[]) => json({ version: '1.0', publication: '2026-11-01T00:00:00Z', description: 'RDAP bootstrap file', services })
  switch (path) {
    case '/ipv4.json': return file([[['192.0.0.0/8', '198.51.100.0/24', '203.0.113.0/24', '127.0.0.0/8', '216.0.0.0/8'], [`${base}/`]]])
    case '/ipv6.json': return file([[['2001::/16'], [`${base}/`]]])
    case '/dns.json': return file([[['example', 'net'], [`${base}/`]]])
    default: return undefined
  }
}

function perform(answer: RdapAnswer, response: http.ServerResponse): void {
  switch (answer.do) {
    case 'json':
      response.writeHead(200, { 'content-type': 'application/rdap+json' }).end(JSON.stringify(answer.json))
      return
    case 'text':
      response.writeHead(200).end(answer.text)
      return
    case 'status':
      response.writeHead(answer.status, answer.headers ?? {}).end()
      return
    case 'redirect':
      response.writeHead(302, { location: answer.to }).end()
      return
    case 'endless': {
      response.writeHead(200)
      const more = () => { while (response.write('[[[['.repeat(4096))) { /* until it does not read */ } }
      response.on('drain', more)
      more()
      return
    }
    case 'silent':
      return
    case 'drop':
      response.socket?.destroy()
  }
}

/** A jCard. */
export function card(name: string, ...emails: unknown[]): unknown {
  return ['vcard', [['version', {}, 'text', '4.0'], ['fn', {}, 'text', name], ['kind', {}, 'text', 'group'], ...emails.map((email) => ['email', {}, 'text', email])]]
}

/** ARIN: the desks are nested under the registrant; the unvalidated ones are marked in remarks. */
export const ARIN = {
  objectClassName: 'ip network', handle: 'NET-198-51-100-0-1', startAddress: '198.51.100.0', endAddress: '198.51.100.255', ipVersion: 'v4', name: 'COLO-NET', type: 'DIRECT ALLOCATION',
  parentHandle: 'NET-198-0-0-0-0', status: ['active'], cidr0_cidrs: [{ v4prefix: '198.51.100.0', length: 24 }],
  entities: [{
    objectClassName: 'entity', handle: 'COLO-1', roles: ['registrant'], vcardArray: card('Colorado Colocation'),
    entities: [
      { objectClassName: 'entity', handle: 'ABUSE1-ARIN', roles: ['abuse'], status: ['validated'], vcardArray: card('Abuse Desk', 'abuse@colo.example') },
      { objectClassName: 'entity', handle: 'TECH1-ARIN', roles: ['technical', 'noc'], vcardArray: card('NOC', 'noc@colo.example'),
        remarks: [{ title: 'Unvalidated POC', description: ['ARIN has attempted to validate the data for this POC, but has received no response from the POC since 2012-01-01'] }] },
      { objectClassName: 'entity', handle: 'ADM1-ARIN', roles: ['administrative'], vcardArray: card('Ann Admin', 'ann@colo.example') },
    ],
  }],
}

/** RIPE NCC: a role object with the abuse mailbox beside the holder; maintainers as registrants; a range that is no single prefix. */
export const RIPE = {
  objectClassName: 'ip network', handle: '192.0.2.0 - 192.0.2.47', startAddress: '192.0.2.0', endAddress: '192.0.2.47', ipVersion: 'v4', name: 'EXAMPLE-DC', country: 'NL',
  entities: [
    { objectClassName: 'entity', handle: 'EXAMPLE-MNT', roles: ['registrant'] },
    { objectClassName: 'entity', handle: 'EX1-RIPE', roles: ['administrative', 'technical'], vcardArray: card('Example NOC', 'noc@dc.example') },
    { objectClassName: 'entity', handle: 'AR1-RIPE', roles: ['abuse'], vcardArray: ['vcard', [['version', {}, 'text', '4.0'], ['fn', {}, 'text', 'Abuse role'], ['email', { type: 'abuse' }, 'text', 'abuse@dc.example']]] },
  ],
}

/** APNIC: the incident response team is the abuse contact; what does not work stands in its remarks. */
export const APNIC = {
  objectClassName: 'ip network', handle: '203.0.113.0 - 203.0.113.255', startAddress: '203.0.113.0', endAddress: '203.0.113.255', name: 'EXAMPLE-AP', country: 'AU',
  cidr0_cidrs: [{ v4prefix: '203.0.113.0', length: 24 }],
  entities: [
    { objectClassName: 'entity', handle: 'IRT-EXAMPLE-AU', roles: ['abuse'], vcardArray: card('IRT-EXAMPLE-AU', 'irt@ap.example', 'old@ap.example'),
      remarks: [{ title: 'remarks', description: ['old@ap.example is invalid', 'irt@ap.example was validated on 2026-05-05'] }] },
    { objectClassName: 'entity', handle: 'EA1-AP', roles: ['technical', 'administrative'], vcardArray: card('Example Admin', 'no-email@apnic.net', 'admin@ap.example') },
  ],
}

/** LACNIC: prefixes at the range's ends; several roles at the holder itself. */
export const LACNIC = {
  objectClassName: 'ip network', handle: '192.1.2/24', startAddress: '192.1.2.0/24', endAddress: '192.1.2.255/24', type: 'ALLOCATED', name: null, country: 'BR',
  entities: [
    { objectClassName: 'entity', handle: 'BR-EXLA', roles: ['registrant'], vcardArray: card('Exemplo Ltda'), entities: [
      { objectClassName: 'entity', handle: 'EXA', roles: ['abuse'], vcardArray: card('Abuso', 'abuso@la.example') },
      { objectClassName: 'entity', handle: 'EXT', roles: ['technical', 'administrative'], vcardArray: card('Tecnico', 'redes@la.example') },
    ] },
  ],
}

/** AFRINIC: a shape like RIPE's, over IPv6 here. */
export const AFRINIC = {
  objectClassName: 'ip network', handle: '2001:db8:4000::/36', startAddress: '2001:db8:4000::', endAddress: '2001:db8:4fff:ffff:ffff:ffff:ffff:ffff', name: 'EXAMPLE-AF', country: 'ZA',
  entities: [
    { objectClassName: 'entity', handle: 'EAF-AFRINIC', roles: ['technical'], vcardArray: card('Example AF NOC', 'noc@af.example') },
    { objectClassName: 'entity', handle: 'ORG-AF', roles: ['registrant'], entities: [{ objectClassName: 'entity', handle: 'AB-AF', roles: ['abuse'], vcardArray: card('Abuse', 'mailto:abuse@af.example') }] },
  ],
}

/** A domain: the registrar's desks must not count as the owner's. */
export const DOMAIN = {
  objectClassName: 'domain', ldhName: 'ACME.EXAMPLE',
  entities: [
    { objectClassName: 'entity', roles: ['registrar'], vcardArray: card('Registrar Inc', 'sales@registrar.example'), entities: [{ objectClassName: 'entity', roles: ['abuse'], vcardArray: card('Desk', 'abuse@registrar.example') }] },
    { objectClassName: 'entity', roles: ['registrant'], vcardArray: card('REDACTED FOR PRIVACY', 'not available') },
    { objectClassName: 'entity', roles: ['technical'], vcardArray: card('Acme IT', 'dns@acme.example') },
  ],
}
