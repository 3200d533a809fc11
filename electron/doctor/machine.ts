/** The machine under the gate: disk, store, clock, version. */
import { stat, statfs } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { judgeClock, judgeDisk, judgeStore, judgeVersion } from '../../shared/doctor/machine.ts'
import { checkUp } from '../../shared/doctor/report.ts'
import type { CheckUp } from '../../shared/doctor/report.ts'
import type { Clock } from '../ports.ts'
import { messageOf } from '../settingsfile.ts'
import type { DoctorDeps } from './deps.ts'

export async function examineDisk({ dataDir }: DoctorDeps): Promise<readonly CheckUp[]> {
  const folder = await nearest(dataDir)
  try {
    const { bavail, blocks, bsize } = await statfs(folder)
    return [judgeDisk(dataDir, bavail * bsize, blocks * bsize)]
  } catch (error) {
    return [checkUp('disk', '', 'unknown', `How much room the disk of ${dataDir} has could not be told: ${messageOf(error)}.`)]
  }
}

/** The folder, or before the first start the one where it will be. */
async function nearest(folder: string): Promise<string> {
  const parent = dirname(folder)
  return parent === folder || (await stat(folder).then(() => true, () => false)) ? folder : nearest(parent)
}

export async function examineStore({ dataDir, gate }: DoctorDeps): Promise<readonly CheckUp[]> {
  const sizes = await Promise.all(['', '-wal'].map((suffix) => stat(join(dataDir, `journal.sqlite${suffix}`)).then(({ size }) => size, () => 0)))
  const bytes = sizes.reduce((sum, size) => sum + size, 0)
  const stats = gate?.store.stats()
  // One that is busy or out of reach says so as its trouble.
  const test = (await gate?.store.integrity().catch(() => null)) ?? null
  const tested = test === null ? 'no' : test.tested ? 'yes' : 'too-large'
  return [judgeStore({ bytes: bytes === 0 ? null : bytes, dropped: stats?.dropped ?? 0, trouble: stats?.trouble ?? null, damage: test?.damage ?? null, tested })]
}

export async function examineClock({ clock, gate }: DoctorDeps): Promise<readonly CheckUp[]> {
  const newest = await gate?.store.sessions({ limit: 1 }).catch(() => [])
  const at = newest?.[0]?.at
  const built = await stat(import.meta.filename).then(({ mtimeMs }) => mtimeMs, () => null)
  return [judgeClock({ now: clock.now(), latest: at === undefined ? null : Date.parse(at), built, jumped: gate?.jumped() ?? null })]
}

/** Returns how far the wall clock moved against the monotonic one since now, ms. */
export function watchClock(clock: Clock): () => number {
  const wall = clock.now()
  const monotonic = clock.monotonic()
  return () => clock.now() - wall - (clock.monotonic() - monotonic)
}

export function examineVersion({ version }: DoctorDeps): Promise<readonly CheckUp[]> {
  return Promise.resolve([judgeVersion(version, process.versions.node)])
}
