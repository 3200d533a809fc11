/**
 * The wizard's look at the mail server: reachable, what it greets with, TLS, whether it can learn the client's address (or
 * how that is switched on), and whether it would pass on foreign mail for the gate. Nothing is delivered: every
 * transaction ends before DATA.
 */
import type { Finding } from '../../shared/golive.ts'
import { parseCapabilities } from '../../shared/smtp/capabilities.ts'
import type { EhloCapabilities } from '../../shared/smtp/capabilities.ts'
import { isHostName } from '../../shared/net/domain.ts'
import { leadsTo } from '../../shared/net/doors.ts'
import { endpointText, parseEndpoint } from '../../shared/net/parse.ts'
import type { Endpoint } from '../../shared/net/parse.ts'
import { xclientCommands } from '../../shared/smtp/xclient.ts'
import { finding } from './finding.ts'
import { beginTalk } from './talk.ts'
import type { OpenLink, Talk } from './talk.ts'

export interface ServerQuestion {
  readonly backend: string
  readonly identity: 'auto' | 'xclient' | 'proxy' | 'none'
  readonly hostname: string
  /** Where the gate listens, now and later: the mail server must be somewhere else. */
  readonly gate: readonly string[]
  readonly domains: readonly string[]
}

/** RFC 2606, RFC 5737: nobody's mailbox and nobody's address, so that an answer says what the server does with strangers. */
const FOREIGN = 'porch-relay-test@example.com'
const STRANGER = { address: '192.0.2.1', port: 25, ourAddress: '127.0.0.1', ourPort: 25, verifiedName: null, nameTemporary: false, ehlo: 'stranger.example', protocol: 'ESMTP' as const }
const SUBMISSION_PORT = 587
const MOST_DOMAINS = 20

export async function testServer(open: OpenLink, question: ServerQuestion): Promise<readonly Finding[]> {
  const endpoint = parseEndpoint(question.backend, { names: true })
  if (endpoint === null) {
    return [finding('backend', 'bad', question.backend === '' ? 'No mail server is named.' : `“${question.backend}” is not an address with a port.`, 'Type host and port, such as 127.0.0.1:2526.')]
  }
  if (leadsTo(question.backend, question.gate)) {
    return [finding('backend', 'bad', `${question.backend} is this gate itself: mail would run in a circle.`, 'Name the port of the mail server behind it, such as 127.0.0.1:2526.')]
  }
  const opened = await beginTalk(open, endpoint, { proxy: question.identity === 'proxy' })
  if (opened.kind === 'failed') {
    return [finding('reachable', 'bad', `${question.backend} ${opened.why}.`, 'Is the mail server running, and does it listen on this port? For Postfix, a line such as this in master.cf makes it listen there:', [postfixListener(endpoint)])]
  }
  try {
    return await converse(open, opened.talk, endpoint, question)
  } finally {
    opened.talk.end()
  }
}

async function converse(open: OpenLink, talk: Talk, endpoint: Endpoint, question: ServerQuestion): Promise<Finding[]> {
  const { banner } = talk
  if (!banner.ok) return [finding('reachable', 'bad', `${question.backend} takes the connection but ${banner.why}.`, question.identity === 'proxy' ? 'Does it expect a PROXY header there?' : 'Does something other than a mail server listen there, or does it expect a PROXY header?')]
  if (banner.code >= 400) return [finding('reachable', 'bad', `${question.backend} turns the gate away: ${banner.text}`, `It must take connections from ${talk.from}.`)]
  const found = [finding('reachable', 'good', `${question.backend} answers: ${banner.text}`)]
  const greeted = await ehlo(talk, question.hostname)
  if (typeof greeted === 'string') return [...found, finding('ehlo', 'bad', `After EHLO it ${greeted}.`, 'Porch needs a server that speaks ESMTP.')]
  const secured = await tls(talk, greeted.capabilities, question.hostname)
  found.push(...secured.findings)
  if (secured.capabilities === null) return found
  found.push(...identity(secured.capabilities, talk.from, question))
  found.push(...await relay(talk, secured.capabilities, question))
  found.push(...await recipients(talk, question))
  if (greeted.lines.some((line) => /^AUTH[ =]/i.test(line))) found.push(await submission(open, endpoint))
  return found
}

