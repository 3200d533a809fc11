/**
 * The gate: listens, counts who is in, and tells the rest of the program how it stands. Promises: its own cap comes
 * before the system's (descriptors are left for backend, DNS and console); a taken port is one clear line.
 */
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'
import type { JournalEntry } from '../../shared/events.ts'
import { endpointText, parseEndpoint } from '../../shared/net/parse.ts'
import { REPLIES } from '../../shared/smtp/codes.ts'
import { replyLine } from '../../shared/smtp/reply.ts'
import type { GatePort } from '../ports.ts'
import { admit, countedAs } from './admission.ts'
import type { Places } from './admission.ts'
import type { Connection } from './connection.ts'
import { contexts } from './context.ts'
import type { GateDeps } from './deps.ts'
import type { Examination } from './examination.ts'
import { sayFarewell } from './farewell.ts'
import type { House } from './house.ts'
import { Recorder } from './recorder.ts'
import { termsOf } from './terms.ts'
import { Watch } from './watch.ts'

/** PERFORMANCE: a small backlog shows as seconds for the unlucky. */
const BACKLOG = 4096
/** Of the places, how many make the house loaded. */
const LOADED = 0.8
/** Sockets that wait outside (PROXY, a banned client's name). */
const MAX_WAITING = 1000
/** Sockets that have heard their last reply and wait for the client to close. */
const MAX_LINGERING = 4096

/** Rejects with an Error of one clear line when it cannot listen. */
export async function createGate(deps: GateDeps): Promise<GatePort> {
  const gate = new Gate(deps)
  await gate.listen()
  return gate
}

class Gate implements GatePort, House, Places {
  readonly deps: GateDeps
  readonly watch: Watch
  readonly context: House['context']
  readonly terms: House['terms']
  readonly #recorder: Recorder
  readonly lingering = new Set<Socket>()
  readonly maxLingering: number
  readonly #descriptors: number
  waiting = 0
  banned = 0
  addresses: readonly string[] = []
  readonly #connections = new Set<Connection>()
  readonly #perClient = new Map<string, number>()
  readonly #counters = new Map<string, number>()
  #servers: readonly Server[] = []
  #rulesVersion = 0
  #stopped = false
  readonly #unsubscribe: readonly (() => void)[]
  #emptied: (() => void) | null = null

  constructor(deps: GateDeps) {
    this.deps = deps
    const room = descriptorRoom()
    this.#descriptors = room.clients
    this.maxLingering = room.lingering
    this.watch = new Watch(deps.clock, deps.ticker)
    this.context = contexts(deps.settings, deps.overrides)
    this.terms = termsOf(this)
    this.#recorder = new Recorder((entry) => { this.#record(entry) }, (error, session) => { this.trouble(error, session) })
    const changed = () => { this.#rulesVersion += 1 }
    // The mode decides which bans are in force.
    const paused = () => {
      // As at a stop: who is idle hears 421, transactions under way finish.
      if (deps.pause?.until() != null) for (const connection of this.#connections) connection.stop()
    }
    this.#unsubscribe = [deps.rules.onChange(changed), deps.settings.onChange(changed), deps.pause?.onChange(paused) ?? (() => undefined)]
  }

  async listen(): Promise<void> {
    const endpoints = this.deps.overrides?.listen ?? this.deps.settings.current().listen
    const outcomes = await Promise.all(endpoints.map((endpoint) => this.#open(endpoint)))
    this.#servers = outcomes.filter((outcome) => typeof outcome !== 'string')
    const problem = outcomes.filter((outcome) => typeof outcome === 'string').find((text) => text !== '')
    if (problem !== undefined || this.#servers.length === 0) {
      await this.stop(0)
      throw new Error(problem ?? 'None of the addresses in listen exists on this machine')
    }
    this.addresses = this.#servers.map((server) => {
      const { address, port } = server.address() as AddressInfo
      return endpointText(address, port)
    })
    if (this.#cap() < this.context().settings.limits.connections) {
      this.deps.alarms.raise('descriptors', 'warning', `This system allows the gate ${this.#cap()} connections at once, fewer than limits.connections; raise the limit of open files.`)
    }
  }

  /** A server, or why there is none ('' if the system just has no IPv6 and that was all this endpoint wanted). */
  #open(endpoint: string): Promise<Server | string> {
    const parsed = parseEndpoint(endpoint)
    if (parsed === null) return Promise.resolve(`Cannot listen on ${endpoint}: not an address with port`)
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
      if (this.#stopped) socket.destroy()
      else if (this.deps.pause?.until() != null) this.#turnAwayPaused(socket)
      else admit(this, this, socket)
    })
    return new Promise((resolve) => {
      server.once('error', (error: NodeJS.ErrnoException) => {
        const unspecified = parsed.host === '::' && (error.code === 'EAFNOSUPPORT' || error.code === 'EADDRNOTAVAIL')
        resolve(unspecified ? '' : `Cannot listen on ${endpoint}: ${listenProblem(error)}`)
      })
      server.listen({ host: parsed.host, port: parsed.port, backlog: BACKLOG, ipv6Only: parsed.host.includes(':') }, () => {
        server.on('error', (error) => { this.trouble(error, '') })
        resolve(server)
      })
    })
  }

