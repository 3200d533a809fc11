/**
 * One connection to the backend: commands out, replies in. Promises: every wait has a deadline; replies that are
 * malformed, out of turn, or 421 or 530 end the connection and are never handed on; nothing is ever written that has a
 * control octet within a command; once it is dead it stays dead and answers at once.
 */
import net from 'node:net'
import tls from 'node:tls'
import type { Endpoint } from '../../../shared/net/parse.ts'
import { createReplyParser, fitsStage } from '../../../shared/smtp/backendreply.ts'
import type { ParsedReply, ReplyStage } from '../../../shared/smtp/backendreply.ts'
import type { ProxyEnds } from '../../../shared/smtp/proxyout.ts'

export type LinkOutcome = { readonly kind: 'reply'; readonly reply: ParsedReply } | { readonly kind: 'failed'; readonly why: string }

interface Waiting {
  readonly stage: ReplyStage
  readonly settle: (outcome: LinkOutcome) => void
}

const STAGE_NAMES: Readonly<Record<ReplyStage, string>> = {
  banner: 'the connection', ehlo: 'EHLO', starttls: 'STARTTLS', xclient: 'XCLIENT', mail: 'MAIL', rcpt: 'RCPT', data: 'DATA', dot: 'the message', rset: 'RSET',
}

/** Settles when connected, or with the reason why not. `onConnect` has the socket before anything else. */
export function openLink(endpoint: Endpoint, connectMs: number, onConnect?: (socket: net.Socket) => void): Promise<{ readonly kind: 'open'; readonly link: Link } | { readonly kind: 'failed'; readonly why: string }> {
  return new Promise((resolve) => {
    const socket = net.connect({ host: endpoint.host, port: endpoint.port, noDelay: true })
    const fail = (why: string) => {
      clearTimeout(timer)
      socket.destroy()
      resolve({ kind: 'failed', why })
    }
    const timer = setTimeout(() => { fail(`did not answer within ${connectMs / 1000} s`) }, connectMs)
    socket.once('error', (error: NodeJS.ErrnoException) => { fail(`cannot be reached (${error.code ?? error.message})`) })
    socket.once('connect', () => {
      clearTimeout(timer)
      onConnect?.(socket)
      socket.removeAllListeners('error')
      resolve({ kind: 'open', link: new Link(socket) })
    })
  })
}

export class Link {
  #socket: net.Socket
  #parser = createReplyParser()
  #waiting: Waiting | null = null
  #timer: NodeJS.Timeout | undefined
  #dead: string | null = null
  #corked = false
  #drain: (() => void)[] = []

  constructor(socket: net.Socket) {
    this.#socket = socket
    this.#attach(socket)
  }

  /** Both ends of this connection, as a PROXY header of the gate's own would name them. */
  ends(): ProxyEnds {
    const socket = this.#socket
    return { address: socket.localAddress ?? '', port: socket.localPort ?? 0, ourAddress: socket.remoteAddress ?? '', ourPort: socket.remotePort ?? 0 }
  }

  /** Why the connection is over; null while it lives. */
  dead(): string | null {
    return this.#dead
  }

