/** The desktop's tray, menu and notifications, who may speak with it, and a gate that runs already as a service; as desktop.test.ts, through the double of electron. */
import { existsSync } from 'node:fs'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { takeLock } from '../../electron/store/lock.ts'
import { desktop } from '../fakes/electron.ts'
import { Notification, dialog, shell } from '../fakes/electronparts.ts'
import { LISTENING, PRACTICE, beginMail, firstWords, knock, looked, menu, quit, shown, smtpAddress, start, told, tray, trayLabels, until, useDesktop } from './desktopprogram.ts'
import { startPorch } from './porch.ts'

vi.mock('electron', () => import('../fakes/electron.ts'))

useDesktop()

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
    await until(() => trayLabels().some((label) => label.startsWith('Mode: Observe until '))).toBe(true)
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
    const window = await desktop.firstWindow()
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
    await page.getByText('at-the-service').filter({ visible: true }).first().waitFor()
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
    await until(() => existsSync(join(service.data, 'gate.json'))).toBe(true)
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
