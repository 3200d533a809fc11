/**
 * The console's window: a sandboxed page without Node that can go nowhere else, open nothing and ask for nothing, and
 * that speaks with the gate only through message ports it is handed after its frame has been checked (ports.ts).
 */
import { BrowserWindow } from 'electron'
import type { Screen, Session } from 'electron'
import { keepBounds, keptBounds } from './bounds.ts'
import { ORIGIN, START_PAGE } from './page.ts'

/** The page's own background in both schemes, so that the window does not flash before its first paint. */
const BACKGROUND = { dark: '#121316', light: '#f7f7f5' }

export interface WindowOptions {
  readonly preload: string
  readonly boundsFile: string
  readonly dark: boolean
  readonly screen: Screen
  /** Developer tools: in a checkout, not in a package. */
  readonly devTools: boolean
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
      devTools: options.devTools,
    },
  })
  if (kept?.maximized === true) window.maximize()
  window.once('ready-to-show', () => window.show())
  // Also when closing only hides it.
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
