/** The live gate from outside: it takes connections, greets under its name, and passes no foreign mail on. Nothing is delivered. */
import type { Finding } from '../../shared/golive.ts'
import { relayForms } from '../../shared/doctor/relay.ts'
import { endpointText } from '../../shared/net/parse.ts'
import { reachableAt } from '../doctor/port.ts'
import { finding } from './finding.ts'
import { beginTalk } from './talk.ts'
import type { OpenLink } from './talk.ts'

export async function checkGate(open: OpenLink, addresses: readonly string[], domains: readonly string[]): Promise<readonly Finding[]> {
  const found: Finding[] = []
  for (const address of addresses) found.push(...await checkOne(open, address, domains.find((domain) => !domain.startsWith('*.')) ?? null))
  return found
}

async function checkOne(open: OpenLink, address: string, domain: string | null): Promise<Finding[]> {
  const endpoint = reachableAt(address)
  if (endpoint === null) return []
  const opened = await beginTalk(open, endpoint)
  if (opened.kind === 'failed') return [finding(`gate ${address}`, 'bad', `The gate on ${endpointText(endpoint.host, endpoint.port)} ${opened.why}.`, 'Does a firewall of this machine stand in between?')]
  const { talk } = opened
  try {
    const { banner } = talk
    if (!banner.ok || banner.code >= 400) return [finding(`gate ${address}`, 'bad', `The gate on ${address} ${banner.ok ? `answers ${banner.text}` : banner.why}.`)]
    const greeted = await talk.say('EHLO localhost', 'ehlo')
    const mail = greeted.ok ? await talk.say('MAIL FROM:<porch-relay-test@example.com>', 'mail') : greeted
    if (!mail.ok || mail.code >= 400) return [finding(`gate ${address}`, 'warning', `The gate on ${address} greets, but ${mail.ok ? `answers MAIL with ${mail.text}` : mail.why}.`)]
    const taken: string[] = []
    for (const { recipient } of relayForms(domain)) {
      const rcpt = await talk.say(`RCPT TO:<${recipient}>`, 'rcpt')
      if (!rcpt.ok) return [finding(`relay ${address}`, 'warning', `Whether the gate on ${address} passes on foreign mail could not be seen: it ${rcpt.why}.`)]
      if (rcpt.code < 400) taken.push(recipient)
    }
    await talk.say('RSET', 'rset')
    return [
      finding(`gate ${address}`, 'good', `The gate takes mail on ${address}: ${banner.text}`),
      taken.length === 0
        ? finding(`relay ${address}`, 'good', 'It refuses mail for foreign domains: it is no open relay.')
        : finding(`relay ${address}`, 'bad', `It takes mail for ${taken.join(', ')}, which is none of your domains.`, 'Take the domain out of the served domains.'),
    ]
  } finally {
    talk.end()
  }
}
