/** POLICY, Bans: a registered network full of bans is suggested as one ban, over the real gate and a registry on loopback; and who names no registry asks none. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { json, RIPE, startRdapServer } from '../fakes/rdapserver.ts'
import type { RdapServer } from '../fakes/rdapserver.ts'
import { startPorch } from './porch.ts'
import type { Porch } from './porch.ts'

let registry: RdapServer
const running: Porch[] = []
beforeAll(async () => { registry = await startRdapServer(Object.fromEntries(Array.from({ length: 48 }, (_, n) => [`/ip/192.0.2.${n}`, json(RIPE)]))) })
afterAll(async () => {
  for (const porch of running) await porch.stop()
  await registry.close()
})

interface Suggested { readonly kind: string; readonly scope: string; readonly members?: readonly string[]; readonly holder?: string }
async function suggestions(porch: Porch): Promise<string[]> {
  const { origin, searchParams } = new URL(porch.ready.console)
  const headers = { authorization: `Bearer ${searchParams.get('token')}`, 'content-type': 'application/json' }
  const answer = await (await fetch(`${origin}/rpc/ruleWork/suggestions`, { method: 'POST', headers, body: '{}' })).json() as { json: { open: readonly Suggested[] } }
  return answer.json.open.filter(({ kind }) => kind === 'ban-network').map(({ scope, members, holder }) => `${scope} ${members?.length} ${holder ?? '-'}`)
}

test('asked once, when the admin looks; known also after a restart', async () => {
  const settings = { hostname: 'mx.shop.example', notices: { smtp: '127.0.0.1:9', from: 'postmaster@shop.example', rdap: registry.base } }
  let porch = await startPorch(settings)
  running.push(porch)
  for (let n = 0; n < 10; n++) await porch.cli('ban', `192.0.2.${n}`)
  await expect.poll(() => suggestions(porch), { timeout: 10_000 }).toEqual(['192.0.2.0/24 10 -', '192.0.2.0/27 10 EXAMPLE-DC'])
  const asked = registry.asked.filter((path) => path.startsWith('/ip/'))
  expect(asked).toEqual(['/ip/192.0.2.0'])
  await porch.kill('SIGKILL')
  porch = await startPorch(settings, porch.dir)
  running.push(porch)
  expect(await suggestions(porch)).toEqual(['192.0.2.0/24 10 -', '192.0.2.0/27 10 EXAMPLE-DC'])
  await suggestions(porch)
  expect(registry.asked.filter((path) => path.startsWith('/ip/'))).toEqual(asked)
}, 90_000)

test('practice, without notices: the neighbourhood is suggested, and no registry is asked', async () => {
  const porch = await startPorch({})
  running.push(porch)
  const before = registry.asked.length
  for (let n = 0; n < 8; n++) await porch.cli('ban', `192.0.2.${n}`)
  expect(await suggestions(porch)).toEqual(['192.0.2.0/24 8 -'])
  expect(registry.asked.length).toBe(before)
}, 60_000)
