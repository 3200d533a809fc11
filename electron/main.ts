/**
 * The desktop entry: the gate in Electron's main process, and its console in a window. The gate does not depend on the
 * window: a page that crashes or hangs is loaded again, an exception nobody caught is logged, never shown in a box that
 * waits for a click. A gate that cannot start leaves a window that says why.
 */
import { join } from 'node:path'
import { app, ipcMain, nativeTheme, protocol, safeStorage, screen, session } from 'electron'
import type { BrowserWindow } from 'electron'
import { keepGate } from './keeper.ts'
import type { KeptGate } from './keeper.ts'
import { readPage } from './console/files.ts'
import { START_PAGE, TROUBLE_PAGE, registerScheme, servePage } from './shell/page.ts'
import { keyring } from './shell/keyring.ts'
import { connectPages, denyPermissions, openWindow } from './shell/window.ts'

/** A page that crashes at once again is not loaded for ever. */
const RELOADS = 3
const RELOADS_WITHIN_MS = 60_000

/** Where an error that nobody caught goes: to the log, and once the gate runs to the admin. */
let report = (error: unknown): void => log('uncaught', error)
process.on('uncaughtException', (error) => report(error))
process.on('unhandledRejection', (reason) => report(reason))

if (app.requestSingleInstanceLock()) run().catch((error: unknown) => fail(error))
else app.quit()

async function run(): Promise<void> {
  app.enableSandbox()
  registerScheme(protocol)
  let window: BrowserWindow | null = null
  let trouble: string | null = null
  let gate: KeptGate | null = null

  await app.whenReady()
  denyPermissions(session.defaultSession)
  const page = join(import.meta.dirname, '../renderer')
  servePage(protocol, await readPage(page), () => trouble)
  const dataDir = app.getPath('userData')
  const starting = keepGate({ dataDir, page, seal: keyring(safeStorage) })
  starting.catch(() => undefined)
  const hangUp = connectPages(ipcMain, () => window, async () => (await starting).router())

  const show = () => {
    if (window !== null) {
      if (window.isMinimized()) window.restore()
      window.focus()
      return
    }
    window = openWindow({ preload: join(import.meta.dirname, 'preload.cjs'), boundsFile: join(dataDir, 'window.json'), dark: nativeTheme.shouldUseDarkColors, screen })
    window.on('closed', () => (window = null))
    reviveAfterCrash(window)
    load(window, trouble === null ? START_PAGE : TROUBLE_PAGE)
  }
  app.on('second-instance', show)
  app.on('activate', show)
  // There is no tray yet: a gate that nobody can see should not run on.
  app.on('window-all-closed', () => app.quit())
  app.on('before-quit', (event) => {
    if (gate === null) return
    const stopping = gate
    gate = null
    event.preventDefault()
    stopping.stop().catch((error: unknown) => log('stopping', error)).finally(() => app.quit())
  })
  show()
  try {
    gate = await starting
    // The page comes back by itself, and is connected to the gate that runs now.
    gate.onRelaunch(hangUp)
    gate.onLost((why) => {
      trouble = why
      log('the gate could not start again', why)
      if (window !== null) load(window, TROUBLE_PAGE)
    })
    report = (error) => (gate === null ? log('uncaught', error) : gate.report(error))
  } catch (error) {
    trouble = messageOf(error)
    log('the gate could not start', error)
    // Set by `show`, which the compiler does not follow.
    const shown = window as BrowserWindow | null
    if (shown !== null) load(shown, TROUBLE_PAGE)
  }
}

function load(window: BrowserWindow, page: string): void {
  window.loadURL(page).catch((error: unknown) => {
    // Another page took its place before it was there.
    if (!messageOf(error).includes('ERR_ABORTED')) log(`loading ${page}`, error)
  })
}

function reviveAfterCrash(window: BrowserWindow): void {
  let crashes: number[] = []
  window.webContents.on('render-process-gone', () => {
    const now = performance.now()
    crashes = [...crashes.filter((at) => now - at < RELOADS_WITHIN_MS), now]
    if (crashes.length <= RELOADS) load(window, START_PAGE)
  })
}

function fail(error: unknown): void {
  log('the desktop could not start', error)
  app.exit(1)
}

function log(what: string, error: unknown): void {
  process.stderr.write(`porch: ${what}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
