/**
 * RELIABILITY, Faults: "port taken, bad settings at start, expired certificate", and what changes on disk while the gate
 * runs: one clear line and exit 1, or the gate serves on and an alarm tells.
 */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo, Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as connectTls } from 'node:tls'
import { generate } from 'selfsigned'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { runCli, startPorch } from '../e2e/porch.ts'
import type { Porch } from '../e2e/porch.ts'
import { startBackend } from '../fakes/backend.ts'
import type { FakeBackend } from '../fakes/backend.ts'
import { alarmCodes, greeted, recipient, send, settingsOf, stateWhen } from './tools.ts'

let dir: string
let backend: FakeBackend
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'porch-start-'))
  backend = await startBackend()
})
afterAll(async () => {
  await backend.close()
  rmSync(dir, { recursive: true, force: true })
})

function serve(text: string, data: string) {
  const config = join(dir, `${data}.json`)
  writeFileSync(config, text)
  return runCli(['serve', '--json', '--config', config, '--data', join(dir, data)])
}

describe('cannot start: one clear line, exit 1, nothing on stdout', () => {
  let taken: Server
  let address: string
  beforeAll(async () => {
    taken = createServer()
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', () => resolve()))
    address = `127.0.0.1:${(taken.address() as AddressInfo).port}`
  })
  afterAll(() => new Promise((resolve) => taken.close(resolve)))

  test.concurrent.each<[string, (address: string) => string, (address: string, config: string) => string]>([
    ['the SMTP port is taken', (at) => JSON.stringify({ listen: [at], console: '127.0.0.1:0' }), (at, config) => `porch: Cannot listen on ${at}: the port is taken by another program; to listen elsewhere, change "listen" in ${config}\n`],
    ['the console’s port is taken', (at) => JSON.stringify({ listen: ['127.0.0.1:0'], console: at }), (at, config) => `porch: console: cannot listen on ${at}: the port is taken by another program; to listen elsewhere, change "console" in ${config}\n`],
    ['an address of another machine', () => JSON.stringify({ listen: ['192.0.2.1:2525'], backend: '127.0.0.1:9', console: '127.0.0.1:0' }), (_at, config) => `porch: Cannot listen on 192.0.2.1:2525: this machine does not have that address; to listen elsewhere, change "listen" in ${config}\n`],
    ['the help page’s port is taken', (at) => JSON.stringify({ listen: ['127.0.0.1:0'], console: '127.0.0.1:0', helpPage: { listen: at } }), (at, config) => `porch: helpPage.listen: cannot listen on ${at}: the port is taken by another program; to listen elsewhere, change "helpPage.listen" in ${config}\n`],
    ['not JSON', () => '{ "hostname": ', () => 'not valid JSON'],
    ['an unknown key', () => '{ "hostnam": "mx.shop.example" }', () => 'hostnam: unknown key; did you mean "hostname"?'],
    ['a wrong value', () => '{ "dns": { "timeoutMs": "fast" } }', () => 'dns.timeoutMs: expected a whole number of milliseconds from 50 to 30000'],
    ['beyond loopback without a backend', () => '{ "listen": ["0.0.0.0:25"] }', () => 'listen: "0.0.0.0:25" is beyond loopback, which needs a backend'],
  ])('%s', async (what, text, expected) => {
    const folder = what.replace(/\W+/g, '-')
    const ended = await serve(text(address), folder)
    expect(ended).toMatchObject({ code: 1, stdout: '' })
    expect(ended.stderr).toContain(expected(address, join(dir, `${folder}.json`)))
    expect(ended.stderr.trimEnd().split('\n')).toHaveLength(1)
    // The file stays as it is.
    expect(readFileSync(join(dir, `${folder}.json`), 'utf8')).toBe(text(address))
  })

  test.concurrent('a named settings file that is not there', async () => {
    const ended = await runCli(['serve', '--config', join(dir, 'nowhere.json'), '--data', join(dir, 'none')])
    expect(ended).toMatchObject({ code: 1, stdout: '', stderr: `porch: ${join(dir, 'nowhere.json')}: no such settings file\n` })
  })
})

