/** What the gate knows of its backend: capabilities, health, alarms; remembered, and healing by itself. */
import { afterEach, expect, it } from 'vitest'
import { drop, say, startBackend } from '../../../fakes/backend.ts'
import type { FakeBackend } from '../../../fakes/backend.ts'
import { client, freePort, makeBackend, opened, transaction } from './support.ts'

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function fake(...args: Parameters<typeof startBackend>): Promise<FakeBackend> {
  const server = await startBackend(...args)
  closers.push(() => server.close())
  return server
}

function make(...args: Parameters<typeof makeBackend>) {
  const made = makeBackend(...args)
  closers.push(() => { made.backend.close() })
  return made
}

/** Quick enough to be waited for by event. */
const eager = { probe: 20, retry: [10, 40] } as const

it('probes at the start, and says QUIT', async () => {
  const server = await fake({ offers: ['SIZE 1000', '8BITMIME', 'DSN', 'XCLIENT NAME ADDR'] })
  const { backend } = make({ backend: server.address })
  expect(backend.capabilities()).toBe(null)
  expect(backend.health()).toMatchObject({ up: false, why: 'has not answered yet' })
  await server.next('closed')
  expect(server.connections[0]?.lines).toEqual(['EHLO mx.shop.example', 'QUIT'])
  expect(backend.capabilities()).toEqual({ size: 1000, eightBitMime: true, smtpUtf8: false, dsn: true, pipelining: false, startTls: false, xclient: ['NAME', 'ADDR'] })
  expect(backend.health()).toMatchObject({ up: true, why: null })
  expect(backend.health().latencyMs).toBeGreaterThan(0)
})

it('down at the start, it is found as soon as it is up; gone again, its capabilities are remembered', async () => {
  const port = await freePort()
  const { backend, codes } = make({ backend: `127.0.0.1:${port}`, backendIdentity: 'none' }, eager)
  expect(await backend.connect(client)).toEqual({ kind: 'failed', why: 'cannot be reached (ECONNREFUSED)' })
  expect(codes()).toEqual(['backend-down'])
  const server = await startBackend({ offers: ['SIZE 5'] }, { port })
  await server.next('closed')
  expect(backend.capabilities()).toMatchObject({ size: 5 })
  expect([backend.health().up, codes()]).toEqual([true, []])
  await server.close()
  expect((await backend.connect(client)).kind).toBe('failed')
  expect(backend.capabilities()).toMatchObject({ size: 5 })
  expect(backend.health()).toMatchObject({ up: false, why: 'cannot be reached (ECONNREFUSED)' })
  expect(codes()).toEqual(['backend-down'])
})

it('probes again and again: changed capabilities are noticed', async () => {
  const server = await fake({ offers: ['SIZE 5'] })
  const { backend } = make({ backend: server.address }, eager)
  await server.next('closed')
  server.script = { offers: ['SIZE 6'] }
  await server.next('connection')
  await server.next('closed')
  expect(backend.capabilities()).toMatchObject({ size: 6 })
})

it('a session that fails later is trouble; the next message that is taken clears it', async () => {
  const server = await fake({ rcpt: drop })
  const { backend, codes } = make({ backend: server.address, backendIdentity: 'none' })
  await server.next('closed')
  await transaction(opened(await backend.connect(client)))
  expect(codes()).toEqual(['backend-trouble'])
  expect(backend.health()).toMatchObject({ up: false, why: 'closed the connection instead of answering RCPT' })
  server.script = {}
  await transaction(opened(await backend.connect(client)))
  expect([codes(), backend.health().up]).toEqual([[], true])
})

it('a refusal of a message is no trouble, nor is a client that leaves', async () => {
  const server = await fake({ dot: say('550 5.7.1 spam') })
  const { backend, codes } = make({ backend: server.address, backendIdentity: 'none' })
  await server.next('closed')
  await transaction(opened(await backend.connect(client)))
  const leaving = opened(await backend.connect(client))
  await leaving.mail('', [])
  leaving.abort()
  expect([codes(), backend.health().up]).toEqual([[], true])
})

it('another backend in the settings: what was remembered is forgotten, and the new one probed at once', async () => {
  const first = await fake({ offers: ['SIZE 1'] })
  const second = await fake({ offers: ['SIZE 2'] })
  const { backend, settings } = make({ backend: first.address })
  await first.next('closed')
  expect(backend.capabilities()).toMatchObject({ size: 1 })
  settings.change({ backend: second.address })
  expect(backend.capabilities()).toBe(null)
  await second.next('closed')
  expect(backend.capabilities()).toMatchObject({ size: 2 })
})

it('a host name will do, and an address given beside the settings (practice)', async () => {
  const server = await fake({})
  const { backend } = make({ backend: `localhost:${server.port}`, backendIdentity: 'none' })
  expect(await transaction(opened(await backend.connect(client)))).toBe('dot 250 2.0.0 taken')
})
