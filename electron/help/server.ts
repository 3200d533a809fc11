/**
 * The public help page (POLICY, PRODUCT 3; RELIABILITY's rules for it): the policy, one page per refusal and per ban, and Check
 * again. Anybody may come here, so: nothing is listed, ids cannot be guessed, askers are throttled and everything is bounded, no
 * script, no cookies, and a failure of ours is a page in words. It never slows the gate: what it asks of store and DNS is counted.
 */
import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { JournalEntry } from '../../shared/events.ts'
import { HELP_STYLE, banPage, plainHelpPage, policyPage, refusalPage } from '../../shared/notice/helppage.ts'
import type { HelpRecheck } from '../../shared/notice/helppage.ts'
import { clientScope, parseAddress } from '../../shared/net/ip.ts'
import { endpointText, parseEndpoint } from '../../shared/net/parse.ts'
import type { EffectiveSettings } from '../ports.ts'
import type { BanLinks } from './banlink.ts'
import { createThrottle } from './throttle.ts'
import type { Throttle } from './throttle.ts'
import { hasPage } from '../../shared/notice/heard.ts'
import { readAtMost } from '../readatmost.ts'
import { banView, refusalView, shopOf } from './views.ts'
import type { ViewDeps } from './views.ts'

export interface HelpDeps extends ViewDeps {
  readonly settings: { current(): EffectiveSettings }
  readonly links: Pick<BanLinks, 'open'>
  /** Asks DNS anew, and lets the host in if all is in order. */
  readonly recheck: (entry: JournalEntry) => Promise<HelpRecheck>
  /** The shop's own introduction, plain text; null: ours. */
  readonly words: () => Promise<string | null>
  readonly onError: (error: unknown) => void
}

export interface HelpServer {
  /** "http://127.0.0.1:8080" */
  readonly url: string
  close(): Promise<void>
}

const MAX_CONNECTIONS = 200
/** Lookups in the journal, and checks of DNS, at once. */
const AT_ONCE = 8
const MAX_BODY = 4096
/** Results that are shown again when the page is loaded anew. */
const MAX_KEPT = 1000

const HEADERS = {
  'content-security-policy': "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'x-robots-tag': 'noindex, nofollow',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
}

/** Rejects with one clear line if the address cannot be taken. */
export async function startHelp(listen: string, deps: HelpDeps): Promise<HelpServer> {
  const endpoint = parseEndpoint(listen)
  if (endpoint === null) throw new Error(`helpPage.listen: "${listen}" is not an address with port`)
  const server = createServer({ headersTimeout: 10_000, requestTimeout: 15_000, connectionsCheckingInterval: 2000, keepAliveTimeout: 5000, maxHeaderSize: 8192 })
  server.maxConnections = MAX_CONNECTIONS
  await listening(server, endpoint.host, endpoint.port, listen)
  const help = new Help(deps)
  server.on('error', deps.onError)
  server.on('clientError', (_error, socket) => socket.destroy())
  server.on('request', (request, response) => {
    help.serve(request, response).catch((error: unknown) => {
      deps.onError(error)
      if (response.headersSent) response.destroy()
      else help.plain(response, 500, '', 'Something went wrong here', 'This page could not be made. Please try again later, or call us.')
    })
  })
  return {
    url: `http://${endpointText(endpoint.host, (server.address() as AddressInfo).port)}`,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeAllConnections()
      await closed
    },
  }
}

class Help {
  readonly #deps: HelpDeps
  readonly #pages: Throttle
  readonly #checks: Throttle
  readonly #checksOfOne: Throttle
  readonly #rechecked = new Map<string, HelpRecheck>()
  #busy = 0
  /** Apart from the pages: checks that wait for a slow name server must not keep them from being read. */
  #checking = 0

