/** What the system is told while nobody looks at the window, by a gate with its own DNS, mail server and notices; and a page that hangs. As desktop.test.ts, through the double of electron. */
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { startBackend } from '../fakes/backend.ts'
import type { FakeBackend } from '../fakes/backend.ts'
import { desktop } from '../fakes/electron.ts'
import { Notification } from '../fakes/electronparts.ts'
import { startNameserver } from '../fakes/nameserver.ts'
import type { FakeNameserver } from '../fakes/nameserver.ts'
import { smtpClient } from './client.ts'
import { LISTENING, PRACTICE, quit, shown, smtpAddress, start, told, until, useDesktop } from './desktopprogram.ts'
import { runCli } from './porch.ts'

vi.mock('electron', () => import('../fakes/electron.ts'))

useDesktop()

const OURS = 'known.example A 192.0.2.53'
const BROKEN = 'mail.acme.example 60 A 198.51.100.7'
const REPAIRED = '7.100.51.198.in-addr.arpa 60 PTR mail.acme.example'
const SENDER = '198.51.100.7'

describe('what matters is told', () => {
  let dns: FakeNameserver
  let backend: FakeBackend
  let help = ''
  beforeAll(async () => {
    dns = await startNameserver(`${OURS}\n${BROKEN}`)
    backend = await startBackend()
  })
  afterAll(async () => {
    await backend.close()
    await dns.close()
  })

  /** Runs the desktop in front of all that, hidden from sight; `use` has its data folder and the gate's port. */
  async function hidden(use: (folder: string, port: number) => Promise<void>, more: object = {}): Promise<void> {
    help = await freeAddress()
    const folder = await start({ settings: {
      ...PRACTICE, backend: backend.address, proxyProtocolFrom: ['127.0.0.2'], dns: { servers: [dns.address], canary: ['known.example'] },
      helpPage: { listen: help }, notices: { smtp: backend.address, from: 'postmaster@shop.example' }, ...more,
    } })
    const [, port] = await smtpAddress(await shown())
    ;(await desktop.firstWindow()).hide()
    await use(folder, port)
    expect(await quit()).toBe(0)
  }
  async function refused(port: number, from: string, ehlo: string): Promise<void> {
    const client = await smtpClient({ port, host: '127.0.0.2', from })
    await client.reply()
    for (const line of [`EHLO ${ehlo}`, 'MAIL FROM:<ann@acme.example>', 'RCPT TO:<joe@shop.example>', 'QUIT']) await client.say(line)
    await client.closed()
  }
  const porch = (folder: string, ...args: string[]) => runCli([...args, '--data', folder, '--config', join(folder, 'porch.json')])
  /** A click on the newest one leads to the page. */
  async function leadsTo(page: string): Promise<void> {
    const window = await desktop.firstWindow()
    window.hide()
    Notification.shown.at(-1)?.emit('click')
    await expect.poll(async () => (await window.page).url(), { timeout: 15_000 }).toContain(`#/${page}`)
    expect(window.visible).toBe(true)
  }

  test('ten automatic bans are one notification; more of them soon are none', () => hidden(async (_folder, port) => {
    for (let octet = 1; octet <= 9; octet++) await refused(port, `203.0.113.${octet}`, 'nobody')
    expect(told()).toEqual([])
    for (let octet = 10; octet <= 14; octet++) await refused(port, `203.0.113.${octet}`, 'nobody')
    await until(() => told()).toEqual([expect.stringMatching(/^\d\d senders were banned in ten minutes$/)])
    await leadsTo('rules')
  }, { bans: { strikes: 1 } }))

  test('a notice whose sender has repaired its DNS', () => hidden(async (folder, port) => {
    await refused(port, SENDER, 'mail.acme.example')
    const sent = await porch(folder, 'notice', SENDER, '--to', 'noc@isp.example', '--send')
    expect([sent.code, sent.stderr]).toEqual([0, 'porch: sent to noc@isp.example (typed by hand)\n'])
    await until(() => backend.messages.length).toBe(1)
    const session = /\/r\/([\w-]+)/.exec(backend.messages[0]?.data.toString('latin1').replaceAll('=\r\n', '') ?? '')?.[1] ?? ''
    expect(session).not.toBe('')
    dns.setZone(`${OURS}\n${BROKEN}\n${REPAIRED}`)
    await (await fetch(`http://${help}/r/${session}/check`, { method: 'POST' })).text()
    await until(() => told()).toEqual(['A sender has repaired its DNS'])
    expect(Notification.shown[0]?.body).toContain(SENDER)
    await leadsTo('notices')
  }))

  test('our own DNS is sick: at once, and it leads to the page that says so', () => hidden(async () => {
    dns.setZone('known.example ANY !servfail')
    await expect.poll(() => told(), { timeout: 75_000 }).toEqual(['Our own DNS is sick'])
    expect(Notification.shown[0]?.body).toBe('Nobody is refused for DNS until it is well. Senders are told to try again later.')
    await leadsTo('live')
    await (await shown()).locator('.fact.red').waitFor()
  }))
})

test('a page that hangs is ended after half a minute and loaded again; one that hung for a moment is left alone; the gate goes on', async () => {
  const folder = await start()
  const page = await shown()
  await page.getByText(LISTENING).first().waitFor()
  const before = await readFile(join(folder, 'gate.json'), 'utf8')
  const { webContents } = await desktop.firstWindow()
  await page.evaluate('globalThis.kept = 1')
  webContents.emit('unresponsive')
  webContents.emit('responsive')
  const hung = page.evaluate('globalThis.kept = 2; while (true);').catch(() => undefined)
  webContents.emit('unresponsive')
  await hung
  await page.getByText(LISTENING).first().waitFor()
  expect(await page.evaluate('globalThis.kept')).toBe(undefined)
  expect(await readFile(join(folder, 'gate.json'), 'utf8')).toBe(before)
  expect(await quit()).toBe(0)
})

async function freeAddress(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return `127.0.0.1:${port}`
}