describe('while the gate runs', () => {
  let porch: Porch
  const own = () => JSON.parse(readFileSync(porch.config, 'utf8')) as Record<string, unknown>
  beforeAll(async () => {
    porch = await startPorch(settingsOf(backend.address))
  })
  afterAll(() => porch.stop())

  test('settings torn: the running ones stay, an alarm tells; mended: it heals, and the change holds; a start on torn ones names the last good copy', async () => {
    const good = readFileSync(porch.config, 'utf8')
    writeFileSync(porch.config, good.slice(0, good.length / 2))
    const torn = await stateWhen(porch, (state) => alarmCodes(state).includes('settings'))
    expect(torn.alarms.find(({ code }) => code === 'settings')).toMatchObject({ severity: 'critical', text: expect.stringContaining('the running settings stay') as string })
    expect(await send(porch)).toBe('250 2.0.0 taken')

    const copy = join(dir, 'torn-data')
    mkdirSync(copy)
    cpSync(join(porch.data, 'porch.last-good.json'), join(copy, 'porch.last-good.json'))
    const second = await runCli(['serve', '--config', porch.config, '--data', copy])
    expect(second).toMatchObject({ code: 1, stdout: '' })
    expect(second.stderr).toContain(`the last settings that worked are kept in ${join(copy, 'porch.last-good.json')}`)
    expect(readFileSync(join(copy, 'porch.last-good.json'), 'utf8')).toBe(good)

    writeFileSync(porch.config, JSON.stringify({ ...(JSON.parse(good) as object), domains: ['shop.example', 'other.example'] }))
    await stateWhen(porch, (state) => !alarmCodes(state).includes('settings'))
    const { client } = await recipient(porch)
    expect(await client.say('RCPT TO:<ann@other.example>')).toMatch(/^250/)
    client.end()
  })

  test('settings deleted: the running ones stay', async () => {
    const good = own()
    rmSync(porch.config)
    await stateWhen(porch, (state) => alarmCodes(state).includes('settings'))
    expect(await send(porch)).toBe('250 2.0.0 taken')
    writeFileSync(porch.config, JSON.stringify(good))
    await stateWhen(porch, (state) => !alarmCodes(state).includes('settings'))
  })
})

describe('the certificate', () => {
  const day = 86_400_000
  async function certificate(name: string, days: number) {
    const at = Date.now()
    return generate([{ name: 'commonName', value: name }], { keyType: 'ec', curve: 'P-256', algorithm: 'sha256', notBeforeDate: new Date(at - 100 * day), notAfterDate: new Date(at + days * day) })
  }
  /** Written as a renewing program does: the key first, each at once. */
  async function place(name: string, days: number, folder: string): Promise<void> {
    const made = await certificate(name, days)
    for (const [file, text] of [['key.pem', made.private], ['cert.pem', made.cert]] as const) {
      writeFileSync(join(folder, `${file}.new`), text)
      renameSync(join(folder, `${file}.new`), join(folder, file))
    }
  }

  test('expired: served, with an alarm; replaced on disk: taken over, and the alarm ends; torn: the one before stays', async () => {
    const folder = join(dir, 'tls')
    mkdirSync(folder)
    await place('expired.shop.example', -1, folder)
    const porch = await startPorch(settingsOf(backend.address, { tls: { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') } }))
    try {
      const expired = await stateWhen(porch, (state) => alarmCodes(state).includes('certificate'))
      expect(expired.alarms.find(({ code }) => code === 'certificate')?.text).toMatch(/expired on \d{4}-\d\d-\d\d; it is still served/)
      expect(await nameServed(porch)).toBe('expired.shop.example')
      await place('fresh.shop.example', 90, folder)
      await stateWhen(porch, (state) => !alarmCodes(state).includes('certificate'))
      await vi.waitFor(async () => expect(await nameServed(porch)).toBe('fresh.shop.example'), { timeout: 10_000, interval: 200 })
      writeFileSync(join(folder, 'cert.pem'), '-----BEGIN CERTIFICATE-----\ntorn')
      const torn = await stateWhen(porch, (state) => alarmCodes(state).includes('certificate'))
      expect(torn.alarms.find(({ code }) => code === 'certificate')?.text).toContain('The one loaded before stays in use')
      expect(await nameServed(porch)).toBe('fresh.shop.example')
      expect(await send(porch)).toBe('250 2.0.0 taken')
    } finally {
      await porch.stop()
    }
  })

  test('broken at the start: a self-signed one stands in, with an alarm; mended: the shop’s own is served', async () => {
    const folder = join(dir, 'broken')
    mkdirSync(folder)
    for (const file of ['cert.pem', 'key.pem']) writeFileSync(join(folder, file), 'not a certificate')
    const porch = await startPorch(settingsOf(backend.address, { tls: { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') } }))
    try {
      await stateWhen(porch, (state) => alarmCodes(state).includes('certificate'))
      expect(await nameServed(porch)).toBe('mx.shop.example')
      await place('own.shop.example', 90, folder)
      await stateWhen(porch, (state) => !alarmCodes(state).includes('certificate'))
      expect(await nameServed(porch)).toBe('own.shop.example')
    } finally {
      await porch.stop()
    }
  })
})

/** The common name of the certificate that STARTTLS shows. */
async function nameServed(porch: Porch): Promise<string> {
  const client = await greeted(porch)
  expect(await client.say('STARTTLS')).toMatch(/^220/)
  client.socket.removeAllListeners('data')
  const secure = connectTls({ socket: client.socket, rejectUnauthorized: false })
  secure.on('error', () => undefined)
  await new Promise<void>((resolve, reject) => {
    secure.once('secureConnect', () => resolve())
    secure.once('close', () => reject(new Error('no handshake')))
  })
  const name = String(secure.getPeerCertificate().subject.CN)
  secure.destroy()
  return name
}
