/**
 * A plain SMTP client for tests: says bytes, reads replies, keeps a transcript. With `from`, a PROXY v1 header carries any
 * address, so that one loopback machine can be the whole Internet.
 */
import { connect } from 'node:net'
import type { Socket } from 'node:net'

export interface SmtpClient {
  readonly socket: Socket
  /** The next whole reply, lines joined by "\n"; '' once the gate has closed. */
  reply(): Promise<string>
  /** Sends a line with CRLF and returns its reply. */
  say(line: string): Promise<string>
  send(bytes: string | Uint8Array): void
  /** Settles when the gate has closed the connection. */
  closed(): Promise<void>
  end(): void
}

export interface ClientOptions {
  readonly port: number
  /** The loopback address to connect from. */
  readonly host?: string
  /** The client's address for a PROXY v1 header. */
  readonly from?: string
  readonly fromPort?: number
}

export async function smtpClient(options: ClientOptions): Promise<SmtpClient> {
  const socket = connect({ port: options.port, host: '127.0.0.1', localAddress: options.host ?? '127.0.0.1' })
  const replies: string[] = []
  const waiting: ((reply: string) => void)[] = []
  let buffer = ''
  let lines: string[] = []
  let over = false
  socket.on('error', () => undefined)
  socket.on('data', (chunk: Buffer) => {
    buffer += chunk.toString('latin1')
    for (let end = buffer.indexOf('\r\n'); end !== -1; end = buffer.indexOf('\r\n')) {
      const line = buffer.slice(0, end)
      buffer = buffer.slice(end + 2)
      lines.push(line)
      if (/^\d{3}-/.test(line)) continue
      const reply = lines.join('\n')
      lines = []
      const next = waiting.shift()
      if (next) next(reply)
      else replies.push(reply)
    }
  })
  const gone = new Promise<void>((resolve) => socket.once('close', () => {
    over = true
    for (const next of waiting.splice(0)) next('')
    resolve()
  }))
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', () => resolve())
    socket.once('error', reject)
  })
  if (options.from !== undefined) {
    const family = options.from.includes(':') ? 'TCP6' : 'TCP4'
    const to = options.from.includes(':') ? '2001:db8::25' : '192.0.2.25'
    socket.write(`PROXY ${family} ${options.from} ${to} ${options.fromPort ?? 40000} 25\r\n`)
  }
  const client: SmtpClient = {
    socket,
    reply() {
      const ready = replies.shift()
      if (ready !== undefined) return Promise.resolve(ready)
      if (over) return Promise.resolve('')
      return new Promise((resolve) => waiting.push(resolve))
    },
    say(line) {
      socket.write(Buffer.from(`${line}\r\n`, 'latin1'))
      return client.reply()
    },
    send: (bytes) => {
      socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes)
    },
    closed: () => gone,
    end: () => {
      socket.destroy()
    },
  }
  return client
}
