/** Part of the API (shared/api.ts): to whom an address is registered. */
import { oc, type } from '@orpc/contract'
import { z } from 'zod'

/** `cidrs` together are the registered network; `why` one sentence fit to be shown. */
export type NetworkOf =
  | { readonly known: true; readonly cidrs: readonly string[]; readonly name: string | null; readonly handle: string | null }
  | { readonly known: false; readonly why: string }

export const networkApi = {
  /** Asks the registry (RDAP); may take some seconds. Off without `notices` in the settings. */
  of: oc.input(z.object({ address: z.string().max(100) })).output(type<NetworkOf>()),
}
