/**
 * One visit of a sample sender to the gate: a real SMTP dialogue over a real socket, with a PROXY header that says whom
 * it plays. Promises: it ends (30 s), never throws, and says how far it came.
 */
import net from 'node:net'
import { createReplyParser } from '../../shared/smtp/backendreply.ts'
import type { ParsedReply } from '../../shared/smtp/backendreply.ts'
import { proxyHeader } from '../../shared/smtp/proxyout.ts'
import type { SampleSender } from './cast.ts'

export interface VisitOptions {
  readonly target: { readonly host: string; readonly port: number }
  /** ms since 1970, for the message's date. */
  readonly now: number
  /** Tells messages apart. */
  readonly serial: number
  readonly signal: AbortSignal
}

/** The gate's last reply of note ("550 5.7.25 …"), or why there is none. */
export interface Visit {
  readonly sender: SampleSender
  readonly reply: string
}

const VISIT_MS = 30_000

export async function visit(sender: SampleSender, options: VisitOptions): Promise<Visit> {
  const socket = net.connect({ ...options.target, noDelay: true })
  const stop = () => { socket.destroy() }
  const timer = setTimeout(stop, VISIT_MS).unref()
  options.signal.addEventListener('abort', stop)
  socket.on('error', () => undefined)
  try {
    socket.write(proxyOf(sender, options.serial))
    return { sender, reply: await converse(sender, options, conversation(socket)) }
  } finally {
    clearTimeout(timer)
    options.signal.removeEventListener('abort', stop)
    socket.destroySoon()
  }
}

function proxyOf(sender: SampleSender, serial: number): string {
  const ourAddress = sender.client.includes(':') ? '2001:db8::2' : '198.51.100.2'
  return proxyHeader({ address: sender.client, port: 40_000 + (serial % 20_000), ourAddress, ourPort: 25 }) ?? ''
}

type Ask = (octets: string | null) => Promise<ParsedReply | null>

/** Says something (octets) and awaits one reply; null once there will be none. */
function conversation(socket: net.Socket): Ask {
  const parser = createReplyParser()
  const chunks = socket[Symbol.asyncIterator]()
  return async (octets) => {
    if (octets !== null) socket.write(Buffer.from(octets, 'latin1'))
    for (;;) {
      const next = await chunks.next().catch(() => null)
      if (next === null || next.done === true) return null
      const event = parser.push(next.value as Buffer)
      if (event.kind === 'reply') return event.reply
      if (event.kind === 'broken') return null
    }
  }
}

/** Up to the message if a recipient was taken; QUIT in any case. */
async function converse(sender: SampleSender, options: VisitOptions, ask: Ask): Promise<string> {
  const banner = await ask(null)
  if (banner?.code !== 220) return textOf(banner)
  const hello = await ask(`EHLO ${sender.ehlo.replace('{banner}', banner.text.split(' ')[0] ?? '')}\r\n`)
  if (hello?.code !== 250) return leave(ask, hello)
  const mail = await ask(`MAIL FROM:<${sender.sender}>\r\n`)
  if (mail?.code !== 250) return leave(ask, mail)
  let last: ParsedReply | null = null
  let taken = false
  for (const recipient of sender.recipients) {
    last = await ask(`RCPT TO:<${recipient}>\r\n`)
    if (last?.code === 250) taken = true
  }
  if (!taken) return leave(ask, last)
  const start = await ask('DATA\r\n')
  if (start?.code !== 354) return leave(ask, start)
  return leave(ask, await ask(messageOf(sender, options)))
}

async function leave(ask: Ask, reply: ParsedReply | null): Promise<string> {
  if (reply !== null) await ask('QUIT\r\n')
  return textOf(reply)
}

function textOf(reply: ParsedReply | null): string {
  return reply === null ? 'no reply' : [reply.code, reply.enhanced, reply.text].filter((part) => part !== null && part !== '').join(' ')
}

/** Wire octets up to and with the final dot. */
function messageOf(sender: SampleSender, options: VisitOptions): string {
  const domain = sender.ehlo
  const lines = [
    `From: <${sender.sender === '' ? `mailer-daemon@${domain}` : sender.sender}>`,
    `To: ${sender.recipients.map((recipient) => `<${recipient}>`).join(', ')}`,
    `Subject: ${sender.subject}`,
    `Date: ${new Date(options.now).toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <${options.now}.${options.serial}@${domain}>`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=us-ascii',
    '',
    ...sender.body,
  ]
  return `${lines.map((line) => (line.startsWith('.') ? `.${line}` : line)).join('\r\n')}\r\n.\r\n`
}

