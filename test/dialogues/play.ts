/** Plays a dialogue script against a real gate over a loopback socket, in whole writes or octet by octet. */
import { once } from 'node:events'
import net from 'node:net'
import { expect } from 'vitest'
import { startGate } from '../fakes/gate.ts'
import type { TestGate } from '../fakes/gate.ts'
import { ALL_CAPABILITIES, scriptedBackend } from '../fakes/scriptedbackend.ts'
import type { Script } from './script.ts'

const PATIENCE_MS = 4000

export async function play(script: Script, chunks: 'whole' | 'octets'): Promise<void> {
  const backend = scriptedBackend(script.backend, capabilities(script.lacks))
  const test = await startGate({ settings: script.settings, dns: script.dns, backend })
  test.canaryRed = script.canaryRed
  for (const { kind, scope } of script.rules) test.rules.put(kind, scope)
  const client = await Client.connect(test.port)
  if (!script.early && script.rules.every(({ kind }) => kind !== 'ban')) await client.lineReady()
  try {
    for (const step of script.steps) await perform(step, client, test, chunks)
    expect(backend.surprises).toEqual([])
    expect(backend.left()).toEqual([])
    expect(test.troubles).toEqual([])
  } finally {
    client.socket.destroy()
    await test.stop()
  }
}

async function perform(step: Script['steps'][number], client: Client, test: TestGate, chunks: 'whole' | 'octets'): Promise<void> {
  switch (step.do) {
    case 'say':
      return client.write(step.octets, chunks)
    case 'hear':
      return client.hear(step.line)
    case 'closed':
      return client.closed()
    case 'fin':
      client.socket.end()
      return
    case 'reset':
      client.socket.resetAndDestroy()
      return
    case 'ban':
    case 'allow':
      return test.rules.put(step.do, step.scope)
    case 'disallow':
      return test.rules.take('allow', step.scope)
    case 'canary':
      test.canaryRed = step.red
      return
    case 'after':
      test.clock.advance(step.seconds * 1000)
      return test.tick()
    case 'stop':
      void test.gate.stop(30_000)
      return
    case 'asked':
      while (test.backend.left().length > 0) await new Promise((resolve) => setImmediate(resolve))
      return
    case 'release':
      return test.backend.release()
    case 'body': {
      const whole = test.backend.messages.at(-1)?.toString('latin1') ?? ''
      expect(whole.replace(/^Received: (?:.*\r\n[ \t])*.*\r\nAuthentication-Results: (?:.*\r\n[ \t])*.*\r\n/, '')).toBe(step.body)
      return
    }
    case 'record':
      expect((await test.recorded(1)).session).toMatchObject(step.record)
  }
}

function capabilities(lacks: readonly string[]) {
  if (lacks.includes('ALL')) return null
  return {
    ...ALL_CAPABILITIES,
    ...(lacks.includes('SIZE') ? { size: null } : {}),
    ...(lacks.includes('8BITMIME') ? { eightBitMime: false } : {}),
    ...(lacks.includes('SMTPUTF8') ? { smtpUtf8: false } : {}),
    ...(lacks.includes('DSN') ? { dsn: false } : {}),
  }
}

/** A client that reads lines and tells a close from a reset. */
export class Client {
  socket: net.Socket
  #text = ''
  #end: 'open' | 'closed' | 'reset' = 'open'

  constructor(socket: net.Socket) {
    this.socket = socket
    this.attach(socket)
  }

  static async connect(port: number, options: { readonly localAddress?: string } = {}): Promise<Client> {
    const socket = net.connect({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true, ...options })
    const client = new Client(socket)
    await once(socket, 'connect')
    return client
  }

  attach(socket: net.Socket): void {
    this.socket = socket
    socket.on('data', (data: Buffer) => { this.#text += data.toString('latin1') })
    socket.on('end', () => { this.#end = 'closed' })
    socket.on('error', () => { this.#end = 'reset' })
    socket.on('close', () => { if (this.#end === 'open') this.#end = 'closed' })
  }

  async write(octets: Buffer, chunks: 'whole' | 'octets' = 'whole'): Promise<void> {
    if (chunks === 'whole') {
      this.socket.write(octets)
      return
    }
    for (const octet of octets) {
      if (this.socket.destroyed) return
      this.socket.write(Uint8Array.of(octet))
      await new Promise((resolve) => setImmediate(resolve))
    }
  }

  say(...lines: string[]): void {
    this.socket.write(lines.map((line) => `${line}\r\n`).join(''))
  }

  async #until(ready: () => boolean, what: string): Promise<void> {
    const signal = AbortSignal.timeout(PATIENCE_MS)
    while (!ready()) {
      if (this.#end !== 'open' || signal.aborted) throw new Error(`expected ${what}, but ${signal.aborted ? 'nothing came' : `the connection was ${this.#end}`}; unread: ${JSON.stringify(this.#text)}`)
      await new Promise((resolve) => {
        const done = () => {
          for (const event of ['data', 'end', 'error', 'close']) this.socket.removeListener(event, done)
          signal.removeEventListener('abort', done)
          resolve(null)
        }
        for (const event of ['data', 'end', 'error', 'close']) this.socket.on(event, done)
        signal.addEventListener('abort', done)
      })
    }
  }

  async lineReady(): Promise<void> {
    await this.#until(() => this.#text.includes('\r\n'), 'a line')
  }

  async line(): Promise<string> {
    await this.lineReady()
    const end = this.#text.indexOf('\r\n')
    const line = this.#text.slice(0, end)
    this.#text = this.#text.slice(end + 2)
    return line
  }

  /** A whole reply, lines joined. */
  async reply(): Promise<string> {
    const lines = [await this.line()]
    while (lines.at(-1)?.[3] === '-') lines.push(await this.line())
    return lines.join('\n')
  }

  async hear(expected: string): Promise<void> {
    if (expected.endsWith('...')) {
      expect((await this.reply()).slice(0, 3)).toBe(expected.slice(0, 3))
      return
    }
    const line = await this.line().catch((error: unknown) => { throw new Error(`waiting for "${expected}": ${String(error)}`) })
    const pattern = new RegExp(`^${expected.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.*')}$`)
    if (!pattern.test(line)) expect(line).toBe(expected)
    expect(line.length).toBeLessThanOrEqual(510)
  }

  /** The gate's end of the connection, and nothing said before it. */
  async closed(): Promise<void> {
    if (this.#end === 'open') await this.#until(() => this.#end !== 'open', 'a close').catch((error: unknown) => { if (this.#end === 'open') throw error })
    expect({ end: this.#end, unread: this.#text }).toEqual({ end: 'closed', unread: '' })
  }
}
