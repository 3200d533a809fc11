/**
 * The desktop program put together: the gate (host.ts), one window, the tray, the menu, notifications, and how it all ends. The gate
 * depends on none of them: without a display's tray, without a window, with a page that dies, it goes on.
 */
import { join } from 'node:path'
import { Menu, app, dialog, ipcMain, nativeTheme, powerMonitor, protocol, safeStorage, screen, session, shell } from 'electron'
import type { DesktopGate, DesktopPage, DesktopState } from '../../shared/api/desktop.ts'
import type { GateState } from '../../shared/api.ts'
import { readPage } from '../console/files.ts'
import { apiPeers } from '../console/peer.ts'
import { VERSION } from '../version.ts'
import { desktopRouter, Feed } from './desktoprouter.ts'
import { Ending } from './ending.ts'
import { Host } from './host.ts'
import { keyring } from './keyring.ts'
import { loginItem } from './login.ts'
import type { LoginItem } from './login.ts'
import { MainWindow } from './mainwindow.ts'
import { applicationMenu } from './menu.ts'
import { BanWatch, gateNews, newsOf } from './news.ts'
import { servePage } from './page.ts'
import type { DesktopPlace } from './place.ts'
import { connectPages } from './ports.ts'
import { openPreferences } from './preferences.ts'
import type { PreferencesFile } from './preferences.ts'
import { Teller } from './teller.ts'
import { openTray } from './tray.ts'
import type { ShownTray } from './tray.ts'
import type { ShellCommand, TrayView } from './traymodel.ts'
import { denyPermissions } from './window.ts'
import { shellWords } from './words.ts'

export interface DesktopParts {
  readonly place: DesktopPlace
  /** Of the built parts: dist/desktop. */
  readonly root: string
  readonly log: (what: string, error: unknown) => void
}

/** The app is ready. Then `start`. */
export async function prepareDesktop(parts: DesktopParts): Promise<Desktop> {
  const page = join(parts.root, '../renderer')
  denyPermissions(session.defaultSession)
  servePage(protocol, await readPage(page))
  return new Desktop(parts, page)
}

export class Desktop {
  readonly #parts: DesktopParts
  readonly #host: Host
  readonly #window: MainWindow
  readonly #ending: Ending
  readonly #teller: Teller
  readonly #preferences: PreferencesFile
  readonly #login: LoginItem
  readonly #feed = new Feed()
  readonly #bans = new BanWatch()
  #tray: ShownTray | null = null
  #state: GateState | null = null
  #finishing: number | null = null
  #hangUp: () => void = () => undefined

