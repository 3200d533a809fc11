/**
 * The desktop as it is built: dist/desktop/main.js with its preload and the console's page, in a real Chromium through the
 * double of electron. The gate behind it is the real one, in practice mode on free ports of loopback.
 */
import { existsSync } from 'node:fs'
import { once } from 'node:events'
import { mkdtemp, readFile, readdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { app, desktop } from '../fakes/electron.ts'
import { Tray, dialog } from '../fakes/electronparts.ts'
import { LISTENING, MAIN, PRACTICE, beginMail, folders, knock, looked, menu, quit, shown, smtpAddress, start, told, tray, trayLabels, until, useDesktop } from './desktopprogram.ts'

vi.mock('electron', () => import('../fakes/electron.ts'))

useDesktop()

describe('the desktop', () => {
  test('the submission password typed on the Settings page is sealed by the keyring, and in no file in the open', async () => {
    const folder = await start({ settings: { ...PRACTICE, notices: { smtp: '127.0.0.1:9', from: 'a@shop.example', user: 'porch' } } })
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

  test('shows the gate that runs in it, live; the tray tells its state and today; quitting stops it', async () => {
    const folder = await start()
    const page = await shown()
    const address = await smtpAddress(page)
    expect([app.sandboxed, existsSync(join(folder, 'gate.json'))]).toEqual([true, true])
    expect(await knock(address, 'sender-of-the-test')).toMatch(/^5\d\d /)
    await page.getByText('sender-of-the-test').filter({ visible: true }).first().waitFor()
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
    menu().click('Live')
    await until(async () => knock(await smtpAddress(page), 'after-mending').catch(() => '')).toMatch(/^5\d\d /)
    expect(await quit()).toBe(0)
  })

  test('while the settings are wrong, malformed calls to read and save them change nothing', async () => {
    const wrong = JSON.stringify({ ...PRACTICE, retentionDays: 0 })
    const folder = await start({ settings: wrong })
    const page = await shown()
    await page.getByRole('alert').getByText('retentionDays: expected a whole number').waitFor()
    const { webContents } = await desktop.firstWindow()
    const heard: unknown[] = []
    const port = desktop.forge('porch:connect', { sender: webContents, senderFrame: webContents.mainFrame }, (message) => heard.push(message))
    const call = (id: number, path: string, body: string) => port.deliver(`{"i":"${id}","p":{"u":"${path}","b":{"json":${body}}}}`)
    const revision = '"revision":""'
    const bodies = [
      'null', '[]', '5', '{}', '{"input":null}', `{"input":[],${revision}}`, `{"input":"{}",${revision}}`, '{"input":{},"revision":5}', `{"input":{},"revision":"${'x'.repeat(1000)}"}`,
      `{"input":{},${revision}}`, `{"input":{"__proto__":{"hostname":"evil.example"},"constructor":1},${revision}}`, `{"input":{"hostname":["<img src=x>"]},${revision}}`,
    ]
    for (const message of [null, {}, '', '{', '{"i":"x"}', new Uint8Array(9), 'x'.repeat(400_000)]) port.deliver(message)
    bodies.forEach((body, at) => call(at, '/settings/save', body))
    for (const [at, path] of ['/settings/get/../save', '/settings/__proto__', '/constructor', '/state/get', '/rules/add'].entries()) call(100 + at, path, '{}')
    // Calls are answered in their order.
    call(999, '/settings/check', '{"input":{"retentionDays":1}}')
    await until(() => heard.some((message) => String(message).includes('"999"'))).toBe(true)
    expect(heard.filter((message) => String(message).includes('"ok":true'))).toEqual([])
    expect([await readFile(join(folder, 'porch.json'), 'utf8'), existsSync(join(folder, 'gate.json'))]).toEqual([wrong, false])
    await page.reload()
    await page.getByRole('alert').getByText('retentionDays: expected a whole number').waitFor()
    expect(await quit()).toBe(0)
  })

  test('a taken port is told, and tried again at a click', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo
    await start({ settings: { ...PRACTICE, listen: [`127.0.0.1:${port}`] } })
    const page = await shown()
    await page.getByRole('alert').getByText(`Cannot listen on 127.0.0.1:${port}: the port is taken by another program`).waitFor()
    other.close()
    await once(other, 'close')
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByRole('alert').waitFor({ state: 'detached' })
    expect(await smtpAddress(page)).toEqual(['127.0.0.1', port])
    expect(await quit()).toBe(0)
  })
})
