/**
 * A thin double of the 'electron' module: the window is a page of a real Chromium, the compiled preload runs in an
 * isolated world of it, message ports are bridged, and the custom scheme is served by the handler the shell registered.
 * It covers what electron/main.ts and electron/shell/ use, and no more. `desktop` is the test's own handle.
 */
import { EventEmitter, once } from 'node:events'
import { readFileSync } from 'node:fs'
import { chromium } from 'playwright-core'
import type { Browser, BrowserContext, CDPSession, Page, Route } from 'playwright-core'
import { MessagePortMain, resetParts } from './electronparts.ts'

export { Menu, Notification, Tray, dialog, nativeImage, powerMonitor, shell } from './electronparts.ts'

/** What porch:// stands for in a browser that does not know it. */
const HOST = 'console.porch.test'
const WORLD = 'preload'

const toWeb = (url: string) => url.replace(/^porch:\/\/console\//, `https://${HOST}/`)
const toScheme = (url: string) => url.replace(`https://${HOST}/`, 'porch://console/')

class App extends EventEmitter {
  userData = ''
  locked = true
  sandboxed = false
  /** Settles with the exit code. */
  exited = Promise.resolve(0)
  exit: (code: number) => void = () => undefined

  enableSandbox(): void {
    this.sandboxed = true
  }
  requestSingleInstanceLock(): boolean {
    return this.locked
  }
  whenReady(): Promise<void> {
    return Promise.resolve()
  }
  readonly isPackaged = false
  login = { openAtLogin: false }
  /** A main process that no test has prepared must not take the working directory for its data. */
  getPath(name: string): string {
    if (this.userData === '') throw new Error('desktop.reset comes first')
    return `${this.userData}/${name}`
  }
  setPath(): void {
    if (this.userData === '') throw new Error('desktop.reset comes first')
  }
  getAppPath(): string {
    return '/opt/porch'
  }
  getLoginItemSettings() {
    return this.login
  }
  setLoginItemSettings(settings: { openAtLogin: boolean }): void {
    this.login = settings
  }
  quit(): void {
    const event = preventable()
    this.emit('before-quit', event)
    if (!event.prevented) this.exit(0)
  }
}

function preventable<T extends object>(fields?: T) {
  const event = { ...fields, prevented: false, preventDefault: () => void (event.prevented = true) }
  return event as T & { prevented: boolean; preventDefault(): void }
}

export const app = new App()
export const ipcMain = new EventEmitter()
/** A keyring that turns letters round; `backend` as on Linux. */
export const safeStorage = {
  backend: 'gnome_libsecret',
  isEncryptionAvailable: () => true,
  getSelectedStorageBackend: () => safeStorage.backend,
  encryptString: (text: string) => Buffer.from(`sealed:${[...text].reverse().join('')}`),
  decryptString(sealed: Buffer) {
    const text = sealed.toString()
    if (!text.startsWith('sealed:')) throw new Error(`cannot decrypt ${text}`)
    return [...text.slice(7)].reverse().join('')
  },
}
export const nativeTheme = { shouldUseDarkColors: true }
export const screen = { getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }] }

type Handler = (request: Request) => Response | Promise<Response>
const handlers = new Map<string, Handler>()
export const protocol = {
  schemes: [] as unknown[],
  registerSchemesAsPrivileged: (schemes: unknown[]) => void protocol.schemes.push(...schemes),
  handle: (scheme: string, handler: Handler) => void handlers.set(scheme, handler),
}

type Request_ = (contents: unknown, permission: string, answer: (granted: boolean) => void, details: { requestingUrl: string }) => void
type Check = (contents: unknown, permission: string, origin: string) => boolean
export const session = {
  defaultSession: {
    request: null as Request_ | null,
    check: null as Check | null,
    device: null as (() => boolean) | null,
    setPermissionRequestHandler: (handler: Request_) => void (session.defaultSession.request = handler),
    setPermissionCheckHandler: (handler: Check) => void (session.defaultSession.check = handler),
    setDevicePermissionHandler: (handler: () => boolean) => void (session.defaultSession.device = handler),
  },
}

class WebContents extends EventEmitter {
  readonly mainFrame = { frameTreeNodeId: 1, parent: null, url: '' }
  /** The window's way to end its page's process, whatever the page is at. */
  end: () => Promise<void> = () => Promise.resolve()
  forcefullyCrashRenderer(): void {
    void this.end()
  }
  openHandler: (details: { url: string }) => { action: string } = () => ({ action: 'allow' })
  setWindowOpenHandler(handler: (details: { url: string }) => { action: string }): void {
    this.openHandler = handler
  }
}

