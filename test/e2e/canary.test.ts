/**
 * RELIABILITY, DNS faults: a real gate whose name server turns sick and well again. While it is sick nobody hears a 5xx for DNS;
 * who passes, passes; alarm, status and metrics say so within a minute; and everything returns by itself.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { SettingsInput } from '../../shared/config.ts'
import { startBackend } from '../fakes/backend.ts'
import type { FakeBackend } from '../fakes/backend.ts'
import { startNameserver } from '../fakes/nameserver.ts'
import type { FakeNameserver } from '../fakes/nameserver.ts'
import { smtpClient } from './client.ts'
import { startPorch } from './porch.ts'
import type { Porch } from './porch.ts'

const GOOD = '198.51.100.7'
const BAD = '198.51.100.66'
const ALLOWED = '198.51.100.50'
const EXEMPT = '203.0.113.9'
/** Whose DNS nobody has asked for yet when the name server is sick; enough of them that the temporary rate jumps. */
const NEW = Array.from({ length: 10 }, (_, index) => ({ client: `192.0.2.${index + 1}`, ehlo: `mail.new${index}.example` }))

const reverse = (address: string) => `${address.split('.').reverse().join('.')}.in-addr.arpa`
const BAD_ZONE = 'mail.bad.example 3600 A 192.0.2.200'
const WELL = `
known.example A 192.0.2.53
${reverse(GOOD)} 3600 PTR mail.acme.example
mail.acme.example 3600 A ${GOOD}
${BAD_ZONE}`
/** BAD's refusal stays certain (no PTR), so that only the canary can soften it. */
const SICK = `
known.example ANY !servfail
${NEW.map(({ client, ehlo }) => `${reverse(client)} ANY !servfail\n${ehlo} ANY !servfail`).join('\n')}
${BAD_ZONE}`

let dns: FakeNameserver
let backend: FakeBackend
let porch: Porch

const settings = (more: SettingsInput = {}): SettingsInput => ({
  hostname: 'mx.shop.example', domains: ['shop.example'], backend: backend.address, proxyProtocolFrom: ['127.0.0.2'], listen: ['127.0.0.1:0'],
  dns: { servers: [dns.address], timeoutMs: 5000, canary: ['known.example'] }, policy: { exempt: ['203.0.113.0/24'] }, ...more,
})

beforeAll(async () => {
  dns = await startNameserver(WELL)
  backend = await startBackend()
  porch = await startPorch(settings())
})
afterAll(async () => {
  await porch.stop()
  await backend.close()
  await dns.close()
})

async function recipient(gate: Porch, from: string, ehlo: string, sender = 'a@acme.example'): Promise<string> {
  const client = await smtpClient({ port: gate.port, host: '127.0.0.2', from })
  await client.reply()
  await client.say(`EHLO ${ehlo}`)
  await client.say(`MAIL FROM:<${sender}>`)
  const reply = await client.say('RCPT TO:<joe@shop.example>')
  await client.say('QUIT')
  client.end()
  return reply.slice(0, reply.startsWith('2') ? 3 : 9).trim()
}

async function red(gate: Porch): Promise<string | undefined> {
  const page = await (await fetch(gate.ready.metrics)).text()
  return /^porch_canary_red (\d)$/m.exec(page)?.[1]
}
const until = (gate: Porch, colour: '0' | '1') => expect.poll(() => red(gate), { timeout: 60_000, interval: 200 }).toBe(colour)

test('SERVFAIL for all: 451 4.4.3 instead of 5xx while it lasts, and everything returns by itself', async () => {
  expect(await porch.cli('allow', ALLOWED)).toMatchObject({ code: 0 })
  expect(await recipient(porch, GOOD, 'mail.acme.example')).toBe('250')
  expect(await recipient(porch, BAD, 'mail.bad.example')).toBe('550 5.7.2')
  expect(await red(porch)).toBe('0')

  dns.setZone(SICK)
  for (const { client, ehlo } of NEW) expect(await recipient(porch, client, ehlo)).toMatch(/^451 4\./)
  await until(porch, '1')
  expect(await recipient(porch, BAD, 'mail.bad.example', 'red@bad.example')).toBe('451 4.4.3')
  expect(await porch.session(({ sender }) => sender === 'red@bad.example')).toMatchObject({ verdict: 'reject', disposition: 'deferred', refusedFor: ['ptr-missing', 'ehlo-mismatch'] })
  expect(await recipient(porch, NEW[0]!.client, NEW[0]!.ehlo)).toBe('451 4.4.3')
  expect(await recipient(porch, GOOD, 'mail.acme.example')).toBe('250')
  expect(await recipient(porch, ALLOWED, 'mail.bad.example')).toBe('250')
  expect(await recipient(porch, EXEMPT, 'mail.bad.example')).toBe('250')

  dns.setZone(WELL)
  await until(porch, '0')
  expect(await recipient(porch, BAD, 'mail.bad.example')).toBe('550 5.7.2')
  expect(await recipient(porch, GOOD, 'mail.acme.example')).toBe('250')
})

test('a name server that knows only its own zone is not sick by denying the default names', async () => {
  const own = await startPorch(settings({ dns: { servers: [dns.address] } }))
  try {
    await expect.poll(async () => /^porch_canary_rounds_total\{outcome="good"\} (\d+)$/m.exec(await (await fetch(own.ready.metrics)).text())?.[1], { timeout: 30_000 }).toBe('1')
    expect(dns.queries.map(({ name }) => name.toLowerCase())).toContain('www.iana.org')
    expect(await recipient(own, BAD, 'mail.bad.example')).toBe('550 5.7.2')
  } finally {
    await own.stop()
  }
})

test('practice with a canary that is red: real clients are deferred, the sample senders are judged by their own DNS', async () => {
  const practice = await startPorch({ dns: { servers: ['127.0.0.1:9'], timeoutMs: 100, tries: 1, canary: ['known.example'] } })
  try {
    await until(practice, '1')
    const client = await smtpClient({ port: practice.port })
    await client.reply()
    await client.say('EHLO barbara')
    await client.say('MAIL FROM:<a@acme.example>')
    expect(await client.say('RCPT TO:<joe@shop.example>')).toMatch(/^451 4\.4\.3 /)
    client.end()
    const { origin, searchParams } = new URL(practice.ready.console)
    const headers = { authorization: `Bearer ${searchParams.get('token')}`, 'content-type': 'application/json' }
    expect(await (await fetch(`${origin}/rpc/practice/play`, { method: 'POST', headers, body: '{}' })).json()).toEqual({ json: { ok: true } })
    expect(await practice.session(({ client: address }) => address === '216.33.111.150')).toMatchObject({ disposition: 'rejected', reply: expect.stringMatching(/^550 5\.7\.25 /) as string })
  } finally {
    await practice.stop()
  }
})
