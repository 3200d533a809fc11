/**
 * RELIABILITY, Faults: "DNS down, slow, SERVFAIL, lying", through the whole program: no 5xx is ever caused by it, those
 * who need no DNS pass, and what a liar makes us ask is bounded.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startPorch } from '../e2e/porch.ts'
import type { Porch } from '../e2e/porch.ts'
import { startBackend } from '../fakes/backend.ts'
import type { FakeBackend } from '../fakes/backend.ts'
import { rawReply, startNameserver, wireName } from '../fakes/nameserver.ts'
import type { Behaviour, FakeNameserver } from '../fakes/nameserver.ts'
import { recipient, residentMegabytes, send, settingsOf } from './tools.ts'

/** A host in order at every address of 192.0.2.0/24, so that each test has clients that nothing is cached of. */
const hosts = Array.from({ length: 254 }, (_, index) => index + 1)
const name = (host: number) => `mail${host}.sender.example`
const address = (host: number) => `192.0.2.${host}`
const ZONE = hosts.map((host) => `${host}.2.0.192.in-addr.arpa PTR ${name(host)}\n${name(host)} A ${address(host)}`).join('\n')

let next = 0
let backend: FakeBackend
let dns: FakeNameserver
let porch: Porch

beforeAll(async () => {
  backend = await startBackend()
  dns = await startNameserver(ZONE)
  porch = await startPorch(settingsOf(backend.address, { dns: { servers: [dns.address], timeoutMs: 150, tries: 1, canary: [] }, policy: { exempt: ['203.0.113.0/24'] } }))
})
afterAll(async () => {
  await porch.stop()
  await dns.close()
  await backend.close()
})

/** What a fresh host in order hears at RCPT while DNS does this to its questions. */
async function heard(behaviour: Behaviour, kind: 'PTR' | 'A' | 'both'): Promise<string> {
  const host = (next += 1)
  if (kind !== 'A') dns.behave(`${host}.2.0.192.in-addr.arpa. PTR`, behaviour)
  if (kind !== 'PTR') dns.behave(`${name(host)}. A`, behaviour)
  const { client, reply } = await recipient(porch, address(host), name(host))
  client.end()
  return reply
}

const sick = (rcode: number): Behaviour => (query) => rawReply(query, [], rcode)
const loop: Behaviour = (query) => rawReply(query, [
  { type: 5, rdata: wireName('a', 'loop', 'example') },
  { owner: wireName('a', 'loop', 'example'), type: 5, rdata: wireName('b', 'loop', 'example') },
  { owner: wireName('b', 'loop', 'example'), type: 5, rdata: wireName('a', 'loop', 'example') },
])
const itself: Behaviour = (query) => rawReply(query, [{ type: 5, rdata: Buffer.from([0xc0, 12]) }])

const ways: readonly (readonly [string, Behaviour])[] = [
  ['silent', 'silence'],
  ['SERVFAIL', sick(2)],
  ['REFUSED', sick(5)],
  ['NOTIMP', sick(4)],
  ['FORMERR', sick(1)],
  ['the wrong id', 'wrong-id'],
  ['the wrong question', 'wrong-question'],
  ['the wrong type', 'wrong-type'],
  ['from the wrong port', 'wrong-source'],
  ['the question in other letters', 'lower-case'],
  ['cut off', 'cut'],
  ['garbage', 'garbage'],
  ['truncated, and silent over TCP', 'tcp-silence'],
  ['a CNAME loop', loop],
  ['a CNAME to itself', itself],
  ['a referral instead of an answer', 'referral'],
]

describe.each(['PTR', 'A', 'both'] as const)('a correct host hears 451 and never a 5xx when this happens to %s', (kind) => {
  test.each(ways)('%s', async (_way, behaviour) => {
    expect(await heard(behaviour, kind)).toMatch(kind === 'A' ? /^451 4\.(7\.25|4\.3) / : /^451 4\.7\.25 /)
  })
})

test.each<[string, Behaviour]>([['truncated', 'truncated'], ['truncated, and one octet at a time over TCP', 'drip'], ['before EDNS', 'no-edns']])(
  'no fault of the sender, and a way around it: %s: 250', async (_way, behaviour) => {
    expect(await heard(behaviour, 'both')).toMatch(/^250 /)
  },
)