  constructor(deps: HelpDeps) {
    this.#deps = deps
    const now = () => deps.clock.monotonic()
    this.#pages = createThrottle(60, 1000, now)
    this.#checks = createThrottle(6, 60_000, now)
    this.#checksOfOne = createThrottle(1, 30_000, now)
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = this.#pathOf(request.url ?? '')
    const reads = request.method === 'GET' || request.method === 'HEAD'
    if (path === 'style.css' && reads) return send(response, 200, { 'content-type': 'text/css; charset=utf-8', 'cache-control': 'public, max-age=3600' }, HELP_STYLE)
    if (path === 'robots.txt' && reads) return send(response, 200, { 'content-type': 'text/plain; charset=utf-8' }, 'User-agent: *\nDisallow: /\n')
    const asker = askerOf(request)
    const up = path === null ? '' : '../'.repeat(path.split('/').length - 1)
    const wait = this.#pages.take(asker)
    if (wait > 0) return this.#later(response, up, wait)
    const check = path === null ? null : /^r\/([0-9a-z]{10,40})\/check$/.exec(path)?.[1]
    if (check !== null && check !== undefined && request.method === 'POST') return this.#check(request, response, check, asker, up)
    if (!reads) return this.plain(response, 405, up, 'Not here', 'Only reading works at this address.', { allow: 'GET, HEAD' })
    if (path === '') return html(response, 200, policyPage(shopOf(this.#deps.settings.current()), await this.#deps.words()))
    // The form's own address in the address bar: the page it belongs to.
    if (check !== null && check !== undefined) return send(response, 303, { location: `../${check}` }, '')
    const refusal = path === null ? undefined : /^r\/([0-9a-z]{10,40})$/.exec(path)?.[1]
    if (refusal !== undefined) return this.#bounded(response, up, () => this.#refusal(response, refusal))
    const [, scope, seal] = (path === null ? null : /^b\/([0-9a-f.:-]{2,60})\/([\w-]{16})$/i.exec(path)) ?? []
    if (scope !== undefined && seal !== undefined) return this.#bounded(response, up, () => this.#ban(response, scope, seal))
    this.plain(response, 404, up, 'There is no such page', 'Please take the whole address from the reply of our server.')
  }

  plain(response: ServerResponse, status: number, up: string, title: string, text: string, headers: Readonly<Record<string, string>> = {}): void {
    html(response, status, plainHelpPage(shopOf(this.#deps.settings.current()), up, title, text), headers)
  }

  /** Relative to the page's root, decoded; null for what is no address here. A reverse proxy may leave the path of its own address in front. */
  #pathOf(target: string): string | null {
    const at = target.indexOf('?')
    const raw = at < 0 ? target : target.slice(0, at)
    if (!/^\/[\w./:-]{0,300}$/.test(raw) || raw.includes('//') || raw.includes('/..')) return null
    const base = new URL(this.#deps.settings.current().helpPage?.url ?? 'http://localhost/').pathname.replace(/\/+$/, '')
    const own = base !== '' && (raw === base || raw.startsWith(`${base}/`)) ? raw.slice(base.length) : raw
    const path = own.replace(/^\//, '')
    // Copied out of a bounce with the full stop behind it, or read out on the telephone and typed in capitals.
    return /^r\//i.test(path) ? path.toLowerCase().replace(/\.+$/, '') : path
  }

  async #refusal(response: ServerResponse, id: string): Promise<void> {
    const entry = await this.#entry(id)
    if (entry === null) return this.#unknown(response, '../')
    const settings = this.#deps.settings.current()
    const view = await refusalView(this.#deps, entry, settings, this.#rechecked.get(id) ?? null, this.#checksOfOne.wait(id))
    html(response, 200, refusalPage(shopOf(settings), view))
  }

  async #ban(response: ServerResponse, written: string, seal: string): Promise<void> {
    const scope = this.#deps.links.open(written, seal)
    if (scope === null) return this.plain(response, 404, '../../', 'There is no such page', 'Please take the whole address from the reply of our server.')
    const view = await banView(this.#deps, scope)
    if (view === null) return this.plain(response, 200, '../../', `${scope} is not banned (any more)`, 'Your server may try again at any time.')
    html(response, 200, banPage(shopOf(this.#deps.settings.current()), view))
  }

  async #check(request: IncomingMessage, response: ServerResponse, id: string, asker: string, up: string): Promise<void> {
    if (!(await bodyIsSmall(request))) return this.plain(response, 413, up, 'Too much', 'Nothing needs to be sent to us.', { connection: 'close' })
    const entry = await this.#entry(id)
    if (entry === null) return this.#unknown(response, up)
    // Loaded again, or pressed twice: the result of a moment ago is shown.
    if (this.#checksOfOne.wait(id) === 0) {
      const wait = this.#checks.take(asker)
      if (wait > 0) return this.#later(response, up, wait)
      if (this.#checking >= AT_ONCE) return this.#later(response, up, 5)
      this.#checksOfOne.take(id)
      this.#checking += 1
      try {
        this.#keep(id, await this.#deps.recheck(entry))
      } finally {
        this.#checking -= 1
      }
    }
    send(response, 303, { location: `../${id}`, 'cache-control': 'no-store' }, '')
  }

  async #entry(id: string): Promise<JournalEntry | null> {
    const entry = await this.#deps.store.entry(id)
    return entry !== null && hasPage(entry.session) ? entry : null
  }

  #keep(id: string, result: HelpRecheck): void {
    this.#rechecked.delete(id)
    this.#rechecked.set(id, result)
    if (this.#rechecked.size > MAX_KEPT) this.#rechecked.delete(this.#rechecked.keys().next().value ?? '')
  }

  async #bounded(response: ServerResponse, up: string, work: () => Promise<void>): Promise<void> {
    if (this.#busy >= AT_ONCE) return this.#later(response, up, 5)
    this.#busy += 1
    try {
      await work()
    } finally {
      this.#busy -= 1
    }
  }

  #unknown(response: ServerResponse, up: string): void {
    const { retentionDays } = this.#deps.settings.current()
    this.plain(response, 404, up, 'There is no such refusal', `It may be older than the ${retentionDays} days for which they are kept. Please take the whole address from the reply of our server, or try to send again.`)
  }

  #later(response: ServerResponse, up: string, seconds: number): void {
    this.plain(response, 429, up, 'Please wait a little', `Too much was asked from your address. Try again in ${seconds} s.`, { 'retry-after': String(seconds) })
  }
}

/** One asker: an IPv4 address or an IPv6 /64. A reverse proxy on this machine tells for whom it asks. */
function askerOf(request: IncomingMessage): string {
  const peer = parseAddress(request.socket.remoteAddress ?? '')
  const loopback = peer !== null && (peer.text === '::1' || peer.text.startsWith('127.'))
  const told = loopback ? parseAddress(String(request.headers['x-forwarded-for'] ?? '').split(',').at(-1)?.trim() ?? '') : null
  const address = told ?? peer
  return address === null ? '' : clientScope(address).text
}

function html(response: ServerResponse, status: number, body: string, headers: Readonly<Record<string, string>> = {}): void {
  send(response, status, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store', ...headers }, body)
}

function send(response: ServerResponse, status: number, headers: Readonly<Record<string, string>>, body: string): void {
  if (response.headersSent || response.destroyed) return
  const bytes = Buffer.from(body)
  response.writeHead(status, { ...HEADERS, 'content-length': String(bytes.length), ...headers })
  response.end(response.req.method === 'HEAD' ? undefined : bytes)
}

/** False also for one that breaks off: nobody waits for the answer any more. */
async function bodyIsSmall(request: IncomingMessage): Promise<boolean> {
  return (await readAtMost(request, MAX_BODY).catch(() => null)) !== null
}

function listening(server: Server, host: string, port: number, named: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(new Error(`helpPage.listen: cannot listen on ${named}: ${error.code === 'EADDRINUSE' ? 'the port is taken by another program' : error.message}`))
    })
    server.listen({ host, port }, () => {
      server.removeAllListeners('error')
      resolve()
    })
  })
}
