/**
 * The desktop as it is built: dist/desktop/main.js with its preload and the console's page, in a real Chromium through the
 * double of electron. The gate behind it is the real one, in practice mode on free ports of loopback.
 */
import { existsSync } from 'node:fs'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { app, desktop } from '../fakes/electron.ts'
import type { BrowserWindow } from '../fakes/electron.ts'
import { Menu, Notification, Tray, dialog, shell } from '../fakes/electronparts.ts'
import { takeLock } from '../../electron/store/lock.ts'
import { violations } from './consolepage.ts'
import { startPorch } from './porch.ts'

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

interface Given {
  readonly settings?: unknown
  readonly locked?: boolean
  readonly args?: readonly string[]
  /** The system as it is then. */
  readonly prepare?: () => void
  /** An existing data folder. */
  readonly data?: string
}

/** Starts the desktop, in a new data folder unless one is given: a fresh main process as far as one process can have that. */
async function start({ settings, locked = true, args = [], prepare, data }: Given = {}): Promise<string> {
  const folder = data ?? (await mkdtemp(join(tmpdir(), 'porch-desktop-')))
  starts += 1
  if (data === undefined) {
    folders.push(folder)
    await writeFile(join(folder, 'porch.json'), typeof settings === 'string' ? settings : JSON.stringify(settings ?? PRACTICE))
  }
  desktop.reset(folder, locked, ['--data', folder, ...args])
  prepare?.()
  // The query makes it a module of its own each time.
  await import(/* @vite-ignore */ `${pathToFileURL(MAIN).href}?${starts}`)
  return folder
}

let starts = 0

async function shown(): Promise<Page> {
  return (await desktop.firstWindow()).page
}

const until = <T>(read: () => T) => expect.poll(read, { timeout: 15_000 })
const menu = () => Menu.application!
const tray = () => Tray.shown!
const trayLabels = () => tray().menu!.labels()
const told = () => Notification.shown.map(({ title }) => title)

/** In light and dark; a picture of each where the environment names a folder for them. */
async function looked(page: Page, name: string): Promise<string[]> {
  const found: string[] = []
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    for (const width of [900, 1600]) {
      await page.setViewportSize({ width, height: 800 })
      if (process.env.PORCH_SHOTS !== undefined) await page.screenshot({ path: join(process.env.PORCH_SHOTS, `${name}-${colorScheme}-${width}.png`) })
    }
    found.push(...(await violations(page)))
  }
  return found
}

