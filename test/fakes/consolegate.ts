/**
 * A double of the gate for the console: the whole API over a WebSocket, with sample sessions, beside the built pages under
 * the same headers as the real server. Run by hand: node test/fakes/consolegate.ts --port 8600 --rate 5 --history 100000 --practice
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { implement } from '@orpc/server'
import { RPCHandler } from '@orpc/server/ws'
import { WebSocketServer } from 'ws'
import { api } from '../../shared/api.ts'
import type { GateState, LiveBatch, PracticeMail } from '../../shared/api.ts'
import type { NetworkOf } from '../../shared/api/network.ts'
import type { SessionRecord } from '../../shared/events.ts'
import { contains, parseAddress, parseNetwork } from '../../shared/net/ip.ts'
import { doctorDouble } from './doctordouble.ts'
import { checkRoutes } from './checkroutes.ts'
import { serveFile } from './consolefiles.ts'
import { liveRoutes } from './consolelive.ts'
import { goLiveDouble, whatIfDouble } from './golivedouble.ts'
import { ConsoleRules, sampleRule } from './consolerules.ts'
import { CAST } from './samplecast.ts'
import type { Role } from './samplecast.ts'
import { historyOf } from './samplehistory.ts'
import { sampleState } from './samplestate.ts'
import { detailOf, roleOf, sessionOf } from './samplesessions.ts'
import { sendersDouble } from './consolesenders.ts'
import { settingsFile, settingsRoutes } from './settingsfile.ts'
import { NoticesDouble } from './noticesdouble.ts'
import { passwordDouble } from './passworddouble.ts'
import { reportsDouble, whatIfRunDouble } from './reportsdouble.ts'

export interface ConsoleGateOptions {
  readonly port?: number
  readonly history?: number
  readonly rules?: number
  readonly practice?: boolean
  /** Milliseconds between two sessions of the history. */
  readonly spacing?: number
  /** How many of the newest sessions are kept at least; all if not said. */
  readonly keep?: number
}

type Live = LiveBatch['sessions'][number]
type Wake = () => void
const NOT_HERE = { ok: false as const, problem: 'not in this double' }
const nobody: Wake = () => undefined

export class ConsoleGate {
  readonly calls: string[] = []
  readonly work = new ConsoleRules(this.calls, () => this.sessions.map(({ record }) => record))
  readonly rules = this.work.all
  state: GateState
  /** Newest last. */
  readonly sessions: { readonly record: SessionRecord; readonly role: Role }[] = []
  readonly mails: PracticeMail[] = []
  readonly notices = new NoticesDouble(() => this.sessions.map(({ record, role }) => detailOf(record, role)))
  /** Clients whose DNS is in order by now; how long a check takes, ms. */
  readonly checks = { repaired: new Set<string>(), ms: 0 }
  #n = 0
  #open = new Map<string, { record: SessionRecord; role: Role }>()
  #streams = new Set<{ queue: Live[]; missed: number; wake: Wake }>()
  #watchers = new Set<Wake>()
  #server = createServer()
  #sockets = new WebSocketServer({ noServer: true })
  #port: number
  #keep: number
  #timers = new Set<ReturnType<typeof setInterval>>()
  #settings = settingsFile()
  denied = false
  readonly reports = { fails: false, uncounted: 0 }
  /** What the registry says of every address. */
  network: NetworkOf = { known: false, why: 'RDAP is not set up' }

