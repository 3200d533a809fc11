/** Writing answers: every one carries the security headers, its length, and no CORS permission. */
import type { ServerResponse } from 'node:http'
import { PLAIN_PAGE_POLICY, SECURITY_HEADERS, contentSecurityPolicy } from './headers.ts'

export function answer(response: ServerResponse, status: number, headers: Readonly<Record<string, string>>, body: string | Buffer): void {
  if (response.headersSent || response.destroyed) return
  const bytes = typeof body === 'string' ? Buffer.from(body) : body
  // By then the host is known to be ours (access.ts); older browsers do not count WebSockets as 'self'.
  const host = response.req.headers.host ?? ''
  response.writeHead(status, {
    ...SECURITY_HEADERS,
    'content-security-policy': contentSecurityPolicy(/^[\w.:[\]-]+$/.test(host) ? `ws://${host}` : ''),
    ...(status === 304 ? {} : { 'content-length': String(bytes.length) }),
    ...(status >= 400 ? { 'cache-control': 'no-store' } : {}),
    // What a refused request still sends is not waited for.
    ...(status >= 400 && !response.req.complete ? { connection: 'close' } : {}),
    ...headers,
  })
  response.end(response.req.method === 'HEAD' ? undefined : bytes)
}

export function answerText(response: ServerResponse, status: number, text: string): void {
  answer(response, status, { 'content-type': 'text/plain; charset=utf-8' }, text)
}

/** One of the plain pages; the console's own document is a file and goes through `answer`. */
export function answerHtml(response: ServerResponse, status: number, html: string): void {
  answer(response, status, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': PLAIN_PAGE_POLICY }, html)
}
