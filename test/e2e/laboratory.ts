/**
 * The canary with a name server of a laboratory (knot, nsd): it serves a few zones, refuses every other name, and no canary is configured.
 * That is no sickness: who is to be refused hears 5xx. When it falls silent the gate is red within a minute, and well again by itself.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startBackend } from '../fakes/backend.ts'
import type { FakeBackend } from '../fakes/backend.ts'
import { isInstalled, startAuthority } from './authority.ts'
import type { Authority, AuthorityKind } from './authority.ts'
import { smtpClient } from './client.ts'
import { startPorch } from './porch.ts'
import type { Porch } from './porch.ts'

const GOOD = '198.51.100.7'
const BAD = '198.51.100.66'
const LATER = '198.51.100.67'
const ZONES = {
  'example.': `mail.acme.example. 600 IN A ${GOOD}\nmail.bad.example. 600 IN A 192.0.2.200`,
  '100.51.198.in-addr.arpa.': '7.100.51.198.in-addr.arpa. 600 IN PTR mail.acme.example.',
}

async function recipient(gate: Porch, from: string, ehlo: string): Promise<string> {
  const client = await smtpClient({ port: gate.port, host: '127.0.0.2', from })
  await client.reply()
  await client.say(`EHLO ${ehlo}`)
  await client.say('MAIL FROM:<a@acme.example>')
  const reply = await client.say('RCPT TO:<joe@shop.example>')
  await client.say('QUIT')
  client.end()
  return reply.slice(0, reply.startsWith('2') ? 3 : 9).trim()
}

async function metric(gate: Porch, name: string): Promise<number> {
  const page = await (await fetch(gate.ready.metrics)).text()
  return Number(page.split('\n').find((line) => line.startsWith(`${name} `))?.slice(name.length))
}
const rounds = (gate: Porch) => metric(gate, 'porch_canary_rounds_total{outcome="good"}')
const isRed = (gate: Porch) => metric(gate, 'porch_canary_red')

/** Registers its tests; a file for each kind, so that they wait side by side. */
export function canaryOfLaboratory(kind: AuthorityKind): void {
  describe.skipIf(!isInstalled(kind))(kind, () => {
    let authority: Authority
    let backend: FakeBackend
    let porch: Porch
    beforeAll(async () => {
      authority = await startAuthority(kind, ZONES)
      backend = await startBackend()
      porch = await startPorch({
        hostname: 'mx.shop.example', domains: ['shop.example'], backend: backend.address, proxyProtocolFrom: ['127.0.0.2'], bans: { strikes: 3 },
        dns: { servers: [authority.address], timeoutMs: 1000 }, policy: { exempt: [] },
      })
    })
    afterAll(async () => {
      await porch?.stop()
      await backend?.close()
      await authority?.close()
    })

    test('names that it does not serve turn nothing red: 5xx is 5xx', async () => {
      await expect.poll(() => rounds(porch), { timeout: 60_000, interval: 200 }).toBeGreaterThanOrEqual(2)
      expect(await recipient(porch, GOOD, 'mail.acme.example')).toBe('250')
      expect(await recipient(porch, BAD, 'mail.bad.example')).toBe('550 5.7.2')
      expect(await isRed(porch)).toBe(0)
    }, 90_000)

    // nsd answers in a process of its own, which stopping the first one does not reach.
    if (kind === 'knot') test('silent: red within a minute, 451 and no strike meanwhile; well again by itself', async () => {
      process.kill(authority.pid, 'SIGSTOP')
      const since = performance.now()
      try {
        await expect.poll(() => isRed(porch), { timeout: 60_000, interval: 200 }).toBe(1)
        expect(performance.now() - since).toBeLessThan(60_000)
        // What is known of BAD is in the cache and certain; of LATER nothing is.
        for (let times = 0; times < 5; times++) expect(await recipient(porch, BAD, 'mail.bad.example')).toBe('451 4.4.3')
        expect(await recipient(porch, LATER, 'mail.later.example')).toMatch(/^451 4/)
        expect(await recipient(porch, GOOD, 'mail.acme.example')).toBe('250')
        expect((await porch.cli('rules', '--json')).stdout).toBe('')
      } finally {
        process.kill(authority.pid, 'SIGCONT')
      }
      await expect.poll(() => isRed(porch), { timeout: 30_000, interval: 200 }).toBe(0)
      // Two strikes by now: one before, one here; none while it was red.
      expect(await recipient(porch, BAD, 'mail.bad.example')).toBe('550 5.7.2')
      expect((await porch.cli('rules', '--json')).stdout).toBe('')
      expect(await recipient(porch, BAD, 'mail.bad.example')).toBe('550 5.7.2')
      await expect.poll(async () => (await porch.cli('rules', '--json')).stdout, { timeout: 10_000 }).toContain(`"scope":"${BAD}"`)
    }, 150_000)
  })
}
