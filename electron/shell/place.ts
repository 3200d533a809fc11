/**
 * Which data folder the desktop works on, and where this person's own few files lie. Without `--data` it is the folder of the
 * service where one is installed, for then that gate is the one to look at; else the same folder as the command line's.
 */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { defaultDataDir } from '../cli/flags.ts'
import { servicePlace } from '../service/place.ts'
import { HIDDEN } from './login.ts'

export interface DesktopPlace {
  readonly dataDir: string
  /** As named by --config. */
  readonly configFile: string | undefined
  /** For window.json and desktop.json. */
  readonly home: string
  /** Was it named? Then the program may run beside another one on another folder. */
  readonly named: boolean
  /** Start without a window. */
  readonly hidden: boolean
  /** Plays the sample senders again and again (practice only). */
  readonly demo: boolean
}

/** Where a package puts the unit; the service's own command puts it where `servicePlace` says. */
const PACKAGED_UNITS = ['/lib/systemd/system/porch.service', '/usr/lib/systemd/system/porch.service']

/** The service's data folder; null where none is installed. What only left its data was removed. */
export function serviceFolder(platform: NodeJS.Platform, env: NodeJS.ProcessEnv, exists: (path: string) => boolean = existsSync): string | null {
  if (platform !== 'linux' && platform !== 'win32') return null
  const { dataDir, definition } = servicePlace(platform, env)
  const marks = platform === 'linux' ? [definition, ...PACKAGED_UNITS] : [definition]
  return marks.some(exists) ? dataDir : null
}

/** `argv`: without the program. What is neither ours nor meant for us (Chromium's own switches) is passed over. */
export function desktopPlace(argv: readonly string[], service: string | null): DesktopPlace {
  const valueOf = (flag: string): string | undefined => {
    const at = argv.indexOf(flag)
    const joined = argv.find((arg) => arg.startsWith(`${flag}=`))
    return joined?.slice(flag.length + 1) ?? (at === -1 ? undefined : argv[at + 1])
  }
  const data = valueOf('--data')
  const config = valueOf('--config')
  const own = defaultDataDir()
  return {
    dataDir: data !== undefined ? resolve(data) : service ?? own,
    configFile: config === undefined ? undefined : resolve(config),
    home: data !== undefined ? resolve(data) : own,
    named: data !== undefined,
    hidden: argv.includes(HIDDEN),
    demo: argv.includes('--demo'),
  }
}
