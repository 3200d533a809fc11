/**
 * One JSON document over HTTP, with every bound that a stranger's server needs: time, size, redirects, and our own pace. A server that
 * asks us to wait (429, Retry-After) is not asked again before. Promises: never rejects; nothing secret is sent, nothing but JSON is read.
 */
import { parseAddress } from '../../shared/net/ip.ts'
import { isLoopback } from '../../shared/net/parse.ts'
import { visibleText } from '../../shared/net/safetext.ts'
import type { Clock } from '../ports.ts'
import { VERSION } from '../version.ts'

/** `missing`: the server knows that there is no such thing (404). */
export type Fetched = { readonly kind: 'json'; readonly json: unknown } | { readonly kind: 'missing' } | { readonly kind: 'failed'; readonly why: string }

export interface Fetcher {
  /** `base`: where the admin's or IANA's word came from; what may be followed from there depends on it. */
  get(url: string, options: { readonly base: string; readonly maxBytes: number }): Promise<Fetched>
  close(): void
}

const REQUEST_MS = 10_000
const MAX_REDIRECTS = 5
/** Between the starts of two requests to one server. */
const PACE_MS = 200
const MAX_WAITING = 50
/** A wait this long is worth having, once; a longer one is told instead. */
const PATIENT_MS = 3000
/** When a server refuses for too many requests without saying for how long. */
const BACK_OFF_MS = 60_000
const MAX_BACK_OFF_MS = 3_600_000
const MAX_ORIGINS = 500

interface Pace {
  /** Monotonic ms. */
  nextAt: number
  /** The server said so. */
  blockedUntil: number
  waiting: number
}

export function createFetcher(clock: Clock, requestMs = REQUEST_MS): Fetcher {
  const paces = new Map<string, Pace>()
  const closing = new AbortController()

  const paceOf = (origin: string): Pace => {
    const known = paces.get(origin) ?? { nextAt: 0, blockedUntil: 0, waiting: 0 }
    paces.delete(origin)
    paces.set(origin, known)
    if (paces.size > MAX_ORIGINS) for (const oldest of paces.keys()) { paces.delete(oldest); break }
    return known
  }
  /** Waits for this server's turn; a reason if it is too far away. */
  const turn = async (url: URL): Promise<string | null> => {
    const pace = paceOf(url.origin)
    const now = clock.monotonic()
    const at = Math.max(now, pace.nextAt, pace.blockedUntil)
    if (pace.blockedUntil > now + PATIENT_MS) return `${url.host} asks not to be asked again for ${seconds(pace.blockedUntil - now)}`
    if (pace.waiting >= MAX_WAITING) return `too many questions to ${url.host} are waiting`
    pace.nextAt = at + PACE_MS
    if (at > now) {
      pace.waiting += 1
      await pause(at - now, closing.signal)
      pace.waiting -= 1
    }
    return closing.signal.aborted ? 'the gate is stopping' : null
  }

  const request = async (url: URL, maxBytes: number): Promise<Fetched | { readonly kind: 'redirect'; readonly to: string } | { readonly kind: 'busy' }> => {
    const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(requestMs)])
    try {
      const response = await fetch(url, { redirect: 'manual', signal, headers: { accept: 'application/rdap+json, application/json;q=0.9', 'user-agent': `porch/${VERSION}` } })
      const answer = await readResponse(response, url, maxBytes)
      if (answer.kind === 'busy') paceOf(url.origin).blockedUntil = clock.monotonic() + retryAfter(response.headers.get('retry-after'), clock.now())
      return answer
    } catch (error) {
      return { kind: 'failed', why: closing.signal.aborted ? 'the gate is stopping' : `${url.host} ${signal.aborted ? `gave no answer within ${seconds(requestMs)}` : `cannot be reached (${reasonOf(error)})`}` }
    }
  }

  return {
    async get(from, { base, maxBytes }) {
      let url = URL.parse(from)
      let busy = 0
      for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
        const refused = url === null ? 'the registry’s address cannot be read' : refusal(url, base)
        if (url === null || refused !== null) return { kind: 'failed', why: refused ?? '' }
        const late = await turn(url)
        if (late !== null) return { kind: 'failed', why: late }
        const answer = await request(url, maxBytes)
        switch (answer.kind) {
          case 'redirect': {
            const next = URL.parse(answer.to, url.href)
            if (next !== null && isDowngrade(url, next)) return { kind: 'failed', why: `${url.host} leads from https to plain http` }
            url = next
            break
          }
          case 'busy':
            // Once more, if the wait is short; else `turn` says how long it is.
            busy += 1
            if (busy > 1) return { kind: 'failed', why: `${url.host} says that it is asked too often` }
            break
          case 'json':
          case 'missing':
          case 'failed':
            return answer
        }
      }
      return { kind: 'failed', why: 'the registry leads round in circles (too many redirects)' }
    },
    close: () => closing.abort(),
  }
}

