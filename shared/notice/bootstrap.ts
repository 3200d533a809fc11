/** IANA's bootstrap files (RFC 9224): which registry to ask about an address or a domain. Pure. */
import { z } from 'zod'
import { canonicalName } from '../net/domain.ts'
import { contains, parseNetwork } from '../net/ip.ts'
import type { Address } from '../net/ip.ts'

export const BOOTSTRAP_FILES = ['ipv4', 'ipv6', 'dns'] as const
export type BootstrapFile = (typeof BOOTSTRAP_FILES)[number]

/** One entry: prefixes or domains, and the base addresses of the service that knows them, https first. */
export interface BootstrapService {
  readonly entries: readonly string[]
  readonly urls: readonly string[]
}

const HTTP_URL = /^https?:\/\/[^\s/?#@"<>]+[^\s"<>]*$/i
const MAX_SERVICES = 10_000
const fileSchema = z.object({ services: z.array(z.unknown()) })
const serviceSchema = z.tuple([z.array(z.string()), z.array(z.string())]).rest(z.unknown())

/** Null for anything that is no bootstrap file, also for one without a single usable service: it must not replace a good copy. */
export function readBootstrap(json: unknown): readonly BootstrapService[] | null {
  const file = fileSchema.safeParse(json)
  if (!file.success) return null
  const services = file.data.services.slice(0, MAX_SERVICES).flatMap((each): BootstrapService[] => {
    const service = serviceSchema.safeParse(each)
    if (!service.success) return []
    const urls = service.data[1].filter((url) => HTTP_URL.test(url))
    return urls.length === 0 ? [] : [{ entries: service.data[0], urls: [...urls].sort((a, b) => Number(isPlain(a)) - Number(isPlain(b))) }]
  })
  return services.length === 0 ? null : services
}

function isPlain(url: string): boolean {
  return /^http:/i.test(url)
}

/** The longest prefix wins (RFC 9224 §5.1, §5.2). */
export function servicesForAddress(services: readonly BootstrapService[], address: Address): readonly string[] {
  let best: { readonly length: number; readonly urls: readonly string[] } | null = null
  for (const { entries, urls } of services) {
    for (const entry of entries) {
      const network = parseNetwork(entry)
      if (network !== null && contains(network, address) && network.prefix > (best?.length ?? -1)) best = { length: network.prefix, urls }
    }
  }
  return best?.urls ?? []
}

/** The most labels win (RFC 9224 §4). `name` canonical. */
export function servicesForName(services: readonly BootstrapService[], name: string): readonly string[] {
  const byEntry = new Map(services.flatMap(({ entries, urls }) => entries.map((entry) => [canonicalName(entry), urls] as const)))
  for (let rest = name; ;) {
    const urls = byEntry.get(rest)
    if (urls !== undefined) return urls
    const dot = rest.indexOf('.')
    if (dot === -1) return []
    rest = rest.slice(dot + 1)
  }
}
