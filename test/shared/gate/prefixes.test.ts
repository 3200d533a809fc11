import fc from 'fast-check'
import { expect, test } from 'vitest'
import { PrefixMap } from '../../../shared/gate/prefixes.ts'
import { contains, networkOf, ofBytes } from '../../../shared/net/ip.ts'
import type { Network } from '../../../shared/net/ip.ts'

const octets = (count: number) => fc.array(fc.constantFrom(0, 1, 127, 128, 255), { minLength: count, maxLength: count })
const network = fc.oneof(
  fc.tuple(octets(4), fc.integer({ min: 0, max: 32 })),
  fc.tuple(octets(16), fc.integer({ min: 0, max: 128 })),
).map(([bytes, prefix]) => {
  const address = ofBytes(bytes)
  return networkOf(address, Math.min(prefix, address.family === 4 ? 32 : 128))
})

test('the longest network that contains the address and holds, as a search through all of them finds it', () => {
  fc.assert(
    fc.property(fc.array(network, { maxLength: 40 }), fc.array(network, { maxLength: 5 }), network, (networks, removed, asked) => {
      const map = new PrefixMap<Network>()
      for (const each of networks) map.set(each, each)
      for (const each of removed) map.delete(each)
      const gone = new Set(removed.map((each) => each.text))
      const holds = (each: Network) => each.prefix % 3 !== 0
      const [expected] = networks
        .filter((each) => !gone.has(each.text) && holds(each) && contains(each, asked.address))
        .sort((a, b) => b.prefix - a.prefix)
      expect(map.find(asked.address, holds)?.text).toBe(expected?.text)
    }),
    { numRuns: 2000, seed: 7 },
  )
})
