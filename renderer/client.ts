/**
 * The line to the gate: the typed API over a WebSocket of the page's own origin, or over a MessagePort when the page
 * runs in the desktop window. It comes back by itself with growing pauses and always knows since when it is blind.
 */
import { createORPCClient } from '@orpc/client'
import { RPCLink as PortLink } from '@orpc/client/message-port'
import { RPCLink as SocketLink } from '@orpc/client/websocket'
import type { ContractRouterClient } from '@orpc/contract'
import type { api } from '../shared/api.ts'
import { Observed } from './store/observed.ts'

export type Api = ContractRouterClient<typeof api>

/** Times in ms since 1970. `refused`: the gate is there, but does not know this browser (any more). */
export type LineState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'up'; readonly since: number }
  | { readonly kind: 'blind'; readonly since: number; readonly retryAt: number }
  | { readonly kind: 'refused'; readonly since: number }

/** One opened transport; `closed` settles when it is gone. */
interface Transport {
  readonly api: Api
  readonly closed: Promise<void>
  close(): void
}

/** Work that lives as long as one connection: started at each, told by the signal when it ends. */
export type Task = (api: Api, signal: AbortSignal) => Promise<void>

const HEARTBEAT_MS = 15_000
const ANSWER_WITHIN_MS = 10_000
const PAUSES_MS = [300, 1000, 2000, 5000, 10_000, 15_000]

export class Line extends Observed {
  #state: LineState = { kind: 'connecting' }
  #tasks: Task[] = []
  #api: Api | null = null
  #wake: (() => void) | null = null
  #stopped = false
  /** Wished while no pause was under way: the next one is left out. */
  #hasty = false
  /** Gives up the attempt under way, which may be to a gate that is gone. */
  #nudge: (() => void) | null = null
  /** While the line is up. */
  #transport: Transport | null = null

  /** Registers work for every connection to come; call before `start`. */
  whileUp(task: Task): void {
    this.#tasks.push(task)
  }

  start(): void {
    void this.#run()
  }

  stop(): void {
    this.#stopped = true
    this.#wake?.()
  }

