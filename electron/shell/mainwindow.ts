/**
 * The one window: opened when it is asked for, hidden when it is closed while the program goes on, and brought back by itself when
 * its page's process dies or hangs. The gate knows nothing of it.
 */
import type { BrowserWindow } from 'electron'
import { START_PAGE } from './page.ts'
import { pauseBeforeReload, recentDeaths } from './revive.ts'
import { openWindow } from './window.ts'
import type { WindowOptions } from './window.ts'

/** A page that hangs so long is ended, and loaded again. */
const HANGS_MS = 30_000

export interface MainWindowOptions {
  readonly window: () => WindowOptions
  /** Whether closing only hides it. */
  readonly stays: () => boolean
  readonly hidden: () => void
  /** Windows ends the session. */
  readonly sessionEnds: () => void
  readonly log: (what: string, error: unknown) => void
}

export class MainWindow {
  readonly #options: MainWindowOptions
  #window: BrowserWindow | null = null

  constructor(options: MainWindowOptions) {
    this.#options = options
  }

  now(): BrowserWindow | null {
    return this.#window
  }

  /** Whether the person looks at it. */
  isWatched(): boolean {
    return this.#window !== null && this.#window.isVisible() && this.#window.isFocused()
  }

  show(): void {
    if (this.#window === null) return this.#open()
    if (this.#window.isMinimized()) this.#window.restore()
    this.#window.show()
    this.#window.focus()
  }

  close(): void {
    this.#window?.close()
  }

  #open(): void {
    const window = openWindow(this.#options.window())
    this.#window = window
    window.on('close', (event) => {
      if (!this.#options.stays()) return
      event.preventDefault()
      window.hide()
      this.#options.hidden()
    })
    window.on('closed', () => (this.#window = null))
    // Windows only; nobody can be asked any more.
    window.on('session-end', () => this.#options.sessionEnds())
    this.#revive(window)
    this.#load(window)
  }

  #load(window: BrowserWindow): void {
    window.loadURL(START_PAGE).catch((error: unknown) => {
      // Another load took its place before it was there.
      if (!(error instanceof Error && error.message.includes('ERR_ABORTED'))) this.#options.log('loading the page', error)
    })
  }

  #revive(window: BrowserWindow): void {
    const { webContents } = window
    let deaths: readonly number[] = []
    let hanging: NodeJS.Timeout | undefined
    webContents.on('unresponsive', () => {
      clearTimeout(hanging)
      hanging = setTimeout(() => webContents.forcefullyCrashRenderer(), HANGS_MS)
    })
    webContents.on('responsive', () => clearTimeout(hanging))
    webContents.on('render-process-gone', (_event, { reason }) => {
      clearTimeout(hanging)
      const now = performance.now()
      deaths = [...recentDeaths(deaths, now), now]
      const pause = pauseBeforeReload(deaths)
      this.#options.log('the page', `its process is gone (${reason}); it is loaded again${pause === 0 ? '' : ` in ${pause / 1000} s`}`)
      setTimeout(() => {
        if (this.#window === window) this.#load(window)
      }, pause)
    })
    window.on('closed', () => clearTimeout(hanging))
  }
}
