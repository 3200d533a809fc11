/** `porch mode`, `porch config check`, `porch backup`. */
import { resolve } from 'node:path'
import { parseDuration } from '../../shared/gate/scope.ts'
import type { Mode } from '../../shared/gate/disposition.ts'
import { asciiText } from '../../shared/net/safetext.ts'
import { loadEffective } from '../settings.ts'
import { Failure } from './failure.ts'
import { placeOf } from './flags.ts'
import type { CommonFlags } from './flags.ts'
import { withOperations } from './operations.ts'
import { writeLine } from './output.ts'

const MODES: readonly string[] = ['observe', 'enforce', 'grace'] satisfies Mode[]

export async function setMode(mode: string, flags: CommonFlags & { readonly for?: string }): Promise<number> {
  if (!MODES.includes(mode)) throw new Failure(`"${asciiText(mode, 40)}": expected one of ${MODES.join(', ')}`)
  const duration = flags.for === undefined ? { ok: true as const, ms: null } : parseDuration(flags.for)
  if (!duration.ok) throw new Failure(`--for ${duration.problem}`)
  const outcome = await withOperations(placeOf(flags), (operations) => operations.setMode(mode as Mode, duration.ms))
  if (!outcome.ok) throw new Failure(outcome.problem)
  if (flags.json === true) writeLine(JSON.stringify({ mode, forMs: duration.ms }))
  else writeLine(`the mode is ${mode}${duration.ms === null ? '' : ` for ${flags.for ?? ''}`}`)
  return 0
}

/** One problem a line on stderr; 1 if there is any. */
export function checkConfig(flags: CommonFlags): Promise<number> {
  const place = placeOf(flags)
  const loaded = loadEffective(place.settingsFile, place.named === undefined)
  if (loaded.ok) {
    if (flags.json === true) writeLine(JSON.stringify({ ok: true, file: place.settingsFile, problems: [] }))
    else writeLine(`${place.settingsFile} is in order${loaded.value.practice ? ' (practice: no backend is set)' : ''}`)
    return Promise.resolve(0)
  }
  if (flags.json === true) writeLine(JSON.stringify({ ok: false, file: place.settingsFile, problems: loaded.problems }))
  for (const problem of loaded.problems) process.stderr.write(`porch: ${problem.replace(/[\r\n]+/g, ' ')}\n`)
  return Promise.resolve(1)
}

export async function backup(file: string, flags: CommonFlags): Promise<number> {
  const target = resolve(file)
  const outcome = await withOperations(placeOf(flags), (operations) => operations.backup(target))
  if (!outcome.ok) throw new Failure(outcome.problem, 1)
  if (flags.json === true) writeLine(JSON.stringify({ file: target }))
  else writeLine(`sessions and rules are in ${target}, the settings beside it in ${target}.settings.json`)
  return 0
}
