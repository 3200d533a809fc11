/** `porch mode`, `porch config check`, `porch backup`. */
import { accessSync, constants, existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseDuration } from '../../shared/gate/scope.ts'
import type { Mode } from '../../shared/gate/disposition.ts'
import { asciiText } from '../../shared/net/safetext.ts'
import { problemText, unsafe } from '../../shared/config.ts'
import type { Parsed } from '../../shared/config.ts'
import { takenBy } from '../console/backup.ts'
import type { EffectiveSettings } from '../ports.ts'
import { loadEffective } from '../settings.ts'
import { DATABASE_FILE } from '../store/schema.ts'
import { Failure } from './failure.ts'
import { placeOf } from './flags.ts'
import type { CommonFlags } from './flags.ts'
import { changing, withOperations } from './operations.ts'
import { handedOver } from './owner.ts'
import { writeLine } from './output.ts'

const MODES: readonly string[] = ['observe', 'enforce', 'grace'] satisfies Mode[]

export async function setMode(mode: string, flags: CommonFlags & { readonly for?: string }): Promise<number> {
  if (!MODES.includes(mode)) throw new Failure(`"${asciiText(mode, 40)}": expected one of ${MODES.join(', ')}`)
  const duration = flags.for === undefined ? { ok: true as const, ms: null } : parseDuration(flags.for)
  if (!duration.ok) throw new Failure(`--for ${duration.problem}`)
  const outcome = await changing(placeOf(flags), (operations) => operations.setMode(mode as Mode, duration.ms))
  if (!outcome.ok) throw new Failure(outcome.problem)
  if (flags.json === true) writeLine(JSON.stringify({ mode, forMs: duration.ms }))
  else if (duration.ms !== null && !outcome.returns) writeLine(`the mode is ${mode}, for good: there is nothing that it would return to`)
  else writeLine(`the mode is ${mode}${duration.ms === null ? '' : ` for ${flags.for ?? ''}`}`)
  return 0
}

/** One problem a line on stderr; 1 if there is any. */
export function checkConfig(flags: CommonFlags): Promise<number> {
  const place = placeOf(flags)
  const loaded = withFiles(loadEffective(place.settingsFile, place.named === undefined), place.settingsFile)
  if (loaded.ok) {
    const warnings = unsafe(loaded.value).map(problemText)
    for (const warning of warnings) process.stderr.write(`porch: warning: ${place.settingsFile}: ${warning}\n`)
    if (flags.json === true) writeLine(JSON.stringify({ ok: true, file: place.settingsFile, problems: [], warnings }))
    else writeLine(`${existsSync(place.settingsFile) ? `${place.settingsFile} is in order` : `there is no ${place.settingsFile}: every setting has its default`}${loaded.value.practice ? ' (practice: no backend is set)' : ''}`)
    return Promise.resolve(0)
  }
  if (flags.json === true) writeLine(JSON.stringify({ ok: false, file: place.settingsFile, problems: loaded.problems }))
  for (const problem of loaded.problems) process.stderr.write(`porch: ${problem.replace(/[\r\n]+/g, ' ')}\n`)
  return Promise.resolve(1)
}

/** A gate starts without its own certificate (and alarms), so that mail flows; whoever asks beforehand should hear of it. */
function withFiles(loaded: Parsed<EffectiveSettings>, settingsFile: string): Parsed<EffectiveSettings> {
  if (!loaded.ok || loaded.value.tls === undefined) return loaded
  const problems = Object.entries(loaded.value.tls).flatMap(([key, file]) => {
    try {
      accessSync(file, constants.R_OK)
      return []
    } catch {
      return [`${settingsFile}: tls.${key}: ${file} cannot be read`]
    }
  })
  return problems.length === 0 ? loaded : { ok: false, problems }
}

export async function backup(file: string, flags: CommonFlags): Promise<number> {
  const target = resolve(file)
  const place = placeOf(flags)
  // Here too: a gate in its sandbox does not see what root sees.
  const taken = target === join(place.dataDir, DATABASE_FILE) ? `${target} is the store itself; expected another file for the backup` : takenBy(target)
  if (taken !== null) throw new Failure(taken, 1)
  const outcome = await handedOver(place.dataDir, target, (to) => withOperations(place, (operations) => operations.backup(to)))
  if (!outcome.ok) throw new Failure(outcome.problem, 1)
  if (flags.json === true) writeLine(JSON.stringify({ file: target }))
  else writeLine(`sessions and rules are in ${target}, the settings beside it in ${target}.settings.json`)
  return 0
}
