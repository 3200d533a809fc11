/** The system's name servers, in the form in which the settings name them. */
import { getServers } from 'node:dns'
import { parseAddress } from '../../shared/net/ip.ts'
import { endpointText, parseEndpoint } from '../../shared/net/parse.ts'

/** "address:port" each, as node:dns knows them; a resolver on this machine if it knows none. Addresses with a zone index cannot be used and are left out. */
export function systemServers(listed: readonly string[] = getServers()): string[] {
  const servers = listed.flatMap((text) => {
    const address = parseAddress(text)
    if (address !== null) return [endpointText(address.text, 53)]
    const endpoint = parseEndpoint(text)
    return endpoint === null ? [] : [endpointText(endpoint.host, endpoint.port)]
  })
  return servers.length > 0 ? servers : ['127.0.0.1:53']
}
