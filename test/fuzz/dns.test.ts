// Hostile DNS packets: no throw, no endless loop, bounded results. FUZZ_RUNS=100000 for the whole; the same seed each time unless FUZZ_SEED is set.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { RecordType } from '../../shared/dns/answer.ts'
import { classifyEhlo } from '../../shared/dns/ehlo.ts'
import { MAX_CHAIN, MAX_RECORDS, readReply } from '../../shared/dns/reply.ts'
import { decodeMessage, encodeQuery, fitOf } from '../../shared/dns/wire.ts'
import { createResolver } from '../../electron/dns/resolver.ts'
import { ofBytes, parseAddress } from '../../shared/net/ip.ts'
import { rawReply, startNameserver } from '../fakes/nameserver.ts'

const parameters = { numRuns: Number(process.env.FUZZ_RUNS ?? 3000), seed: Number(process.env.FUZZ_SEED ?? 20021008) }
const MINUTES = 600_000
const types = ['A', 'AAAA', 'PTR', 'MX', 'NS', 'SOA', 'TXT'] as const
const name = 'www.americangreetings.com'

function outcome(packet: Uint8Array, type: RecordType) {
  const reading = readReply(decodeMessage(packet), { name, type })
  expect(reading.records.length).toBeLessThanOrEqual(MAX_RECORDS)
  expect(reading.chain.length).toBeLessThanOrEqual(MAX_CHAIN)
  for (const text of [...reading.records, ...reading.chain]) expect(text).toMatch(/^[\x20-\x7e]{1,262144}$/)
  if (reading.status === 'found') expect(reading.records.length).toBeGreaterThan(0)
  else expect(reading.records).toEqual([])
  return reading
}

const bytes = (maxLength: number) => fc.uint8Array({ maxLength })
const type = fc.constantFrom(...types)

it('random octets', () => {
  fc.assert(fc.property(bytes(600), type, (packet, asked) => {
    fitOf(packet, encodeQuery(1, name, asked, true))
    outcome(packet, asked)
  }), parameters)
}, MINUTES)

it('random records under a good header', () => {
  const rdata = fc.oneof(bytes(40), fc.constantFrom(Buffer.from([0xc0, 12]), Buffer.from([0xc0, 0x2b]), Buffer.from([1, 97, 0xc0, 12]), Buffer.from([192, 0, 2, 1])))
  const owner = fc.oneof(fc.constant(Buffer.from([0xc0, 12])), fc.constant(Buffer.from([0xc0, 0x37])), bytes(20))
  const record = fc.record({ owner, type: fc.constantFrom(1, 2, 5, 6, 12, 15, 16, 28, 41), ttl: fc.nat(), rdata })
  fc.assert(fc.property(fc.array(record, { maxLength: 12 }), type, fc.nat(15), (records, asked, rcode) => {
    const query = Buffer.from(encodeQuery(1, name, asked, true))
    const packet = rawReply(query, records.map((one) => ({ ...one, owner: Buffer.from(one.owner), rdata: Buffer.from(one.rdata) })), rcode)
    expect(fitOf(packet, query)).toBe('yes')
    expect(outcome(packet, asked)).toEqual(outcome(Uint8Array.from(packet), asked))
  }), parameters)
}, MINUTES)

it('good packets with octets changed', () => {
  const good = rawReply(Buffer.from(encodeQuery(1, name, 'A', false)), [
    { type: 5, rdata: Buffer.from([4, 109, 97, 105, 108, 0xc0, 16]) },
    { owner: Buffer.from([0xc0, 55]), type: 1, rdata: Buffer.from([192, 0, 2, 1]) },
  ])
  const change = fc.tuple(fc.nat(good.length - 1), fc.nat(255))
  fc.assert(fc.property(fc.array(change, { maxLength: 6 }), fc.nat(good.length), type, (changes, length, asked) => {
    const packet = Buffer.from(good)
    for (const [at, octet] of changes) packet[at] = octet
    fitOf(packet, encodeQuery(1, name, asked, true))
    outcome(packet, asked)
    outcome(packet.subarray(0, length), asked)
  }), parameters)
}, MINUTES)

it('an AAAA record and an address read from text are spelled alike, or they could not be compared', () => {
  const octet = fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, fc.nat(255))
  fc.assert(fc.property(fc.array(octet, { minLength: 16, maxLength: 16 }), (octets) => {
    const query = Buffer.from(encodeQuery(1, name, 'AAAA', true))
    const [text = ''] = readReply(decodeMessage(rawReply(query, [{ type: 28, rdata: Buffer.from(octets) }])), { name, type: 'AAAA' }).records
    const address = ofBytes(octets)
    if (address.family === 6) expect(text).toBe(address.text)
    expect(parseAddress(text)).toEqual(address)
  }), parameters)
}, MINUTES)

it('a name server that answers with anything at all: every question gets an answer', async () => {
  const server = await startNameserver('')
  const clock = { now: () => Date.now(), monotonic: () => performance.now() }
  const resolver = createResolver({ settings: () => ({ servers: [server.address], timeoutMs: 50, tries: 1 }), clock })
  const random = fc.sample(bytes(120), { numRuns: 400, seed: parameters.seed })
  let next = 0
  server.behave('*', (query) => {
    const noise = Buffer.from(random[next++ % random.length]!)
    const head = Buffer.from(query)
    head[2] = 0x81
    if (next % 3 === 0) return noise
    if (next % 3 === 1) return Buffer.concat([head.subarray(0, 12), noise])
    head[7] = 3
    return Buffer.concat([head.subarray(0, -11), noise])
  })
  const answers = await Promise.all(random.map((_octets, index) => (
    resolver.resolve({ name: `n${index}.example`, type: types[index % types.length]! }, { deadline: clock.monotonic() + 8000, fresh: false }))))
  expect(answers.every(({ status }) => ['malformed', 'timeout', 'servfail', 'refused', 'nodata', 'nxdomain'].includes(status))).toBe(true)
  resolver.close()
  await server.close()
}, MINUTES)

it('any EHLO argument has a form', () => {
  fc.assert(fc.property(fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), fc.stringMatching(/^[[\]a-fIPv0-9:._-]{0,60}$/)), (text) => {
    const form = classifyEhlo(text)
    if (form.kind === 'name' || form.kind === 'one-label') expect(form.name).toMatch(/^[a-z0-9_.-]{1,253}$/)
    expect(classifyEhlo(text.toUpperCase().toLowerCase() === text.toLowerCase() ? text.toUpperCase() : text)).toEqual(form)
  }), parameters)
}, MINUTES)
