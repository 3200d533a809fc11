/** What every RdapPort promises; run for the double and for the real one over a registry on loopback. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { RdapPort } from '../../electron/ports.ts'
import type { RegisteredDomain, RegisteredNetwork } from '../../shared/notice/registry.ts'

export interface RdapUnderTest {
  readonly rdap: RdapPort
  readonly close: () => Promise<void>
}

const contact = (address: string, role: 'abuse' | 'technical' | 'administrative', name: string, note: string | null = null) => ({ address, role, name, note })
const UNVALIDATED = 'ARIN has attempted to validate the data for this POC, but has received no response from the POC since 2012-01-01'

/** What the answers of the five registries (test/fakes/rdapserver.ts) come to. */
export const NETWORKS: Readonly<Record<string, RegisteredNetwork>> = {
  '198.51.100.25': { cidrs: ['198.51.100.0/24'], name: 'COLO-NET', handle: 'NET-198-51-100-0-1', country: null, contacts: [
    contact('abuse@colo.example', 'abuse', 'Abuse Desk'), contact('ann@colo.example', 'administrative', 'Ann Admin'), contact('noc@colo.example', 'technical', 'NOC', UNVALIDATED)] },
  '192.0.2.33': { cidrs: ['192.0.2.0/27', '192.0.2.32/28'], name: 'EXAMPLE-DC', handle: '192.0.2.0 - 192.0.2.47', country: 'NL', contacts: [
    contact('abuse@dc.example', 'abuse', 'Abuse role'), contact('noc@dc.example', 'technical', 'Example NOC')] },
  '203.0.113.9': { cidrs: ['203.0.113.0/24'], name: 'EXAMPLE-AP', handle: '203.0.113.0 - 203.0.113.255', country: 'AU', contacts: [
    contact('irt@ap.example', 'abuse', 'IRT-EXAMPLE-AU'), contact('admin@ap.example', 'technical', 'Example Admin')] },
  '192.1.2.3': { cidrs: ['192.1.2.0/24'], name: null, handle: '192.1.2/24', country: 'BR', contacts: [contact('abuso@la.example', 'abuse', 'Abuso'), contact('redes@la.example', 'technical', 'Tecnico')] },
  '2001:db8:4000::25': { cidrs: ['2001:db8:4000::/36'], name: 'EXAMPLE-AF', handle: '2001:db8:4000::/36', country: 'ZA', contacts: [
    contact('abuse@af.example', 'abuse', 'Abuse'), contact('noc@af.example', 'technical', 'Example AF NOC')] },
}
export const DOMAINS: readonly RegisteredDomain[] = [{ domain: 'acme.example', contacts: [contact('dns@acme.example', 'technical', 'Acme IT')] }]

export function rdapContract(name: string, make: () => Promise<RdapUnderTest>): void {
  describe(`registries: ${name}`, () => {
    let under: RdapUnderTest
    beforeEach(async () => {
      under = await make()
    })
    afterEach(() => under.close())

    it.each(Object.entries(NETWORKS))('knows to whom %s is registered', async (address, network) => {
      expect(await under.rdap.network(address)).toEqual({ known: true, ...network })
    })

    it('knows whom to ask about a domain, and that is not the registrar', async () => {
      expect(await under.rdap.domain('acme.example')).toEqual({ known: true, ...DOMAINS[0] })
    })

    it.each(['198.51.99.1', '2001:db8:9999::1', '10.0.0.1', 'nonsense', ''])('says why it does not know %j', async (address) => {
      const found = await under.rdap.network(address)
      expect(found.known ? '' : found.why).toMatch(/\w+ \w+/)
    })

    it('answers a question twice alike', async () => {
      const [one, two] = await Promise.all([under.rdap.network('198.51.100.25'), under.rdap.network('198.51.100.25')])
      expect(two).toEqual(one)
    })
  })
}
