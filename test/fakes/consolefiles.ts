/** The built console (dist/renderer) as the real server hands it out: under the same content policy. */
import { readFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'

export const CSP = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

const TYPES: Record<string, string> = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' }

/** The built console under the headers of the real server; anything else is 404. */
export async function serveFile(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname } = new URL(request.url ?? '/', 'http://console')
  const path = normalize(pathname === '/' ? '/index.html' : pathname)
  try {
    const body = await readFile(join(fileURLToPath(new URL('../../dist/renderer', import.meta.url)), path))
    response.writeHead(200, { 'Content-Type': TYPES[extname(path)] ?? 'application/octet-stream', 'Content-Security-Policy': CSP }).end(body)
  } catch {
    response.writeHead(404).end()
  }
}
