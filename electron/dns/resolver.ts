/**
 * The resolver: answers questions from the cache or the name servers, following CNAMEs (POLICY, Gathering evidence).
 * Promises: never rejects; every answer comes by its deadline; a question that many ask at once is one query; no search domains, no hosts file.
 */
import { randomFillSync } from 'node:crypto'
import { isTemporary, questionText } from '../../shared/dns/answer.ts'
import type { Answer, AnswerStatus, Question } from '../../shared/dns/answer.ts'
import { ptrQuestion } from '../../shared/dns/plan.ts'
import { MAX_CHAIN, canBeSent } from '../../shared/dns/reply.ts'
import type { Reading } from '../../shared/dns/reply.ts'
import { canonicalName } from '../../shared/net/domain.ts'
import { parseAddress } from '../../shared/net/ip.ts'
import type { AskOptions, Clock, DnsStats, ResolverPort } from '../ports.ts'
import { Cache, Generations } from './cache.ts'
import { Expiry } from './expiry.ts'
import type { Expiring } from './expiry.ts'
import { Transport } from './transport.ts'
import type { TransportSettings } from './transport.ts'

/** Questions on the wire at once; beyond, the answer is `timeout`. */
const MAX_FLIGHTS = 20_000
/** Clients of whom it is remembered what was asked for them. */
const MAX_CLIENTS = 20_000

export interface ResolverDeps {
  /** Read anew for each query. */
  readonly settings: () => TransportSettings
  readonly clock: Clock
  /** 32 random bits; unpredictable ones by default. */
  readonly random?: () => number
}

export function createResolver(deps: ResolverDeps): ResolverPort {
  return new Resolver(deps)
}

const NO_NAMES: readonly string[] = []

/** One question under way with its CNAMEs; `next` asks for the name reached so far. */
class Lookup implements Expiring {
  done = false
  readonly question: Question
  readonly options: AskOptions
  readonly expiresAt: number
  readonly startedAt: number
  readonly resolve: (answer: Answer) => void
  /** The question in hand; after a CNAME another one. */
  at: Question
  chain: readonly string[] = NO_NAMES
  ttl: number | null = null
  server: string | null = null
  /** Whether a name server had to be waited for. */
  waited = false

  constructor(question: Question, options: AskOptions, startedAt: number, resolve: (answer: Answer) => void) {
    this.question = question
    this.at = { name: canonicalName(question.name), type: question.type }
    this.options = options
    this.expiresAt = options.deadline
    this.startedAt = startedAt
    this.resolve = resolve
  }
}

class Resolver implements ResolverPort {
  readonly #clock: Clock
  readonly #transport: Transport
  readonly #cache: Cache
  readonly #deadlines: Expiry<Lookup>
  /** Who waits for each question that is on the wire. */
  readonly #flights = new Map<string, Lookup[]>()
  readonly #askedFor = new Generations<readonly string[]>(MAX_CLIENTS)
  readonly #counts: Record<AnswerStatus, number> = { found: 0, nodata: 0, nxdomain: 0, servfail: 0, refused: 0, timeout: 0, malformed: 0 }
  #cacheHits = 0
  #closed = false

  constructor({ settings, clock, random }: ResolverDeps) {
    this.#clock = clock
    this.#transport = new Transport(settings, clock, random ?? unpredictable())
    this.#cache = new Cache(clock)
    this.#deadlines = new Expiry<Lookup>(clock, (lookup) => { this.#finish(lookup, 'timeout', []) })
  }

  resolve(question: Question, options: AskOptions): Promise<Answer> {
    return new Promise((resolve) => {
      this.#proceed(new Lookup(question, options, this.#clock.monotonic(), resolve))
    })
  }

