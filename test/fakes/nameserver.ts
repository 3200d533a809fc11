/**
 * A name server on loopback (UDP and TCP on the same port) that answers from a zone (see zone.ts) as a recursive resolver would, and
 * misbehaves where a test tells it to. Replies are encoded by dns-packet, not by the code under test.
 *
 *     const server = await startNameserver('mail.example A 192.0.2.1')
 *     server.behave('mail.example. A', 'wrong-id')        // '*' for every question; `times` to do it only so often
 *     … server.address, server.queries, server.setZone(…), await server.close()
 */
import dgram from 'node:dgram'
import net from 'node:net'
import dnsPacket from 'dns-packet'
import { endpointText } from '../../shared/net/parse.ts'
import type { RecordType } from '../../shared/dns/answer.ts'
import { lookUp, parseZone } from './zone.ts'
import type { ZoneRecord } from './zone.ts'

export type Behaviour =
  | 'silence'
  | 'wrong-id'
  | 'wrong-question'
  | 'wrong-type'
  /** From another port than was asked. */
  | 'wrong-source'
  /** The question comes back in lower case. */
  | 'lower-case'
  /** TC over UDP, whole over TCP. */
  | 'truncated'
  | 'garbage'
  /** The header fits, the rest is cut off in the middle of a record. */
  | 'cut'
  /** FORMERR as long as the query has an OPT record. */
  | 'no-edns'
  /** The same, as a header without question. */
  | 'no-edns-bare'
  /** Only the first CNAME of a chain, never what it leads to. */
  | 'one-cname'
  /** NXDOMAIN or NODATA without a SOA. */
  | 'no-soa'
  /** NOERROR with name servers only, not authoritative: what a server says that does not recurse. */
  | 'referral'
  /** Answered when the test calls `release`. */
  | 'held'
  /** As `truncated`, and over TCP the octets come one by one. */
  | 'drip'
  /** As `truncated`, and over TCP there is silence. */
  | 'tcp-silence'
  /** Whatever the test makes of the query; null: nothing. */
  | ((query: Buffer) => Buffer | null)

export interface SeenQuery {
  /** As it came, with its letter case. */
  readonly name: string
  readonly type: string
  readonly tcp: boolean
  readonly edns: boolean
  /** The asker's port. */
  readonly port: number
}

export interface FakeNameserver {
  /** "127.0.0.1:5353" */
  readonly address: string
  readonly queries: SeenQuery[]
  setZone(text: string): void
  /** `question` as "name. TYPE" in lower case, or '*'. The latest that fits counts. */
  behave(question: string, behaviour: Behaviour, times?: number): void
  /** Answers what is held, in the order in which it was asked, and holds no more. */
  release(): void
  /** Settles when this many queries have come in all. */
  seen(count: number): Promise<void>
  close(): Promise<void>
}

interface Rule {
  readonly question: string
  readonly behaviour: Behaviour
  left: number
}

