/** What the gate's own doctor and wizard say to its own port is no client's: not recorded, counted or struck. Whoever else comes from loopback is one. */
import net from 'node:net'
import { expect, test } from 'vitest'
import type { DoctorDeps } from '../../../electron/doctor/deps.ts'
import { servedAt } from '../../../electron/doctor/certificate.ts'
import { examinePorts } from '../../../electron/doctor/port.ts'
import { openLink } from '../../../electron/gate/backend/link.ts'
import { createOwnProbes } from '../../../electron/gate/ownprobes.ts'
import { checkGate } from '../../../electron/golive/gatecheck.ts'
import { fakeSettings } from '../../fakes/gate.ts'
import type { TestGate } from '../../fakes/gate.ts'
import { connect, gate as startGate } from './opened.ts'

const probes = createOwnProbes()
const own: typeof openLink = (endpoint, ms) => openLink(endpoint, ms, probes.add)
/** Nothing is exempt and nobody has a reverse name: each of them would be refused and struck. */
const STRICT = { exempt: [] }

let gate: TestGate

async function opened() {
  const strikes: string[] = []
  gate = await startGate({ dns: 'no-ptr', settings: { policy: STRICT, backend: undefined }, deps: { probes, strikes: { strike: (client) => void strikes.push(client.text), finished: () => undefined } } })
  return strikes
}

/** A client of the same machine, after which everything before it is recorded, if it is at all. */
async function stranger(): Promise<void> {
  const client = await connect(gate)
  await client.hear('220 *')
  client.say('EHLO localhost')
  await client.reply()
  client.say('MAIL FROM:<porch-relay-test@example.com>')
  await client.hear('250 *')
  client.say('RCPT TO:<joe@shop.example>')
  await client.hear('550 *')
  client.say('QUIT')
  await client.hear('221 *')
  await gate.recorded(1)
}

const probing: readonly (readonly [string, () => Promise<unknown>])[] = [
  ['the doctor’s look at the port', () => examinePorts({ openLink: own, gate: { addresses: () => gate.gate.addresses } } as unknown as DoctorDeps, { ...fakeSettings({}).current(), backend: undefined })],
  ['the doctor’s look at the certificate', () => servedAt({ host: '127.0.0.1', port: gate.port, loopback: true }, 5000, probes.add)],
  ['the wizard’s look at the gate', () => checkGate(own, gate.gate.addresses, ['shop.example'])],
]

test.each(probing)('%s is not recorded, counted or struck; a stranger who says the same is', async (_what, probe) => {
  const strikes = await opened()
  await probe()
  await stranger()
  expect(gate.entries.map(({ session }) => session.sender)).toEqual(['porch-relay-test@example.com'])
  expect(gate.entries[0]?.session.recipients).toEqual(['joe@shop.example'])
  expect(strikes).toEqual(['127.0.0.1'])
  expect(gate.gate.counters()).toMatchObject({ sessions: 1 })
})

test('one that is open is not among the open sessions; a stranger is', async () => {
  await opened()
  const opening = await own({ host: '127.0.0.1', port: gate.port, loopback: true }, 5000)
  if (opening.kind === 'failed') throw new Error(opening.why)
  await opening.link.command(null, 'banner', 5000)
  expect(gate.gate.openSessions(10)).toEqual([])
  const client = await connect(gate)
  await client.hear('220 *')
  expect(gate.gate.openSessions(10)).toHaveLength(1)
  opening.link.bye(1000)
  client.socket.destroy()
  await gate.recorded(1)
  expect(gate.entries).toHaveLength(1)
})

test('a port that one of ours has left is anybody’s', async () => {
  await opened()
  const socket = net.connect(gate.port, '127.0.0.1')
  await new Promise<void>((resolve) => socket.once('connect', resolve))
  probes.add(socket)
  const ends = { remoteAddress: '127.0.0.1', remotePort: socket.localPort, localAddress: '::ffff:127.0.0.1', localPort: gate.port }
  expect(probes.has(ends)).toBe(true)
  expect(probes.has({ ...ends, localPort: gate.port + 1 })).toBe(false)
  socket.destroy()
  await new Promise<void>((resolve) => socket.once('close', () => { resolve() }))
  expect(probes.has(ends)).toBe(false)
})
