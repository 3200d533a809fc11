/**
 * What a command says on stderr when no gate runs on its data folder: that nothing changes now, and where else there is one.
 * An admin in trouble must not believe that he has pressed the panic button of a gate that has another folder.
 */
import { existsSync } from 'node:fs'
import { seekGate } from '../console/announce.ts'
import { servicePlace } from '../service/place.ts'
import { defaultDataDir } from './flags.ts'

/** Where a gate may be that nobody named: the service's folder, and the one of commands without --data. */
export function knownFolders(): readonly string[] {
  return [servicePlace(process.platform, process.env).dataDir, defaultDataDir()]
}

/** Of the folders other than this one, the best to name: a gate that runs, one that may not be looked at, data at least. '' if there is none. */
export async function elsewhere(dataDir: string, folders: readonly string[] = knownFolders()): Promise<string> {
  const others = folders.filter((folder) => folder !== dataDir && existsSync(folder))
  const looked = await Promise.all(others.map(async (folder) => ({ folder, kind: (await seekGate(folder)).kind })))
  const running = looked.find(({ kind }) => kind === 'found')
  if (running !== undefined) return `; a gate runs on ${running.folder}: add --data ${running.folder}`
  const closed = looked.find(({ kind }) => kind === 'denied')
  if (closed !== undefined) return `; there is also ${closed.folder}, which this account may not look into: as root, add --data ${closed.folder}`
  const [other] = others
  return other === undefined ? '' : `; there is also ${other}, where no gate runs: add --data ${other} if you mean that one`
}

/** After a change that no running gate has heard of. `there`: whether the folder was there before. */
export async function tellNoGate(dataDir: string, there: boolean): Promise<void> {
  process.stderr.write(`porch: no gate runs on ${dataDir}${there ? '' : ' (a new folder)'}: nothing changes now, it holds from the next start there${await elsewhere(dataDir)}\n`)
}

/** Of a question that had nothing to look at. */
export async function tellNoFolder(dataDir: string): Promise<void> {
  process.stderr.write(`porch: ${await noFolder(dataDir)}\n`)
}

export async function noFolder(dataDir: string): Promise<string> {
  return `there is no data folder ${dataDir}${await elsewhere(dataDir)}`
}
