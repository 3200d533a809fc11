/** The admin's pause: who comes hears 421, who is idle is let go, who is in a transaction finishes; and it ends by itself. */
import { afterEach, expect, test } from 'vitest'
import { createPause } from '../../../electron/pause.ts'
import { Client } from '../../dialogues/play.ts'
import { manualClock } from '../../fakes/clock.ts'
import { startGate } from '../../fakes/gate.ts'
import type { TestGate } from '../../fakes/gate.ts'

const open: (() => unknown)[] = []
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

async function paused() {
  const clock = manualClock()
  const pause = createPause(clock)
  const test = await startGate({ deps: { pause } })
  open.push(() => test.stop())
  return { test, clock, pause }
}

async function connect(test: TestGate): Promise<Client> {
  const client = await Client.connect(test.port)
  open.push(() => client.socket.destroy())
  return client
}

test('new clients hear 421 4.3.2, counted and not recorded; the idle too; a transaction finishes', async () => {
  const { test, pause } = await paused()
  const idle = await connect(test)
  await idle.hear('220 *')
  const busy = await connect(test)
  await busy.hear('220 *')
  busy.say('HELO mail.sender.example')
  await busy.hear('250 *')
  busy.say('MAIL FROM:<a@sender.example>')
  await busy.hear('250 *')
  expect(test.gate.underWay?.()).toBe(1)

  pause.begin(60_000)
  await idle.hear('421 4.3.2 *')
  await idle.closed()
  const late = await connect(test)
  await late.hear('421 4.3.2 The gate is paused, try again later')
  await late.closed()
  expect(test.gate.counters()['turned away, paused']).toBe(1)
  busy.say('RSET')
  await busy.hear('*')
  expect(test.gate.underWay?.()).toBe(0)

  pause.end()
  await (await connect(test)).hear('220 *')
})

test('it ends by itself, by the monotonic clock; a stepped wall clock neither ends nor prolongs it', async () => {
  const { test, clock, pause } = await paused()
  pause.begin(60_000)
  const until = pause.until()
  expect(until).toBe(clock.now() + 60_000)
  clock.step(86_400_000)
  expect(pause.until()).toBe(until)
  clock.advance(59_999)
  await (await connect(test)).hear('421 4.3.2 *')
  clock.advance(1)
  expect(pause.until()).toBeNull()
  await (await connect(test)).hear('220 *')
})

test('a later pause replaces an earlier one; listeners hear of beginnings and ends by hand', () => {
  const clock = manualClock()
  const pause = createPause(clock)
  let heard = 0
  const leave = pause.onChange(() => (heard += 1))
  pause.end()
  pause.begin(60_000)
  pause.begin(1000)
  expect(pause.until()).toBe(clock.now() + 1000)
  pause.end()
  leave()
  pause.begin(1000)
  expect([heard, pause.until() === null]).toEqual([3, false])
})
