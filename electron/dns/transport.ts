/**
 * Asks the name servers one question: datagrams with EDNS and 0x20, TCP when a reply was truncated, `tries` times `timeoutMs` over the
 * servers in turn. What does not fit (id, port, question, letter case) is ignored until the timeout.
 * Promises: `settle` is called exactly once per question, with a reading that is final for this transport; everything is bounded.
 */
import type { Question } from '../../shared/dns/answer.ts'
import { isTemporary } from '../../shared/dns/answer.ts'
import { readReply } from '../../shared/dns/reply.ts'
import type { Reading } from '../../shared/dns/reply.ts'
import { decodeMessage, encodeQuery, fitOf, isTruncated, mixCase, rcodeOf } from '../../shared/dns/wire.ts'
import type { Clock } from '../ports.ts'
import { Expiry } from './expiry.ts'
import type { Expiring } from './expiry.ts'
import { askOverTcp } from './tcp.ts'
import { Upstream } from './upstream.ts'
import type { Port, Waiting } from './upstream.ts'

export interface TransportSettings {
  /** "address:port", in the order in which they are asked. */
  readonly servers: readonly string[]
  readonly timeoutMs: number
  readonly tries: number
}

/** `server`: who gave the reading, "address:port"; null: nobody. */
export type Settle = (reading: Reading, server: string | null) => void

const MAX_TCP = 64
const TIMEOUT: Reading = { status: 'timeout', records: [], chain: [], ttl: null, next: null }

/** What one question has seen so far. */
interface Asking {
  readonly question: Question
  readonly settle: Settle
  triesLeft: number
  settled: boolean
  /** Every datagram sent: a slow server's reply to an earlier one is still good. */
  readonly attempts: Attempt[]
  /** The one whose timeout counts; null while TCP is under way. */
  current: Attempt | null
  /** Servers that gave a temporary status or cannot be reached: not asked again for this question. */
  readonly failed: Upstream[]
  last: { readonly reading: Reading; readonly server: string | null }
}

/** One datagram on its way. */
class Attempt implements Expiring, Waiting {
  /** A reply came that fits but for the letter case. */
  caseSeen = false
  readonly asking: Asking
  readonly upstream: Upstream
  readonly port: Port
  readonly query: Uint8Array
  readonly edns: boolean
  readonly mixed: boolean
  readonly expiresAt: number
  readonly #transport: Transport

  constructor(transport: Transport, asking: Asking, upstream: Upstream, port: Port, edns: boolean, random: () => number, expiresAt: number) {
    this.#transport = transport
    this.asking = asking
    this.upstream = upstream
    this.port = port
    this.edns = edns
    this.query = encodeQuery(0, asking.question.name, asking.question.type, edns)
    this.mixed = !upstream.caseBroken && mixCase(this.query, random)
    this.expiresAt = expiresAt
  }

  received(packet: Uint8Array): void {
    if (!this.asking.settled) this.#transport.received(this, packet)
  }

  unreachable(): void {
    if (this.asking.current === this) this.#transport.unreachable(this)
  }

  /** Whether a packet is the reply to this query. Remembers what it tells of the server's handling of case. */
  accepts(packet: Uint8Array): boolean {
    const fit = fitOf(packet, this.query)
    if (fit === 'case' && this.mixed) this.caseSeen = true
    if (fit === 'yes' && this.mixed) this.upstream.caseKept = true
    return fit === 'yes' || (fit === 'case' && !this.mixed) || (fit === 'bare' && this.edns)
  }
}

export class Transport {
  readonly #settings: () => TransportSettings
  readonly #clock: Clock
  readonly #random: () => number
  readonly #expiry: Expiry<Attempt>
  readonly #tcp = new Set<() => void>()
  #upstreams: Upstream[] = []
  /** The server that is asked first: the settings' first, until it lets a question time out. */
  #preferred = 0

  constructor(settings: () => TransportSettings, clock: Clock, random: () => number) {
    this.#settings = settings
    this.#clock = clock
    this.#random = random
    this.#expiry = new Expiry<Attempt>(clock, (attempt) => { this.#expired(attempt) })
  }

  /** `question` must satisfy `canBeSent`. */
  ask(question: Question, settle: Settle): void {
    const { tries } = this.#settings()
    const first = this.#servers()[this.#preferred]
    const asking: Asking = {
      question, settle, triesLeft: tries, settled: false, attempts: [], current: null, failed: [], last: { reading: TIMEOUT, server: null },
    }
    if (first === undefined) settle(TIMEOUT, null)
    else this.#send(asking, first, first.edns)
  }

  get caseBroken(): readonly string[] {
    return this.#upstreams.filter((upstream) => upstream.caseBroken).map((upstream) => upstream.text)
  }

