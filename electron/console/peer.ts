/**
 * One console's end of the API over anything that carries messages: a WebSocket, or a message port of the desktop
 * window. Whatever arrives, nothing is thrown: a message that makes no sense is dropped, and a console that floods is
 * hung up on. oRPC's own adapters for both leave a malformed message as an unhandled rejection, hence this small one.
 */
import type { AnyContractRouter } from '@orpc/contract'
import type { Router } from '@orpc/server'
import { RPCHandler } from '@orpc/server/websocket'

/** Larger messages are not read; the contract's largest input has a few kilobytes. */
export const MAX_MESSAGE = 256 * 1024
/** Calls and streams of one console under way at once. */
const MAX_UNDER_WAY = 100

export interface Channel {
  /** Settles when the other end has taken it, so that a slow console slows its own streams only. */
  send(message: string | ArrayBufferLike | Uint8Array): Promise<void>
  hangUp(): void
}

export interface Peer {
  message(data: unknown): void
  /** The channel is gone: ends its streams. */
  close(): void
}

export interface Peers {
  open(channel: Channel): Peer
}

type Handler = RPCHandler<Record<never, never>>
type Socket = Parameters<Handler['message']>[0]

/** `router`: the gate's (handlers.ts), or the desktop's. */
export function apiPeers(router: Router<AnyContractRouter, Record<never, never>>): Peers {
  const handler: Handler = new RPCHandler(router)
  return {
    open(channel) {
      // oRPC only sends through it; what arrives is handed over below.
      const socket = { send: (message: string | ArrayBufferLike) => channel.send(message), addEventListener: () => undefined } as unknown as Socket
      let underWay = 0
      return {
        message(data) {
          if (!isMessage(data)) return
          if (underWay >= MAX_UNDER_WAY) {
            channel.hangUp()
            return
          }
          underWay += 1
          handler
            .message(socket, data, { context: {} })
            .catch(() => undefined)
            .finally(() => (underWay -= 1))
        },
        close: () => handler.close(socket),
      }
    },
  }
}

function isMessage(data: unknown): data is string {
  return typeof data === 'string' && data.length <= MAX_MESSAGE
}
