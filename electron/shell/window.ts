/**
 * The console's window: a sandboxed page without Node that can go nowhere else, open nothing and ask for nothing, and
 * that speaks with the gate only through a message port it is handed after its frame has been checked.
 */
import { BrowserWindow } from 'electron'
import type { IpcMain, IpcMainEvent, MessagePortMain, Screen, Session } from 'electron'
import { apiPeers } from '../console/peer.ts'
import type { Peer, Peers } from '../console/peer.ts'
import type { ConsoleRouter } from '../console/handlers.ts'
import { keepBounds, keptBounds } from './bounds.ts'
import { ORIGIN, START_PAGE } from './page.ts'

/** The page's own background in both schemes, so that the window does not flash before its first paint. */
const BACKGROUND = { dark: '#121316', light: '#f7f7f5' }

export interface WindowOptions {
  readonly preload: string
  readonly boundsFile: string
  readonly dark: boolean
  readonly screen: Screen
}

export function openWindow(options: WindowOptions): BrowserWindow {
  const screens = options.screen.getAllDisplays().map((display) => display.workArea)
  const kept = keptBounds(options.boundsFile, screens)
  const window = new BrowserWindow({
    width: kept?.width ?? 1280,
    height: kept?.height ?? 800,
    ...(kept === null ? {} : { x: kept.x, y: kept.y }),
    minWidth: 900,
    minHeight: 500,
    title: 'Porch',
    show: false,
    backgroundColor: options.dark ? BACKGROUND.dark : BACKGROUND.light,
    autoHideMenuBar: true,
    webPreferences: {
      preload: options.preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
    },
  })
  if (kept?.maximized === true) window.maximize()
  window.once('ready-to-show', () => window.show())
  window.on('close', () => keepBounds(options.boundsFile, { ...window.getNormalBounds(), maximized: window.isMaximized() }))
  confine(window)
  return window
}

/** The page stays where it is: no navigation, no windows, no guests. */
function confine(window: BrowserWindow): void {
  const { webContents } = window
  const stay = (event: { preventDefault(): void; readonly url: string }) => {
    if (event.url !== START_PAGE) event.preventDefault()
  }
  webContents.setWindowOpenHandler(() => ({ action: 'deny' }))
  webContents.on('will-navigate', stay)
  webContents.on('will-redirect', stay)
  webContents.on('will-frame-navigate', stay)
  webContents.on('will-attach-webview', (event) => event.preventDefault())
}

/** Nothing is granted but copying a text to the clipboard, and that to our own page only. */
export function denyPermissions(session: Session): void {
  const granted = (permission: string, origin: string) => permission === 'clipboard-sanitized-write' && `${origin}/`.startsWith(`${ORIGIN}/`)
  session.setPermissionRequestHandler((_contents, permission, answer, details) => answer(granted(permission, details.requestingUrl)))
  session.setPermissionCheckHandler((_contents, permission, origin) => granted(permission, origin.replace(/\/$/, '')))
  session.setDevicePermissionHandler(() => false)
}

/**
 * Hands the window's page its connection to the gate. `router` settles when the gate runs (or rejects, and nobody is
 * connected); it is asked for at each connection, as the gate may have started anew. A page has one connection at a time: a
 * reload, or a page that hangs, loses the old one. Returns what ends the present one; the page comes back by itself.
 */
export function connectPages(ipcMain: IpcMain, windowOf: () => BrowserWindow | null, router: () => Promise<ConsoleRouter>): () => void {
  let hangUp: (() => void) | null = null
  const watched = new WeakSet<BrowserWindow>()
  let served: ConsoleRouter | null = null
  let peers: Peers | null = null
  const peersNow = async (): Promise<Peers> => {
    const now = await router()
    if (peers === null || served !== now) peers = apiPeers(now)
    served = now
    return peers
  }
  ipcMain.on('porch:connect', (event) => {
    const window = windowOf()
    const [port, ...more] = event.ports
    if (port === undefined || more.length > 0 || window === null || !isOwnPage(event, window)) {
      for (const each of event.ports) each.close()
      return
    }
    hangUp?.()
    hangUp = connect(port, peersNow())
    if (watched.has(window)) return
    watched.add(window)
    // What a page that hangs does not read would pile up here.
    window.webContents.on('unresponsive', () => hangUp?.())
    window.webContents.on('render-process-gone', () => hangUp?.())
  })
  return () => hangUp?.()
}

function connect(port: MessagePortMain, peers: Promise<Peers>): () => void {
  let peer: Peer | null = null
  let gone = false
  const end = () => {
    gone = true
    peer?.close()
  }
  const hangUp = () => {
    end()
    port.close()
  }
  // Emitted when the page's end is gone, not for our own close.
  port.on('close', end)
  const send = (message: unknown) => {
    if (!gone) port.postMessage(message)
    return Promise.resolve()
  }
  peers.then((open) => {
    if (gone) return
    const opened = open.open({ send, hangUp })
    peer = opened
    port.on('message', (event) => opened.message(event.data))
    port.start()
  }, hangUp)
  return hangUp
}

/** The main frame of our window, showing our page: not a frame inside it, not another page, not another window. */
function isOwnPage(event: IpcMainEvent, window: BrowserWindow): boolean {
  const frame = event.senderFrame
  const { webContents } = window
  return frame !== null && event.sender === webContents && frame.parent === null && frame.frameTreeNodeId === webContents.mainFrame.frameTreeNodeId && frame.url.startsWith(START_PAGE)
}
