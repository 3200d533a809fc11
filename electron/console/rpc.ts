/**
 * The API over plain HTTP, for the command line: POST /rpc/…, with streams as server-sent events. The body is read
 * here, up to its bound, before oRPC sees anything of it.
 */
import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { RPCHandler } from '@orpc/server/fetch'
import type { ConsoleRouter } from './handlers.ts'
import { SECURITY_HEADERS } from './headers.ts'
import { readAtMost } from '../readatmost.ts'
import { answerText } from './respond.ts'
import { MAX_MESSAGE } from './peer.ts'

export interface Rpc {
  serve(request: IncomingMessage, response: ServerResponse): Promise<void>
}

export function createRpc(router: ConsoleRouter, onError: (error: unknown) => void): Rpc {
  const handler = new RPCHandler<Record<never, never>>(router)
  return {
    async serve(request, response) {
      if (request.method !== 'POST') return answerText(response, 405, 'The API is called by POST.\n')
      const body = await readBody(request)
      if (body === null) return answerText(response, 413, `A call may have ${MAX_MESSAGE} octets.\n`)
      const gone = new AbortController()
      response.on('close', () => gone.abort())
      const call = new Request(`http://console.invalid${request.url ?? '/'}`, {
        method: 'POST',
        headers: { 'content-type': request.headers['content-type'] ?? 'application/json' },
        body,
        signal: gone.signal,
      })
      const result = await handler.handle(call, { prefix: '/rpc', context: {} })
      if (!result.matched) return answerText(response, 404, 'There is no such call.\n')
      await send(result.response, response, gone.signal).catch(onError)
    },
  }
}

/** Null if it is longer than a call may be; the rest is then not read. */
async function readBody(request: IncomingMessage): Promise<Uint8Array<ArrayBuffer> | null> {
  if (Number(request.headers['content-length'] ?? 0) > MAX_MESSAGE) return null
  const body = await readAtMost(request.iterator({ destroyOnReturn: false }), MAX_MESSAGE).catch(() => null)
  return body === null ? null : new Uint8Array(body)
}

async function send(from: Response, to: ServerResponse, gone: AbortSignal): Promise<void> {
  to.writeHead(from.status, { ...SECURITY_HEADERS, 'cache-control': 'no-store', 'content-type': from.headers.get('content-type') ?? 'application/json' })
  // A stream of events must show its head before its first event.
  to.flushHeaders()
  if (from.body !== null) {
    const reader = from.body.getReader()
    gone.addEventListener('abort', () => void reader.cancel().catch(() => undefined))
    for (let part = await reader.read(); !part.done && !gone.aborted; part = await reader.read()) {
      if (!to.write(part.value)) await once(to, 'drain', { signal: gone }).catch(() => undefined)
    }
  }
  to.end()
}
