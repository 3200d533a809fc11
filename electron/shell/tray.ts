/** The icon in the system's tray, kept true. Its menu is only replaced when it says something else: replacing it closes one that is open. */
import { join } from 'node:path'
import { Menu, Tray, nativeImage } from 'electron'
import type { MenuItemConstructorOptions } from 'electron'
import { trayIcon, trayMenu, trayTip } from './traymodel.ts'
import type { MenuEntry, ShellCommand, TrayIcon, TrayView } from './traymodel.ts'

/** Today's counts alone change the menu so often at most, ms. */
const COUNTS_MS = 10_000

export interface TrayOptions {
  /** Where the icons lie. */
  readonly icons: string
  readonly run: (command: ShellCommand) => void
}

export interface ShownTray {
  update(view: TrayView): void
  remove(): void
}

/** Null where the system has no tray at all. */
export function openTray({ icons, run }: TrayOptions, view: TrayView): ShownTray | null {
  const image = (name: TrayIcon) => {
    const mac = process.platform === 'darwin'
    const found = nativeImage.createFromPath(join(icons, `${name}${mac ? 'Template' : ''}.png`))
    if (mac) found.setTemplateImage(true)
    return found
  }
  let icon = trayIcon(view)
  let tray: Tray
  try {
    tray = new Tray(image(icon))
  } catch {
    return null
  }
  let known = { shape: '', menu: '', at: -Infinity, tip: '' }
  const update = (next: TrayView) => {
    const nextIcon = trayIcon(next)
    if (nextIcon !== icon) tray.setImage(image(nextIcon))
    icon = nextIcon
    const tip = trayTip(next)
    if (tip !== known.tip) tray.setToolTip(tip)
    const entries = trayMenu(next)
    const menu = JSON.stringify(entries)
    const shape = JSON.stringify(next.state === null ? entries : trayMenu({ ...next, state: { ...next.state, today: {} } }))
    const now = performance.now()
    const due = shape !== known.shape || (menu !== known.menu && now - known.at >= COUNTS_MS)
    if (due) tray.setContextMenu(Menu.buildFromTemplate(entries.map((entry) => item(entry, run))))
    known = due ? { shape, menu, at: now, tip } : { ...known, tip }
  }
  tray.on('click', () => run({ do: 'open', page: null }))
  update(view)
  return { update, remove: () => tray.destroy() }
}

function item(entry: MenuEntry, run: (command: ShellCommand) => void): MenuItemConstructorOptions {
  switch (entry.kind) {
    case 'line': return { type: 'separator' }
    case 'text': return { label: plainLabel(entry.label), enabled: false }
    case 'command': return { label: plainLabel(entry.label), click: () => run(entry.command) }
    case 'choice': return { label: plainLabel(entry.label), type: 'radio', checked: entry.chosen, click: () => run(entry.command) }
    case 'menu': return { label: plainLabel(entry.label), submenu: entry.entries.map((each) => item(each, run)) }
  }
}

/** An ampersand would mark a key. */
function plainLabel(label: string): string {
  return label.replaceAll('&', '&&')
}
