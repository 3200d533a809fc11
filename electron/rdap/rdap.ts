/**
 * RdapPort over HTTP: which registry, what it says, and a memory of both. One question of many askers is one request. Without a
 * `notices` section in the settings no registry is ever asked.
 */
import { parseAddress } from '../../shared/net/ip.ts'
import { parseEndpoint } from '../../shared/net/parse.ts'
import type { BootstrapFile } from '../../shared/notice/bootstrap.ts'
import { servicesForAddress, servicesForName } from '../../shared/notice/bootstrap.ts'
import { readDomain, readNetwork } from '../../shared/notice/registry.ts'
import type { Read } from '../../shared/notice/registry.ts'
import type { Clock, EffectiveSettings, RdapPort, RegistryLookup } from '../ports.ts'
import { createBootstrap, IANA } from './bootstrap.ts'
import type { Bootstrap } from './bootstrap.ts'
import { createFetcher } from './fetch.ts'
import type { Fetcher } from './fetch.ts'

export const RDAP_OFF = 'registries are asked only once notices are set up (Settings, Notices), and never in practice mode'

const MAX_ANSWER_BYTES = 1024 * 1024
const KEEP_MS = 86_400_000
/** What failed is asked again after a while; what a registry does not know, later. */
const KEEP_FAILURE_MS = 60_000
const KEEP_MISSING_MS = 3_600_000
const MAX_KEPT = 2000
/** Of a registry's base addresses. */
const MAX_URLS = 2

export interface RdapDeps {
  readonly dataDir: string
  readonly clock: Clock
  /** How long one request may take, ms (tests). */
  readonly requestMs?: number
  /** Read for each question: null while notices are off, and in practice mode. */
  readonly settings: () => { readonly rdap?: string } | null
}

interface Kept {
  readonly until: number
  readonly lookup: RegistryLookup<object>
}

/** Where registries are asked; null: they are not. In practice mode nothing leaves this machine: only one that the settings name on it is asked. */
export function registriesOf({ notices, practice }: Pick<EffectiveSettings, 'notices' | 'practice'>): { readonly rdap?: string } | null {
  if (notices === undefined) return null
  return practice && (notices.rdap === undefined || parseEndpoint(`${new URL(notices.rdap).hostname}:443`, { names: true })?.loopback !== true) ? null : notices
}

export function createRdap(deps: RdapDeps): RdapPort {
  const fetcher = createFetcher(deps.clock, deps.requestMs)
  const asker: Asker = { fetcher, bootstrap: createBootstrap({ ...deps, fetcher }) }
  const kept = new Map<string, Kept>()
  const underway = new Map<string, Promise<RegistryLookup<object>>>()

  const remember = (key: string, { lookup, forMs }: Told<object>) => {
    kept.delete(key)
    kept.set(key, { until: deps.clock.monotonic() + forMs, lookup })
    for (const oldest of kept.keys()) {
      if (kept.size <= MAX_KEPT) break
      kept.delete(oldest)
    }
    return lookup
  }
  const ask = <T extends object>(key: string, work: (base: string) => Promise<Told<T>>): Promise<RegistryLookup<T>> => {
    const settings = deps.settings()
    if (settings === null) return Promise.resolve({ known: false, why: RDAP_OFF })
    const base = settings.rdap ?? IANA
    const full = `${base} ${key}`
    const known = kept.get(full)
    if (known !== undefined && known.until > deps.clock.monotonic()) return Promise.resolve(known.lookup as RegistryLookup<T>)
    const running = underway.get(full) ?? work(base).then((told) => remember(full, told)).finally(() => underway.delete(full))
    underway.set(full, running)
    return running
  }

  return {
    network(text) {
      const address = parseAddress(text)
      if (address === null) return Promise.resolve({ known: false, why: 'that is no address' })
      return ask(`ip/${address.text}`, (base) => askRegistry(asker, {
        base, file: address.family === 4 ? 'ipv4' : 'ipv6', path: `ip/${address.text}`, what: address.text,
        urls: (services) => servicesForAddress(services, address), read: (json) => readNetwork(json, address),
      }))
    },
    domain: (name) => ask(`domain/${name}`, (base) => askRegistry(asker, {
      base, file: 'dns', path: `domain/${name}`, what: name, urls: (services) => servicesForName(services, name), read: (json) => readDomain(json, name),
    })),
    close: () => fetcher.close(),
  }
}

interface Asker {
  readonly fetcher: Fetcher
  readonly bootstrap: Bootstrap
}

interface Ask<T> {
  readonly base: string
  readonly file: BootstrapFile
  readonly path: string
  readonly what: string
  readonly urls: (services: Parameters<typeof servicesForAddress>[0]) => readonly string[]
  readonly read: (json: unknown) => Read<T>
}

interface Told<T> {
  readonly lookup: RegistryLookup<T>
  readonly forMs: number
}

async function askRegistry<T extends object>({ fetcher, bootstrap }: Asker, ask: Ask<T>): Promise<Told<T>> {
  const found = await bootstrap.services(ask.file, ask.base)
  if (!found.ok) return unknown(`the list of registries is not at hand: ${found.why}`, KEEP_FAILURE_MS)
  const urls = ask.urls(found.services).slice(0, MAX_URLS)
  let why = `no registry is known for ${ask.what}`
  for (const url of urls) {
    const fetched = await fetcher.get(`${url}${url.endsWith('/') ? '' : '/'}${ask.path}`, { base: ask.base, maxBytes: MAX_ANSWER_BYTES })
    switch (fetched.kind) {
      case 'missing': return unknown(`the registry does not know ${ask.what}`, KEEP_MISSING_MS)
      case 'failed':
        why = fetched.why
        break
      case 'json': {
        const read = ask.read(fetched.json)
        if (read.ok) return { lookup: { known: true, ...read.value }, forMs: KEEP_MS }
        why = read.why
        break
      }
    }
  }
  return unknown(why, urls.length === 0 ? KEEP_MISSING_MS : KEEP_FAILURE_MS)
}

function unknown(why: string, forMs: number): Told<never> {
  return { lookup: { known: false, why }, forMs }
}