interface Options {
  readonly width?: number
  readonly height?: number
  readonly webPreferences: { readonly preload: string; readonly [name: string]: unknown }
  readonly [name: string]: unknown
}

export class BrowserWindow extends EventEmitter {
  readonly webContents = new WebContents()
  readonly options: Options
  /** The Chromium page. */
  readonly page: Promise<Page>
  readonly refusedRequests: string[] = []
  readonly popups: string[] = []
  readonly ports: MessagePortMain[] = []
  visible = false
  focused = false
  #loading = new Set<string>()
  #cdp: CDPSession | null = null

  constructor(options: Options) {
    super()
    this.options = options
    this.page = this.#open()
    this.webContents.end = () => this.crash()
    desktop.windows.push(this)
    desktop.opened.emit('window', this)
  }

  async loadURL(url: string): Promise<void> {
    const page = await this.page
    this.#loading.add(toWeb(url))
    await page.goto(toWeb(url), { waitUntil: 'commit' })
    this.emit('ready-to-show')
  }
  show(): void {
    this.visible = true
    this.emit('show')
  }
  hide(): void {
    this.visible = false
    this.focused = false
    this.emit('hide')
  }
  focus(): void {
    this.focused = true
    this.emit('focus')
  }
  isVisible(): boolean {
    return this.visible
  }
  isFocused(): boolean {
    return this.focused
  }
  restore(): void {
    this.emit('restore')
  }
  isMinimized(): boolean {
    return false
  }
  isMaximized(): boolean {
    return false
  }
  maximize(): void {
    this.emit('maximize')
  }
  getNormalBounds() {
    return { x: 10, y: 20, width: this.options.width ?? 800, height: this.options.height ?? 600 }
  }
  /** The page's process dies. */
  async crash(): Promise<void> {
    const page = await this.page
    await this.#cdp?.send('Runtime.terminateExecution')
    await page.goto('about:blank')
    for (const port of this.ports) port.disconnect()
    this.webContents.emit('render-process-gone', {}, { reason: 'crashed' })
  }
  async close(): Promise<void> {
    const event = preventable()
    this.emit('close', event)
    if (event.prevented) return
    await (await this.page).context().close()
    for (const port of this.ports) port.disconnect()
    desktop.windows.splice(desktop.windows.indexOf(this), 1)
    this.emit('closed')
    if (desktop.windows.length === 0) app.emit('window-all-closed')
  }

  async #open(): Promise<Page> {
    const context = await (await desktop.browser()).newContext({ userAgent: `Mozilla/5.0 Chrome/140.0.0.0 Electron/45.4.1` })
    await context.route('**/*', (route) => this.#serve(route))
    const page = await context.newPage()
    this.#watchPopups(context, page)
    const cdp = await context.newCDPSession(page)
    this.#cdp = cdp
    page.on('framenavigated', (frame) => {
      if (frame === page.mainFrame()) this.webContents.mainFrame.url = toScheme(frame.url())
    })
    await this.#preload(cdp)
    return page
  }