  /** Sends a line that gets no reply of its own (the PROXY header), line end included. */
  say(line: string): void {
    if (this.#dead === null) this.#socket.write(line)
  }

  /** One command and its reply; with `line` null it only waits (banner). `ms`: deadline for the reply. */
  command(line: string | null, stage: ReplyStage, ms: number): Promise<LinkOutcome> {
    if (line !== null && /[\x00-\x1f\x7f]/.test(line)) this.kill(`must not be sent a control octet (${STAGE_NAMES[stage]})`)
    if (this.#waiting !== null) this.kill('was asked two things at once')
    if (this.#dead !== null) return Promise.resolve({ kind: 'failed', why: this.#dead })
    if (line !== null) this.#socket.write(`${line}\r\n`)
    return this.#await(stage, ms)
  }

  /** Writes the end of the data and waits for the reply to it. */
  end(dot: string, ms: number): Promise<LinkOutcome> {
    if (this.#dead !== null) return Promise.resolve({ kind: 'failed', why: this.#dead })
    this.#socket.write(dot)
    this.#uncork()
    return this.#await('dot', ms)
  }

  /**
   * STARTTLS is agreed: the handshake. Null, or why it failed. The certificate need not verify: the backend is the
   * shop's own, named by address, mostly with a certificate of its own making; TLS keeps listeners out.
   */
  secure(host: string, ms: number): Promise<string | null> {
    if (this.#dead !== null) return Promise.resolve(this.#dead)
    const plain = this.#socket
    plain.removeAllListeners('data')
    const servername = net.isIP(host) === 0 ? { servername: host } : {}
    const secured = tls.connect({ socket: plain, rejectUnauthorized: false, minVersion: 'TLSv1.2', ...servername })
    this.#socket = secured
    this.#parser = createReplyParser()
    this.#attach(secured)
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer)
        resolve(this.#dead)
      }
      const timer = setTimeout(() => { this.kill(`did not finish the TLS handshake within ${ms / 1000} s`) }, ms)
      secured.once('secureConnect', done)
      secured.once('close', done)
    })
  }

  /** Message data as it shall stand on the wire. False: wait for `drained`, which is due within `blockMs`. On a dead link it goes nowhere. */
  write(wire: Uint8Array, blockMs: number): boolean {
    if (this.#dead !== null) return true
    if (!this.#corked) {
      // What is written within one turn (the added header fields, the first data, the dot) leaves as one packet.
      this.#corked = true
      this.#socket.cork()
      process.nextTick(() => { this.#uncork() })
    }
    const free = this.#socket.write(wire)
    if (!free && this.#timer === undefined) {
      this.#timer = setTimeout(() => { this.kill(`took no data for ${blockMs / 1000} s`) }, blockMs)
    }
    return free
  }

  /** Settles when more may be written, or when the connection is over. */
  drained(): Promise<void> {
    if (this.#dead !== null || !this.#socket.writableNeedDrain) return Promise.resolve()
    return new Promise((resolve) => this.#drain.push(resolve))
  }

  /** Ends the connection at once; whatever was not sent yet never will be. */
  kill(why: string): void {
    if (this.#dead !== null) return
    this.#dead = why
    this.#release()
    this.#socket.destroy()
    const waiting = this.#waiting
    this.#waiting = null
    waiting?.settle({ kind: 'failed', why })
  }

  /** QUIT, and the end of the connection within `ms`; nothing waits for it. */
  bye(ms: number): void {
    if (this.#dead !== null) return
    if (this.#waiting !== null) {
      this.kill('was left')
      return
    }
    this.#dead = 'was told QUIT'
    this.#release()
    const socket = this.#socket
    const timer = setTimeout(() => socket.destroy(), ms).unref()
    socket.once('close', () => { clearTimeout(timer) })
    socket.end('QUIT\r\n')
  }

  #await(stage: ReplyStage, ms: number): Promise<LinkOutcome> {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => { this.kill(`did not answer ${STAGE_NAMES[stage]} within ${ms / 1000} s`) }, ms)
    return new Promise((settle) => {
      this.#waiting = { stage, settle }
    })
  }

  #attach(socket: net.Socket): void {
    socket.on('data', (chunk: Buffer) => { this.#receive(chunk) })
    socket.on('error', (error: NodeJS.ErrnoException) => { this.kill(`broke the connection (${error.code ?? error.message})`) })
    socket.on('close', () => { this.kill(this.#waiting === null ? 'closed the connection' : `closed the connection instead of answering ${STAGE_NAMES[this.#waiting.stage]}`) })
    socket.on('drain', () => { this.#release() })
  }

  #receive(chunk: Buffer): void {
    if (this.#dead !== null) return
    const waiting = this.#waiting
    // A reply to the dot that comes before all data has left is none (it would vouch for a message not yet sent).
    if (waiting === null || (waiting.stage === 'dot' && this.#socket.writableLength > 0)) {
      this.kill('talked out of turn')
      return
    }
    const event = this.#parser.push(chunk)
    switch (event.kind) {
      case 'more':
        return
      case 'broken':
        this.kill(`sent ${event.why}`)
        return
      case 'reply':
        this.#answer(waiting, event.reply, event.surplus)
    }
  }

  #answer(waiting: Waiting, reply: ParsedReply, surplus: boolean): void {
    if (reply.code === 421 || reply.code === 530 || !fitsStage(waiting.stage, reply.code)) {
      this.kill(`answered ${STAGE_NAMES[waiting.stage]} with ${replyLine(reply)}`)
      return
    }
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#waiting = null
    // The reply counts, whether what follows it came in the same packet or later; the next command will not be sent.
    if (surplus) this.kill('talked out of turn')
    waiting.settle({ kind: 'reply', reply })
  }

  /** No more waiting for the backend to take data. */
  #release(): void {
    if (this.#waiting === null || this.#dead !== null) {
      clearTimeout(this.#timer)
      this.#timer = undefined
    }
    for (const resolve of this.#drain.splice(0)) resolve()
  }

  #uncork(): void {
    if (!this.#corked) return
    this.#corked = false
    this.#socket.uncork()
  }
}

/** One reply as one line, for reasons and transcripts. */
export function replyLine(reply: ParsedReply): string {
  return [reply.code, reply.enhanced, reply.text].filter((part) => part !== null && part !== '').join(' ')
}