export async function startNameserver(zoneText: string, host = '127.0.0.1', fixedPort = 0): Promise<FakeNameserver> {
  let zone = parseZone(zoneText)
  let rules: Rule[] = []
  let held: (() => void)[] = []
  let watchers: { readonly count: number; readonly done: () => void }[] = []
  const queries: SeenQuery[] = []
  const connections = new Set<net.Socket>()

  const elsewhere = await bindUdp(host, 0)
  const tcp = net.createServer((socket) => { serveTcp(socket) })
  const { udp, port } = await bindBoth(tcp, host, fixedPort)

  const behaviourFor = (key: string): Behaviour | null => {
    const rule = rules.findLast(({ question, left }) => left > 0 && (question === key || question === '*'))
    if (rule === undefined) return null
    rule.left -= 1
    return rule.behaviour
  }

  /** Calls `send` with each packet that goes back (none for silence). */
  function answer(query: Buffer, from: { port: number; tcp: boolean }, send: (packet: Buffer, how: { otherPort: boolean; drip: boolean }) => void): void {
    const decoded = dnsPacket.decode(query)
    const question = decoded.questions?.[0]
    if (question === undefined) return
    const edns = (decoded.additionals ?? []).length > 0
    queries.push({ name: question.name, type: question.type, tcp: from.tcp, edns, port: from.port })
    for (const watcher of watchers.filter(({ count }) => count <= queries.length)) watcher.done()
    watchers = watchers.filter(({ count }) => count > queries.length)
    const name = question.name.toLowerCase()
    const behaviour = behaviourFor(`${name}. ${question.type}`)
    const go = () => {
      if (behaviour === 'silence' || (behaviour === 'tcp-silence' && from.tcp)) return
      const packet = typeof behaviour === 'function' ? behaviour(query) : reply(query, question.name, question.type as RecordType, behaviour, edns, from.tcp)
      if (packet !== null) send(packet, { otherPort: behaviour === 'wrong-source', drip: behaviour === 'drip' })
    }
    if (behaviour === 'held') held.push(go)
    else go()
  }

  function reply(query: Buffer, name: string, type: RecordType, behaviour: Behaviour | null, edns: boolean, overTcp: boolean): Buffer | null {
    const found = lookUp(zone, { name: name.toLowerCase(), type })
    if (found.status === 'timeout') return null
    let flags = dnsPacket.RECURSION_DESIRED | dnsPacket.RECURSION_AVAILABLE
    let rcode = { found: 0, nodata: 0, nxdomain: 3, servfail: 2, refused: 5, timeout: 2, malformed: 0 }[found.status]
    if (edns && (behaviour === 'no-edns' || behaviour === 'no-edns-bare')) rcode = 1
    let records = rcode === 1 ? [] : [...found.aliases, ...found.records]
    if (behaviour === 'one-cname' && found.aliases.length > 0) {
      records = found.aliases.slice(0, 1)
      rcode = 0
    }
    const negative = (found.status === 'nxdomain' || found.status === 'nodata') && behaviour !== 'no-soa' && !(behaviour === 'one-cname' && found.aliases.length > 0)
    const authorities = behaviour === 'referral' ? [referral] : negative ? [soa] : []
    if (behaviour === 'referral') records = []
    const encode = () => dnsPacket.encode({
      type: 'response', id: query.readUInt16BE(0) ^ (behaviour === 'wrong-id' ? 1 : 0), flags: flags | rcode,
      questions: [{ type: behaviour === 'wrong-type' ? 'TXT' : type, name: behaviour === 'wrong-question' ? `x${name.slice(1)}` : behaviour === 'lower-case' ? name.toLowerCase() : name }],
      answers: records.map(toPacketRecord), authorities,
    })
    let packet = encode()
    const tooLong = behaviour === 'truncated' || behaviour === 'drip' || behaviour === 'tcp-silence'
    if (!overTcp && (tooLong || packet.length > (edns ? 1232 : 512))) {
      flags |= dnsPacket.TRUNCATED_RESPONSE
      records = []
      packet = encode()
    }
    if (behaviour === 'garbage') return Buffer.concat([packet.subarray(0, 12 + name.length + 6), Buffer.alloc(40, 0xc1)])
    if (behaviour === 'cut' || found.status === 'malformed') return cutOff(packet, records.length)
    return behaviour === 'no-edns-bare' && rcode === 1 ? Buffer.concat([packet.subarray(0, 4), Buffer.alloc(8)]) : packet
  }

  udp.on('message', (query, peer) => {
    answer(query, { port: peer.port, tcp: false }, (packet, { otherPort }) => { (otherPort ? elsewhere : udp).send(packet, peer.port, peer.address) })
  })

  function serveTcp(socket: net.Socket): void {
    connections.add(socket)
    socket.setNoDelay(true)
    socket.on('close', () => connections.delete(socket))
    socket.on('error', () => undefined)
    let pending = Buffer.alloc(0)
    socket.on('data', (chunk) => {
      pending = Buffer.concat([pending, chunk])
      while (pending.length >= 2 && pending.length >= 2 + pending.readUInt16BE(0)) {
        const query = pending.subarray(2, 2 + pending.readUInt16BE(0))
        pending = pending.subarray(2 + query.length)
        answer(query, { port: socket.remotePort ?? 0, tcp: true }, (packet, { drip }) => {
          const framed = Buffer.concat([Buffer.from([packet.length >> 8, packet.length & 255]), packet])
          if (drip) for (const octet of framed) socket.write(Buffer.from([octet]))
          else socket.write(framed)
        })
      }
    })
  }

  return {
    address: endpointText(host, port),
    queries,
    setZone(text) {
      zone = parseZone(text)
    },
    behave(question, behaviour, times = Infinity) {
      rules.push({ question, behaviour, left: times })
    },
    release() {
      rules = rules.filter(({ behaviour }) => behaviour !== 'held')
      for (const go of held.splice(0)) go()
      held = []
    },
    seen(count) {
      if (queries.length >= count) return Promise.resolve()
      return new Promise((done) => { watchers.push({ count, done }) })
    },
    async close() {
      for (const socket of connections) socket.destroy()
      await Promise.all([udp, elsewhere].map((socket) => new Promise<void>((resolve) => { socket.close(resolve) })))
      await new Promise((resolve) => { tcp.close(resolve) })
    },
  }
}

