/** Where the service is, on each system: its names, its data folder, its files. Scripts and the desktop window rely on them. Pure. */
import { posix, win32 } from 'node:path'

/** The account and the group it runs as on Linux. Members of the group may use its console. */
export const ACCOUNT = 'porch'
export const UNIT = 'porch.service'
/** The scheduled task's name on Windows. */
export const TASK = 'Porch'
/** The local group whose members may use its console on Windows. */
export const WINDOWS_GROUP = 'Porch'

export interface ServicePlace {
  /** Store, settings (porch.json), certificate: everything that is written. */
  readonly dataDir: string
  /** Its own copy of the program where it is installed from a checkout, which may be rebuilt or go away. */
  readonly programDir: string
  /** What the system starts it by: the unit, or the task's description. */
  readonly definition: string
}

/** `env`: of it ProgramData and ProgramFiles, on Windows. */
export function servicePlace(platform: NodeJS.Platform, env: Readonly<Record<string, string | undefined>> = {}): ServicePlace {
  if (platform === 'win32') {
    const dataDir = win32.join(env.ProgramData ?? 'C:\\ProgramData', 'Porch')
    return { dataDir, programDir: win32.join(env.ProgramFiles ?? 'C:\\Program Files', 'Porch Service'), definition: win32.join(dataDir, 'task.xml') }
  }
  return { dataDir: posix.join('/var/lib', ACCOUNT), programDir: posix.join('/usr/local/lib', ACCOUNT), definition: posix.join('/etc/systemd/system', UNIT) }
}
