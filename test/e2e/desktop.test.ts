/**
 * The desktop as it is built: dist/desktop/main.js with its preload and the console's page, in a real Chromium through the
 * double of electron. The gate behind it is the real one, in practice mode on free ports of loopback.
 */
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { app, desktop } from '../fakes/electron.ts'

vi.mock('electron', () => import('../fakes/electron.ts'))

const MAIN = resolve(import.meta.dirname, '../../dist/desktop/main.js')
const PRACTICE = { hostname: 'mx.shop.example', domains: ['shop.example'], listen: ['127.0.0.1:0'], console: '127.0.0.1:0' }

/** Known to the page only once the gate has told it. */
const LISTENING = /127\.0\.0\.1:\d+/

beforeAll(() => {
  if (!existsSync(MAIN)) throw new Error('the desktop is not built; run npm run build')
})

const folders: string[] = []
afterAll(async () => {
  await desktop.close()
  for (const folder of folders) await rm(folder, { recursive: true })
})

/** Starts the desktop in a new data folder with these settings: a fresh main process as far as one process can have that. */
async function start(settings: unknown, locked = true): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'porch-desktop-'))
  folders.push(folder)
  await writeFile(join(folder, 'porch.json'), typeof settings === 'string' ? settings : JSON.stringify(settings))
  desktop.reset(folder, locked)
  // The query makes it a module of its own each time.
  await import(/* @vite-ignore */ `${pathToFileURL(MAIN).href}?${folders.length}`)
  return folder
}

async function shown(): Promise<Page> {
  return (await desktop.firstWindow()).page
}

function quit(): Promise<number> {
  app.quit()
  return app.exited
}

/** The listening address as the page shows it. */
async function smtpAddress(page: Page): Promise<[string, number]> {
  const text = await page.getByText(LISTENING).first().textContent()
  const [host = '', port = ''] = LISTENING.exec(text ?? '')?.[0].split(':') ?? []
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
  test('the submission password typed on the Settings page is sealed by the keyring, and in no file in the open', async () => {
    const folder = await start({ ...PRACTICE, notices: { smtp: '127.0.0.1:9', from: 'a@shop.example', user: 'porch' } })
    const page = await shown()
    await page.getByRole('link', { name: 'Settings' }).click()
    const field = page.getByRole('group', { name: 'Password for the submission server' })
    await field.getByText('There is no password. It will be sealed by this desktop’s keyring.').waitFor()
    await field.getByLabel('Password for the submission server').fill('hunter2')
    await field.getByRole('button', { name: 'Keep password' }).click()
    await field.getByText('There is a password. It is sealed by this desktop’s keyring.').waitFor()
    expect(await readdir(join(folder, 'notices'))).toContain('password.sealed')
    expect(await readdir(join(folder, 'notices'))).not.toContain('password')
    expect(await readFile(join(folder, 'notices', 'password.sealed'), 'utf8')).toBe('sealed:2retnuh')
    expect(await quit()).toBe(0)
  })

  test('is built of modules that plain Electron runs: nothing is left of CommonJS, and electron is not bundled', async () => {
    const main = await readFile(MAIN, 'utf8')
    expect(/\b__(?:filename|dirname)\b/.exec(main)).toBeNull()
    expect(main).toMatch(/^import \{[^}]*BrowserWindow[^}]*\} from "electron"/m)
  })

  test('shows the gate that runs in it, live, and stops with it', async () => {
    const folder = await start(PRACTICE)
    const page = await shown()
    const address = await smtpAddress(page)
    expect([app.sandboxed, existsSync(join(folder, 'gate.json'))]).toEqual([true, true])
    expect(await knock(address, 'sender-of-the-test')).toMatch(/^5\d\d /)
    await page.getByText('sender-of-the-test').first().waitFor()
    expect(await quit()).toBe(0)
    expect(existsSync(join(folder, 'gate.json'))).toBe(false)
  })

  test('says in the window why the gate could not start, and leaves the settings as they are', async () => {
    const wrong = '{ "listen": "everywhere", "x": "<img src=x onerror=alert(1)>" }'
    const folder = await start(wrong)
    const page = await shown()
    await page.getByText('The gate is off').waitFor()
    expect(await page.getByText('listen: expected a list of addresses').count()).toBe(1)
    expect(await page.locator('img').count()).toBe(0)
    expect(await readFile(join(folder, 'porch.json'), 'utf8')).toBe(wrong)
    expect(await quit()).toBe(0)
  })

  test('a second one gives way to the first', async () => {
    const folder = await start(PRACTICE, false)
    expect(await app.exited).toBe(0)
    expect([desktop.windows, existsSync(join(folder, 'gate.json'))]).toEqual([[], false])
  })

  test('a page that crashes comes back; the gate goes on', async () => {
    const folder = await start(PRACTICE)
    const page = await shown()
    await page.getByText(LISTENING).first().waitFor()
    const before = await readFile(join(folder, 'gate.json'), 'utf8')
    await (await desktop.firstWindow()).crash()
    await page.getByText(LISTENING).first().waitFor()
    expect(await readFile(join(folder, 'gate.json'), 'utf8')).toBe(before)
    expect(await quit()).toBe(0)
  })

  test('closing the window ends the program while there is no tray', async () => {
    const folder = await start(PRACTICE)
    await (await shown()).getByText(LISTENING).first().waitFor()
    await (await desktop.firstWindow()).close()
    expect(await app.exited).toBe(0)
    expect(JSON.parse(await readFile(join(folder, 'window.json'), 'utf8'))).toEqual({ x: 10, y: 20, width: 1280, height: 800, maximized: false })
  })
})
