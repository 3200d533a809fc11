/**
 * The desktop as it is built: dist/desktop/main.js with its preload and the console's page, in a real Chromium through the
 * double of electron. The gate behind it is the real one, in practice mode on free ports of loopback.
 */
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest'

vi.mock('electron', () => import('../fakes/electron.ts'))

const MAIN = resolve(import.meta.dirname, '../../dist/desktop/main.js')
const PRACTICE = { hostname: 'mx.shop.example', domains: ['shop.example'], listen: ['127.0.0.1:0'], console: '127.0.0.1:0' }

type Electron = typeof import('../fakes/electron.ts')

beforeAll(() => {
  if (!existsSync(MAIN)) throw new Error('the desktop is not built; run npm run build')
})

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

/** Starts the desktop with these settings; a fresh double and a fresh main for each. */
async function desktop(settings: unknown, locked = true): Promise<Electron & { readonly folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'porch-desktop-'))
  closing.push(() => rm(folder, { recursive: true }))
  await writeFile(join(folder, 'porch.json'), typeof settings === 'string' ? settings : JSON.stringify(settings))
  vi.resetModules()
  const electron = await import('../fakes/electron.ts')
  electron.app.userData = folder
  electron.app.locked = locked
  closing.push(() => electron.desktop.close())
  await import(/* @vite-ignore */ pathToFileURL(MAIN).href)
  return { ...electron, folder }
}

async function quit({ app }: Electron): Promise<number> {
  app.quit()
  return app.exited
}

/** The listening address, from what the gate tells the command line about itself. */
async function smtpAddress(folder: string, page: import('playwright-core').Page): Promise<[string, number]> {
  const text = await page.getByText(/127\.0\.0\.1:\d+/).first().textContent()
  const [host = '', port = ''] = /127\.0\.0\.1:\d+/.exec(text ?? '')?.[0].split(':') ?? []
  expect(existsSync(join(folder, 'gate.json'))).toBe(true)
  return [host, Number(port)]
}

/** One client that says this name, to RCPT; returns the last reply. */
function knock([host, port]: [string, number], ehlo: string): Promise<string> {
  return new Promise((done, failed) => {
    const socket = connect(port, host)
    const lines = [`EHLO ${ehlo}`, 'MAIL FROM:<a@sender.example>', 'RCPT TO:<joe@shop.example>', 'QUIT']
    let said = ''
    let last = ''
    socket.on('data', (data) => {
      said += data.toString()
      if (!/^\d{3} .*\r\n$/m.test(said)) return
      if (lines.length === 1) last = said
      said = ''
      const next = lines.shift()
      if (next !== undefined) socket.write(`${next}\r\n`)
    })
    socket.on('close', () => done(last))
    socket.on('error', failed)
  })
}

describe('the desktop', () => {
  test('shows the gate that runs in it, live, and stops with it', async () => {
    const electron = await desktop(PRACTICE)
    const window = await electron.desktop.firstWindow()
    const page = await window.page
    await page.getByText('mx.shop.example').first().waitFor()
    expect(electron.app.sandboxed).toBe(true)
    expect(await knock(await smtpAddress(electron.folder, page), 'sender-of-the-test')).toMatch(/^5\d\d /)
    await page.getByText('sender-of-the-test').first().waitFor()
    expect(await quit(electron)).toBe(0)
    expect(existsSync(join(electron.folder, 'gate.json'))).toBe(false)
  })

  test('says in the window why the gate could not start, and leaves the settings as they are', async () => {
    const wrong = '{ "listen": "everywhere", "x": "<img src=x onerror=alert(1)>" }'
    const electron = await desktop(wrong)
    const page = await (await electron.desktop.firstWindow()).page
    await page.getByText('The gate is off').waitFor()
    expect(await page.getByText('listen: expected a list of addresses').count()).toBe(1)
    expect(await page.locator('img').count()).toBe(0)
    expect(await readFile(join(electron.folder, 'porch.json'), 'utf8')).toBe(wrong)
    expect(await quit(electron)).toBe(0)
  })

  test('a second one gives way to the first', async () => {
    const electron = await desktop(PRACTICE, false)
    expect(await electron.app.exited).toBe(0)
    expect([electron.desktop.windows, existsSync(join(electron.folder, 'gate.json'))]).toEqual([[], false])
  })

  test('a page that crashes comes back; the gate goes on', async () => {
    const electron = await desktop(PRACTICE)
    const window = await electron.desktop.firstWindow()
    const page = await window.page
    await page.getByText('mx.shop.example').first().waitFor()
    const before = await readFile(join(electron.folder, 'gate.json'), 'utf8')
    await page.goto('chrome://crash').catch(() => undefined)
    await page.getByText('mx.shop.example').first().waitFor()
    expect(await readFile(join(electron.folder, 'gate.json'), 'utf8')).toBe(before)
    expect(await quit(electron)).toBe(0)
  })

  test('closing the window ends the program while there is no tray', async () => {
    const electron = await desktop(PRACTICE)
    const window = await electron.desktop.firstWindow()
    await (await window.page).getByText('mx.shop.example').first().waitFor()
    await window.close()
    expect(await electron.app.exited).toBe(0)
    expect(JSON.parse(await readFile(join(electron.folder, 'window.json'), 'utf8'))).toEqual({ x: 10, y: 20, width: 1280, height: 800, maximized: false })
  })
})