/** A client that has begun a transaction: MAIL is answered. */
async function beginMail([host, port]: [string, number]): Promise<{ readonly socket: Socket; heard: () => string }> {
  const socket = connect(port, host)
  let said = ''
  socket.on('data', (data) => (said += data.toString()))
  socket.on('error', () => undefined)
  for (const [line, reply] of [['', /^220 /m], ['EHLO mail.sender.example', /^250 /m], ['MAIL FROM:<a@sender.example>', /^250 2\.1\.0/m]] as const) {
    said = ''
    if (line !== '') socket.write(`${line}\r\n`)
    await until(() => said).toMatch(reply)
  }
  return { socket, heard: () => said }
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
  test('is built of modules that plain Electron runs: nothing is left of CommonJS, and electron is not bundled', async () => {
    const main = await readFile(MAIN, 'utf8')
    expect(/\b__(?:filename|dirname)\b/.exec(main)).toBeNull()
    expect(main).toMatch(/^import \{[^}]*BrowserWindow[^}]*\} from "electron"/m)
  })

  test('shows the gate that runs in it, live; the tray tells its state and today; quitting stops it', async () => {
    const folder = await start()
    const page = await shown()
    const address = await smtpAddress(page)
    expect([app.sandboxed, existsSync(join(folder, 'gate.json'))]).toEqual([true, true])
    expect(await knock(address, 'sender-of-the-test')).toMatch(/^5\d\d /)
    await page.getByText('sender-of-the-test').first().waitFor()
    await until(() => tray().tip).toBe('Porch: The gate is open: enforce\nToday: 1 refused, 0 accepted')
    expect([tray().image.endsWith('/ok.png'), trayLabels()[0]]).toEqual([true, 'The gate is open: enforce'])
    expect(await quit()).toBe(0)
    expect([existsSync(join(folder, 'gate.json')), tray().destroyed, dialog.asked]).toEqual([false, true, []])
  })

  test('a second start gives way to the first, which shows its window; one at sign-in shows nothing', async () => {
    const folder = await start({ locked: false })
    expect(await app.exited).toBe(0)
    expect([desktop.windows, existsSync(join(folder, 'gate.json'))]).toEqual([[], false])
    await start()
    await smtpAddress(await shown())
    const window = await desktop.firstWindow()
    window.hide()
    app.emit('second-instance', {}, ['porch', '--hidden'])
    expect(window.visible).toBe(false)
    app.emit('second-instance', {}, ['porch'])
    expect([window.visible, window.focused, desktop.windows.length]).toEqual([true, true, 1])
    expect(await quit()).toBe(0)
  })

  test('started hidden there is no window until it is asked for, and the gate runs', async () => {
    await start({ args: ['--hidden'] })
    await until(() => tray().tip).toContain('The gate is open')
    expect(desktop.windows).toEqual([])
    tray().emit('click')
    await smtpAddress(await shown())
    expect(await quit()).toBe(0)
  })

  test('a page that crashes comes back; the gate goes on', async () => {
    const folder = await start()
    const page = await shown()
    await page.getByText(LISTENING).first().waitFor()
    const before = await readFile(join(folder, 'gate.json'), 'utf8')
    await (await desktop.firstWindow()).crash()
    await page.getByText(LISTENING).first().waitFor()
    expect(await readFile(join(folder, 'gate.json'), 'utf8')).toBe(before)
    expect(await quit()).toBe(0)
  })
})

describe('closing and quitting', () => {
  test('closing hides to the tray, is explained once ever, and the window remembers its place', async () => {
    const folder = await start()
    const address = await smtpAddress(await shown())
    const window = await desktop.firstWindow()
    await window.close()
    expect([window.visible, desktop.windows.length, told()]).toEqual([false, 1, ['Porch goes on working']])
    expect(await knock(address, 'while-hidden')).toMatch(/^5\d\d /)
    expect(JSON.parse(await readFile(join(folder, 'window.json'), 'utf8'))).toEqual({ x: 10, y: 20, width: 1280, height: 800, maximized: false })
    tray().menu!.click('Open the console')
    expect(window.visible).toBe(true)
    await window.close()
    expect([window.visible, told().length]).toEqual([false, 1])
    expect(await quit()).toBe(0)
    // Another start knows that it has been said.
    await start({ data: folder })
    await smtpAddress(await shown())
    await (await desktop.firstWindow()).close()
    expect(told()).toEqual([])
    expect(await quit()).toBe(0)
  })

  test('where there is no tray closing the window ends the program', async () => {
    await start({ prepare: () => (Tray.missing = true) })
    await smtpAddress(await shown())
    await (await desktop.firstWindow()).close()
    expect(await app.exited).toBe(0)
  })

  test('quitting asks while mail is passing; staying stays, finishing waits for it', async () => {
    await start()
    const address = await smtpAddress(await shown())
    const { socket, heard } = await beginMail(address)
    app.quit()
    await until(() => dialog.asked.length).toBe(1)
    expect(dialog.asked[0]).toMatchObject({ message: '1 message is passing through the gate right now.', buttons: ['Finish and Quit', 'Quit Now', 'Don’t Quit'] })
    dialog.asked[0]!.answer('Don’t Quit')
    expect(await knock(address, 'still-open')).toMatch(/^5\d\d /)
    app.quit()
    await until(() => dialog.asked.length).toBe(2)
    dialog.asked[1]!.answer('Finish and Quit')
    await until(() => dialog.asked.length).toBe(3)
    expect(dialog.asked[2]).toMatchObject({ message: 'Porch waits for 1 message to finish (at most 30 seconds).', buttons: ['Quit Now'] })
    await until(() => trayLabels()).toEqual(['Stopping: 1 message is still passing', '-', 'Quit now'])
    socket.write('RSET\r\n')
    expect(await app.exited).toBe(0)
    expect(heard()).toMatch(/421 4\.3\.2/)
  })

  test('while it waits, “Quit now” waits no longer', async () => {
    await start()
    await beginMail(await smtpAddress(await shown()))
    app.quit()
    await until(() => dialog.asked.length).toBe(1)
    dialog.asked[0]!.answer('Finish and Quit')
    await until(() => trayLabels()).toContain('Quit now')
    tray().menu!.click('Quit now')
    expect(await app.exited).toBe(0)
  })
})