/** The capabilities after a greeting, or why there are none. */
export async function ehlo(talk: Talk, hostname: string): Promise<{ readonly lines: readonly string[]; readonly capabilities: EhloCapabilities } | string> {
  const said = await talk.say(`EHLO ${isHostName(hostname) ? hostname : 'localhost'}`, 'ehlo')
  if (!said.ok) return said.why
  return said.code >= 400 ? `answers ${said.text}` : { lines: said.lines, capabilities: parseCapabilities(said.lines) }
}

async function tls(talk: Talk, offered: EhloCapabilities, hostname: string): Promise<{ readonly findings: readonly Finding[]; readonly capabilities: EhloCapabilities | null }> {
  if (!offered.startTls) return { findings: [finding('tls', 'note', 'It offers no STARTTLS: mail goes to it unencrypted.', 'On the same machine, or a wire of your own, that is fine.')], capabilities: offered }
  const agreed = await talk.say('STARTTLS', 'starttls')
  const trouble = !agreed.ok ? agreed.why : agreed.code >= 400 ? `answers ${agreed.text}` : await talk.secure()
  const again = trouble ?? await ehlo(talk, hostname)
  if (typeof again !== 'string') return { findings: [finding('tls', 'good', 'Mail goes to it encrypted (STARTTLS).')], capabilities: again.capabilities }
  return { findings: [finding('tls', 'bad', `It offers STARTTLS, but then it ${again}.`, 'Repair its certificate or TLS set-up, or set “Encryption to the mail server” to never in the settings.')], capabilities: null }
}

function identity(offered: EhloCapabilities, from: string, question: ServerQuestion): Finding[] {
  const possible = offered.xclient.includes('ADDR')
  if (question.identity === 'proxy') return [finding('identity', 'good', 'It takes the PROXY header: its log and its filters see each client’s own address.')]
  if (possible && question.identity !== 'none') return [finding('identity', 'good', 'It offers XCLIENT: its log and its filters see each client’s own address.')]
  const blind = 'The mail server will take the gate for every client: its log, its spam filter and its own rules see one address only.'
  if (question.identity === 'none') return [finding('identity', 'warning', `It is not told the client’s address. ${blind}`, possible ? 'It offers XCLIENT: choose “XCLIENT if it is offered”.' : null)]
  return [finding('identity', question.identity === 'xclient' ? 'bad' : 'warning', `It does not offer XCLIENT to ${from}. ${blind}`,
    'Postfix: the first lines, then test again. Exim: the last line in its configuration, choose PROXY above, then test again.',
    [`postconf -e 'smtpd_authorized_xclient_hosts = ${from}'`, 'postfix reload', `hosts_proxy = ${from}`])]
}

/** As a stranger where the server can be told so; else as the gate itself, which is what every client would be to it. */
async function relay(talk: Talk, offered: EhloCapabilities, question: ServerQuestion): Promise<Finding[]> {
  const direct = await tryRecipient(talk, FOREIGN)
  const asStranger = offered.xclient.includes('ADDR') && question.identity !== 'none' && question.identity !== 'proxy'
  if (!direct.ok) return [finding('relay', 'warning', `Whether it passes on foreign mail could not be seen: ${direct.why}.`, null)]
  if (!direct.taken) return [finding('relay', 'good', 'It refuses mail for foreign domains from the gate: it is no open relay.')]
  const trust = `It trusts ${talk.from} and would pass on foreign mail that comes from there.`
  const todo = `Porch refuses foreign recipients itself, so nobody can use this through the gate; but take ${talk.from} out of the trusted networks all the same. Postfix: mynetworks.`
  if (!asStranger) return [finding('relay', 'warning', trust, todo, ['postconf mynetworks'])]
  const stranger = await tryAsStranger(talk, offered)
  if (stranger === null) return [finding('relay', 'warning', trust, todo, ['postconf mynetworks'])]
  return stranger
    ? [finding('relay', 'bad', 'It is an open relay: it would pass on foreign mail for anybody.', 'Repair this first: anybody who reaches it directly can use it. Postfix: smtpd_relay_restrictions and mynetworks.', ['postconf mynetworks smtpd_relay_restrictions'])]
    : [finding('relay', 'good', `It passes on foreign mail for ${talk.from} itself, but not for clients that the gate brings: no open relay.`)]
}

