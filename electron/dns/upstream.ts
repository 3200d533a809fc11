/**
 * One name server as we know it: a few connected datagram sockets on random ports, each retired after some hundred queries, and what
 * has been learnt of it (does it keep letter case, does it take EDNS). The kernel drops what comes from another address or port.
 */
import { createSocket } from 'node:dgram'
import type { Socket } from 'node:dgram'
import { parseEndpoint } from '../../shared/net/parse.ts'

const SOCKETS = 4
const QUERIES_PER_SOCKET = 500
const RECEIVE_BUFFER = 1 << 20
/** A datagram the kernel will not take now is lost like any other datagram. */
const ignore = (): void => undefined

/** A query that waits for its reply on one socket. */
export interface Waiting {
  /** A datagram with this query's id has come. */
  received(packet: Uint8Array): void
  /** ICMP says that nobody listens there. */
  unreachable(): void
}

/** A socket with the queries that are under way on it, by id. */
export class Port {
  readonly waiting = new Map<number, Waiting>()
  readonly #socket: Socket
  #unsent: Uint8Array[] | null = []
  #uses = 0
  #retired = false

  constructor(address: string, port: number) {
    const socket = createSocket({
      type: address.includes(':') ? 'udp6' : 'udp4',
      recvBufferSize: RECEIVE_BUFFER,
      // Addresses need no look-up, least of all by the system's resolver.
      lookup: (host, _options, callback) => { callback(null, host, host.includes(':') ? 6 : 4) },
    })
    this.#socket = socket
    // What waits keeps the process alive by its timeout; an idle socket need not.
    socket.unref()
    socket.on('message', (packet) => {
      if (packet.length < 12) return
      this.waiting.get((packet[0]! << 8) | packet[1]!)?.received(packet)
    })
    socket.on('error', () => { this.#trouble() })
    socket.connect(port, address, (error?: unknown) => {
      if (error !== undefined) {
        this.#trouble()
        return
      }
      const unsent = this.#unsent ?? []
      this.#unsent = null
      for (const query of unsent) this.#write(query)
    })
  }

  /** Takes a free id from `random` and writes it into the query. False if this socket is too busy. */
  claim(query: Uint8Array, waiting: Waiting, random: () => number): boolean {
    for (let attempt = 0; attempt < 8; attempt += 1) {
      const id = random() & 0xffff
      if (this.waiting.has(id)) continue
      query[0] = id >> 8
      query[1] = id & 0xff
      this.waiting.set(id, waiting)
      return true
    }
    return false
  }

  send(query: Uint8Array): void {
    this.#uses += 1
    if (this.#unsent === null) this.#write(query)
    else this.#unsent.push(query)
  }

  get spent(): boolean {
    return this.#uses >= QUERIES_PER_SOCKET
  }

  release(query: Uint8Array, waiting: Waiting): void {
    const id = (query[0]! << 8) | query[1]!
    if (this.waiting.get(id) === waiting) this.waiting.delete(id)
    if (this.#retired && this.waiting.size === 0) this.close()
  }

  /** No new queries; closes once the last of those under way is done. */
  retire(): void {
    this.#retired = true
    if (this.waiting.size === 0) this.close()
  }

  close(): void {
    this.#retired = false
    try {
      this.#socket.close()
    } catch {
      // It never came to be open.
    }
  }

  #trouble(): void {
    // Never connected (no descriptor left, no route): a later query tries with a fresh socket.
    if (this.#unsent !== null) this.#uses = QUERIES_PER_SOCKET
    for (const one of [...this.waiting.values()]) one.unreachable()
  }

  #write(query: Uint8Array): void {
    try {
      this.#socket.send(query, ignore)
    } catch {
      // Closed or not connected (no route): the query goes unanswered, and its timeout says so.
    }
  }
}

export class Upstream {
  readonly host: string
  readonly port: number
  /** "address:port", as in the settings. */
  readonly text: string
  edns = true
  /** It has once echoed mixed case. */
  caseKept = false
  /** It never did, and cost us a timeout: 0x20 is off for it. */
  caseBroken = false
  readonly #ports: Port[] = []

  constructor(text: string) {
    const endpoint = parseEndpoint(text)
    this.text = text
    this.host = endpoint?.host ?? '127.0.0.1'
    this.port = endpoint?.port ?? 53
  }

  /** One of the sockets, by chance; fresh ones are made as needed. */
  pick(random: () => number): Port {
    const at = random() % SOCKETS
    const present = this.#ports[at]
    if (present !== undefined && !present.spent) return present
    present?.retire()
    const fresh = new Port(this.host, this.port)
    this.#ports[at] = fresh
    return fresh
  }

  close(): void {
    for (const port of this.#ports) port?.close()
    this.#ports.length = 0
  }
}
