/** The page's line to the desktop program it runs in: which gate is shown, preferences, and where menu, tray and notifications want the page to go. Comes back by itself. */
import { createORPCClient } from '@orpc/client'
import { RPCLink as PortLink } from '@orpc/client/message-port'
import type { ContractRouterClient } from '@orpc/contract'
import type { desktopApi, DesktopOutcome, DesktopState, NotificationKind } from '../../shared/api/desktop.ts'
import { askForPort } from '../client.ts'
import type { Line } from '../client.ts'
import { strings } from '../strings.ts'
import { Observed } from './observed.ts'

type DesktopApi = ContractRouterClient<typeof desktopApi>

const AGAIN_MS = 1000

export class DesktopStore extends Observed {
  readonly #line: Line
  #state: DesktopState | null = null
  #api: DesktopApi | null = null

  constructor(line: Line) {
    super()
    this.#line = line
  }

  readonly state = (): DesktopState | null => this.#state

  start(): void {
    void this.#run()
  }

  retry(): Promise<DesktopOutcome> {
    return this.#ask((api) => api.retry())
  }

  startOwn(): Promise<DesktopOutcome> {
    return this.#ask((api) => api.startOwn())
  }

  setNotify(kind: NotificationKind, on: boolean): Promise<DesktopOutcome> {
    return this.#ask((api) => api.setNotify({ kind, on }))
  }

  setLogin(on: boolean): Promise<DesktopOutcome> {
    return this.#ask((api) => api.setLogin({ on }))
  }

  async #ask(call: (api: DesktopApi) => Promise<DesktopOutcome>): Promise<DesktopOutcome> {
    if (this.#api === null) return { ok: false, problem: strings.trouble.noLine }
    try {
      return await call(this.#api)
    } catch {
      return { ok: false, problem: strings.trouble.notDone }
    }
  }

  async #run(): Promise<never> {
    for (;;) {
      const port = await askForPort('porch:want-desktop', 'porch:desktop-port')
      if (port !== null) {
        const closed = new Promise<void>((resolve) => port.addEventListener('close', () => resolve()))
        const link = new PortLink({ port })
        port.start()
        this.#api = createORPCClient(link)
        await Promise.race([closed, this.#watch(this.#api).catch(() => undefined), this.#follow(this.#api).catch(() => undefined)])
        this.#api = null
        port.close()
      }
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS))
    }
  }

  async #watch(api: DesktopApi): Promise<void> {
    for await (const state of await api.watch()) {
      const before = this.#state?.gate
      this.#state = state
      this.changed()
      // Another gate, one again, or none: the line to the one before is given up, and the next try need not wait.
      if (before !== undefined && before.kind !== state.gate.kind) this.#line.renew()
      if (state.gate.kind === 'off' && state.gate.reason === 'settings' && before?.kind !== 'off') location.hash = '#/settings'
    }
  }

  async #follow(api: DesktopApi): Promise<void> {
    for await (const { page } of await api.wishes()) location.hash = `#/${page}`
  }
}
