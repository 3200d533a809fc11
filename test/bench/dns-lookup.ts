/**
 * CPU µs per lookup: the gate's own resolver, and node:dns (c-ares), both asking the same nsd on loopback for names never asked before.
 * Also whole gatherings (PTR, its A, EHLO A, MX). `node test/bench/dns-lookup.ts [lookups]`; one JSON line.
 */
import { Resolver as CaresResolver } from 'node:dns'
import { createGatherer } from '../../electron/dns/gather.ts'
import { createResolver } from '../../electron/dns/resolver.ts'
import { startAuthority } from '../e2e/authority.ts'

const LOOKUPS = Number(process.argv[2] ?? 30_000)
const AT_ONCE = 50
const clock = { now: () => Date.now(), monotonic: () => performance.now() }

const authority = await startAuthority('nsd', `
*.bench.example. IN A 192.0.2.1
*.10.in-addr.arpa. IN PTR mail.acme.example.
mail.acme.example. IN A 192.0.2.1
*.mx.example. IN A 192.0.2.77
`)
const settings = { servers: [authority.address], timeoutMs: 2000, tries: 2 }

/** CPU µs of this process for each of `count` calls, `AT_ONCE` under way; the best of three rounds. */
async function cost(count: number, call: (number: number) => Promise<unknown>): Promise<number> {
  let best = Infinity
  for (let round = 0; round < 3; round += 1) {
    let next = round * count
    const end = next + count
    const before = process.cpuUsage()
    await Promise.all(Array.from({ length: AT_ONCE }, async () => {
      while (next < end) await call(next++)
    }))
    const { user, system } = process.cpuUsage(before)
    best = Math.min(best, (user + system) / count)
  }
  return Math.round(best * 10) / 10
}

const own = createResolver({ settings: () => settings, clock })
const cares = new CaresResolver({ timeout: 2000, tries: 2 })
cares.setServers([authority.address])
const gatherer = createGatherer(own, clock)

const ownCost = await cost(LOOKUPS, (n) => own.resolve({ name: `own${n}.bench.example`, type: 'A' }, { deadline: clock.monotonic() + 8000, fresh: false }))
const caresCost = await cost(LOOKUPS, (n) => new Promise((resolve) => { cares.resolve4(`cares${n}.bench.example`, { ttl: true }, resolve) }))
const address = (n: number) => `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`
const gathering = await cost(LOOKUPS / 5, (n) => gatherer.begin(address(n), { fresh: false }).ehloSide(`h${n}.mx.example`))
const known = await cost(LOOKUPS / 5, () => gatherer.begin('10.0.0.1', { fresh: false }).ehloSide('h1.mx.example'))

console.log(JSON.stringify({ lookups: LOOKUPS, ownMicros: ownCost, caresMicros: caresCost, gathering3Micros: gathering, cachedGatheringMicros: known, stats: own.stats() }))
own.close()
cares.cancel()
await authority.close()
