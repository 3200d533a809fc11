/** A flood of banned clients (RELIABILITY, promise 4): it is counted, good mail goes through meanwhile, and descriptors and memory stay bounded. */
import { existsSync, readdirSync } from 'node:fs'
import net from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { createAlarms } from '../../electron/alarms.ts'
import { createBackend } from '../../electron/gate/backend/backend.ts'
import { createRules } from '../../electron/store/rules.ts'
import { systemClock } from '../../electron/clock.ts'
import { startBackend } from '../fakes/backend.ts'
import { Client } from '../dialogues/play.ts'
import { fakeSettings, startGate } from '../fakes/gate.ts'
import { createFakeStore } from '../fakes/store.ts'

const FLOOD = 20_000
const GOOD = 200
/** Connects under way at once; the flooder and the gate share this process's descriptors. */
const AT_ONCE = 250
const open: (() => unknown)[] = []
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

// All of 127.0.0.0/8 is this machine, so that every client can have an address of its own. Other systems have one only.
test.skipIf(process.platform !== 'linux')(`${FLOOD} banned connects, among which ${GOOD} good deliveries succeed`, async () => {
  const server = await startBackend()
  open.push(() => server.close())
  const settings = fakeSettings({ backend: server.address, backendIdentity: 'none', backendTls: 'never', limits: { connections: 400, perClient: 4 } })
  const alarms = createAlarms(systemClock)
  const backend = createBackend({ settings, alarms, clock: systemClock })
  open.push(() => backend.close())
  /** What is written of the hits: ban and minute, how many. */
  const counted = new Map<string, number>()
  const began = Date.now()
  const rules = await createRules({
    store: {
      ...createFakeStore(),
      addHits: (batch) => {
        for (const { scope, minute, hits } of batch) counted.set(`${scope} ${minute}`, (counted.get(`${scope} ${minute}`) ?? 0) + hits)
        return Promise.resolve()
      },
    },
    clock: systemClock,
  })
  open.push(() => rules.close())
  // Among so many others that a search through all of them would show.
  for (let n = 0; n < 20_000; n++) await rules.add({ kind: 'ban', scope: `10.${n >> 8}.${n & 255}.0/24`, reason: '', by: 'auto' })
  await rules.add({ kind: 'ban', scope: '127.64.0.0/10', reason: 'flood', by: 'admin' })
  const gate = await startGate({ deps: { settings, backend, rules, clock: systemClock, ticker: (tick) => {
    const timer = setInterval(tick, 100)
    return () => clearInterval(timer)
  } } })
  open.push(() => gate.stop())

  const before = { descriptors: descriptors(), memory: process.memoryUsage().rss }
  const peak = { ...before }
  const watch = setInterval(() => {
    peak.descriptors = Math.max(peak.descriptors, descriptors())
    peak.memory = Math.max(peak.memory, process.memoryUsage().rss)
  }, 20)
  open.push(() => clearInterval(watch))

  const replies = new Map<string, number>()
  const note = (reply: string) => void replies.set(reply, (replies.get(reply) ?? 0) + 1)
  const flood = pool(FLOOD, AT_ONCE, async (n) => note(await knock(gate.port, `127.${64 + (n >> 16)}.${(n >> 8) & 255}.${n & 255}`, n)))
  const good = pool(GOOD, 10, (n) => deliver(gate.port, `127.1.${n >> 8}.${n & 255}`, n))
  await Promise.all([flood, good])

  expect(server.messages.map(({ mail }) => Number(/good(\d+)@/.exec(mail)?.[1])).sort((a, b) => a - b)).toEqual(Array.from({ length: GOOD }, (_, n) => n))
  expect([...replies]).toEqual([['554 5.7.1', FLOOD]])
  const ban = rules.list().find(({ scope }) => scope === '127.64.0.0/10')
  expect(ban?.hits).toBe(FLOOD)
  expect(gate.gate.counters()).toMatchObject({ 'banned at connect': FLOOD })
  // One row for the ban and each minute of the flood.
  await rules.flush()
  expect([...counted.values()].reduce((sum, hits) => sum + hits, 0)).toBe(FLOOD)
  expect([...counted.keys()].filter((key) => !key.startsWith('127.64.0.0/10 '))).toEqual([])
  expect(counted.size).toBeLessThanOrEqual(Math.floor(Date.now() / 60_000) - Math.floor(began / 60_000) + 1)
  // Not a row each: the only sessions are the good ones.
  expect(gate.entries.filter(({ session }) => session.disposition === 'accepted')).toHaveLength(GOOD)
  expect(gate.entries).toHaveLength(GOOD)
  expect(gate.troubles).toEqual([])

  clearInterval(watch)
  // Two for each connect under way (this process is both ends), those that linger, and the good ones with their backend.
  expect(peak.descriptors - before.descriptors).toBeLessThan(2 * AT_ONCE + 1000)
  expect(peak.memory - before.memory).toBeLessThan(250 * 1024 * 1024)
  expect(gate.gate.openConnections()).toBe(0)
}, 180_000)

/** One banned connect: some quit, some just leave, some reset. What was heard. */
function knock(port: number, from: string, n: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = net.connect({ port, host: '127.0.0.1', localAddress: from })
    let heard = ''
    socket.on('data', (data: Buffer) => {
      if (heard !== '') return
      heard = data.toString('latin1').slice(0, 9)
      if (n % 3 === 0) socket.write('QUIT\r\n')
      else if (n % 3 === 1) socket.end()
      else socket.resetAndDestroy()
    })
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(heard === '' ? 'reset' : heard))
  })
}

async function deliver(port: number, from: string, n: number): Promise<void> {
  const client = await Client.connect(port, { localAddress: from })
  await client.hear('220 *')
  const steps = [['EHLO mail.good.example', '250...'], [`MAIL FROM:<good${n}@sender.example>`, '250 *'], ['RCPT TO:<joe@shop.example>', '250 *'], ['DATA', '354 *'], ['Subject: hello\r\n\r\nhello\r\n.', '250 *'], ['QUIT', '221 *']] as const
  for (const [say, hear] of steps) {
    client.say(say)
    await client.hear(hear)
  }
  client.socket.end()
  await client.closed()
}

async function pool(count: number, atOnce: number, work: (n: number) => Promise<void>): Promise<void> {
  let next = 0
  await Promise.all(Array.from({ length: atOnce }, async () => {
    while (next < count) await work(next++)
  }))
}

function descriptors(): number {
  return existsSync('/proc/self/fd') ? readdirSync('/proc/self/fd').length : 0
}