  forget(client: string): void {
    const address = parseAddress(client)
    if (address === null) return
    this.#cache.delete(questionText(ptrQuestion(address)))
    for (const key of this.#askedFor.get(address.text) ?? []) this.#cache.delete(key)
    this.#askedFor.delete(address.text)
  }

  forgetAll(): void {
    this.#cache.clear()
    this.#askedFor.clear()
  }

  stats(): DnsStats {
    return { queries: { ...this.#counts }, cacheHits: this.#cacheHits, caseBroken: this.#transport.caseBroken }
  }

  close(): void {
    this.#closed = true
    this.#transport.close()
    this.#deadlines.stop()
    for (const waiting of this.#flights.values()) for (const lookup of waiting) if (!lookup.done) this.#finish(lookup, 'timeout', [])
    this.#flights.clear()
  }

  /** Asks for the name in hand, from the cache as long as that goes, else until a server has answered. */
  #proceed(lookup: Lookup): void {
    const { options } = lookup
    while (!lookup.done) {
      if (!canBeSent(lookup.at.name, lookup.at.type) || !takeOne(options)) {
        this.#finish(lookup, 'malformed', [])
        return
      }
      const key = questionText(lookup.at)
      if (options.client !== undefined) this.#remember(options.client, key)
      const cached = options.fresh ? undefined : this.#cache.get(key)
      if (cached === undefined) {
        this.#wait(lookup, key)
        return
      }
      this.#cacheHits += 1
      this.#apply(lookup, cached, cached.server)
    }
  }

  #wait(lookup: Lookup, key: string): void {
    const waiting = this.#flights.get(key)
    const full = waiting === undefined && this.#flights.size >= MAX_FLIGHTS
    if (full || this.#closed || lookup.expiresAt <= this.#clock.monotonic()) {
      this.#finish(lookup, 'timeout', [])
      return
    }
    if (!lookup.waited) {
      lookup.waited = true
      this.#deadlines.add(lookup)
    }
    if (waiting !== undefined) {
      waiting.push(lookup)
      return
    }
    this.#flights.set(key, [lookup])
    this.#transport.ask(lookup.at, (reading, server) => { this.#landed(key, reading, server) })
  }

  #landed(key: string, reading: Reading, server: string | null): void {
    const waiting = this.#flights.get(key) ?? []
    this.#flights.delete(key)
    this.#cache.put(key, reading, server)
    this.#counts[reading.next === null ? reading.status : 'found'] += 1
    for (const lookup of waiting) {
      if (lookup.done) continue
      this.#apply(lookup, reading, server)
      this.#proceed(lookup)
    }
  }

  /** Adds what a reading says; the lookup is done unless a CNAME leads on. */
  #apply(lookup: Lookup, reading: Reading, server: string | null): void {
    lookup.server = server
    if (reading.chain.length > 0) {
      lookup.chain = lookup.chain.length === 0 ? reading.chain : [...lookup.chain, ...reading.chain]
      if (lookup.chain.length > MAX_CHAIN || hasLoop(canonicalName(lookup.question.name), lookup.chain)) {
        lookup.chain = lookup.chain.slice(0, MAX_CHAIN)
        this.#finish(lookup, 'malformed', [])
        return
      }
    }
    lookup.ttl = reading.ttl === null ? (reading.next === null ? null : lookup.ttl) : Math.min(reading.ttl, lookup.ttl ?? Infinity)
    if (reading.next === null) this.#finish(lookup, reading.status, reading.records)
    else lookup.at = { name: reading.next, type: lookup.question.type }
  }

  #finish(lookup: Lookup, status: AnswerStatus, records: readonly string[]): void {
    lookup.done = true
    if (lookup.waited) this.#deadlines.remove(lookup)
    lookup.resolve({
      question: lookup.question,
      status,
      records,
      chain: lookup.chain,
      ttl: isTemporary(status) ? null : lookup.ttl,
      ms: lookup.waited ? Math.round(this.#clock.monotonic() - lookup.startedAt) : 0,
      server: status === 'timeout' ? null : lookup.server,
    })
  }

  #remember(client: string, key: string): void {
    const keys = this.#askedFor.get(client)
    if (keys === undefined) this.#askedFor.set(client, [key])
    else if (keys.length < 200 && !keys.includes(key)) this.#askedFor.set(client, keys.concat(key))
  }
}

/** POLICY: at most 40 queries in all for one connection. */
function takeOne({ budget }: AskOptions): boolean {
  if (budget === undefined) return true
  if (budget.left <= 0) return false
  budget.left -= 1
  return true
}

function hasLoop(name: string, chain: readonly string[]): boolean {
  return chain.some((target, index) => target === name || chain.indexOf(target) < index)
}

/** 32 bits a call from the system's generator, fetched a thousand at a time. */
function unpredictable(): () => number {
  const pool = new Uint32Array(1024)
  let at = pool.length
  return () => {
    if (at === pool.length) {
      randomFillSync(pool)
      at = 0
    }
    return pool[at++]!
  }
}
