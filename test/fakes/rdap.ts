/** Registries in memory, for tests of what asks them. They pass the same contract suite as the real thing (test/contract/rdap.ts). */
import type { RdapPort, RegistryLookup } from '../../electron/ports.ts'
import { contains, parseAddress, parseNetwork } from '../../shared/net/ip.ts'
import type { RegisteredDomain, RegisteredNetwork } from '../../shared/notice/registry.ts'

export interface FakeRegistries {
  readonly networks?: readonly RegisteredNetwork[]
  readonly domains?: readonly RegisteredDomain[]
  /** Instead of any answer. */
  readonly off?: string
}

export function fakeRdap({ networks = [], domains = [], off }: FakeRegistries): RdapPort & { readonly asked: string[] } {
  const asked: string[] = []
  const told = <T extends object>(question: string, found: T | undefined): Promise<RegistryLookup<T>> => {
    asked.push(question)
    if (off !== undefined) return Promise.resolve({ known: false, why: off })
    return Promise.resolve(found === undefined ? { known: false, why: `no registry knows ${question}` } : { known: true, ...found })
  }
  return {
    asked,
    network(text) {
      const address = parseAddress(text)
      const holds = (cidr: string) => address !== null && contains(parseNetwork(cidr)!, address)
      const length = (network: RegisteredNetwork) => Math.max(...network.cidrs.map((cidr) => parseNetwork(cidr)!.prefix))
      return told(text, networks.filter(({ cidrs }) => cidrs.some(holds)).sort((a, b) => length(b) - length(a))[0])
    },
    domain: (name) => told(name, domains.find(({ domain }) => domain === name)),
    close: () => undefined,
  }
}