async function tryRecipient(talk: Talk, recipient: string): Promise<{ readonly ok: true; readonly taken: boolean; readonly text: string } | { readonly ok: false; readonly why: string }> {
  const mail = await talk.say('MAIL FROM:<>', 'mail')
  if (!mail.ok) return mail
  if (mail.code >= 400) return { ok: false, why: `answers ${mail.text}` }
  const rcpt = await talk.say(`RCPT TO:<${recipient}>`, 'rcpt')
  if (!rcpt.ok) return rcpt
  const reset = await talk.say('RSET', 'rset')
  return reset.ok ? { ok: true, taken: rcpt.code < 400, text: rcpt.text } : reset
}

/** Null: it could not be tried. */
async function tryAsStranger(talk: Talk, offered: EhloCapabilities): Promise<boolean | null> {
  if (!(await becomeStranger(talk, offered))) return null
  const tried = await tryRecipient(talk, FOREIGN)
  return tried.ok ? tried.taken : null
}

/** The server takes this connection for one from somewhere on the Internet (XCLIENT); false: it would not. */
export async function becomeStranger(talk: Talk, offered: EhloCapabilities): Promise<boolean> {
  const commands = xclientCommands(STRANGER, offered.xclient)
  for (const command of commands) {
    const said = await talk.say(command, 'xclient')
    if (!said.ok || said.code >= 400) return false
    if (typeof (await ehlo(talk, STRANGER.ehlo)) === 'string') return false
  }
  return commands.length > 0
}

/** Postmaster must be taken wherever mail is (RFC 5321 §4.5.1): what is refused here is no domain of the server's. */
async function recipients(talk: Talk, { domains }: ServerQuestion): Promise<Finding[]> {
  const refused: string[] = []
  const plain = domains.filter((domain) => !domain.startsWith('*.') && isHostName(domain)).slice(0, MOST_DOMAINS)
  for (const domain of plain) {
    const tried = await tryRecipient(talk, `postmaster@${domain}`)
    if (!tried.ok) return []
    if (!tried.taken && !tried.text.startsWith('4')) refused.push(`${domain}: ${tried.text}`)
  }
  if (plain.length === 0) return []
  return refused.length === 0
    ? [finding('recipients', 'good', `The mail server takes mail for ${plain.length === 1 ? plain[0] ?? '' : `all ${plain.length} domains`}.`)]
    : [finding('recipients', 'warning', 'The mail server does not take mail for every domain you named:', 'Postfix: mydestination, virtual_mailbox_domains or relay_domains.', refused)]
}

/** It lets users sign in on the port that the gate will stand before, where there is no AUTH. */
async function submission(open: OpenLink, endpoint: Endpoint): Promise<Finding> {
  const place = endpointText(endpoint.host, SUBMISSION_PORT)
  const opened = await beginTalk(open, { ...endpoint, port: SUBMISSION_PORT })
  const answers = opened.kind === 'open' && opened.talk.banner.ok && opened.talk.banner.code < 400
  if (opened.kind === 'open') opened.talk.end()
  const says = 'It lets customers sign in (AUTH) on the port that the gate will stand before. Porch offers no AUTH: whoever sends through port 25 with a password must use port 587.'
  return answers
    ? finding('submission', 'warning', `${says} Port 587 answers at ${place}.`, 'Tell your customers to set port 587 with STARTTLS in their mail program before you go live. It must stay reachable from outside.')
    : finding('submission', 'warning', `${says} Nothing answers at ${place}.`, 'Open port 587 on the mail server, then tell your customers. Postfix: the lines of “submission” in master.cf.')
}

function postfixListener({ host, port }: Endpoint): string {
  return `${endpointText(host, port)} inet n - y - - smtpd`
}
