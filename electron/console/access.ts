/**
 * Who may speak to the console. Pure: headers in, decision out. A request must be addressed to this very server (Host:
 * a name rebound to our address is refused), must not be some other site's doing (Origin, Sec-Fetch-Site), and must hold
 * the token: as Bearer, as the cookie it was exchanged for, or once in the address.
 */
import type { IncomingHttpHeaders } from 'node:http'
import { canonicalAddress } from '../../shared/net/ip.ts'
import { endpointText } from '../../shared/net/parse.ts'
import { sameToken } from './token.ts'

/** A path as it is served, or why it is not. */
export type Target = { readonly path: string; readonly query: URLSearchParams } | null

/** Decodes a request target once; null for anything but a plain absolute path. */
export function readTarget(raw: string): Target {
  if (!raw.startsWith('/') || raw.length > 4096) return null
  const at = raw.indexOf('?')
  const encoded = at < 0 ? raw : raw.slice(0, at)
  let path: string
  try {
    path = decodeURIComponent(encoded)
  } catch {
    return null
  }
  // What is still encoded, climbs, or has empty parts is nobody's honest address here.
  if (/[%\\#?]|\p{Cc}|\/\//u.test(path) || path.split('/').some((part) => part === '.' || part === '..')) return null
  return { path, query: new URLSearchParams(at < 0 ? '' : raw.slice(at + 1)) }
}

export interface Door {
  /** The port the server listens on. */
  readonly port: number
  readonly token: string
}

/** `localAddress`: the address on which the connection arrived; it and loopback are the only hosts. */
export function refusesSite(door: Door, headers: IncomingHttpHeaders, localAddress: string, navigation: boolean): 'host' | 'origin' | null {
  const host = headers.host?.toLowerCase() ?? ''
  if (!hostsOf(door.port, localAddress).includes(host)) return 'host'
  if (headers.origin !== undefined && headers.origin.toLowerCase() !== `http://${host}`) return 'origin'
  const site = headers['sec-fetch-site']
  const foreign = site !== undefined && site !== 'same-origin' && site !== 'none'
  return foreign && !navigation ? 'origin' : null
}

/** A browser going to a page as a whole (a link, the address bar): that may come from anywhere, it reads nothing. */
export function isNavigation(method: string, headers: IncomingHttpHeaders): boolean {
  return method === 'GET' && headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document'
}

export function holdsToken(door: Door, headers: IncomingHttpHeaders): boolean {
  const bearer = /^Bearer ([\w-]{1,200})$/i.exec(headers.authorization ?? '')?.[1]
  if (bearer !== undefined) return sameToken(door.token, bearer)
  const cookie = cookieOf(headers.cookie ?? '', cookieName(door.port))
  return cookie !== null && sameToken(door.token, cookie)
}

/** Cookies are not kept apart by port: two gates on one machine need two names. */
export function cookieName(port: number): string {
  return `porch_${port}`
}

export function cookieHeader(door: Door): string {
  return `${cookieName(door.port)}=${door.token}; Path=/; HttpOnly; SameSite=Strict; Max-Age=31536000`
}

function hostsOf(port: number, localAddress: string): readonly string[] {
  const arrived = canonicalAddress(localAddress)
  const names = ['localhost', '127.0.0.1', '::1', ...(arrived === null ? [] : [arrived])]
  const hosts = names.map((name) => endpointText(name, port))
  return port === 80 ? [...hosts, ...hosts.map((host) => host.slice(0, -3))] : hosts
}

function cookieOf(header: string, name: string): string | null {
  for (const pair of header.slice(0, 8192).split(';')) {
    const [key = '', ...value] = pair.trim().split('=')
    if (key === name) return value.join('=')
  }
  return null
}