  /** Tries at once instead of at the end of the pause. */
  retryNow(): void {
    if (this.#wake !== null) return this.#wake()
    this.#hasty = this.#api === null
    this.#nudge?.()
  }

  /** There is another gate now: a line to the one before, of which nothing says that it is gone, is given up. */
  renew(): void {
    if (this.#transport === null) return this.retryNow()
    this.#hasty = true
    this.#transport.close()
  }

  readonly state = (): LineState => this.#state

  /** Null while there is no connection. */
  api(): Api | null {
    return this.#api
  }

  async #run(): Promise<void> {
    let failures = 0
    let blindSince = Date.now()
    while (!this.#stopped) {
      const transport = await open()
      if (transport !== null && (await this.#isAlive(transport))) {
        failures = 0
        this.#set({ kind: 'up', since: Date.now() })
        await this.#serve(transport)
        blindSince = Date.now()
      } else {
        transport?.close()
        failures += 1
      }
      if (this.#stopped) return
      const pause = PAUSES_MS[Math.min(failures, PAUSES_MS.length - 1)] ?? 1000
      this.#set((await isRefused()) ? { kind: 'refused', since: blindSince } : { kind: 'blind', since: blindSince, retryAt: Date.now() + pause })
      await this.#pause(pause)
    }
  }

  /** A port whose other end is gone never answers: it is not waited for. */
  async #isAlive({ api, closed }: Transport): Promise<boolean> {
    const nudged = new Promise<false>((resolve) => (this.#nudge = () => resolve(false)))
    const alive = await Promise.race([answers(api), closed.then(() => false), nudged])
    this.#nudge = null
    return alive
  }

  async #serve(transport: Transport): Promise<void> {
    const ended = new AbortController()
    this.#api = transport.api
    this.#transport = transport
    for (const task of this.#tasks) {
      // A task that fails takes the connection with it: starting anew is the one way back that is always right.
      task(transport.api, ended.signal).catch(() => transport.close())
    }
    const heartbeat = setInterval(() => {
      void answers(transport.api).then((alive) => {
        if (!alive) transport.close()
      })
    }, HEARTBEAT_MS)
    await transport.closed
    clearInterval(heartbeat)
    this.#api = null
    this.#transport = null
    ended.abort()
  }

  #set(state: LineState): void {
    this.#state = state
    this.changed()
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const over = () => {
        clearTimeout(timer)
        this.#wake = null
        resolve()
      }
      const timer = setTimeout(over, this.#hasty ? 0 : ms)
      this.#hasty = false
      this.#wake = over
    })
  }
}

/** In the desktop window: no web origin, or told so. */
export function isDesktop(): boolean {
  return !location.protocol.startsWith('http') || navigator.userAgent.includes('Electron/') || new URLSearchParams(location.search).get('link') === 'port'
}

/** In the desktop window the preload hands over a port; anywhere else there is a WebSocket. */
function open(): Promise<Transport | null> {
  return isDesktop() ? openPort() : openSocket()
}

function openSocket(): Promise<Transport | null> {
  const url = new URL('ws', location.href)
  url.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:'
  url.search = ''
  url.hash = ''
  const websocket = new WebSocket(url)
  const closed = new Promise<void>((resolve) => websocket.addEventListener('close', () => resolve(), { once: true }))
  const link = new SocketLink({ websocket: quiet(websocket) })
  return new Promise((resolve) => {
    websocket.addEventListener('open', () => resolve({ api: createORPCClient(link), closed, close: () => websocket.close() }), { once: true })
    void closed.then(() => resolve(null))
  })
}

/** oRPC cancels its streams when the line breaks, over the broken line, and leaves the failure unhandled: those words are dropped. */
function quiet(websocket: WebSocket): Pick<WebSocket, 'addEventListener' | 'removeEventListener' | 'send' | 'readyState'> {
  return {
    addEventListener: websocket.addEventListener.bind(websocket),
    removeEventListener: websocket.removeEventListener.bind(websocket),
    get readyState() {
      return websocket.readyState === WebSocket.CONNECTING ? WebSocket.CONNECTING : WebSocket.OPEN
    },
    send: (data: Parameters<WebSocket['send']>[0]) => {
      if (websocket.readyState === WebSocket.OPEN) websocket.send(data)
    },
  }
}

async function openPort(): Promise<Transport | null> {
  const port = await askForPort('porch:want-port', 'porch:port')
  return port === null ? null : overPort(port)
}

/** Asks the preload for a message port; null if there is none who answers. */
export function askForPort(wish: string, answer: string): Promise<MessagePort | null> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => settle(null), ANSWER_WITHIN_MS)
    const onMessage = (event: MessageEvent<unknown>) => {
      const port = event.ports[0]
      if (event.source !== window || event.data !== answer || port === undefined) return
      settle(port)
    }
    const settle = (port: MessagePort | null) => {
      clearTimeout(timer)
      window.removeEventListener('message', onMessage)
      resolve(port)
    }
    window.addEventListener('message', onMessage)
    window.postMessage(wish, '*')
  })
}

function overPort(port: MessagePort): Transport {
  const { promise: closed, resolve: settled } = Promise.withResolvers<void>()
  port.addEventListener('close', () => settled())
  const link = new PortLink({ port })
  port.start()
  const close = () => {
    port.close()
    settled()
  }
  return { api: createORPCClient(link), closed, close }
}

/** Whether the gate answers in time; a connection that opens and then says nothing is no connection. */
async function answers(api: Api): Promise<boolean> {
  const signal = AbortSignal.timeout(ANSWER_WITHIN_MS)
  try {
    await api.state.get(undefined, { signal })
    return true
  } catch {
    return false
  }
}

/** A refused WebSocket looks like a dead gate; asking for the page tells them apart. */
async function isRefused(): Promise<boolean> {
  if (!location.protocol.startsWith('http')) return false
  try {
    const reply = await fetch(location.pathname, { method: 'HEAD', cache: 'no-store', signal: AbortSignal.timeout(2000) })
    return reply.status === 401 || reply.status === 403
  } catch {
    return false
  }
}
