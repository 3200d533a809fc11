/** What the tests of the real resolver share. */
import { createResolver } from '../../../electron/dns/resolver.ts'
import type { Answer, Question } from '../../../shared/dns/answer.ts'
import type { Clock, ResolverPort } from '../../../electron/ports.ts'
import { startNameserver } from '../../fakes/nameserver.ts'
import type { FakeNameserver } from '../../fakes/nameserver.ts'

export const realClock: Clock = { now: () => Date.now(), monotonic: () => performance.now() }

export const question = (text: string): Question => ({ name: text.split(' ')[0]!, type: text.split(' ')[1] as Question['type'] })

export interface Rig {
  readonly resolver: ResolverPort
  readonly servers: readonly FakeNameserver[]
  readonly server: FakeNameserver
  ask(text: string, options?: { fresh?: boolean; withinMs?: number }): Promise<Answer>
  close(): Promise<void>
}

/** A real resolver over `count` fake name servers with the same zone. The timeout is long, so that a busy machine changes nothing; tests of lost replies set their own. */
export async function rig(zone: string, { count = 1, timeoutMs = 20_000, tries = 2, clock = realClock, extraServers = [] as string[] } = {}): Promise<Rig> {
  const servers = await Promise.all(Array.from({ length: count }, () => startNameserver(zone)))
  const addresses = [...extraServers, ...servers.map(({ address }) => address)]
  const resolver = createResolver({ settings: () => ({ servers: addresses, timeoutMs, tries }), clock })
  return {
    resolver,
    servers,
    server: servers[0]!,
    ask: (text, { fresh = false, withinMs = 8000 } = {}) => resolver.resolve(question(text), { deadline: clock.monotonic() + withinMs, fresh }),
    close: async () => {
      resolver.close()
      await Promise.all(servers.map((server) => server.close()))
    },
  }
}
