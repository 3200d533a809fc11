/**
 * Connections that this process makes to its own port (the doctor, its daily round, the wizard): no client's, and not recorded.
 * Each is known by both ends of its own socket, from before anything is said until it closes: nobody else can have that pair
 * meanwhile, and nothing that is said, no name and no address makes a stranger one of them.
 */
import type { Socket } from 'node:net'
import { canonicalAddress } from '../../shared/net/ip.ts'

export interface OwnProbes {
  /** A socket of ours that has just connected, wherever to. */
  readonly add: (socket: Socket) => void
  /** Whether an accepted socket is the other end of one of ours. */
  has(accepted: Pick<Socket, 'remoteAddress' | 'remotePort' | 'localAddress' | 'localPort'>): boolean
}

export function createOwnProbes(): OwnProbes {
  const open = new Set<string>()
  return {
    add(socket) {
      const key = pair(socket.localAddress, socket.localPort, socket.remoteAddress, socket.remotePort)
      if (key === null) return
      open.add(key)
      socket.once('close', () => open.delete(key))
    },
    has({ remoteAddress, remotePort, localAddress, localPort }) {
      if (open.size === 0) return false
      const key = pair(remoteAddress, remotePort, localAddress, localPort)
      return key !== null && open.has(key)
    },
  }
}

/** Null for a socket that is closed already. */
function pair(from: string | undefined, fromPort: number | undefined, to: string | undefined, toPort: number | undefined): string | null {
  const [near, far] = [from, to].map((address) => canonicalAddress(address ?? ''))
  return near == null || far == null ? null : `${near} ${fromPort} ${far} ${toPort}`
}
