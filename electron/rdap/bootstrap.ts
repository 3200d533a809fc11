/**
 * IANA's bootstrap files as this machine has them: fetched when they are needed, refreshed daily, kept on disk. When the server is
 * away the copy goes on, whatever its age: which registry has which addresses changes about as often as continents do.
 */
import { mkdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { z } from 'zod'
import { readBootstrap } from '../../shared/notice/bootstrap.ts'
import type { BootstrapFile, BootstrapService } from '../../shared/notice/bootstrap.ts'
import type { Clock } from '../ports.ts'
import type { Fetcher } from './fetch.ts'

/** IANA's data service (RFC 9224 §3). */
export const IANA = 'https://data.iana.org/rdap/'
export const MAX_BOOTSTRAP_BYTES = 4 * 1024 * 1024
const REFRESH_MS = 86_400_000
/** After a failure the copy in hand is used for so long before the server is asked again. */
const RETRY_MS = 600_000

const copySchema = z.object({ from: z.string(), fetched: z.number(), file: z.unknown() })

interface Copy {
  readonly from: string
  /** Wall clock, ms. */
  readonly fetched: number
  readonly services: readonly BootstrapService[]
}

export type Bootstrapped = { readonly ok: true; readonly services: readonly BootstrapService[] } | { readonly ok: false; readonly why: string }

export interface Bootstrap {
  /** `base`: where the files are served; a copy from elsewhere is not used. */
  services(file: BootstrapFile, base: string): Promise<Bootstrapped>
}

export interface BootstrapDeps {
  readonly dataDir: string
  readonly clock: Clock
  readonly fetcher: Fetcher
}

export function createBootstrap({ dataDir, clock, fetcher }: BootstrapDeps): Bootstrap {
  const dir = join(dataDir, 'rdap')
  const copies = new Map<BootstrapFile, Copy | null>()
  const failures = new Map<string, { readonly at: number; readonly why: string }>()
  const underway = new Map<string, Promise<Bootstrapped>>()

  const copyOf = (file: BootstrapFile, base: string): Copy | null => {
    if (!copies.has(file)) copies.set(file, readCopy(join(dir, `${file}.json`)))
    const copy = copies.get(file) ?? null
    return copy?.from === base ? copy : null
  }
  const refresh = async (file: BootstrapFile, base: string): Promise<Bootstrapped> => {
    const copy = copyOf(file, base)
    const fetched = await fetcher.get(`${base}${base.endsWith('/') ? '' : '/'}${file}.json`, { base, maxBytes: MAX_BOOTSTRAP_BYTES })
    const services = fetched.kind === 'json' ? readBootstrap(fetched.json) : null
    if (fetched.kind === 'json' && services !== null) {
      const fresh = { from: base, fetched: clock.now(), services }
      copies.set(file, fresh)
      failures.delete(`${base} ${file}`)
      await keep(join(dir, `${file}.json`), { from: base, fetched: fresh.fetched, file: fetched.json })
      return { ok: true, services }
    }
    const why = fetched.kind === 'failed' ? fetched.why : fetched.kind === 'missing' ? `there is no ${file}.json at ${base}` : `${file}.json at ${base} is no bootstrap file`
    failures.set(`${base} ${file}`, { at: clock.monotonic(), why })
    return copy === null ? { ok: false, why } : { ok: true, services: copy.services }
  }
  const keep = async (path: string, copy: z.input<typeof copySchema>) => {
    try {
      mkdirSync(dir, { recursive: true, mode: 0o700 })
      await writeFileAtomic(path, JSON.stringify(copy), { mode: 0o600 })
    } catch {
      // A full disk: the copy in memory serves until the next start.
    }
  }

  return {
    services(file, base) {
      const copy = copyOf(file, base)
      const age = copy === null ? Number.POSITIVE_INFINITY : clock.now() - copy.fetched
      // One from the future was fetched under a wrong clock: its age is not known.
      if (copy !== null && age >= 0 && age < REFRESH_MS) return Promise.resolve({ ok: true, services: copy.services })
      const key = `${base} ${file}`
      const failed = failures.get(key)
      if (failed !== undefined && clock.monotonic() - failed.at < RETRY_MS) {
        return Promise.resolve(copy === null ? { ok: false, why: failed.why } : { ok: true, services: copy.services })
      }
      const known = underway.get(key)
      if (known !== undefined) return known
      const asked = refresh(file, base).finally(() => underway.delete(key))
      underway.set(key, asked)
      return asked
    },
  }
}

/** Null if there is none that can be used. */
function readCopy(path: string): Copy | null {
  try {
    if (statSync(path).size > MAX_BOOTSTRAP_BYTES * 2) return null
    const copy = copySchema.parse(JSON.parse(readFileSync(path, 'utf8')))
    const services = readBootstrap(copy.file)
    return services === null ? null : { from: copy.from, fetched: copy.fetched, services }
  } catch {
    return null
  }
}
