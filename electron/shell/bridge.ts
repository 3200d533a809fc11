/**
 * The window's page and a gate that runs elsewhere (the service): what the page says over its message port goes over a WebSocket
 * to that gate's console, and back, unread. The token stays in this process; the page never learns it.
 */
import WebSocket from 'ws'
import type { Announcement } from '../console/announce.ts'
import { MAX_MESSAGE } from '../console/peer.ts'
import type { Channel, Peer, Peers } from '../console/peer.ts'

const HANDSHAKE_MS = 10_000
/** What the gate sends in one message at most: a list of many sessions has some megabytes. */
const MAX_ANSWER = 64 * 1024 * 1024
/** What a page may say before the line is there, and what may wait for a gate that does not read. */
const MAX_WAITING = 100
const MAX_BUFFERED = 8 * 1024 * 1024

export function bridgeTo({ url, token }: Announcement): Peers {
  return { open: (channel) => openBridge(new URL('/ws', url.replace(/^http/, 'ws')), token, channel) }
}

function openBridge(address: URL, token: string, channel: Channel): Peer {
  const socket = new WebSocket(address, { headers: { authorization: `Bearer ${token}` }, handshakeTimeout: HANDSHAKE_MS, perMessageDeflate: false, maxPayload: MAX_ANSWER, followRedirects: false })
  const waiting: string[] = []
  let over = false
  const end = () => {
    if (over) return
    over = true
    socket.terminate()
    channel.hangUp()
  }
  socket.on('open', () => {
    for (const message of waiting.splice(0)) socket.send(message)
  })
  socket.on('message', (data: Buffer, binary) => {
    if (!over) void channel.send(binary ? new Uint8Array(data) : data.toString('utf8'))
  })
  socket.on('close', end)
  socket.on('error', end)
  return {
    message(data) {
      if (over || typeof data !== 'string' || data.length > MAX_MESSAGE) return
      if (socket.readyState === WebSocket.OPEN) {
        if (socket.bufferedAmount > MAX_BUFFERED) return end()
        socket.send(data)
      } else if (waiting.push(data) > MAX_WAITING) end()
    },
    close() {
      over = true
      socket.terminate()
    },
  }
}