  #watchPopups(context: BrowserContext, page: Page): void {
    context.on('page', (popup) => {
      if (popup === page) return
      this.popups.push(popup.url())
      if (this.webContents.openHandler({ url: popup.url() }).action === 'deny') void popup.close()
    })
  }

  /** The scheme's handler answers for the page's own origin; navigations ask first; nothing else leaves. */
  async #serve(route: Route): Promise<void> {
    const request = route.request()
    const url = request.url()
    if (request.isNavigationRequest() && !this.#loading.delete(url)) {
      const event = preventable({ url: toScheme(url) })
      this.webContents.emit(request.frame().parentFrame() === null ? 'will-navigate' : 'will-frame-navigate', event)
      if (event.prevented) return route.abort('aborted')
    }
    const handler = handlers.get('porch')
    if (handler === undefined || new URL(url).host !== HOST) {
      this.refusedRequests.push(url)
      return route.abort('blockedbyclient')
    }
    const response = await handler(new Request(toScheme(url), { method: request.method() }))
    await route.fulfill({ status: response.status, headers: Object.fromEntries(response.headers), body: Buffer.from(await response.arrayBuffer()) })
  }

  /** Runs the compiled preload in a world of its own, with an ipcRenderer whose ports lead to this process. */
  async #preload(cdp: CDPSession): Promise<void> {
    const byContext = new Map<number, Map<string, MessagePortMain>>()
    const drop = (contextId: number) => {
      for (const port of byContext.get(contextId)?.values() ?? []) port.disconnect()
      byContext.delete(contextId)
    }
    cdp.on('Runtime.executionContextDestroyed', ({ executionContextId }) => drop(executionContextId))
    cdp.on('Runtime.executionContextsCleared', () => [...byContext.keys()].forEach(drop))
    cdp.on('Runtime.bindingCalled', ({ payload, executionContextId }) => {
      const call = JSON.parse(payload) as { channel?: string; message?: unknown; ports?: string[]; id?: string; data?: unknown }
      const known = byContext.get(executionContextId) ?? new Map<string, MessagePortMain>()
      byContext.set(executionContextId, known)
      if (call.channel === undefined) return known.get(call.id ?? '')?.deliver(call.data)
      const run = (expression: string) => void cdp.send('Runtime.evaluate', { contextId: executionContextId, expression }).catch(() => undefined)
      for (const id of call.ports ?? []) known.set(id, new MessagePortMain((message) => run(`__toPage('${id}', ${JSON.stringify(message)})`), () => run(`__closePort('${id}')`)))
      const ports = (call.ports ?? []).map((id) => known.get(id)!)
      this.ports.push(...ports)
      ipcMain.emit(call.channel, { sender: this.webContents, senderFrame: this.webContents.mainFrame, ports }, call.message)
    })
    await cdp.send('Runtime.enable')
    await cdp.send('Page.enable')
    await cdp.send('Runtime.addBinding', { name: '__toMain', executionContextName: WORLD })
    await cdp.send('Page.addScriptToEvaluateOnNewDocument', { source: preloadSource(this.options.webPreferences.preload), worldName: WORLD })
  }
}

/** Electron runs it in the main frame only, with a `require` that knows electron alone. */
function preloadSource(file: string): string {
  return `(() => {
    if (window !== window.top) return
    const ports = new Map()
    let last = 0
    globalThis.__toPage = (id, data) => ports.get(id)?.postMessage(data)
    globalThis.__closePort = (id) => ports.get(id)?.close()
    const keep = (port) => {
      // Contexts of a new process may have the number of an old one: a port's name must not.
      const id = performance.timeOrigin + '-' + ++last
      ports.set(id, port)
      port.onmessage = (event) => __toMain(JSON.stringify({ id, data: event.data }))
      return id
    }
    const ipcRenderer = { postMessage: (channel, message, transfer = []) => __toMain(JSON.stringify({ channel, message, ports: transfer.map(keep) })) }
    const require = (name) => { if (name === 'electron') return { ipcRenderer }; throw new Error('a sandboxed preload cannot require ' + name) }
    ;(function (require, module, exports) {${readFileSync(file, 'utf8')}
    })(require, { exports: {} }, {})
  })()`
}

let launched: Promise<Browser> | null = null

/** What a test does with the desktop from outside. */
export const desktop = {
  windows: [] as BrowserWindow[],
  /** As before a program starts. `locked`: whether it is the only one. `args`: of its command line. */
  reset(userData: string, locked: boolean, args: readonly string[] = []): void {
    for (const emitter of [app, ipcMain, desktop.opened]) emitter.removeAllListeners()
    resetParts()
    process.argv = [process.execPath, ...args]
    Object.assign(app, { userData, locked, sandboxed: false, login: { openAtLogin: false } })
    app.exited = new Promise((resolve) => (app.exit = resolve))
    desktop.windows.length = 0
    handlers.clear()
    protocol.schemes.length = 0
  },
  opened: new EventEmitter(),
  browser(): Promise<Browser> {
    launched ??= chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] })
    return launched
  },
  async firstWindow(): Promise<BrowserWindow> {
    return desktop.windows[0] ?? ((await once(desktop.opened, 'window')) as [BrowserWindow])[0]
  },
  /** A message on a channel as if another frame had sent it. */
  /** `heard`: gets what the program answers. */
  forge(channel: string, event: { readonly sender: unknown; readonly senderFrame: unknown }, heard: (message: unknown) => void = () => undefined): MessagePortMain {
    const port = new MessagePortMain(heard, () => undefined)
    ipcMain.emit(channel, { ...event, ports: [port] }, null)
    return port
  },
  async close(): Promise<void> {
    await (await launched)?.close()
    launched = null
  },
}
