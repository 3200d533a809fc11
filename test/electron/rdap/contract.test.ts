import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../../../electron/clock.ts'
import { createRdap } from '../../../electron/rdap/rdap.ts'
import { DOMAINS, NETWORKS, rdapContract } from '../../contract/rdap.ts'
import { fakeRdap } from '../../fakes/rdap.ts'
import { AFRINIC, APNIC, ARIN, DOMAIN, json, LACNIC, RIPE, startRdapServer } from '../../fakes/rdapserver.ts'

rdapContract('the double', () => Promise.resolve({ rdap: fakeRdap({ networks: Object.values(NETWORKS), domains: DOMAINS }), close: () => Promise.resolve() }))

rdapContract('the real one', async () => {
  const server = await startRdapServer({
    '/ip/198.51.100.25': json(ARIN), '/ip/192.0.2.33': json(RIPE), '/ip/203.0.113.9': json(APNIC), '/ip/192.1.2.3': json(LACNIC), '/ip/2001:db8:4000::25': json(AFRINIC), '/domain/acme.example': json(DOMAIN),
  })
  const dataDir = mkdtempSync(join(tmpdir(), 'porch-rdap-'))
  const rdap = createRdap({ dataDir, clock: systemClock, settings: () => ({ rdap: server.base }) })
  return {
    rdap,
    async close() {
      rdap.close()
      await server.close()
      rmSync(dataDir, { recursive: true })
    },
  }
})