function bindUdp(host: string, port: number): Promise<dgram.Socket> {
  return new Promise((resolve, reject) => {
    const socket = dgram.createSocket(host.includes(':') ? 'udp6' : 'udp4')
    socket.once('error', reject)
    socket.bind(port, host, () => { resolve(socket) })
  })
}

/** The same port for both; a free one for TCP may be taken for UDP, so it is tried a few times. */
async function bindBoth(tcp: net.Server, host: string, fixedPort: number): Promise<{ udp: dgram.Socket; port: number }> {
  for (let attempt = 1; ; attempt += 1) {
    await new Promise<void>((resolve, reject) => {
      tcp.once('error', reject)
      tcp.listen(fixedPort, host, resolve)
    })
    const { port } = tcp.address() as net.AddressInfo
    try {
      return { udp: await bindUdp(host, port), port }
    } catch (error) {
      if (attempt === 20) throw error
      await new Promise((resolve) => { tcp.close(resolve) })
    }
  }
}

const soa: dnsPacket.Answer = {
  type: 'SOA', name: '.', ttl: 60,
  data: { mname: 'ns.example', rname: 'hostmaster.example', serial: 1, refresh: 3600, retry: 600, expire: 86_400, minimum: 60 },
}
const referral: dnsPacket.Answer = { type: 'NS', name: 'example', ttl: 60, data: 'ns.elsewhere.example' }

function toPacketRecord({ owner, ttl, type, data }: ZoneRecord): dnsPacket.Answer {
  if (type === 'MX') {
    const [preference = '0', exchange = ''] = data.split(' ')
    return { type, name: owner, ttl, data: { preference: Number(preference), exchange } }
  }
  return { type, name: owner, ttl, data } as dnsPacket.Answer
}

/** Announces one more record than there is. */
function cutOff(packet: Buffer, answers: number): Buffer {
  const cut = Buffer.from(packet)
  cut.writeUInt16BE(answers + 1, 6)
  cut.writeUInt16BE(0, 8)
  return cut
}

/** Octets of one label. */
export type Label = string | Uint8Array

/** An uncompressed wire name out of raw labels. */
export function wireName(...labels: readonly Label[]): Buffer {
  const parts = labels.map((label) => (typeof label === 'string' ? Buffer.from(label, 'latin1') : Buffer.from(label)))
  return Buffer.concat([...parts.flatMap((part) => [Buffer.from([part.length]), part]), Buffer.from([0])])
}

export interface RawRecord {
  /** Default: a pointer to the question's name. */
  readonly owner?: Buffer
  readonly type: number
  readonly ttl?: number
  readonly rdata: Buffer
}

/** A reply to `query` with records of any octets in its answer section. */
export function rawReply(query: Buffer, records: readonly RawRecord[], rcode = 0): Buffer {
  let end = 12
  while (query[end] !== 0) end += 1 + query[end]!
  const head = Buffer.from(query.subarray(0, end + 5))
  head[2] = 0x81
  head[3] = 0x80 | rcode
  head.writeUInt16BE(records.length, 6)
  head.writeUInt32BE(0, 8)
  return Buffer.concat([head, ...records.flatMap(({ owner = Buffer.from([0xc0, 12]), type, ttl = 60, rdata }) => {
    const fixed = Buffer.alloc(10)
    fixed.writeUInt16BE(type, 0)
    fixed.writeUInt16BE(1, 2)
    fixed.writeUInt32BE(ttl, 4)
    fixed.writeUInt16BE(rdata.length, 8)
    return [owner, fixed, rdata]
  })])
}
