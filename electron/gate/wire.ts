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

  #onData = (data: Uint8Array) => {
    this.chunk = this.chunk === null ? data : Buffer.concat([this.chunk.subarray(this.at), data])
    this.at = 0
    this.#owner.onReady()
  }
  #onEnd = () => {
    this.ended = true
    this.#owner.onReady()
  }
  #onDrain = () => {
    this.blocked = false
    this.#owner.onReady()
  }
  #onClose = () => {
    this.gone = true
    this.#owner.onGone()
  }
  #onError = () => undefined

  #listen(socket: Socket): void {
    socket.on('data', this.#onData)
    socket.on('end', this.#onEnd)
    socket.on('drain', this.#onDrain)
    socket.on('close', this.#onClose)
    socket.on('error', this.#onError)
  }

  #unlisten(socket: Socket): void {
    socket.removeListener('data', this.#onData)
    socket.removeListener('end', this.#onEnd)
    socket.removeListener('drain', this.#onDrain)
    socket.removeListener('close', this.#onClose)
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
      secure.once('secure', () => {
        if (this.gone) return resolve(null)
        this.#listen(secure)
        resolve(`${secure.getProtocol() ?? 'TLS'} ${secure.getCipher().name}`)
      })
      secure.once('error', () => { secure.destroy() })
      secure.once('close', () => {
        resolve(null)
        if (!this.gone) this.#onClose()
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
