/** The wizard's look at the listening addresses: is each this machine's, free (or the gate's already), allowed, and reachable for the Internet? */
import { createServer } from 'node:net'
import { platform } from 'node:os'
import type { Finding } from '../../shared/golive.ts'
import { endpointText, parseEndpoint } from '../../shared/net/parse.ts'
import type { Endpoint } from '../../shared/net/parse.ts'
import { finding } from './finding.ts'

const SMTP_PORT = 25

export interface ListenDeps {
  /** Where the gate listens now. */
  readonly gate: readonly string[]
  readonly addresses: readonly string[]
}

export async function testListen(deps: ListenDeps, listen: readonly string[]): Promise<readonly Finding[]> {
  if (listen.length === 0) return [finding('listen', 'bad', 'No listening address is given.', 'Usually 0.0.0.0:25 and [::]:25: port 25 of every address of this machine.')]
  const wrong = listen.filter((text) => parseEndpoint(text) === null)
  if (wrong.length > 0) return wrong.map((text) => finding(`listen ${text}`, 'bad', `“${text}” is not an address with a port.`, 'Such as 0.0.0.0:25, or [::]:25 for IPv6.'))
  const endpoints = listen.flatMap((text) => parseEndpoint(text) ?? [])
  const found: Finding[] = []
  for (const endpoint of endpoints) found.push(await testOne(deps, endpoint, endpoints))
  if (endpoints.every(({ loopback }) => loopback)) found.push(finding('loopback', 'warning', 'Only programs on this machine can reach the gate there.', 'That is right for a trial. For mail from the Internet it must listen on 0.0.0.0:25, or a firewall must pass port 25 on to it.'))
  else if (endpoints.every(({ port }) => port !== SMTP_PORT)) found.push(finding('port', 'warning', 'Mail servers on the Internet deliver to port 25 only.', 'Listen on port 25, or let a firewall pass port 25 on to the port you named.'))
  return found
}

async function testOne({ gate, addresses }: ListenDeps, endpoint: Endpoint, all: readonly Endpoint[]): Promise<Finding> {
  const place = endpointText(endpoint.host, endpoint.port)
  const id = `listen ${place}`
  if (gate.includes(place)) return finding(id, 'good', `The gate listens on ${place} already.`)
  // Both families on one port: as the gate itself will do it, IPv6 does not take IPv4 along.
  const trouble = await tryListen(endpoint)
  if (trouble === null) return finding(id, 'good', `${place} is free.`)
  switch (trouble.code) {
    case 'EADDRINUSE':
      return finding(id, 'bad', `${place} is taken by another program, probably the mail server itself.`, 'Move the mail server to another port, such as 127.0.0.1:2526, and name that as the mail server. In Postfix’s master.cf the first line becomes the second:', ['smtp inet n - y - - smtpd', '127.0.0.1:2526 inet n - y - - smtpd', 'postfix stop; postfix start'])
    case 'EACCES':
    case 'EPERM':
      return finding(id, 'bad', `This program may not listen on ${place}: ports below 1024 need a privilege.`, privilege(), privilegeLines())
    case 'EADDRNOTAVAIL':
      return finding(id, 'bad', `${endpoint.host} is not an address of this machine.`, `It has ${addresses.join(', ') || 'none but loopback'}. 0.0.0.0 stands for all of them.`)
    case 'EAFNOSUPPORT':
    case 'EINVAL':
      return finding(id, all.length > 1 ? 'warning' : 'bad', `This machine has no IPv6 for ${place}.`, 'Take that line out.')
    default:
      return finding(id, 'bad', `${place} cannot be listened on: ${trouble.message}.`, null)
  }
}

function tryListen({ host, port }: Endpoint): Promise<NodeJS.ErrnoException | null> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error))
    server.listen({ host, port, ipv6Only: host.includes(':'), exclusive: true }, () => server.close(() => resolve(null)))
  })
}

function privilege(): string {
  switch (platform()) {
    case 'linux': return 'Give it the privilege with the first line, or let every program use ports from 25 on with the second (until the next boot). Then restart Porch.'
    case 'win32': return 'Windows itself has no such limit: another program or the firewall holds the port.'
    default: return 'Run it as a service, with the privilege to listen on port 25.'
  }
}

function privilegeLines(): string[] {
  return platform() === 'linux' ? [`setcap 'cap_net_bind_service=+ep' ${process.execPath}`, 'sysctl net.ipv4.ip_unprivileged_port_start=25'] : []
}