  constructor(options: ConsoleGateOptions = {}) {
    this.#port = options.port ?? 0
    this.#keep = options.keep ?? Infinity
    const { history = 0, spacing = 4000 } = options
    const start = Date.now() - history * spacing
    for (let n = 0; n < history; n += 1) this.finish(start + n * spacing, undefined, false)
    for (let n = 0; n < (options.rules ?? 0); n += 1) this.rules.push(sampleRule(n))
    this.state = sampleState(options.practice ?? false)
    this.#listenRoutes()
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}/`
  }

  async start(): Promise<void> {
    await this.notices.open()
    await new Promise<void>((resolve) => this.#server.listen(this.#port, '127.0.0.1', resolve))
    this.#port = (this.#server.address() as AddressInfo).port
  }

  /** Goes away as a crashed gate does; `start` brings it back on the same port. */
  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer)
    this.#timers.clear()
    for (const socket of this.#sockets.clients) socket.terminate()
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
    this.#settings.close()
  }

  /** A session ends now (or at `at`); told to the consoles if `tell`. */
  finish(at = Date.now(), role?: Role, tell = true): SessionRecord {
    const n = this.#n
    this.#n += 1
    const chosen = role ?? roleOf(n)
    const record = sessionOf(n, at, chosen)
    this.sessions.push({ record, role: chosen })
    if (this.sessions.length > this.#keep * 2) this.sessions.splice(0, this.sessions.length - this.#keep)
    if (tell) this.#tell({ ...record, open: false })
    return record
  }

  /** A session begins and stays open until `close`. */
  open(role: Role): SessionRecord {
    const n = this.#n
    this.#n += 1
    const record = sessionOf(n, Date.now(), role)
    this.#open.set(record.id, { record, role })
    this.#tell({ ...record, disposition: 'aborted', reply: null, open: true })
    return record
  }

  close(id: string): void {
    const entry = this.#open.get(id)
    if (entry === undefined) throw new Error(`no open session ${id}`)
    this.#open.delete(id)
    this.sessions.push(entry)
    this.#tell({ ...entry.record, open: false })
  }

  /** So many sessions a second, in batches of 50 ms, until the returned function is called. */
  burst(perSecond: number): () => void {
    let due = 0
    const timer = setInterval(() => {
      due += perSecond / 20
      for (; due >= 1; due -= 1) this.finish()
    }, 50)
    this.#timers.add(timer)
    return () => clearInterval(timer)
  }

  patch(change: Partial<GateState>): void {
    this.state = { ...this.state, ...change }
    for (const wake of this.#watchers) wake()
  }

  /** Leaves out what every console should have got, as the gate does for a slow one. */
  skip(count: number): void {
    for (let n = 0; n < count; n += 1) this.finish(Date.now(), undefined, false)
    for (const stream of this.#streams) {
      stream.missed += count
      stream.wake()
    }
  }

  #tell(session: Live): void {
    for (const stream of this.#streams) {
      stream.queue.push(session)
      stream.wake()
    }
  }

  #listenRoutes(): void {
    this.#server.on('request', (request, response) => {
      if (this.denied) response.writeHead(403).end()
      else void serveFile(request, response)
    })
    const handler = new RPCHandler(this.#router())
    this.#server.on('upgrade', (request, socket, head) => {
      if (this.denied || new URL(request.url ?? '/', this.url).pathname !== '/ws') {
        socket.destroy()
        return
      }
      this.#sockets.handleUpgrade(request, socket, head, (ws) => void handler.upgrade(ws))
    })
  }

  #senders() {
    const os = implement(api).senders
    const double = sendersDouble({
      entries: () => this.sessions.map(({ record, role }) => detailOf(record, role)),
      rules: () => this.rules,
      notices: this.notices,
      detail: ({ session }) => detailOf(session, this.sessions.find(({ record }) => record.id === session.id)?.role ?? CAST[0]!),
    })
    return { list: os.list.handler(({ input }) => double.list(input)), get: os.get.handler(({ input }) => double.get(input)) }
  }

  #router() {
    const os = implement(api)
    return os.router({
      state: { get: os.state.get.handler(() => this.state), watch: os.state.watch.handler(({ signal }) => this.#watch(signal)) },
      sessions: {
        list: os.sessions.list.handler(({ input }) => this.#list(input)),
        get: os.sessions.get.handler(({ input }) => {
          const entry = this.sessions.find(({ record }) => record.id === input.id)
          return entry === undefined ? null : detailOf(entry.record, entry.role)
        }),
        log: os.sessions.log.handler(() => []),
        live: os.sessions.live.handler(({ signal }) => this.#stream(signal)),
      },
      rules: {
        list: os.rules.list.handler(() => this.rules),
        add: os.rules.add.handler(({ input }) => this.work.add(input)),
        remove: os.rules.remove.handler(({ input }) => this.work.remove(input.kind, input.scope)),
        preview: os.rules.preview.handler(({ input }) => this.work.impact(input.kind, input.scope)),
        suggestions: os.rules.suggestions.handler(() => this.work.suggestions().open),
        import: os.rules.import.handler(({ input }) => this.work.import(input.rules)), export: os.rules.export.handler(() => ({ text: '' })),
      },
      doctor: doctorDouble(),
      ruleWork: {
        watch: os.ruleWork.watch.handler(({ signal }) => this.work.watch(signal ?? new AbortController().signal)),
        edit: os.ruleWork.edit.handler(({ input }) => this.work.edit(input)),
        lift: os.ruleWork.lift.handler(({ input }) => this.work.lift(input.rules)),
        restore: os.ruleWork.restore.handler(({ input }) => this.work.restore(input.rules)),
        impact: os.ruleWork.impact.handler(({ input }) => this.work.impact(input.kind, input.scope)),
        goodSenders: os.ruleWork.goodSenders.handler(() => this.work.goodSenders()),
        suggestions: os.ruleWork.suggestions.handler(() => this.work.suggestions()),
        dismiss: os.ruleWork.dismiss.handler(({ input }) => this.work.dismiss(input.kind, input.scope, input.dismissed)),
      },
      mode: {
        set: os.mode.set.handler(({ input }) => {
          this.calls.push(`mode ${input.mode} ${input.forMs}`)
          const returns = input.forMs !== null && input.mode !== this.state.modeAfter
          this.patch({ mode: input.mode, ...(input.forMs === null ? { modeAfter: input.mode } : {}), modeUntil: returns ? new Date(Date.now() + (input.forMs ?? 0)).toISOString() : null })
          return { ok: true, returns }
        }),
      },
      pause: {
        begin: os.pause.begin.handler(({ input }) => this.#setPause(new Date(Date.now() + input.forMs).toISOString())),
        end: os.pause.end.handler(() => this.#setPause(null)),
      },
      ...liveRoutes(this),
      check: os.check.handler(() => NOT_HERE), checks: checkRoutes(this.#settings.settings), backup: os.backup.handler(() => NOT_HERE),
      whatIf: { ...whatIfDouble(), run: whatIfRunDouble(this) }, goLive: goLiveDouble(),
      rulestats: { history: os.rulestats.history.handler(({ input }) => historyOf(input)) },
      senders: this.#senders(),
      notices: this.notices.routes(),
      submissionPassword: passwordDouble(),
      ...reportsDouble(this),
      settings: settingsRoutes(this.#settings),
      network: { of: os.network.of.handler(() => this.network) },
      practice: {
        play: os.practice.play.handler(() => this.#play()),
        mailbox: os.practice.mailbox.handler(() => this.mails),
        message: os.practice.message.handler(({ input }) =>
          this.mails.some((mail) => mail.file === input.file) ? { text: `From: anna@acme.example\r\nTo: joe@shop.example\r\nSubject: Offer\r\n\r\nGood morning, <b>${input.file}</b>\r\n` } : null),
      },
    })
  }

  #setPause(until: string | null) {
    this.calls.push(until === null ? 'pause ended' : 'paused')
    this.patch({ pausedUntil: until })
    return { ok: true as const, until }
  }

  async *#watch(signal: AbortSignal | undefined): AsyncGenerator<GateState> {
    while (signal?.aborted !== true) {
      yield this.state
      await this.#pause(signal, (wake) => this.#watchers.add(wake), (wake) => this.#watchers.delete(wake))
    }
  }

  async *#stream(signal: AbortSignal | undefined): AsyncGenerator<LiveBatch> {
    const stream = { queue: [...this.#open.values()].map(({ record }): Live => ({ ...record, open: true })), missed: 0, wake: nobody }
    this.#streams.add(stream)
    try {
      while (signal?.aborted !== true) {
        const batch = { sessions: stream.queue, missed: stream.missed }
        stream.queue = []
        stream.missed = 0
        yield batch
        if (stream.queue.length === 0) await this.#pause(signal, (wake) => (stream.wake = wake), () => (stream.wake = nobody))
      }
    } finally {
      this.#streams.delete(stream)
    }
  }

  async #pause(signal: AbortSignal | undefined, enter: (wake: Wake) => void, leave: (wake: Wake) => void): Promise<void> {
    await new Promise<void>((resolve) => {
      const wake = () => {
        leave(wake)
        signal?.removeEventListener('abort', wake)
        resolve()
      }
      signal?.addEventListener('abort', wake)
      enter(wake)
    })
  }

  #list(input: { client?: string; name?: string; disposition?: string; text?: string; before?: string; limit: number }): SessionRecord[] {
    const network = input.client === undefined ? null : parseNetwork(input.client)
    const found: SessionRecord[] = []
    const from = input.before === undefined ? this.sessions.length : this.sessions.findIndex(({ record }) => record.id === input.before)
    for (let index = from - 1; index >= 0 && found.length < input.limit; index -= 1) {
      const { record } = this.sessions[index]!
      const names = [record.ehlo, ...record.ptrNames].filter((name) => name !== null)
      const everything = [record.client, record.id, ...names, record.sender ?? '', ...record.recipients].join(' ').toLowerCase()
      if (input.disposition !== undefined && record.disposition !== input.disposition) continue
      if (network !== null && !contains(network, parseAddress(record.client)!)) continue
      if (input.name !== undefined && !names.some((name) => name === input.name || name.endsWith(`.${input.name}`))) continue
      if (input.text !== undefined && !everything.includes(input.text.toLowerCase())) continue
      found.push(record)
    }
    return found
  }

  #play() {
    if (!this.state.practice) return { ok: false as const, problem: 'The sample senders play in practice mode only.' }
    for (const role of CAST) this.finish(Date.now(), role)
    this.mails.unshift({ file: `${this.mails.length + 1}.eml`, at: new Date().toISOString(), from: 'anna@acme.example', to: ['joe@shop.example'], subject: 'Offer <script>', bytes: 4100 })
    return { ok: true as const }
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({ options: { port: { type: 'string', default: '8600' }, rate: { type: 'string', default: '3' }, history: { type: 'string', default: '2000' }, rules: { type: 'string', default: '60' }, practice: { type: 'boolean', default: false } } })
  const gate = new ConsoleGate({ port: Number(values.port), history: Number(values.history), rules: Number(values.rules), practice: values.practice })
  await gate.start()
  gate.burst(Number(values.rate))
  console.log(gate.url)
}