describe('a gate that cannot start', () => {
  test('bad settings: the window opens with Settings and what is wrong; mended there, the gate starts by itself', async () => {
    const wrong = JSON.stringify({ ...PRACTICE, retentionDays: 0, x: '<img src=x onerror=alert(1)>' })
    const folder = await mkdtemp(join(tmpdir(), 'porch-desktop-'))
    folders.push(folder)
    await writeFile(join(folder, 'porch.json'), wrong)
    await writeFile(join(folder, 'porch.last-good.json'), JSON.stringify(PRACTICE))
    await start({ data: folder })
    const page = await shown()
    const banner = page.getByRole('alert')
    await banner.getByText('retentionDays: expected a whole number of days from 1 to 3650').waitFor()
    await banner.getByText(`the last settings that worked are kept in ${join(folder, 'porch.last-good.json')}`).waitFor()
    await page.getByRole('heading', { name: 'Porch: Settings' }).waitFor({ state: 'attached' })
    expect([await page.locator('img').count(), existsSync(join(folder, 'gate.json')), tray().image.endsWith('/off.png')]).toEqual([0, false, true])
    expect(await readFile(join(folder, 'porch.json'), 'utf8')).toBe(wrong)
    expect(await looked(page, 'off-settings')).toEqual([])
    // Other pages say that there is no gate.
    menu().click('Rules')
    await page.getByText('senders find nobody here').waitFor()
    expect(await looked(page, 'off-rules')).toEqual([])
    menu().click('Settings')
    await page.getByRole('button', { name: 'Put back the last good copy' }).click()
    // It opens once the draft has been checked.
    await expect.poll(async () => {
      await page.getByRole('button', { name: /Review/ }).click({ timeout: 1000 }).catch(() => undefined)
      return page.getByRole('dialog').count()
    }, { timeout: 15_000 }).toBe(1)
    await page.getByRole('dialog').getByRole('button', { name: /Save/ }).click()
    await until(() => existsSync(join(folder, 'gate.json'))).toBe(true)
    await banner.waitFor({ state: 'detached' })
    expect(await knock(await smtpAddress(page), 'after-mending')).toMatch(/^5\d\d /)
    expect(await quit()).toBe(0)
  })

  test('a taken port is told, and tried again at a click', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo
    await start({ settings: { ...PRACTICE, listen: [`127.0.0.1:${port}`] } })
    const page = await shown()
    await page.getByRole('alert').getByText(`Cannot listen on 127.0.0.1:${port}: the port is taken by another program`).waitFor()
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByRole('alert').getByText('the port is taken').waitFor()
    other.close()
    await once(other, 'close')
    await page.getByRole('button', { name: 'Try again' }).click()
    expect(await smtpAddress(page)).toEqual(['127.0.0.1', port])
    expect(await quit()).toBe(0)
  })
})

