/**
 * Starting when the person signs in, hidden. Windows and macOS keep that themselves; on Linux it is a file in the autostart
 * folder, written as the Desktop Entry Specification asks.
 */
import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { messageOf } from '../settingsfile.ts'

export interface LoginItem {
  readonly can: boolean
  on(): boolean
  /** Null, or why not. */
  set(on: boolean): string | null
}

/** The part of Electron's `app` by which Windows and macOS keep it. */
export interface LoginApp {
  getLoginItemSettings(options: { args: string[] }): { openAtLogin: boolean }
  setLoginItemSettings(settings: { openAtLogin: boolean; args: string[] }): void
}

export const HIDDEN = '--hidden'

export interface LoginOptions {
  readonly platform: NodeJS.Platform
  readonly app: LoginApp
  /** The program and its arguments, without `--hidden`. */
  readonly command: readonly string[]
  /** Of this person, such as ~/.config. */
  readonly configDir: string
}

export function loginItem({ platform, app, command, configDir }: LoginOptions): LoginItem {
  if (platform === 'linux') return autostartFile(join(configDir, 'autostart', 'porch.desktop'), [...command, HIDDEN])
  const args = [...command.slice(1), HIDDEN]
  return {
    can: platform === 'win32' || platform === 'darwin',
    on: () => app.getLoginItemSettings({ args }).openAtLogin,
    set(on) {
      app.setLoginItemSettings({ openAtLogin: on, args })
      return null
    },
  }
}

function autostartFile(file: string, command: readonly string[]): LoginItem {
  return {
    can: true,
    on: () => existsSync(file),
    set(on) {
      try {
        if (!on) rmSync(file, { force: true })
        else {
          mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
          writeFileAtomic.sync(file, autostartEntry(command))
        }
        return null
      } catch (error) {
        return messageOf(error)
      }
    },
  }
}

export function autostartEntry(command: readonly string[]): string {
  return ['[Desktop Entry]', 'Type=Application', 'Name=Porch', 'Comment=The SMTP gate and its console', `Exec=${command.map(quoted).join(' ')}`, 'Terminal=false', 'X-GNOME-Autostart-enabled=true', ''].join('\n')
}

/** Desktop Entry Specification, "The Exec key": quoted whole; `"`, backtick, `$` and backslash escaped, which the file's own escaping doubles; % is %%. */
function quoted(word: string): string {
  return `"${word.replace(/[\n\r]/g, '').replace(/["`$\\]/g, '\\$&').replaceAll('\\', '\\\\').replaceAll('%', '%%')}"`
}
