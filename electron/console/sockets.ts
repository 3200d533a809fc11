/** The page's WebSockets: bounded in number and message size, pinged, and dropped when they no longer answer. */
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import type { WebSocket } from 'ws'
import type { ConsoleRouter } from './handlers.ts'
import { MAX_MESSAGE, apiPeers } from './peer.ts'

const MAX_SOCKETS = 64
const PING_MS = 20_000
const GOODBYE_MS = 250

export interface Sockets {
  /** The request has passed the door. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void
  close(): void
}

export function createSockets(router: ConsoleRouter): Sockets {
  const server = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE, perMessageDeflate: false, clientTracking: true })
  const peers = apiPeers(router)
  const answered = new WeakSet<WebSocket>()

  const attach = (socket: WebSocket) => {
    const peer = peers.open({ send: (message) => sent(socket, message), hangUp: () => socket.close(1008, 'too many calls at once') })
    answered.add(socket)
    socket.on('pong', () => answered.add(socket))
    socket.on('message', (data: Buffer, binary) => peer.message(binary ? null : data.toString('utf8')))
    socket.on('close', () => peer.close())
    // Too large, not UTF-8, a broken frame: ws closes it with the right code itself.
    socket.on('error', () => undefined)
  }

  const pinging = setInterval(() => {
    for (const socket of server.clients) {
      if (!answered.delete(socket)) socket.terminate()
      else socket.ping()
    }
  }, PING_MS).unref()

  return {
    accept(request, socket, head) {
      if (server.clients.size >= MAX_SOCKETS) {
        socket.end('HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\ncontent-length: 0\r\n\r\n')
        return
      }
      server.handleUpgrade(request, socket, head, attach)
    },
    close() {
      clearInterval(pinging)
      for (const socket of server.clients) socket.close(1001, 'the gate stops')
      // One that does not say goodbye in time must not keep the process.
      setTimeout(() => server.clients.forEach((socket) => socket.terminate()), GOODBYE_MS)
      server.close()
    },
  }
}

/** Settles when the message has left for the network, so that a slow console slows its own streams, or when the socket is gone. */
function sent(socket: WebSocket, message: Parameters<WebSocket['send']>[0]): Promise<void> {
  return new Promise((resolve) => {
    if (socket.readyState === socket.OPEN) socket.send(message, () => resolve())
    else resolve()
  })
}
