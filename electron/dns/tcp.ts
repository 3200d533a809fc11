/**
 * One question over TCP (RFC 7766), for replies that do not fit into a datagram. Bounded: one reply of at most 65,535 octets, one deadline.
 */
import { connect } from 'node:net'

/**
 * Calls `done` once: with the first message that `fits`, or null after a failure, the end of the connection or `timeoutMs`.
 * Returns how to give up (then `done` is not called).
 */
export function askOverTcp(
  host: string, port: number, query: Uint8Array, timeoutMs: number,
  fits: (packet: Uint8Array) => boolean, done: (packet: Uint8Array | null) => void,
): () => void {
  const socket = connect({ host, port, noDelay: true })
  const buffer = Buffer.allocUnsafe(2 + 65_535)
  let filled = 0
  let over = false
  const settle = (packet: Uint8Array | null) => {
    if (over) return
    over = true
    clearTimeout(timer)
    socket.destroy()
    done(packet)
  }
  /** Takes the whole messages off the buffer's front. What does not fit is ignored here as it is on UDP. */
  const takeMessages = () => {
    while (!over && filled >= 2) {
      const end = 2 + buffer.readUInt16BE(0)
      if (filled < end) return
      const packet = Uint8Array.prototype.slice.call(buffer, 2, end)
      buffer.copyWithin(0, end, filled)
      filled -= end
      if (fits(packet)) settle(packet)
    }
  }
  const timer = setTimeout(() => { settle(null) }, timeoutMs)

  socket.on('connect', () => {
    const framed = new Uint8Array(query.length + 2)
    framed[0] = query.length >> 8
    framed[1] = query.length & 0xff
    framed.set(query, 2)
    socket.write(framed)
  })
  socket.on('data', (chunk: Buffer) => {
    for (let at = 0; at < chunk.length && !over;) {
      const copied = chunk.copy(buffer, filled, at)
      at += copied
      filled += copied
      takeMessages()
    }
  })
  socket.on('error', () => { settle(null) })
  socket.on('close', () => { settle(null) })
  return () => {
    over = true
    clearTimeout(timer)
    socket.destroy()
  }
}