test('slow, but within the time: 250', async () => {
  const host = (next += 1)
  const asked = dns.queries.length
  dns.behave(`${host}.2.0.192.in-addr.arpa. PTR`, 'held')
  const sent = send(porch, address(host), name(host))
  await dns.seen(asked + 1)
  dns.release()
  expect(await sent).toBe('250 2.0.0 taken')
})

test('200 PTR names: ten are looked at, the rest is not asked; memory flat', async () => {
  const ptrs = (first: string) => [first, ...Array.from({ length: 199 }, (_, index) => `n${index}.many.example`)].map((one) => `77.100.51.198.in-addr.arpa PTR ${one}`).join('\n')
  dns.setZone(`${ZONE}\n${ptrs('mail.many.example')}\nmail.many.example A 198.51.100.77\nmany.example MX 10 mail.many.example`)
  const before = residentMegabytes(porch)
  const asked = dns.queries.length
  expect(await send(porch, '198.51.100.77', 'mail.many.example')).toBe('250 2.0.0 taken')
  const questions = dns.queries.slice(asked).map((query) => `${query.type} ${query.name.toLowerCase()}`)
  expect(new Set(questions.filter((question) => question.endsWith('.many.example'))).size).toBeLessThanOrEqual(11)
  expect(residentMegabytes(porch) - before).toBeLessThan(60)
  dns.setZone(ZONE)
})

test('as large as a reply can be: 2,400 PTR names over TCP cost ten questions', async () => {
  const records = Array.from({ length: 2400 }, (_, index) => ({ type: 12, rdata: wireName(`n${index}`, 'example') }))
  dns.behave('78.100.51.198.in-addr.arpa. PTR', (query) => rawReply(query, records))
  dns.behave('78.100.51.198.in-addr.arpa. PTR', 'truncated', 1)
  const { client } = await recipient(porch, '198.51.100.78', 'mail1.sender.example')
  client.end()
  const asked = dns.queries.map((query) => query.name.toLowerCase()).filter((asked) => /^n\d+\.example$/.test(asked))
  expect([...new Set(asked)].sort()).toEqual(Array.from({ length: 10 }, (_, index) => `n${index}.example`))
})

describe('down altogether', () => {
  let away: Porch
  beforeAll(async () => {
    away = await startPorch(settingsOf(backend.address, { dns: { servers: ['127.0.0.1:9'], timeoutMs: 150, tries: 1, canary: [] }, policy: { exempt: ['203.0.113.0/24'] } }))
    for (const scope of ['192.0.2.250', '198.51.100.0/24']) expect(await away.cli('allow', scope)).toMatchObject({ code: 0 })
  })
  afterAll(() => away.stop())

  test('a host in order is deferred; even one that DNS would condemn', async () => {
    for (const [from, ehlo] of [[address(1), name(1)], ['192.0.2.2', 'www.elsewhere.example']] as const) expect(await send(away, from, ehlo)).toMatch(/^451 4\.7\.25 /)
  })

  test.each([['an address on the whitelist', '192.0.2.250'], ['a network on the whitelist', '198.51.100.9'], ['an exempt network', '203.0.113.5']])('%s passes', async (_what, from) => {
    expect(await send(away, from, 'mail.sender.example')).toBe('250 2.0.0 taken')
  })

  test('back again: heals by itself', async () => {
    const gone = await startNameserver(ZONE)
    const { address: where } = gone
    const gate = await startPorch(settingsOf(backend.address, { dns: { servers: [where], timeoutMs: 150, tries: 1, canary: [] } }))
    try {
      await gone.close()
      expect(await send(gate, address(3), name(3))).toMatch(/^451 4\.7\.25 /)
      const back = await startNameserver(ZONE, '127.0.0.1', Number(where.split(':')[1]))
      try {
        // Another host: what is temporary is remembered for up to 30 s.
        expect(await send(gate, address(4), name(4))).toBe('250 2.0.0 taken')
      } finally {
        await back.close()
      }
    } finally {
      await gate.stop()
    }
  })
})
