/**
 * The address of the page for a ban: the scope and a seal over it, so that nobody can list who is banned here. The key is made
 * once and kept in the data folder's store; without a store (a full disk) the links of this run hold for this run.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { StorePort } from '../ports.ts'

export interface BanLinks {
  /** "b/192.0.2.16-28/k3…", relative to the help page's address. */
  path(scope: string): string
  /** The scope of a path's two parts; null if the seal does not fit. */
  open(scope: string, seal: string): string | null
}

const KEY = 'help-key'

export async function keptBanLinks(store: Pick<StorePort, 'get' | 'put'>): Promise<BanLinks> {
  const known = await store.get(KEY).catch(() => null)
  if (typeof known === 'string' && /^[\w-]{43}$/.test(known)) return banLinks(known)
  const made = randomBytes(32).toString('base64url')
  await store.put(KEY, made).catch(() => undefined)
  return banLinks(made)
}

export function banLinks(key: string): BanLinks {
  const sealOf = (scope: string) => createHmac('sha256', key).update(scope).digest('base64url').slice(0, 16)
  return {
    path: (scope) => `b/${scope.replace('/', '-')}/${sealOf(scope)}`,
    open(written, seal) {
      const scope = written.toLowerCase().replace('-', '/')
      const right = sealOf(scope)
      return seal.length === right.length && timingSafeEqual(Buffer.from(seal, 'latin1'), Buffer.from(right, 'latin1')) ? scope : null
    },
  }
}
