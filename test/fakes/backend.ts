/**
 * A mail server that does as it is told: real sockets, one script for all its connections. It takes every message unless
 * a step says otherwise, and records what it saw. For tests only.
 *
 *   const backend = await startBackend({ rcpt: say('550 5.1.1 nobody'), offers: ['SIZE 1000', 'XCLIENT NAME ADDR'] })
 */
import { EventEmitter, once } from 'node:events'
import net from 'node:net'
import tls from 'node:tls'

/** What it does at a stage: says lines (CRLF is added), writes octets as they are, closes, resets, or stays silent. */
export type FakeStep =
  | { readonly do: 'say'; readonly lines: readonly string[] }
  | { readonly do: 'write'; readonly octets: string | Uint8Array }
  | { readonly do: 'drop' }
  | { readonly do: 'reset' }
  | { readonly do: 'silent' }
  /** Writes this again and again until the peer is gone. */
  | { readonly do: 'forever'; readonly octets: string }
  /** Does the step when the promise settles. */
  | { readonly do: 'after'; readonly event: Promise<unknown>; readonly then: FakeStep }

export const say = (...lines: string[]): FakeStep => ({ do: 'say', lines })
export const garbage: FakeStep = { do: 'write', octets: '\0\xff garbage\r\n' }
export const drop: FakeStep = { do: 'drop' }
export const silent: FakeStep = { do: 'silent' }
export const endlessLine: FakeStep = { do: 'forever', octets: 'x'.repeat(4096) }
export const endlessReply: FakeStep = { do: 'forever', octets: '250-and so on\r\n'.repeat(100) }
export const after = (event: Promise<unknown>, then: FakeStep): FakeStep => ({ do: 'after', event, then })

export type FakeStage = 'banner' | 'ehlo' | 'starttls' | 'xclient' | 'mail' | 'rcpt' | 'data' | 'dot' | 'rset' | 'quit'

/** A step, or one per time the stage is reached on a connection (the last one stays). */
type Steps = FakeStep | readonly FakeStep[] | ((line: string) => FakeStep)

export interface FakeScript extends Partial<Record<FakeStage, Steps>> {
  /** EHLO keywords. */
  readonly offers?: readonly string[]
  /** Reads a PROXY line before the banner. */
  readonly proxy?: boolean
  /** Needed for STARTTLS: PEM texts. */
  readonly tls?: { readonly cert: string; readonly key: string }
  /** What it does when the first octets of message data come (a reply out of turn). */
  readonly duringData?: FakeStep
  /** Does not read message data until the promise settles (back-pressure). */
  readonly holdData?: Promise<unknown>
}

export interface FakeMessage {
  readonly mail: string
  readonly rcpt: readonly string[]
  /** Wire octets between 354 and the dot. */
  readonly data: Buffer
}

export interface FakeConnection {
  readonly lines: string[]
  proxy: string | null
  secure: boolean
  /** Message data that came, whether or not a dot followed. */
  dataBytes: number
  dots: number
  closed: boolean
}

export interface FakeBackend {
  readonly address: string
  readonly port: number
  readonly connections: readonly FakeConnection[]
  readonly messages: readonly FakeMessage[]
  /** Changes what it does from now on. */
  script: FakeScript
  /** Settles at the next event of that name: 'connection', 'line', 'data', 'message', 'closed'. */
  next(event: 'connection' | 'line' | 'data' | 'message' | 'closed'): Promise<unknown>
  close(): Promise<void>
}

const DEFAULTS: Record<FakeStage, FakeStep> = {
  banner: say('220 fake.example ESMTP'),
  ehlo: say('250 fake.example'),
  starttls: say('220 2.0.0 go ahead'),
  xclient: say('220 fake.example ESMTP'),
  mail: say('250 2.1.0 Ok'),
  rcpt: say('250 2.1.5 Ok'),
  data: say('354 go ahead'),
  dot: say('250 2.0.0 taken'),
  rset: say('250 2.0.0 Ok'),
  quit: say('221 2.0.0 bye'),
}

