/** RELIABILITY, Faults: "backend down, slow, 4xx, 5xx, drops, garbage, at each stage", through the whole program. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startPorch } from '../e2e/porch.ts'
import type { Porch } from '../e2e/porch.ts'
import { after, drop, endlessLine, endlessReply, garbage, say, startBackend } from '../fakes/backend.ts'
import type { FakeBackend, FakeStage, FakeStep } from '../fakes/backend.ts'
import { alarmCodes, metric, residentMegabytes, send, settingsOf, stateWhen, withinData } from './tools.ts'

const OFFERS = ['XCLIENT NAME ADDR PORT', 'SIZE 1000000']
const OWN = '451 4.3.0'

let backend: FakeBackend
let porch: Porch

beforeAll(async () => {
  backend = await startBackend({ offers: OFFERS })
  porch = await startPorch(settingsOf(backend.address, { backendIdentity: 'xclient' }))
})
afterAll(async () => {
  await porch.stop()
  await backend.close()
})
beforeEach(() => {
  backend.script = { offers: OFFERS }
})

const ways: readonly (readonly [way: string, step: FakeStep])[] = [
  ['4xx', say('450 4.2.0 not now')],
  ['5xx', say('550 5.7.1 never')],
  ['several lines of 5xx', say('550-5.7.1 never', '550 5.7.1 and never')],
  ['530', say('530 5.7.0 authenticate')],
  ['421', say('421 4.3.2 closing')],
  ['drops', drop],
  ['resets', { do: 'reset' }],
  ['garbage', garbage],
  ['a success out of place', say('299 what')],
  ['an endless line', endlessLine],
  ['an endless reply', endlessReply],
]

/** A failure before MAIL is ours; a reply to MAIL, RCPT, DATA and the dot keeps its class; nothing raw gets to the client. */
function expected(stage: FakeStage, way: string): string {
  if (['banner', 'ehlo', 'xclient'].includes(stage)) return OWN
  if (way === '4xx') return '450 4.2.0 not now'
  if (way === '5xx') return '550 5.7.1 never'
  return way === 'several lines of 5xx' ? '550 5.7.1 never and never' : OWN
}

describe.each(['banner', 'ehlo', 'xclient', 'mail', 'rcpt', 'data', 'dot'] as const)('at %s', (stage) => {
  test.each(ways)('%s: the class is kept, or 451 4.3.0; the next message is taken', async (way, step) => {
    backend.script = { offers: OFFERS, [stage]: step }
    const taken = backend.messages.length
    const reply = await send(porch)
    expect(reply.startsWith(OWN) ? OWN : reply).toBe(expected(stage, way))
    expect(backend.messages.length - taken).toBe(stage === 'dot' ? 1 : 0)
    backend.script = { offers: OFFERS }
    expect(await send(porch)).toBe('250 2.0.0 taken')
  })

  test('slow: waited for', async () => {
    const word = { banner: '220 fake.example', ehlo: `250-fake.example\r\n250 ${OFFERS[0]}`, xclient: '220 fake.example', mail: '250 ok', rcpt: '250 ok', data: '354 go', dot: '250 2.0.0 late' }[stage]
    const late = Promise.withResolvers<undefined>()
    const asked = Promise.withResolvers<undefined>()
    const step = (): FakeStep => {
      asked.resolve(undefined)
      return after(late.promise, say(word))
    }
    backend.script = { offers: OFFERS, [stage]: step }
    const sent = send(porch)
    await asked.promise
    // Meanwhile others are heard.
    backend.script = { offers: OFFERS }
    expect(await send(porch)).toBe('250 2.0.0 taken')
    late.resolve(undefined)
    expect(await sent).toMatch(/^250 2\.0\.0 (taken|late)$/)
  })
})

test('drops in the middle of the data: 451 4.3.0, and nothing is there', async () => {
  backend.script = { offers: OFFERS, duringData: drop }
  const taken = backend.messages.length
  const closed = backend.next('closed')
  const client = await withinData(porch)
  await closed
  expect(await client.say('.')).toMatch(/^451 4\.3\.0 /)
  expect(backend.messages).toHaveLength(taken)
  client.end()
})

test('a yes in the middle of the data vouches for nothing', async () => {
  backend.script = { offers: OFFERS, duringData: say('250 2.0.0 taken already') }
  const taken = backend.messages.length
  const closed = backend.next('closed')
  const client = await withinData(porch)
  await closed
  expect(await client.say('.')).toMatch(/^451 4\.3\.0 /)
  expect(backend.messages).toHaveLength(taken)
  client.end()
})

test('endless lines and replies to many clients at once: memory stays flat', async () => {
  const before = residentMegabytes(porch)
  for (const step of [endlessLine, endlessReply]) {
    backend.script = { offers: OFFERS, rcpt: step }
    const replies = await Promise.all(Array.from({ length: 40 }, () => send(porch)))
    expect(replies.filter((reply) => !reply.startsWith(OWN))).toEqual([])
  }
  expect(residentMegabytes(porch) - before).toBeLessThan(60)
})

test('down: 451 4.3.0, the console and the metrics show it; up again: both heal by themselves, and mail flows', async () => {
  const away = await startBackend({ offers: OFFERS })
  const gate = await startPorch(settingsOf(away.address))
  try {
    await stateWhen(gate, (state) => state.backend?.up === true)
    expect(await metric(gate, 'porch_backend_up')).toBe(1)
    await away.close()
    expect(await send(gate)).toMatch(/^451 4\.3\.0 /)
    const down = await stateWhen(gate, (state) => state.backend?.up === false)
    expect(down.backend).toMatchObject({ address: away.address, up: false, why: 'cannot be reached (ECONNREFUSED)' })
    expect(down.alarms).toMatchObject([{ code: 'backend-down', severity: 'critical', text: `The mail server ${away.address} cannot be reached (ECONNREFUSED). Senders are told to try again later.` }])
    expect(await metric(gate, 'porch_backend_up')).toBe(0)
    const back = await startBackend({ offers: OFFERS }, { port: away.port })
    try {
      // Nobody sends: the gate finds out by itself.
      const healed = await stateWhen(gate, (state) => state.backend?.up === true)
      expect(alarmCodes(healed)).not.toContain('backend-down')
      expect(await send(gate)).toBe('250 2.0.0 taken')
    } finally {
      await back.close()
    }
  } finally {
    await gate.stop()
  }
})

test('down from the start: the gate starts, says 451 4.3.0, and heals', async () => {
  const reserve = await startBackend()
  await reserve.close()
  const gate = await startPorch(settingsOf(reserve.address))
  try {
    expect(await send(gate)).toMatch(/^451 4\.3\.0 /)
    const back = await startBackend({}, { port: reserve.port })
    try {
      await stateWhen(gate, (state) => state.backend?.up === true)
      expect(await send(gate)).toBe('250 2.0.0 taken')
    } finally {
      await back.close()
    }
  } finally {
    await gate.stop()
  }
})
