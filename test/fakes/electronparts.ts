/**
 * The parts of the electron double without a window: menus, tray, notifications, questions, the system. What the program showed is
 * kept for the test to look at and to click.
 */
import { EventEmitter } from 'node:events'
import { existsSync } from 'node:fs'

interface Item {
  readonly label?: string
  readonly role?: string
  readonly type?: string
  readonly accelerator?: string
  readonly enabled?: boolean
  checked?: boolean
  readonly submenu?: Item[] | { readonly items: Item[] }
  readonly click?: (item: Item) => void
}

export class Menu {
  static application: Menu | null = null
  readonly items: Item[]
  constructor(items: Item[]) {
    this.items = items
  }
  static buildFromTemplate(items: Item[]): Menu {
    return new Menu(items)
  }
  static setApplicationMenu(menu: Menu): void {
    Menu.application = menu
  }
  /** Every item, at any depth. */
  all(): Item[] {
    const within = (items: Item[]): Item[] => items.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? within(item.submenu) : [])])
    return within(this.items)
  }
  labels(): string[] {
    return this.all().map(({ label, type }) => (type === 'separator' ? '-' : (label ?? '')))
  }
  /** As a person would: only what is enabled can be clicked. */
  click(label: string): void {
    const item = this.all().find((one) => one.label === label)
    if (item === undefined) throw new Error(`no "${label}" in ${JSON.stringify(this.labels())}`)
    if (item.enabled === false || item.click === undefined) throw new Error(`"${label}" cannot be clicked`)
    if (item.type === 'checkbox') item.checked = item.checked !== true
    item.click(item)
  }
}

export class Tray extends EventEmitter {
  static shown: Tray | null = null
  /** This system has none. */
  static missing = false
  image: string
  tip = ''
  menu: Menu | null = null
  menus = 0
  destroyed = false
  constructor(image: { readonly file: string }) {
    super()
    if (Tray.missing) throw new Error('no tray here')
    this.image = image.file
    Tray.shown = this
  }
  setImage(image: { readonly file: string }): void {
    this.image = image.file
  }
  setToolTip(tip: string): void {
    this.tip = tip
  }
  setContextMenu(menu: Menu): void {
    this.menu = menu
    this.menus += 1
  }
  destroy(): void {
    this.destroyed = true
  }
}

export const nativeImage = {
  createFromPath(file: string) {
    if (!existsSync(file)) throw new Error(`there is no icon ${file}`)
    return { file, setTemplateImage: () => undefined }
  },
}

export class Notification extends EventEmitter {
  static supported = true
  static shown: Notification[] = []
  readonly title: string
  readonly body: string
  constructor(options: { readonly title: string; readonly body: string }) {
    super()
    this.title = options.title
    this.body = options.body
  }
  static isSupported(): boolean {
    return Notification.supported
  }
  show(): void {
    Notification.shown.push(this)
  }
}

interface Question {
  readonly message: string
  readonly buttons: readonly string[]
  readonly cancelId?: number
  readonly signal?: AbortSignal
}

/** A question waits for the test's answer, or for its signal. */
export const dialog = {
  asked: [] as (Question & { answer: (label: string) => void })[],
  showMessageBox(...args: unknown[]): Promise<{ response: number }> {
    const question = args.at(-1) as Question
    return new Promise((resolve) => {
      dialog.asked.push({ ...question, answer: (label) => resolve({ response: question.buttons.indexOf(label) }) })
      question.signal?.addEventListener('abort', () => resolve({ response: question.cancelId ?? -1 }))
    })
  },
}

export const powerMonitor = new EventEmitter()
export const shell = { opened: [] as string[], openPath: (path: string) => Promise.resolve(void shell.opened.push(path)) }

/** The main process' end of a channel; messages wait for `start`, `close` is told when the page's end is gone. */
export class MessagePortMain extends EventEmitter {
  readonly #post: (message: unknown) => void
  readonly #closed: () => void
  #waiting: unknown[] | null = []
  closed = false
  constructor(post: (message: unknown) => void, closed: () => void) {
    super()
    this.#post = post
    this.#closed = closed
  }
  start(): void {
    const waiting = this.#waiting ?? []
    this.#waiting = null
    for (const data of waiting) this.emit('message', { data })
  }
  postMessage(message: unknown): void {
    if (!this.closed) this.#post(message)
  }
  close(): void {
    if (this.closed) return
    this.closed = true
    this.#closed()
  }
  deliver(data: unknown): void {
    if (this.#waiting === null) this.emit('message', { data })
    else this.#waiting.push(data)
  }
  disconnect(): void {
    if (this.closed) return
    this.closed = true
    this.emit('close')
  }
}

export function resetParts(): void {
  Menu.application = null
  Tray.shown = null
  Tray.missing = false
  Notification.shown = []
  Notification.supported = true
  dialog.asked = []
  shell.opened = []
  powerMonitor.removeAllListeners()
}