/** `host` 127.0.0.1 unless said; port 0 takes a free one. */
export async function startBackend(script: FakeScript = {}, listen: { readonly host?: string; readonly port?: number } = {}): Promise<FakeBackend> {
  const events = new EventEmitter()
  const connections: FakeConnection[] = []
  const messages: FakeMessage[] = []
  const sockets = new Set<net.Socket>()
  const server = net.createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    const connection: FakeConnection = { lines: [], proxy: null, secure: false, dataBytes: 0, dots: 0, closed: false }
    connections.push(connection)
    events.emit('connection', connection)
    new Dialogue(socket, backend, connection, events, messages)
  })
  server.listen(listen.port ?? 0, listen.host ?? '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as net.AddressInfo
  const backend: FakeBackend = {
    address: `${listen.host ?? '127.0.0.1'}:${port}`,
    port,
    connections,
    messages,
    script,
    next: async (event) => (await once(events, event))[0] as unknown,
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
  return backend
}

class Dialogue {
  /** The TCP socket; `socket` may be TLS over it. */
  readonly raw: net.Socket
  socket: net.Socket
  backend: FakeBackend
  connection: FakeConnection
  events: EventEmitter
  messages: FakeMessage[]
  buffer = Buffer.alloc(0)
  inData = false
  counts = new Map<FakeStage, number>()
  mail = ''
  rcpt: string[] = []
  data: Buffer[] = []

  constructor(socket: net.Socket, backend: FakeBackend, connection: FakeConnection, events: EventEmitter, messages: FakeMessage[]) {
    this.raw = socket
    this.socket = socket
    this.backend = backend
    this.connection = connection
    this.events = events
    this.messages = messages
    this.attach(socket)
    if (backend.script.proxy !== true) this.reach('banner', '')
  }

  attach(socket: net.Socket): void {
    this.socket = socket
    socket.on('data', (chunk) => { this.feed(chunk) })
    socket.on('error', () => undefined)
    socket.on('close', () => {
      if (this.connection.closed) return
      this.connection.closed = true
      this.events.emit('closed', this.connection)
    })
  }

  feed(chunk: Buffer): void {
    this.buffer = Buffer.concat([this.buffer, chunk])
    for (;;) {
      if (this.inData) {
        if (!this.takeData()) return
        continue
      }
      const end = this.buffer.indexOf('\r\n')
      if (end === -1) return
      const line = this.buffer.subarray(0, end).toString('latin1')
      this.buffer = this.buffer.subarray(end + 2)
      if (this.backend.script.proxy === true && this.connection.proxy === null) {
        this.connection.proxy = line
        this.reach('banner', '')
      } else this.command(line)
    }
  }

  /** True once the dot was there. Large data is dropped behind its count. */
  takeData(): boolean {
    if (this.buffer.length > 0 && this.connection.dataBytes === 0 && this.backend.script.duringData !== undefined) this.perform(this.backend.script.duringData)
    const atStart = this.connection.dataBytes === 0 && this.buffer.subarray(0, 3).toString('latin1') === '.\r\n'
    const dot = atStart ? -2 : this.buffer.indexOf('\r\n.\r\n')
    const found = atStart || dot !== -1
    const size = found ? dot + 2 : Math.max(0, this.buffer.length - 4)
    const part = Buffer.from(this.buffer.subarray(0, size))
    this.connection.dataBytes += size
    if (this.connection.dataBytes <= 8_000_000) this.data.push(part)
    this.buffer = Buffer.from(this.buffer.subarray(found ? size + 3 : size))
    if (size > 0) this.events.emit('data', this.connection)
    if (!found) return false
    this.inData = false
    this.connection.dots += 1
    const message = { mail: this.mail, rcpt: this.rcpt, data: Buffer.concat(this.data) }
    this.messages.push(message)
    this.reach('dot', '.')
    this.events.emit('message', message)
    return true
  }

  command(line: string): void {
    this.connection.lines.push(line)
    const verb = (/^[a-z]*/i.exec(line)?.[0] ?? '').toUpperCase()
    this.events.emit('line', line)
    switch (verb) {
      case 'EHLO':
        this.reach('ehlo', line)
        return
      case 'STARTTLS':
        this.reach('starttls', line)
        if (this.backend.script.starttls === undefined) this.secure()
        return
      case 'XCLIENT':
        this.reach('xclient', line)
        return
      case 'MAIL':
        this.mail = line
        this.rcpt = []
        this.reach('mail', line)
        return
      case 'RCPT':
        this.rcpt = [...this.rcpt, line]
        this.reach('rcpt', line)
        return
      case 'DATA':
        this.data = []
        this.connection.dataBytes = 0
        this.reach('data', line)
        return
      case 'RSET':
        this.reach('rset', line)
        return
      case 'QUIT':
        this.reach('quit', line)
        this.socket.end()
        return
      default:
        this.perform(say('500 5.5.2 what?'))
    }
  }

  reach(stage: FakeStage, line: string): void {
    const count = this.counts.get(stage) ?? 0
    this.counts.set(stage, count + 1)
    const steps = this.backend.script[stage]
    const step = steps === undefined ? this.ordinary(stage) : typeof steps === 'function' ? steps(line) : 'do' in steps ? steps : (steps[Math.min(count, steps.length - 1)] ?? silent)
    const said = step.do === 'after' ? step.then : step
    if (stage === 'data' && said.do === 'say' && said.lines[0]?.startsWith('354') === true) {
      this.inData = true
      const hold = this.backend.script.holdData
      if (hold !== undefined) {
        this.socket.pause()
        void hold.then(() => this.socket.resume())
      }
    }
    this.perform(step)
  }

  ordinary(stage: FakeStage): FakeStep {
    if (stage !== 'ehlo') return DEFAULTS[stage]
    const offers = (this.backend.script.offers ?? []).filter((offer) => !(this.connection.secure && offer === 'STARTTLS'))
    return say(...['fake.example', ...offers].map((text, index) => `250${index === offers.length ? ' ' : '-'}${text}`))
  }

  perform(step: FakeStep): void {
    switch (step.do) {
      case 'say':
        this.socket.write(step.lines.map((line) => `${line}\r\n`).join(''))
        return
      case 'write':
        this.socket.write(typeof step.octets === 'string' ? Buffer.from(step.octets, 'latin1') : step.octets)
        return
      case 'drop':
        this.socket.end()
        return
      case 'reset':
        this.raw.resetAndDestroy()
        return
      case 'silent':
        return
      case 'forever':
        this.flood(step.octets)
        return
      case 'after':
        void step.event.then(() => { this.perform(step.then) })
    }
  }

  flood(octets: string): void {
    while (!this.socket.destroyed && this.socket.write(octets)) continue
    if (!this.socket.destroyed) this.socket.once('drain', () => { this.flood(octets) })
  }

  secure(): void {
    const options = this.backend.script.tls
    if (options === undefined) throw new Error('the script offers STARTTLS without a certificate')
    this.socket.removeAllListeners('data')
    this.buffer = Buffer.alloc(0)
    this.connection.secure = true
    this.attach(new tls.TLSSocket(this.socket, { isServer: true, ...options }))
  }
}