  /** Counted, not recorded: whose turn it would be is not looked at. */
  #turnAwayPaused(socket: Socket): void {
    this.#count('turned away, paused')
    sayFarewell(socket, `${replyLine(REPLIES.paused)}\r\n`, this)
  }

  // ------------------------------------------------------------ places

  full(...[client, standing]: Parameters<Places['full']>) {
    if (this.#connections.size >= this.#cap()) {
      this.#count('turned away, full')
      return REPLIES.tooManyConnections
    }
    const here = this.#perClient.get(countedAs(client)) ?? 0
    if (standing === 'whitelisted' || here < this.context().settings.limits.perClient) return null
    this.#count('turned away, too many from one')
    return REPLIES.tooManyFromYou
  }

  enter(connection: Connection): void {
    this.#connections.add(connection)
    this.#perClient.set(connection.scope, (this.#perClient.get(connection.scope) ?? 0) + 1)
  }

  left(connection: Connection): void {
    if (!this.#connections.delete(connection)) return
    const here = (this.#perClient.get(connection.scope) ?? 1) - 1
    if (here > 0) this.#perClient.set(connection.scope, here)
    else this.#perClient.delete(connection.scope)
    if (this.#connections.size === 0) this.#emptied?.()
  }

  crowded(): boolean {
    return this.waiting >= MAX_WAITING
  }

  countBanned(): void {
    this.#count('banned at connect')
  }

  #cap(): number {
    return Math.min(this.context().settings.limits.connections, this.#descriptors)
  }

  // ------------------------------------------------------------ what connections ask

  rulesVersion(): number {
    return this.#rulesVersion
  }

  underLoad(): boolean {
    return this.#connections.size > LOADED * this.#cap()
  }

  finished(exam: Examination, entry: () => JournalEntry, session: string): void {
    this.#recorder.finish(exam.settled(), () => {
      exam.stop()
      return entry()
    }, session)
  }

  #record(entry: JournalEntry): void {
    this.#count('sessions')
    this.#count(`disposition ${entry.session.disposition}`)
    for (const finding of entry.session.findings) this.#count(`finding ${finding}`)
    this.deps.strikes?.finished(entry.session)
    this.deps.onSession(entry)
  }

  trouble(error: unknown, session: string): void {
    this.#count('troubles')
    this.deps.onTrouble?.(error, session)
  }

  #count(what: string): void {
    this.#counters.set(what, (this.#counters.get(what) ?? 0) + 1)
  }

  // ------------------------------------------------------------ what the program asks

  openConnections(): number {
    return this.#connections.size
  }

  underWay(): number {
    let count = 0
    for (const connection of this.#connections) if (connection.isInTransaction()) count += 1
    return count
  }

  room() {
    return { most: this.#cap(), byDescriptors: this.#descriptors < this.context().settings.limits.connections, underLoad: this.underLoad() }
  }

  openSessions(limit: number) {
    return [...this.#connections].filter((connection) => !connection.isOwnProbe()).slice(-limit).reverse().map((connection) => connection.record())
  }

  counters(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#counters)
  }

  async stop(graceMs: number): Promise<void> {
    this.#stopped = true
    const closed = this.#servers.map((server) => new Promise<void>((resolve) => { server.close(() => { resolve() }) }))
    for (const connection of this.#connections) connection.stop()
    if (this.#connections.size > 0) {
      let timer: NodeJS.Timeout | undefined
      await Promise.race([
        new Promise<void>((resolve) => { this.#emptied = resolve }),
        new Promise<void>((resolve) => { timer = setTimeout(resolve, graceMs) }),
      ])
      clearTimeout(timer)
    }
    for (const connection of this.#connections) connection.drop()
    // Sockets that are just being closed have 5 s; a stop does not wait for the deaf.
    await Promise.race([Promise.all(closed), new Promise<void>((resolve) => { setTimeout(resolve, 1000).unref() })])
    await this.#recorder.stop()
    this.watch.stop()
    for (const unsubscribe of this.#unsubscribe) unsubscribe()
  }
}

function listenProblem(error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case 'EADDRINUSE':
      return 'the port is taken by another program'
    case 'EACCES':
      return 'ports below 1024 need more rights on this system'
    case 'EADDRNOTAVAIL':
      return 'this machine does not have that address'
    default:
      return error.message
  }
}

/** How many clients, and sockets on their way out, the system's limit of open files allows, with descriptors kept for backends, DNS, console and store. */
function descriptorRoom(): { readonly clients: number; readonly lingering: number } {
  const room = openFiles() - 256
  return { clients: Math.max(16, Math.floor(room * 0.75)), lingering: Math.min(MAX_LINGERING, Math.max(16, Math.floor(room / 8))) }
}

function openFiles(): number {
  try {
    const limit = Number(/^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1])
    return Number.isFinite(limit) ? limit : Infinity
  } catch {
    return Infinity
  }
}
