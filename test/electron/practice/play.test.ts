/** The player's own side of the dialogue, against a gate that does as it is told. */
import { afterEach, expect, it } from 'vitest'
import { systemClock } from '../../../electron/clock.ts'
import { CAST } from '../../../electron/practice/cast.ts'
import { createPlayer, entrances } from '../../../electron/practice/play.ts'
import { say, silent, startBackend } from '../../fakes/backend.ts'
import type { FakeBackend, FakeScript } from '../../fakes/backend.ts'

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function gate(script: FakeScript): Promise<FakeBackend> {
  const server = await startBackend({ proxy: true, banner: say('220 mx.shop.example ESMTP'), ...script })
  closers.push(() => server.close())
  return server
}

function player(server: FakeBackend, pause: (ms: number, signal: AbortSignal) => Promise<unknown> = () => Promise.resolve()) {
  const made = createPlayer({ target: () => ({ host: '127.0.0.1', port: server.port }), clock: systemClock, pause })
  closers.push(() => { made.stop() })
  return made
}

const round = entrances(CAST)

it('everyone comes with a PROXY header, greets, and delivers whole messages', async () => {
  const server = await gate({})
  const visits = await player(server).play()
  expect(visits.map((visit) => [visit.sender.title, visit.reply])).toEqual(round.map((sender) => [sender.title, '250 2.0.0 taken']))
  const founding = server.connections.find((connection) => connection.proxy?.includes('216.33.111.150') === true)
  expect(founding?.proxy).toMatch(/^PROXY TCP4 216\.33\.111\.150 198\.51\.100\.2 4\d{4} 25$/)
  expect(founding?.lines).toEqual(['EHLO www.americangreetings.com', 'MAIL FROM:<greetings@americangreetings.com>', 'RCPT TO:<joe@shop.example>', 'DATA', 'QUIT'])
  const six = server.connections.find((connection) => connection.proxy?.startsWith('PROXY TCP6 2001:db8:25::7 2001:db8::2 ') === true)
  expect(six?.lines[0]).toBe('EHLO mail6.acme.example')
  expect(server.connections.some((connection) => connection.lines[0] === 'EHLO mx.shop.example')).toBe(true) // the forged name
  expect(server.connections.map((connection) => connection.lines[0])).toContain('EHLO <script>alert(1)</script>\x1b[31m\xff\x07')
  expect(server.messages.length).toBe(round.length)
  const order = server.messages.find((message) => message.mail.includes('orders@acme.example'))
  expect(order?.data.toString()).toMatch(/^From: <orders@acme\.example>\r\nTo: <office@shop\.example>\r\nSubject: Order 20814[^]*\r\n\r\nHello,\r\n[^]*\r\n\.\.\. and thank you[^]*\r\n$/)
})

it('who is refused says QUIT and tells what it heard', async () => {
  const server = await gate({ ehlo: (line) => (line.includes('script') ? say('501 5.5.2 what') : say('250 ok')), rcpt: say('550 5.7.25 no reverse name') })
  const visits = await player(server).play()
  expect(new Set(visits.map((visit) => visit.reply))).toEqual(new Set(['550 5.7.25 no reverse name', '501 5.5.2 what']))
  const spammer = server.connections.find((connection) => connection.proxy?.includes('203.0.113.200') === true)
  expect(spammer?.lines.filter((line) => line.startsWith('RCPT')).length).toBe(8)
  expect(server.connections.every((connection) => connection.lines.at(-1) === 'QUIT')).toBe(true)
})

it('one round at a time', async () => {
  const server = await gate({})
  const made = player(server)
  expect(made.playing()).toBe(false)
  expect(made.start()).toBe(true)
  expect([made.playing(), made.start()]).toEqual([true, false])
  await made.play()
  expect([made.playing(), server.connections.length]).toEqual([false, round.length])
})

it('repeats until stopped; stopping ends what is under way', async () => {
  const server = await gate({})
  const made = player(server)
  made.repeat()
  while (server.connections.length <= round.length) await server.next('connection')
  server.script = { proxy: true, banner: silent }
  await server.next('connection')
  made.stop()
  await made.play()
  expect(made.playing()).toBe(false)
})

it('no gate: it ends, and says so', async () => {
  const server = await startBackend({})
  await server.close()
  const visits = await player(server).play()
  expect(new Set(visits.map((visit) => visit.reply))).toEqual(new Set(['no reply']))
})

it('is spaced by the clock it is given', async () => {
  const server = await gate({})
  const waited: number[] = []
  await player(server, (ms) => Promise.resolve(waited.push(ms))).play()
  expect(waited).toEqual(round.map(() => 350))
})
