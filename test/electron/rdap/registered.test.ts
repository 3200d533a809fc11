/** Registered networks over the real RDAP client and a registry on loopback: what is asked, how often, what is kept, and that without a source nothing is. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { systemClock } from '../../../electron/clock.ts'
import { createRdap } from '../../../electron/rdap/rdap.ts'
import { createRegisteredNetworks, PER_HOUR } from '../../../electron/rdap/registered.ts'
import type { RegisteredNetworks } from '../../../electron/rdap/registered.ts'
import type { Rule } from '../../../shared/events.ts'
import { manualClock } from '../../fakes/clock.ts'
import { fakeRdap } from '../../fakes/rdap.ts'
import { json, RIPE, startRdapServer } from '../../fakes/rdapserver.ts'
import type { RdapServer } from '../../fakes/rdapserver.ts'
import { createFakeStore } from '../../fakes/store.ts'

const rule = (scope: string): Rule => ({ kind: 'ban', scope, reason: '', by: 'auto', since: '2026-11-23T15:00:00.000Z', until: null, hits: 0 })
const inRipe = Array.from({ length: 9 }, (_, n) => rule(`192.0.2.${n}`))

let dir: string
let server: RdapServer
const open: { close(): void }[] = []
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'porch-registered-'))
  server = await startRdapServer({ '/ip/192.0.2.0': json(RIPE) })
})
afterEach(async () => {
  for (const each of open.splice(0)) each.close()
  await server.close()
  rmSync(dir, { recursive: true, force: true })
})

async function around(rules: readonly Rule[], more: { readonly store?: ReturnType<typeof createFakeStore>; readonly source?: { readonly rdap: string } | null } = {}): Promise<RegisteredNetworks> {
  const clock = systemClock
  const source = more.source === undefined ? { rdap: server.base } : more.source
  const rdap = createRdap({ dataDir: dir, clock, settings: () => source })
  const registered = await createRegisteredNetworks({ rdap, rules: { list: () => rules }, store: more.store ?? createFakeStore(), clock, isOn: () => source !== null, patientMs: 20_000 })
  open.push(registered, rdap)
  return registered
}
const questions = () => server.asked.filter((path) => path.startsWith('/ip/'))

test('one question for a crowd; its answer is known at once, and after a restart without asking again', async () => {
  const store = createFakeStore()
  const registered = await around(inRipe, { store })
  expect(registered.known()).toEqual([])
  expect(await registered.look()).toBe(false)
  expect(registered.known()).toMatchObject([{ cidrs: ['192.0.2.0/27', '192.0.2.32/28'], holder: 'EXAMPLE-DC' }])
  await registered.look()
  expect(questions()).toEqual(['/ip/192.0.2.0'])
  const again = await around(inRipe, { store })
  expect(again.known()).toMatchObject([{ holder: 'EXAMPLE-DC' }])
  await again.look()
  expect(questions()).toEqual(['/ip/192.0.2.0'])
})

test.each([
  ['the settings name no registry', inRipe, null],
  ['few are banned', inRipe.slice(2), undefined],
])('%s: nobody is asked anything', async (_, rules, source) => {
  const registered = await around(rules, { source })
  expect(await registered.look()).toBe(false)
  expect([server.asked, registered.known()]).toEqual([[], []])
})

test('what a registry does not know is not asked again; three failures end the look', async () => {
  const registered = await around(Array.from({ length: 40 }, (_, n) => rule(`198.51.${n}.1`)))
  await registered.look()
  expect(questions().length).toBeLessThanOrEqual(3)
  const before = questions().length
  await registered.look()
  expect(new Set(questions()).size).toBe(questions().length)
  expect(questions().length).toBeLessThanOrEqual(before + 3)
})

test('a broken memory is no memory', async () => {
  const store = createFakeStore()
  await store.put('registered-networks', [{ cidrs: ['192.0.2.0/99'], holder: 'x', at: 0 }, 'x'])
  expect((await around([], { store })).known()).toEqual([])
})

test('so many questions an hour, whatever is banned; who looks does not wait for them', async () => {
  const clock = manualClock()
  const networks = Array.from({ length: 256 }, (_, n) => ({ cidrs: [`10.0.${n}.0/24`], name: `NET-${n}`, handle: null, country: null, contacts: [] }))
  const rdap = fakeRdap({ networks })
  const registered = await createRegisteredNetworks({ rdap, rules: { list: () => networks.map((_, n) => rule(`10.0.${n}.1`)) }, store: createFakeStore(), clock, isOn: () => true, patientMs: 20_000 })
  open.push(registered)
  await registered.look()
  await registered.look()
  expect(rdap.asked).toHaveLength(PER_HOUR)
  clock.advance(3_600_001)
  await registered.look()
  expect(rdap.asked).toHaveLength(2 * PER_HOUR)
  expect(new Set(rdap.asked).size).toBe(2 * PER_HOUR)
  const slow = await createRegisteredNetworks({ rdap: { network: () => new Promise(() => undefined) }, rules: { list: () => inRipe }, store: createFakeStore(), clock, isOn: () => true, patientMs: 10 })
  open.push(slow)
  expect(await slow.look()).toBe(true)
})
