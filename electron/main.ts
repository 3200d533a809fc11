/**
 * The desktop entry: one program per person (a second start shows the first one's window), sandboxed, and with handlers of its own for
 * what nobody caught: an exception is logged, never shown in a box that waits for a click. The rest is shell/desktop.ts.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { app, protocol } from 'electron'
import { prepareDesktop } from './shell/desktop.ts'
import type { Desktop } from './shell/desktop.ts'
import { registerScheme } from './shell/page.ts'
import { desktopPlace, serviceFolder } from './shell/place.ts'

let desktop: Desktop | null = null
/** Where an error that nobody caught goes: to the log, and where a gate runs here to the admin. */
const report = (error: unknown) => {
  if (desktop?.report(error) !== true) log('uncaught', error)
}
process.on('uncaughtException', report)
process.on('unhandledRejection', report)
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => (desktop === null ? app.exit(0) : desktop.quit(true)))

// Windows shows notifications only for a program with a name; the installer's shortcut has the same one.
if (process.platform === 'win32') app.setAppUserModelId('example.porch.desktop')
const place = desktopPlace(process.argv.slice(1), serviceFolder(process.platform, process.env))
// Two programs on two folders are two; on the same one the second gives way.
if (place.named) ownFolder(join(place.home, 'desktop'))
if (app.requestSingleInstanceLock()) run().catch((error: unknown) => fail(error))
else app.quit()

async function run(): Promise<void> {
  app.enableSandbox()
  registerScheme(protocol)
  await app.whenReady()
  desktop = await prepareDesktop({ place, root: import.meta.dirname, log })
  await desktop.start()
}

/** For what Chromium keeps. Where it cannot be made, Electron's own will do. */
function ownFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    app.setPath('userData', folder)
  } catch (error) {
    log('its folder', error)
  }
}

function fail(error: unknown): void {
  log('the desktop could not start', error)
  app.exit(1)
}

function log(what: string, error: unknown): void {
  process.stderr.write(`porch: ${what}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
}
