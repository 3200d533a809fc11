/**
 * Ends a connection without a reset, so that the last reply is read: half-close, then discard what still comes until the
 * client closes too, bounded in time and octets. And the short dialogue with a banned client (POLICY, Bans).
 */
import type { Socket } from 'node:net'
import { REPLIES } from '../../shared/smtp/codes.ts'
import { LineReader } from '../../shared/smtp/lines.ts'
import { replyLine } from '../../shared/smtp/reply.ts'
import type { Watched } from './watch.ts'
import type { Watch } from './watch.ts'

/** Where sockets that are being closed wait for their client to go. */
export interface Door {
  readonly watch: Watch
  /** In the order in which they came. */
  readonly lingering: Set<Socket>
  /** Beyond this the oldest is dropped: whoever stays on after the last reply must not take the shop's descriptors. */
  readonly maxLingering: number
}

/** How long a client has to read the last reply and close, ms. */
const LINGER_MS = 5000
/** What it may still send meanwhile, octets. */
const LINGER_OCTETS = 67_108_864
/** Commands answered with 503 before a banned client is closed. */
const BANNED_COMMANDS = 100

/** Sends `last` and closes gently. The socket must have no listeners for data any more; errors are swallowed. */
export function sayFarewell(socket: Socket, last: string, { watch, lingering, maxLingering }: Door): void {
  if (socket.destroyed) return
  if (lingering.size >= maxLingering) dropOldest(lingering)
  lingering.add(socket)
  let discarded = 0
  const until = watch.now() + LINGER_MS
  const watched: Watched = { check: (now) => (now >= until ? socket.destroy() : undefined) }
  watch.add(watched)
  socket.on('error', () => undefined)
  socket.once('close', () => {
    watch.delete(watched)
    lingering.delete(socket)
  })
  socket.on('data', (chunk: Uint8Array) => {
    discarded += chunk.length
    if (discarded > LINGER_OCTETS) socket.destroy()
  })
  socket.end(last, 'latin1')
  socket.resume()
}

function dropOldest(lingering: Set<Socket>): void {
  const [oldest] = lingering
  if (oldest === undefined) return
  lingering.delete(oldest)
  oldest.destroy()
}

/** `banner`: the 554 without CRLF. Then 503 to all but QUIT, until QUIT or 5 s are over. */
export function sayBanned(socket: Socket, banner: string, leftover: Uint8Array | null, door: Door): void {
  const { watch } = door
  const lines = new LineReader()
  let commands = 0
  let over = false
  const until = watch.now() + LINGER_MS
  const watched: Watched = { check: (now) => { if (now >= until) close('') } }
  const close = (last: string) => {
    if (over) return
    over = true
    watch.delete(watched)
    socket.removeListener('data', onData)
    sayFarewell(socket, last, door)
  }
  const onData = (chunk: Uint8Array) => {
    let out = ''
    let at = 0
    while (!over) {
      const event = lines.read(chunk, at)
      at = lines.next
      if (event.kind === 'more') break
      if (event.kind === 'fault' || event.kind === 'endless') return close(out)
      if (event.kind === 'line' && /^quit *$/i.test(event.text)) return close(`${out}${replyLine(REPLIES.closing)}\r\n`)
      out += `${replyLine(REPLIES.bannedOnly)}\r\n`
      commands += 1
      if (commands >= BANNED_COMMANDS) return close(out)
    }
    if (out !== '') socket.write(out, 'latin1')
  }
  watch.add(watched)
  socket.on('error', () => undefined)
  socket.on('end', () => { close('') })
  socket.once('close', () => { watch.delete(watched) })
  socket.on('data', onData)
  socket.write(`${banner}\r\n`, 'latin1')
  if (leftover !== null) onData(leftover)
}