  close(): void {
    this.#expiry.stop()
    for (const giveUp of this.#tcp) giveUp()
    this.#tcp.clear()
    for (const upstream of this.#upstreams) upstream.close()
  }

  #servers(): readonly Upstream[] {
    const { servers } = this.#settings()
    const known = this.#upstreams
    if (servers.length === known.length && servers.every((text, index) => known[index]!.text === text)) return known
    this.#upstreams = servers.map((text) => known.find((upstream) => upstream.text === text) ?? new Upstream(text))
    this.#preferred = 0
    for (const upstream of known) if (!this.#upstreams.includes(upstream)) upstream.close()
    return this.#upstreams
  }

  #send(asking: Asking, upstream: Upstream, edns: boolean): void {
    const port = upstream.pick(this.#random)
    const expiresAt = this.#clock.monotonic() + this.#settings().timeoutMs
    const attempt = new Attempt(this, asking, upstream, port, edns, this.#random, expiresAt)
    asking.attempts.push(attempt)
    asking.current = attempt
    // A socket with no free id left is as good as a lost datagram.
    if (port.claim(attempt.query, attempt, this.#random)) port.send(attempt.query)
    this.#expiry.add(attempt)
  }

  received(attempt: Attempt, packet: Uint8Array): void {
    if (!attempt.accepts(packet)) return
    const { asking, upstream } = attempt
    const rcode = rcodeOf(packet)
    const late = asking.current !== attempt
    if (attempt.edns && (rcode === 1 || rcode === 4)) {
      if (late) return
      // RFC 6891 §7: from before EDNS. It is asked plainly from now on.
      upstream.edns = false
      this.#expiry.remove(attempt)
      this.#send(asking, upstream, false)
    } else if (isTruncated(packet)) {
      if (!late) this.#overTcp(attempt)
    } else {
      this.#read(attempt, packet, late)
    }
  }

  /** Nobody listens there. Another server is asked at once; the only one has until the timeout to come back. */
  unreachable(attempt: Attempt): void {
    const { asking, upstream } = attempt
    const next = this.#next(asking, upstream)
    if (next === null || next === upstream) return
    this.#expiry.remove(attempt)
    asking.failed.push(upstream)
    this.#avoid(upstream)
    this.#send(asking, next, next.edns)
  }

  /** A late reply counts only if it is certain; else the attempt under way decides. */
  #read(attempt: Attempt, packet: Uint8Array, late: boolean): void {
    const { asking, upstream } = attempt
    const reading = readReply(decodeMessage(packet), asking.question)
    if (!isTemporary(reading.status)) {
      this.#settle(asking, reading, upstream.text)
    } else if (!late) {
      this.#expiry.remove(attempt)
      asking.failed.push(upstream)
      asking.last = { reading, server: upstream.text }
      this.#sendNext(asking, upstream)
    }
  }

  #overTcp(attempt: Attempt): void {
    const { asking, upstream, query } = attempt
    this.#expiry.remove(attempt)
    asking.current = null
    if (this.#tcp.size >= MAX_TCP) {
      this.#tryAgain(asking, upstream)
      return
    }
    const fits = (packet: Uint8Array) => attempt.accepts(packet) && !isTruncated(packet)
    const giveUp = askOverTcp(upstream.host, upstream.port, query, this.#settings().timeoutMs, fits, (packet) => {
      this.#tcp.delete(giveUp)
      if (asking.settled) return
      if (packet === null) this.#tryAgain(asking, upstream)
      else this.#read(attempt, packet, false)
    })
    this.#tcp.add(giveUp)
  }

  #expired(attempt: Attempt): void {
    const { asking, upstream } = attempt
    if (attempt.caseSeen && !upstream.caseKept) upstream.caseBroken = true
    this.#avoid(upstream)
    this.#tryAgain(asking, upstream)
  }

  #tryAgain(asking: Asking, upstream: Upstream): void {
    asking.triesLeft -= 1
    if (asking.triesLeft > 0) this.#sendNext(asking, upstream)
    else this.#settle(asking, asking.last.reading, asking.last.server)
  }

  #sendNext(asking: Asking, after: Upstream): void {
    const next = this.#next(asking, after)
    if (next === null) this.#settle(asking, asking.last.reading, asking.last.server)
    else this.#send(asking, next, next.edns)
  }

  /** The server after this one that has not failed; itself if it is the only one; null if all have. */
  #next(asking: Asking, after: Upstream): Upstream | null {
    const servers = this.#servers()
    const start = servers.indexOf(after)
    for (let step = 1; step <= servers.length; step += 1) {
      const candidate = servers[(start + step) % servers.length]!
      if (!asking.failed.includes(candidate)) return candidate
    }
    return null
  }

  #avoid(upstream: Upstream): void {
    const servers = this.#servers()
    if (servers[this.#preferred] === upstream) this.#preferred = (this.#preferred + 1) % servers.length
  }

  #settle(asking: Asking, reading: Reading, server: string | null): void {
    asking.settled = true
    for (const attempt of asking.attempts) {
      this.#expiry.remove(attempt)
      attempt.port.release(attempt.query, attempt)
    }
    asking.settle(reading, server)
  }
}
