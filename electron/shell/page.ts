/**
 * The console's page inside the window, under a scheme of its own: porch://console/. It has a real origin, so that the
 * content security policy and the checks of who is speaking mean something; nothing else is reachable under it.
 */
import type { Protocol } from 'electron'
import { readTarget } from '../console/access.ts'
import type { PageFiles } from '../console/files.ts'
import { PLAIN_PAGE_POLICY, SECURITY_HEADERS, contentSecurityPolicy } from '../console/headers.ts'
import { plainPage } from '../console/pages.ts'

const SCHEME = 'porch'
export const ORIGIN = `${SCHEME}://console`
export const START_PAGE = `${ORIGIN}/`

/** Must run before the app is ready. */
export function registerScheme(protocol: Protocol): void {
  protocol.registerSchemesAsPrivileged([{ scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } }])
}

export function servePage(protocol: Protocol, page: PageFiles): void {
  protocol.handle(SCHEME, (request) => respond(request, page))
}

function respond(request: Request, page: PageFiles): Response {
  const url = new URL(request.url)
  const target = url.host === 'console' && request.method === 'GET' ? readTarget(url.pathname) : null
  if (target === null) return html(404, plainPage('There is no such page.'))
  const file = page.find(target.path)
  if (file === null) return html(404, plainPage('The console has not been built: npm run build makes it.'))
  return new Response(new Uint8Array(file.body), { headers: headersFor(file.type) })
}

function html(status: number, text: string): Response {
  return new Response(text, { status, headers: { ...headersFor('text/html; charset=utf-8'), 'content-security-policy': PLAIN_PAGE_POLICY } })
}

function headersFor(type: string): Record<string, string> {
  return { ...SECURITY_HEADERS, 'content-security-policy': contentSecurityPolicy(''), 'content-type': type, 'cache-control': 'no-cache' }
}
