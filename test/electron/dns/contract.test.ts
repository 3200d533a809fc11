import { createResolver } from '../../../electron/dns/resolver.ts'
import { resolverContract } from '../../contract/resolver.ts'
import { manualClock } from '../../fakes/clock.ts'
import { startNameserver } from '../../fakes/nameserver.ts'
import type { Behaviour } from '../../fakes/nameserver.ts'
import { fakeResolver } from '../../fakes/resolver.ts'
import { realClock } from './tools.ts'

resolverContract('the double', (zone) => {
  const clock = manualClock()
  const resolver = fakeResolver(zone, clock)
  return Promise.resolve({ resolver, deadline: () => clock.monotonic() + 8000, setZone: (text: string) => { resolver.setZone(text) }, close: () => Promise.resolve() })
})

const real = (behaviour: Behaviour | null) => async (zone: string) => {
  const server = await startNameserver(zone)
  if (behaviour !== null) server.behave('*', behaviour)
  const resolver = createResolver({ settings: () => ({ servers: [server.address], timeoutMs: 2000, tries: 2 }), clock: realClock })
  return {
    resolver,
    deadline: () => realClock.monotonic() + 8000,
    setZone: (text: string) => { server.setZone(text) },
    close: async () => {
      resolver.close()
      await server.close()
    },
  }
}
resolverContract('the real one', real(null))
resolverContract('the real one over TCP', real('truncated'))
resolverContract('the real one, each CNAME asked for separately', real('one-cname'))
resolverContract('the real one, a server without EDNS', real('no-edns'))
