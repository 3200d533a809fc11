/**
 * The doctor: all areas are examined at once, each within its deadline; what is known is told as it comes. Promises: never
 * rejects but when it is called off; nothing is delivered, listed or changed by it. In practice mode only the machine is looked at.
 */
import { AREAS, checkUp, inOrder } from '../../shared/doctor/report.ts'
import type { Area, CheckUp, DoctorReport } from '../../shared/doctor/report.ts'
import { messageOf } from '../settingsfile.ts'
import { examineBackend } from './backend.ts'
import { examineBlacklists } from './blacklists.ts'
import { examineCertificate } from './certificate.ts'
import type { DoctorDeps, Examination } from './deps.ts'
import { examineClock, examineDisk, examineStore, examineVersion } from './machine.ts'
import { examineMx } from './mx.ts'
import { examineName } from './name.ts'
import { examineNameservers } from './nameservers.ts'
import { examinePorts } from './port.ts'

/** `relay` comes with `port`: one dialogue. */
const EXAMINATIONS: Readonly<Record<Exclude<Area, 'relay'>, { readonly ms: number; readonly run: Examination; readonly practice: boolean }>> = {
  name: { ms: 20_000, run: examineName, practice: false },
  mx: { ms: 60_000, run: examineMx, practice: false },
  blacklist: { ms: 30_000, run: examineBlacklists, practice: false },
  dns: { ms: 15_000, run: examineNameservers, practice: false },
  backend: { ms: 60_000, run: examineBackend, practice: false },
  port: { ms: 60_000, run: examinePorts, practice: false },
  certificate: { ms: 15_000, run: examineCertificate, practice: true },
  disk: { ms: 5000, run: examineDisk, practice: true },
  store: { ms: 5000, run: examineStore, practice: true },
  clock: { ms: 5000, run: examineClock, practice: true },
  version: { ms: 5000, run: examineVersion, practice: true },
}

/** What the areas are called in a sentence. */
const SUBJECTS: Readonly<Record<Area, string>> = {
  name: 'Our own name', mx: 'Whose mail comes here', blacklist: 'Whether we are on blacklists', dns: 'Our own DNS', backend: 'The mail server', port: 'The gate’s ports', relay: 'Whether the gate is an open relay',
  certificate: 'The certificate', disk: 'The disk', store: 'The store', clock: 'The clock', version: 'The version',
}

export const PRACTICE_SAYS = 'Practice mode: nothing is public yet, so name, MX, blacklists, DNS, mail server and ports are not looked at.'

/** Rejects with the signal's reason when called off. `onCheck`: each finding once, as it comes. */
export async function examine(deps: DoctorDeps, signal: AbortSignal, onCheck: (check: CheckUp) => void = () => undefined): Promise<DoctorReport> {
  const settings = deps.settings()
  const started = deps.clock.monotonic()
  const checks: CheckUp[] = []
  const tell = (found: readonly CheckUp[]) => {
    if (signal.aborted) return
    checks.push(...found)
    for (const check of found) onCheck(check)
  }
  if (settings.practice) tell([checkUp('name', 'practice', 'ok', PRACTICE_SAYS, 'Go live from the console’s banner; then all of it is tested.')])
  const areas = AREAS.filter((area) => area !== 'relay').filter((area) => EXAMINATIONS[area].practice || !settings.practice)
  await Promise.all(areas.map(async (area) => {
    const { ms, run } = EXAMINATIONS[area]
    tell(await within(area, ms, signal, (stop) => run(deps, settings, stop)))
  }))
  signal.throwIfAborted()
  return { at: new Date(deps.clock.now()).toISOString(), ms: Math.round(deps.clock.monotonic() - started), practice: settings.practice, version: deps.version, checks: inOrder(checks) }
}

async function within(area: Area, ms: number, signal: AbortSignal, work: (signal: AbortSignal) => Promise<readonly CheckUp[]>): Promise<readonly CheckUp[]> {
  const late = new AbortController()
  const stop = AbortSignal.any([signal, late.signal])
  const timer = setTimeout(() => { late.abort() }, ms)
  const unknown = (why: string) => [checkUp(area, '', 'unknown', `${SUBJECTS[area]} could not be looked at: ${why}.`, 'It is tried again tomorrow.')]
  const over = new Promise<readonly CheckUp[]>((resolve) => { stop.addEventListener('abort', () => { resolve(unknown(`it took longer than ${ms / 1000} s`)) }, { once: true }) })
  try {
    return await Promise.race([work(stop).catch((error: unknown) => unknown(messageOf(error))), over])
  } finally {
    clearTimeout(timer)
  }
}
