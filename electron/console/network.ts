/** Part of the API: to whom an address is registered. The contacts stay here: they are for notices. */
import type { NetworkOf } from '../../shared/api/network.ts'
import { parseAddress } from '../../shared/net/ip.ts'
import type { ConsoleDeps } from './deps.ts'

export async function networkOf({ rdap }: Pick<ConsoleDeps, 'rdap'>, typed: string): Promise<NetworkOf> {
  const address = parseAddress(typed.trim())
  if (address === null) return { known: false, why: 'That is not an address.' }
  const found = await rdap.network(address.text)
  return found.known ? { known: true, cidrs: found.cidrs, name: found.name, handle: found.handle } : { known: false, why: found.why }
}
