/** RELIABILITY, Faults: "SIGTERM": accepts nothing new, 421 to the idle, transactions finish within 30 s, exit 0. */
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { smtpClient } from '../e2e/client.ts'
import { startPorch } from '../e2e/porch.ts'
import type { Porch } from '../e2e/porch.ts'
import { after, say, startBackend } from '../fakes/backend.ts'
import type { FakeBackend } from '../fakes/backend.ts'
import { greeted, recipient, settingsOf, withinData } from './tools.ts'

let backend: FakeBackend
beforeAll(async () => {
  backend = await startBackend()
})
afterAll(() => backend.close())

async function withPorch(use: (porch: Porch) => Promise<void>, address = backend.address): Promise<void> {
  const porch = await startPorch(settingsOf(address))
  try {
    await use(porch)
  } finally {
    await porch.stop()
  }
}

describe.concurrent('SIGTERM', () => {
  test('idle clients, whatever they had said, hear 421 at once; exit 0', () => withPorch(async (porch) => {
    const fresh = await smtpClient({ port: porch.port })
    await fresh.reply()
    const polite = await greeted(porch)
    const within = await greeted(porch)
    within.send('MAIL FROM:<half-a-command@')
    const refused = await recipient(porch, undefined)
    await refused.client.say('RSET')
    const exit = porch.kill('SIGTERM')
    for (const client of [fresh, polite, within, refused.client]) {
      expect(await client.reply()).toMatch(/^421 4\.3\.2 /)
      await client.closed()
    }
    expect(await exit).toBe(0)
  }))

  test('half-open clients that never close are not waited for longer than a farewell', () => withPorch(async (porch) => {
    const client = await greeted(porch)
    client.socket.pause()
    expect(await porch.kill('SIGTERM')).toBe(0)
    client.end()
  }))

  test('between RCPT and DATA: the transaction may finish', () => withPorch(async (porch) => {
    const { client } = await recipient(porch)
    const exit = porch.kill('SIGTERM')
    await nobodyListens(porch.port)
    expect(await client.say('DATA')).toMatch(/^354/)
    client.send('Subject: last\r\n\r\nx\r\n')
    expect(await client.say('.')).toBe('250 2.0.0 taken')
    expect(await client.reply()).toMatch(/^421|^$/)
    expect(await exit).toBe(0)
  }))

  test('in DATA, and after the dot while the mail server thinks: its answer is handed on', async () => {
    const answer = Promise.withResolvers<undefined>()
    const slow = await startBackend({ dot: after(answer.promise, say('250 2.0.0 taken at last')) })
    await withPorch(async (porch) => {
      const client = await withinData(porch)
      const exit = porch.kill('SIGTERM')
      const taken = slow.next('message')
      const told = client.say('.')
      await taken
      answer.resolve(undefined)
      expect(await told).toBe('250 2.0.0 taken at last')
      expect(await exit).toBe(0)
    }, slow.address)
    await slow.close()
  })

  test('a client that never finishes its message: cut after 30 s with 421, no dot at the mail server, exit 0', async () => {
    const server = await startBackend()
    await withPorch(async (porch) => {
      const client = await withinData(porch)
      const exit = porch.kill('SIGTERM')
      expect(await client.reply()).toMatch(/^421 4\.3\.2 /)
      expect(await exit).toBe(0)
      expect(server.messages).toEqual([])
      expect(server.connections.filter(({ dots }) => dots > 0)).toEqual([])
    }, server.address)
    await server.close()
  })

  test('a second signal ends it at once', () => withPorch(async (porch) => {
    const client = await withinData(porch)
    const exit = porch.kill('SIGTERM')
    await nobodyListens(porch.port)
    // Within a second it counts as the same wish (a launcher that passes it on twice).
    const again = setInterval(() => porch.process.kill('SIGTERM'), 100)
    expect(await exit).toBe(1)
    clearInterval(again)
    await client.closed()
  }))
})

function nobodyListens(port: number): Promise<void> {
  return vi.waitFor(() => new Promise<void>((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      reject(new Error('still listening'))
    })
    socket.once('error', () => resolve())
  }), { timeout: 10_000 })
}
