/**
 * The socket's side of a connection: input one chunk at a time, output one write per burst. Promises: at most one chunk
 * of input is held while the session is busy (reading is paused then), and output that the client does not read is
 * bounded by what the session says before it looks at `blocked`.
 */
import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import type { SecureContext } from 'node:tls'

/** Unread output above which no further command is taken. */
const MAX_UNREAD = 16_384

export interface WireOwner {
  /** Input, the client's end of it, or room for output: look again. */
  onReady(): void
  /** The connection is gone. */
  onGone(): void
}

/** The handlers are shared and find their wire at the socket: ten thousand idle connections pay for each closure. */
const WIRE = Symbol('wire')
type WiredSocket = Socket & { [WIRE]?: Wire }

function onData(this: WiredSocket, data: Uint8Array): void {
  this[WIRE]?.take(data)
}
function onEnd(this: WiredSocket): void {
  this[WIRE]?.end()
}
function onDrain(this: WiredSocket): void {
  this[WIRE]?.drained()
}
function onClose(this: WiredSocket): void {
  this[WIRE]?.close()
}
function onError(): void {
  // The close that follows says all.
}

export class Wire {
  socket: Socket
  /** What has been read and not consumed, from octet `at` on. */
  chunk: Uint8Array | null = null
  at = 0
  /** The client has sent its last octet. */
  ended = false
  gone = false
  /** The client does not read what it is told. */
  blocked = false
  #out = ''
  #paused = false
  readonly #owner: WireOwner

  constructor(socket: Socket, owner: WireOwner) {
    this.socket = socket
    this.#owner = owner
    this.#listen(socket)
  }

  take(data: Uint8Array): void {
    this.chunk = this.chunk === null ? data : Buffer.concat([this.chunk.subarray(this.at), data])
    this.at = 0
    this.#owner.onReady()
  }

  end(): void {
    this.ended = true
    this.#owner.onReady()
  }

  drained(): void {
    this.blocked = false
    this.#owner.onReady()
  }

  close(): void {
    this.gone = true
    this.#owner.onGone()
  }

  #listen(socket: WiredSocket): void {
    socket[WIRE] = this
    socket.on('data', onData)
    socket.on('end', onEnd)
    socket.on('drain', onDrain)
    socket.on('close', onClose)
    socket.on('error', onError)
  }

  #unlisten(socket: Socket): void {
    socket.removeListener('data', onData)
    socket.removeListener('end', onEnd)
    socket.removeListener('drain', onDrain)
    socket.removeListener('close', onClose)
  }

  say(line: string): void {
    this.#out += `${line}\r\n`
  }

  flush(): void {
    if (this.#out === '' || this.gone) return
    this.socket.write(this.#out, 'latin1')
    this.#out = ''
    if (this.socket.writableLength > MAX_UNREAD) this.blocked = true
  }

  /** Marks the chunk consumed up to `next`. */
  consumed(next: number): void {
    this.at = next
    if (this.chunk !== null && next >= this.chunk.length) {
      this.chunk = null
      this.at = 0
    }
  }

  /** Reads on when nothing is held, waits while something is. */
  flow(): void {
    const pause = this.chunk !== null
    if (pause === this.#paused || this.gone) return
    this.#paused = pause
    if (pause) this.socket.pause()
    else this.socket.resume()
  }

  /** Everything that was read is discarded (RFC 3207 §4.2); settles with what was agreed, or null if the handshake failed. */
  upgrade(context: SecureContext): Promise<string | null> {
    this.flush()
    this.chunk = null
    this.at = 0
    const plain = this.socket
    this.#unlisten(plain)
    const secure = new TLSSocket(plain, { isServer: true, secureContext: context })
    this.socket = secure
    this.#paused = false
    return new Promise((resolve) => {
      // Client sockets may be half-open: the end of input alone would not close one that never finishes its handshake.
      const left = () => { secure.destroy() }
      secure.once('end', left)
      secure.once('secure', () => {
        secure.removeListener('end', left)
        if (this.gone) return resolve(null)
        this.#listen(secure)
        resolve(`${secure.getProtocol() ?? 'TLS'} ${secure.getCipher().name}`)
      })
      secure.once('error', () => { secure.destroy() })
      secure.once('close', () => {
        resolve(null)
        if (!this.gone) this.close()
      })
    })
  }

  /** Lets go of the socket; what is still to be said comes back. */
  release(): { readonly socket: Socket; readonly last: string } {
    this.#unlisten(this.socket)
    const last = this.#out
    this.#out = ''
    this.chunk = null
    return { socket: this.socket, last }
  }
}