async function readResponse(response: Response, url: URL, maxBytes: number): Promise<Fetched | { readonly kind: 'redirect'; readonly to: string } | { readonly kind: 'busy' }> {
  const { status } = response
  const location = response.headers.get('location')
  if (status === 200) return readJson(response, url, maxBytes)
  await response.body?.cancel()
  if (status >= 300 && status < 400 && location !== null) return { kind: 'redirect', to: location }
  if (status === 429 || (status === 503 && response.headers.has('retry-after'))) return { kind: 'busy' }
  if (status === 404) return { kind: 'missing' }
  return { kind: 'failed', why: `${url.host} answers with HTTP status ${status}` }
}

async function readJson(response: Response, url: URL, maxBytes: number): Promise<Fetched> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += part.length
    // Leaving the loop cancels the rest.
    if (size > maxBytes) return { kind: 'failed', why: `${url.host} answers with more than ${Math.round(maxBytes / 1024)} KiB` }
    parts.push(part)
  }
  try {
    return { kind: 'json', json: JSON.parse(Buffer.concat(parts).toString('utf8')) as unknown }
  } catch {
    return { kind: 'failed', why: `${url.host} answers with something that is not JSON` }
  }
}

/** Why this address may not be asked; null if it may. Plain http only where the admin named plain http, or on loopback; loopback only from loopback. */
function refusal(url: URL, base: string): string | null {
  const root = URL.parse(base)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return `${visibleText(url.protocol, 20)} is no way to ask a registry`
  if (url.username !== '' || url.password !== '') return 'the registry’s address holds a password'
  if (isLocal(url)) return root !== null && isLocal(root) ? null : `${url.host} is this machine, and no registry`
  return url.protocol === 'https:' || root?.protocol === 'http:' ? null : `${url.host} is offered over plain http only`
}

function isDowngrade(from: URL, to: URL): boolean {
  return from.protocol === 'https:' && to.protocol === 'http:' && !isLocal(to)
}

function isLocal(url: URL): boolean {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  return host === 'localhost' || host.endsWith('.localhost') || isLoopback(host) || parseAddress(host)?.text === '0.0.0.0' || parseAddress(host)?.text === '::'
}

/** Seconds or a date (RFC 9110 §10.2.3), in ms from now, bounded. */
function retryAfter(header: string | null, now: number): number {
  const text = header?.trim() ?? ''
  const ms = /^\d{1,9}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now
  return Number.isNaN(ms) ? BACK_OFF_MS : Math.min(Math.max(ms, 0), MAX_BACK_OFF_MS)
}

function seconds(ms: number): string {
  return ms >= 120_000 ? `${Math.ceil(ms / 60_000)} minutes` : `${Math.ceil(ms / 1000)} s`
}

/** `fetch` hides the reason one level down. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  const code = cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : null
  return visibleText(code ?? (cause instanceof Error ? cause.message : String(cause)), 120)
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done)
  })
}