describe('tray, menu, notifications', () => {
  test('a pause from the tray: new senders hear 421, the console says so, and Resume ends it', async () => {
    await start()
    const page = await shown()
    const address = await smtpAddress(page)
    await until(() => trayLabels()).toContain('For 15 minutes')
    tray().menu!.click('For 15 minutes')
    await page.getByText(/The gate is paused until/).waitFor()
    expect(await looked(page, 'paused')).toEqual([])
    expect(await firstWords(address)).toMatch(/^421 4\.3\.2 The gate is paused/)
    await until(() => [tray().image.endsWith('/attention.png'), trayLabels()[0]?.startsWith('Paused until')]).toEqual([true, true])
    await page.getByRole('button', { name: 'Resume now' }).click()
    await until(() => trayLabels()).toContain('For 15 minutes')
    expect(await knock(address, 'let-in-again')).toMatch(/^5\d\d /)
    expect(await quit()).toBe(0)
  })

  test('the mode from the tray, for an hour and for good', async () => {
    await start()
    await smtpAddress(await shown())
    await until(() => trayLabels()).toContain('Mode: Enforce')
    tray().menu!.click('Observe for 1 hour, then return')
    await until(() => trayLabels().some((label) => /^Mode: Observe until /.test(label))).toBe(true)
    tray().menu!.click('Grace')
    await until(() => trayLabels()).toContain('Mode: Grace')
    expect(await quit()).toBe(0)
  })

  test('every entry of the menu that has a key has one of its own; Go leads to the pages', async () => {
    await start()
    const page = await shown()
    await smtpAddress(page)
    const keys = menu().all().flatMap(({ accelerator }) => accelerator ?? [])
    expect(new Set(keys).size).toBe(keys.length)
    expect(menu().items.map(({ label }) => label)).toEqual(['&File', '&Edit', '&View', '&Go', '&Help'])
    menu().click('Rules')
    await until(() => page.url()).toMatch(/#\/rules$/)
    menu().click('Open the Data Folder')
    expect(shell.opened).toEqual([process.argv[2]])
    expect(await quit()).toBe(0)
  })

  test('what is told and starting at sign-in are set on the page, and kept', async () => {
    const folder = await start()
    const page = await shown()
    await smtpAddress(page)
    menu().click('This Computer…')
    await page.getByText('Runs in this program.').waitFor()
    expect(await looked(page, 'computer')).toEqual([])
    await page.getByLabel(/The mail server does not answer/).click()
    await until(() => existsSync(join(folder, 'desktop.json'))).toBe(true)
    expect(JSON.parse(await readFile(join(folder, 'desktop.json'), 'utf8'))).toMatchObject({ notify: { backend: false, canary: true } })
    await page.getByLabel(/Start when I sign in/).click()
    const entry = join(folder, 'appData/autostart/porch.desktop')
    await until(() => existsSync(entry)).toBe(true)
    expect(await readFile(entry, 'utf8')).toContain(`"--data" "${folder}" "--hidden"`)
    await until(() => menu().all().find(({ label }) => label === 'Start When I Sign In')?.checked).toBe(true)
    menu().click('Start When I Sign In')
    await until(() => existsSync(entry)).toBe(false)
    expect(await quit()).toBe(0)
  })

  test('a mail server that is down is told once, its flapping folded; a click leads to the page; who looks is not told', async () => {
    const backend = createServer().listen(0, '127.0.0.1')
    await once(backend, 'listening')
    const { port } = backend.address() as AddressInfo
    backend.close()
    await once(backend, 'close')
    await start({ settings: { ...PRACTICE, backend: `127.0.0.1:${port}`, dns: { servers: ['127.0.0.1:9'], canary: [] } } })
    const page = await shown()
    await smtpAddress(page)
    await until(() => told()).toEqual(['The mail server does not answer'])
    expect(tray().image.endsWith('/attention.png')).toBe(true)
    const window = await desktop.firstWindow()
    window.hide()
    menu().click('Rules')
    await until(() => page.url()).toMatch(/#\/rules$/)
    window.hide()
    Notification.shown[0]!.emit('click')
    await until(() => page.url()).toMatch(/#\/live/)
    expect(window.visible).toBe(true)
    expect(await quit()).toBe(0)
  })

  test('a forged or malformed wish to the desktop is refused, and changes nothing', async () => {
    const folder = await start()
    const page = await shown()
    await smtpAddress(page)
    const window = (await desktop.firstWindow()) as BrowserWindow
    const main = window.webContents.mainFrame
    for (const event of [{ sender: {}, senderFrame: main }, { sender: window.webContents, senderFrame: null }, { sender: window.webContents, senderFrame: { frameTreeNodeId: 9, parent: main, url: main.url } }, { sender: window.webContents, senderFrame: { ...main, url: 'https://evil.example/' } }]) {
      expect([desktop.forge('porch:desktop', event).closed, desktop.forge('porch:connect', event).closed]).toEqual([true, true])
    }
    const port = desktop.forge('porch:desktop', { sender: window.webContents, senderFrame: main })
    for (const message of [null, 5, {}, '', '{', '{"i":1}', '{"i":"1","p":{"u":"/setNotify","b":{"json":{"kind":"everything","on":1}}}}', '{"i":"2","p":{"u":"/setLogin","b":{"json":{"on":"yes"}}}}', 'x'.repeat(400_000)]) port.deliver(message)
    await page.getByText(LISTENING).first().waitFor()
    expect([existsSync(join(folder, 'desktop.json')), existsSync(join(folder, 'appData'))]).toEqual([false, false])
    expect(await quit()).toBe(0)
  })
})

describe('a gate that runs already on the data folder', () => {
  test('is shown instead of a second one; when it stops the window says so, finds it again, or starts its own', async () => {
    const service = await startPorch(PRACTICE)
    await writeFile(join(service.data, 'porch.json'), JSON.stringify(PRACTICE))
    await start({ data: service.data })
    const page = await shown()
    expect(await smtpAddress(page)).toEqual(['127.0.0.1', service.port])
    await until(() => trayLabels()).toContain('Shows the Porch service on this computer')
    expect(await knock(['127.0.0.1', service.port], 'at-the-service')).toMatch(/^5\d\d /)
    await page.getByText('at-the-service').first().waitFor()
    expect(await page.evaluate(() => document.documentElement.innerHTML.includes('token='))).toBe(false)
    tray().menu!.click('For 15 minutes')
    await page.getByText(/The gate is paused until/).waitFor()
    expect(await firstWords(['127.0.0.1', service.port])).toMatch(/^421 4\.3\.2/)

    await service.kill('SIGKILL')
    await page.getByText(/The Porch service stopped at/).waitFor()
    await until(() => [tray().image.endsWith('/off.png'), told().includes('The Porch service has stopped')]).toEqual([true, true])

    expect(await looked(page, 'lost')).toEqual([])
    // Somebody else has the folder: no gate is offered.
    const lock = await takeLock(service.data)
    await page.getByText('Another program has the data folder, so no gate can be started here.').waitFor()
    lock.release()

    const again = await startPorch(PRACTICE, service.dir)
    await page.getByText(/The Porch service stopped at/).waitFor({ state: 'detached' })
    await until(() => smtpAddress(page)).toEqual(['127.0.0.1', again.port])
    expect(await again.kill('SIGTERM')).toBe(0)

    await page.getByRole('button', { name: 'Start a gate in this program' }).click()
    await page.getByText(/The Porch service stopped at/).waitFor({ state: 'detached' })
    expect(JSON.parse(await readFile(join(service.data, 'gate.json'), 'utf8'))).toMatchObject({ pid: process.pid })
    await until(() => trayLabels()[0]).toBe('The gate is open: enforce')
    // And now it is the other one that must not.
    await expect(startPorch(PRACTICE, service.dir)).rejects.toThrow('another Porch is using the data folder')
    expect(await quit()).toBe(0)
    await service.stop()
  })

  test('quitting leaves the service alone, and asks nothing', async () => {
    const service = await startPorch(PRACTICE)
    await start({ data: service.data })
    await smtpAddress(await shown())
    const { socket } = await beginMail(['127.0.0.1', service.port])
    expect([await quit(), dialog.asked]).toEqual([0, []])
    expect(await knock(['127.0.0.1', service.port], 'after-quit')).toMatch(/^5\d\d /)
    socket.destroy()
    await service.stop()
  })
})

/** What a gate says first. */
async function firstWords([host, port]: [string, number]): Promise<string> {
  const socket = connect(port, host)
  const [data] = (await once(socket, 'data')) as [Buffer]
  socket.destroy()
  return data.toString()
}
