/**
 * The headless console: one HTTP server, on loopback unless the settings say otherwise, for the page, its WebSocket, the
 * command line (/rpc), /metrics and /healthz. Every request and upgrade passes the same door (access.ts) before anything
 * is looked up; sizes, times and counts are bounded; no request makes it throw.
 */
import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { endpointText, parseEndpoint } from '../../shared/net/parse.ts'
import { cookieHeader, holdsToken, isNavigation, readTarget, refusesSite } from './access.ts'
import type { Door, Target } from './access.ts'
import { readPage } from './files.ts'
import type { PageFiles } from './files.ts'
import type { ConsoleRouter } from './handlers.ts'
import { signInPage, unbuiltPage } from './pages.ts'
import { answer, answerHtml, answerText } from './respond.ts'
import { createRpc } from './rpc.ts'
import type { Rpc } from './rpc.ts'
import { sameToken } from './token.ts'
import { createSockets } from './sockets.ts'

export interface ConsoleOptions {
  /** "address:port"; port 0 takes a free one. */
  readonly listen: string
  /** The built page (dist/renderer). */
  readonly page: string
  readonly token: string
  readonly router: ConsoleRouter
  readonly metrics: () => string
  readonly onError: (error: unknown) => void
  /** How long a request may take to arrive, ms: its head, and twice that for the whole. */
  readonly patienceMs?: number
}

export interface ConsoleServer {
  /** "http://127.0.0.1:8525": for gate.json and the command line. */
  readonly url: string
  /** With the token: what the admin opens. */
  readonly address: string
  readonly metricsAddress: string
  close(): Promise<void>
}

const PATIENCE_MS = 10_000
const KEEP_ALIVE_MS = 10_000
const MAX_CONNECTIONS = 256

/** Rejects with one clear line if the address cannot be taken. */
export async function startConsole(options: ConsoleOptions): Promise<ConsoleServer> {
  const endpoint = parseEndpoint(options.listen)
  if (endpoint === null) throw new Error(`console: "${options.listen}" is not an address with port`)
  const page = await readPage(options.page)
  const patience = options.patienceMs ?? PATIENCE_MS
  const server = createServer({
    headersTimeout: patience, requestTimeout: 2 * patience, connectionsCheckingInterval: patience / 5, keepAliveTimeout: KEEP_ALIVE_MS, maxHeaderSize: 16_384,
  })
  server.maxConnections = MAX_CONNECTIONS
  await listening(server, endpoint.host, endpoint.port, options.listen)
  const { port } = server.address() as AddressInfo
  const door: Door = { port, token: options.token }
  const sockets = createSockets(options.router)
  const rpc = createRpc(options.router, options.onError)
  const served: Served = { door, page, rpc, metrics: options.metrics }

  server.on('error', options.onError)
  server.on('clientError', (_error, socket) => refuseRaw(socket, 400))
  server.on('request', (request, response) => {
    serve(served, request, response).catch((error: unknown) => {
      options.onError(error)
      if (response.headersSent) response.destroy()
      else answerText(response, 500, 'The console failed at this request.\n')
    })
  })
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy())
    const status = upgradeStatus(door, request)
    if (status !== 101) refuseRaw(socket, status)
    else sockets.accept(request, socket, head)
  })

  const host = endpoint.host === '0.0.0.0' ? '127.0.0.1' : endpoint.host === '::' ? '::1' : endpoint.host
  const url = `http://${endpointText(host, port)}`
  return {
    url,
    address: `${url}/?token=${options.token}`,
    metricsAddress: `${url}/metrics?token=${options.token}`,
    async close() {
      sockets.close()
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeAllConnections()
      await closed
    },
  }
}

interface Served {
  readonly door: Door
  readonly page: PageFiles
  readonly rpc: Rpc
  readonly metrics: () => string
}

async function serve({ door, page, rpc, metrics }: Served, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = '', headers } = request
  const navigation = isNavigation(method, headers)
  const site = refusesSite(door, headers, localAddress(request), navigation)
  if (site === 'host') return answerText(response, 403, 'This is not the address of a Porch console.\n')
  if (site === 'origin') return answerText(response, 403, 'Another site may not use this console.\n')
  const target = readTarget(request.url ?? '')
  if (target === null) return answerText(response, 400, 'That is no address here.\n')
  const { path } = target
  const reads = method === 'GET' || method === 'HEAD'
  if (path === '/healthz' && reads) return answerText(response, 200, 'ok\n')
  const inAddress = reads && sameToken(door.token, target.query.get('token') ?? '')
  if (!inAddress && !holdsToken(door, headers)) return refuseToken(response, headers['sec-fetch-site'], navigation)
  if (path === '/rpc' || path.startsWith('/rpc/')) return rpc.serve(request, response)
  if (!reads) return answer(response, 405, { 'content-type': 'text/plain; charset=utf-8', allow: 'GET, HEAD' }, 'Only reading works here.\n')
  if (path === '/metrics') return answer(response, 200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8', 'cache-control': 'no-store' }, metrics())
  if (target.query.has('token')) return exchange(door, target, response)
  return servePage(page, path, request, response)
}

/** The token leaves the address bar and the history, and becomes a cookie that scripts cannot read. */
function exchange(door: Door, target: NonNullable<Target>, response: ServerResponse): void {
  const rest = new URLSearchParams(target.query)
  rest.delete('token')
  const query = rest.toString()
  const location = `${encodeURI(target.path)}${query === '' ? '' : `?${query}`}`
  answer(response, 303, { location, 'set-cookie': cookieHeader(door), 'cache-control': 'no-store' }, '')
}

function refuseToken(response: ServerResponse, site: string | string[] | undefined, navigation: boolean): void {
  answerHtml(response, 401, signInPage(navigation && site === 'cross-site'))
}

function servePage(page: PageFiles, path: string, request: IncomingMessage, response: ServerResponse): void {
  const file = page.find(path)
  if (file === null) {
    if (page.find('/index.html') === null) return answerHtml(response, 503, unbuiltPage())
    return answerText(response, 404, 'There is no such file.\n')
  }
  const caching = { etag: file.etag, 'cache-control': file.immutable ? 'private, max-age=31536000, immutable' : 'no-cache' }
  if (request.headers['if-none-match'] === file.etag) return answer(response, 304, caching, '')
  answer(response, 200, { ...caching, 'content-type': file.type }, file.body)
}

/** 101, or the status to refuse with. A browser always names its Origin when it opens a WebSocket. */
function upgradeStatus(door: Door, request: IncomingMessage): number {
  const site = refusesSite(door, request.headers, localAddress(request), false)
  if (site !== null) return 403
  if (readTarget(request.url ?? '')?.path !== '/ws') return 404
  return holdsToken(door, request.headers) ? 101 : 401
}

const REASONS: Readonly<Record<number, string>> = { 400: 'Bad Request', 401: 'Unauthorized', 403: 'Forbidden', 404: 'Not Found' }

function refuseRaw(socket: Duplex, status: number): void {
  if (socket.writable) socket.end(`HTTP/1.1 ${status} ${REASONS[status] ?? 'Refused'}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`)
  else socket.destroy()
}

function localAddress(request: IncomingMessage): string {
  return request.socket.localAddress ?? ''
}

function listening(server: Server, host: string, port: number, named: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(new Error(`console: cannot listen on ${named}: ${error.code === 'EADDRINUSE' ? 'the port is taken by another program' : error.message}`))
    })
    server.listen({ host, port }, () => {
      server.removeAllListeners('error')
      resolve()
    })
  })
}