  constructor(parts: DesktopParts, page: string) {
    const { place, log } = parts
    this.#parts = parts
    this.#preferences = openPreferences(join(place.home, 'desktop.json'), (text) => log('preferences', text))
    this.#login = loginItem({ platform: process.platform, app, command: ownCommand(place), configDir: app.getPath('appData') })
    this.#host = new Host({
      dataDir: place.dataDir, configFile: place.configFile, page, demo: place.demo, seal: keyring(safeStorage), log,
      ears: { state: (state) => this.#hear(state), banned: (count) => this.#hearBans(count) },
      changed: (gate, before) => this.#gateChanged(gate, before),
    })
    this.#window = new MainWindow({
      window: () => ({ preload: join(parts.root, 'preload.cjs'), boundsFile: join(place.home, 'window.json'), dark: nativeTheme.shouldUseDarkColors, screen, devTools: !app.isPackaged }),
      // Without a tray there would be no way back and no way out.
      stays: () => this.#tray !== null && !this.#ending.isEnding(),
      hidden: () => this.#explainClosing(),
      sessionEnds: () => void this.#ending.quit(true),
      log,
    })
    this.#ending = new Ending({
      gate: () => this.#host.own(), stop: (patience) => this.#host.stop(patience), window: () => this.#window.now(), log,
      finishing: (transactions) => { this.#finishing = transactions; this.#updateTray() },
      leave: () => this.#leave(),
    })
    this.#teller = new Teller({ wanted: () => this.#preferences.now().notify, watched: () => this.#window.isWatched(), open: (to) => this.#go(to) })
  }

  /** Settles when the gate is decided upon. */
  async start(): Promise<void> {
    this.#hangUp = connectPages(ipcMain, 'porch:connect', () => this.#window.now(), async () => {
      await this.#host.settled()
      return this.#host.peers()
    })
    const own = apiPeers(this.#router())
    connectPages(ipcMain, 'porch:desktop', () => this.#window.now(), () => Promise.resolve(own))
    this.#listen()
    this.#updateMenu()
    this.#tray = openTray({ icons: join(this.#parts.root, 'tray'), run: (command) => this.#run(command) }, this.#view())
    const deciding = this.#host.start()
    if (!this.#parts.place.hidden || this.#tray === null) this.#window.show()
    await deciding
  }

  /** An exception that nobody caught: the admin is told in the console, the gate goes on. */
  report(error: unknown): boolean {
    const gate = this.#host.own()
    gate?.report(error)
    return gate !== null
  }

  quit(forced: boolean): void {
    void this.#ending.quit(forced)
  }

  #listen(): void {
    app.on('second-instance', (_event, argv) => {
      // Started once more at sign-in: nobody asked for a window.
      if (!argv.includes('--hidden')) this.#window.show()
    })
    app.on('activate', () => this.#window.show())
    // With a tray the window is only hidden, so that this is the end of a program without one.
    app.on('window-all-closed', () => {
      if (this.#tray === null || this.#ending.isEnding()) app.quit()
    })
    app.on('before-quit', (event) => {
      if (this.#ending.hasEnded()) return
      event.preventDefault()
      void this.#ending.quit(false)
    })
    powerMonitor.on('shutdown', () => void this.#ending.quit(true))
  }

  // ------------------------------------------------------------ what is heard

  #hear(state: GateState): void {
    const before = this.#state
    this.#state = state
    for (const news of newsOf(before, state)) this.#teller.tell(news)
    this.#updateTray()
  }

  #hearBans(count: number): void {
    const news = this.#bans.banned(count, performance.now())
    if (news !== null) this.#teller.tell(news)
  }

  #gateChanged(gate: DesktopGate, before: DesktopGate): void {
    if (gate.kind !== before.kind) this.#state = null
    // The page comes back by itself, to whatever gate there is now.
    this.#hangUp()
    const news = gateNews(before, gate)
    if (news !== null) this.#teller.tell(news)
    this.#feed.touch()
    this.#updateTray()
  }

  // ------------------------------------------------------------ what is wanted

  #run(command: ShellCommand): void {
    switch (command.do) {
      case 'open': return command.page === null ? this.#window.show() : this.#go(command.page)
      case 'pause': return this.#ask((client) => client.pause.begin({ forMs: command.forMs }))
      case 'resume': return this.#ask((client) => client.pause.end())
      case 'mode': return this.#ask((client) => client.mode.set({ mode: command.mode, forMs: command.forMs }))
      case 'retry': return void this.#host.retry().then((outcome) => this.#answer(outcome))
      case 'start-own': return void this.#host.startOwn().then((outcome) => this.#answer(outcome))
      case 'quit': return app.quit()
      case 'quit-now': return this.#ending.hurry()
    }
  }

  #ask(call: (client: NonNullable<ReturnType<Host['client']>>) => Promise<{ readonly ok: true } | { readonly ok: false; readonly problem: string }>): void {
    const client = this.#host.client()
    if (client === null) return this.#answer({ ok: false, problem: shellWords.problems.blind })
    call(client).then((outcome) => this.#answer(outcome), (error: unknown) => {
      this.#parts.log('the gate did not do it', error)
      this.#answer({ ok: false, problem: shellWords.problems.blind })
    })
  }

  /** Only trouble is told: what was done is seen. */
  #answer(outcome: { readonly ok: true } | { readonly ok: false; readonly problem: string }): void {
    if (!outcome.ok) this.#teller.answer(shellWords.product, outcome.problem, 'live')
    this.#updateTray()
  }

  #go(page: DesktopPage): void {
    this.#window.show()
    this.#feed.wish(page)
  }

  #explainClosing(): void {
    if (this.#preferences.now().closeExplained) return
    const { title, own, service, ok } = shellWords.close
    const text = this.#host.view().kind === 'service' ? service : own
    if (!this.#teller.answer(title, text)) void dialog.showMessageBox({ type: 'info', title, message: title, detail: text, buttons: [ok] })
    this.#preferences.change({ closeExplained: true })
  }

  #leave(): void {
    this.#teller.close()
    this.#tray?.remove()
    app.quit()
  }

  // ------------------------------------------------------------ what is shown

  #view(): TrayView {
    return { gate: this.#host.view(), state: this.#state, finishing: this.#finishing, clock: (iso) => new Date(iso).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' }) }
  }

  #updateTray(): void {
    this.#tray?.update(this.#view())
  }

  #loginState(): DesktopState['login'] {
    return { can: this.#login.can, on: this.#login.on() }
  }

  #setLogin(on: boolean) {
    const problem = this.#login.set(on)
    this.#feed.touch()
    this.#updateMenu()
    return problem === null ? { ok: true as const } : { ok: false as const, problem: shellWords.problems.login(problem) }
  }

  #updateMenu(): void {
    const state = { login: this.#loginState(), devTools: !app.isPackaged }
    Menu.setApplicationMenu(Menu.buildFromTemplate(applicationMenu({
      go: (page) => this.#go(page), closeWindow: () => this.#window.close(), quit: () => app.quit(),
      startAtLogin: (on) => this.#answer(this.#setLogin(on)),
      openDataFolder: () => void shell.openPath(this.#parts.place.dataDir),
      about: () => void dialog.showMessageBox({ type: 'info', title: shellWords.menu.about, message: shellWords.menu.aboutText(VERSION), buttons: [shellWords.close.ok] }),
    }, state)))
  }

  #router() {
    const router = desktopRouter({
      state: () => ({ gate: this.#host.view(), notify: this.#preferences.now().notify, canNotify: Teller.isPossible(), login: this.#loginState() }),
      retry: () => this.#host.retry(),
      startOwn: () => this.#host.startOwn(),
      setNotify: (kind, on) => {
        const problem = this.#preferences.change({ notify: { ...this.#preferences.now().notify, [kind]: on } })
        this.#feed.touch()
        return problem === null ? { ok: true } : { ok: false, problem: shellWords.problems.preferences(problem) }
      },
      setLogin: (on) => this.#setLogin(on),
    }, this.#feed)
    return router
  }
}

/** What starts this very program again, on the same folder. */
function ownCommand({ named, dataDir, configFile }: DesktopPlace): string[] {
  const program = process.env.APPIMAGE ?? process.execPath
  return [program, ...(app.isPackaged ? [] : [app.getAppPath()]), ...(named ? ['--data', dataDir] : []), ...(configFile === undefined ? [] : ['--config', configFile])]
}
