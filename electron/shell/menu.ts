/** The window's menu: File, Edit, View, Go, Help, everything with a key. As data with callbacks; the shell hands it to the system. */
import type { MenuItemConstructorOptions } from 'electron'
import { DESKTOP_PAGES } from '../../shared/api/desktop.ts'
import type { DesktopPage } from '../../shared/api/desktop.ts'
import { shellWords } from './words.ts'

export interface MenuActions {
  go(page: DesktopPage): void
  closeWindow(): void
  quit(): void
  startAtLogin(on: boolean): void
  openDataFolder(): void
  about(): void
}

export interface MenuState {
  readonly login: { readonly can: boolean; readonly on: boolean }
  readonly devTools: boolean
}

const words = shellWords.menu
const LINE: MenuItemConstructorOptions = { type: 'separator' }
/** This computer has a key of its own. */
const NUMBERED = DESKTOP_PAGES.filter((page) => page !== 'desktop')

export function applicationMenu(actions: MenuActions, state: MenuState): MenuItemConstructorOptions[] {
  return [
    {
      label: words.file,
      submenu: [
        { label: words.preferences, accelerator: 'CmdOrCtrl+,', click: () => actions.go('desktop') },
        { label: words.startAtLogin, type: 'checkbox', checked: state.login.on, enabled: state.login.can, click: (item) => actions.startAtLogin(item.checked) },
        LINE,
        { label: words.closeWindow, accelerator: 'CmdOrCtrl+W', click: () => actions.closeWindow() },
        { label: words.quit, accelerator: 'CmdOrCtrl+Q', click: () => actions.quit() },
      ],
    },
    {
      label: words.edit,
      submenu: [
        { role: 'undo', label: words.undo, accelerator: 'CmdOrCtrl+Z' }, { role: 'redo', label: words.redo, accelerator: 'CmdOrCtrl+Shift+Z' }, LINE,
        { role: 'cut', label: words.cut, accelerator: 'CmdOrCtrl+X' }, { role: 'copy', label: words.copy, accelerator: 'CmdOrCtrl+C' }, { role: 'paste', label: words.paste, accelerator: 'CmdOrCtrl+V' },
        { role: 'selectAll', label: words.selectAll, accelerator: 'CmdOrCtrl+A' },
      ],
    },
    {
      label: words.view,
      submenu: [
        { role: 'reload', label: words.reload, accelerator: 'CmdOrCtrl+R' }, LINE,
        { role: 'resetZoom', label: words.actualSize, accelerator: 'CmdOrCtrl+0' }, { role: 'zoomIn', label: words.zoomIn, accelerator: 'CmdOrCtrl+Plus' }, { role: 'zoomOut', label: words.zoomOut, accelerator: 'CmdOrCtrl+-' }, LINE,
        { role: 'togglefullscreen', label: words.fullScreen, accelerator: 'F11' },
        ...(state.devTools ? [{ role: 'toggleDevTools', label: words.developer, accelerator: 'CmdOrCtrl+Shift+I' } as const] : []),
      ],
    },
    { label: words.go, submenu: NUMBERED.map((page, index) => ({ label: words.pages[page], accelerator: `CmdOrCtrl+${index + 1}`, click: () => actions.go(page) })) },
    {
      label: words.help,
      submenu: [{ label: words.dataFolder, click: () => actions.openDataFolder() }, { label: words.about, accelerator: 'F1', click: () => actions.about() }],
    },
  ]
}
