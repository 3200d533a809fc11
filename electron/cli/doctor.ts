/** `porch doctor`: the shop's own DNS, backend, ports, certificate, blacklists (CONTRACT). Asks the running gate, or works from the settings alone. */
import { questionText } from '../../shared/dns/answer.ts'
import type { Answer } from '../../shared/dns/answer.ts'
import { AREAS, inOrder, isTrouble, summaryOf } from '../../shared/doctor/report.ts'
import type { Area, CheckUp, DoctorReport, Level } from '../../shared/doctor/report.ts'
import { asciiText, visibleText } from '../../shared/net/safetext.ts'
import { loadEffective } from '../settings.ts'
import { messageOf } from '../settingsfile.ts'
import { Failure } from './failure.ts'
import { placeOf } from './flags.ts'
import type { CommonFlags, Place } from './flags.ts'
import { writeLine } from './output.ts'
import { reachGate } from './reach.ts'
import { doctorOf } from './remote.ts'

export async function doctor(flags: CommonFlags & { readonly verbose?: boolean }): Promise<number> {
  const place = placeOf(flags)
  const report = await reportOf(place)
  if (flags.json === true) for (const check of report.checks) writeLine(checkJson(check))
  else for (const line of reportText(report, flags.verbose === true)) writeLine(line)
  return report.checks.some(isTrouble) ? 1 : 0
}

async function reportOf(place: Place): Promise<DoctorReport> {
  const reached = await reachGate(place.dataDir)
  if (reached !== null) return doctorOf(reached.gate)
  const loaded = loadEffective(place.settingsFile, place.named === undefined)
  if (!loaded.ok) throw new Failure(loaded.problems.join('; '))
  const { openDoctor } = await import('../composecommands.ts')
  const opened = openDoctor(place.dataDir, loaded.value)
  try {
    return await opened.examine(new AbortController().signal)
  } catch (error) {
    throw new Failure(messageOf(error))
  } finally {
    opened.close()
  }
}

/** One object a line. `evidence` as in `porch check --json`; `dialogue`: what was said or measured. */
function checkJson({ id, area, level, says, todo, lines, answers, evidence }: CheckUp): string {
  return JSON.stringify({
    id, area, level, says, todo, lines,
    evidence: answers.map(({ question, status, records, chain, ttl, ms, server }) => ({ question: questionText(question), status, answers: records, chain, ttl, ms: Math.round(ms), server })),
    dialogue: evidence,
  })
}

const MARKS: Readonly<Record<Level, string>> = { ok: 'ok', todo: 'TO DO', bad: 'BAD', unknown: '?' }
const NAMES: Readonly<Record<Area, string>> = {
  name: 'name', mx: 'MX', blacklist: 'blacklist', dns: 'DNS', backend: 'mail server', port: 'port', relay: 'relay', certificate: 'certificate', disk: 'disk', store: 'store', clock: 'clock', version: 'version',
}
const MARK_WIDTH = 5
const AREA_WIDTH = Math.max(...AREAS.map((area) => NAMES[area].length))
const INDENT = ' '.repeat(MARK_WIDTH + AREA_WIDTH + 4)

/** `verbose`: evidence also where all is well. */
function reportText({ checks }: DoctorReport, verbose: boolean): string[] {
  return [
    ...inOrder(checks).flatMap((check) => [
      `${MARKS[check.level].padEnd(MARK_WIDTH)}  ${NAMES[check.area].padEnd(AREA_WIDTH)}  ${visibleText(check.says)}`,
      ...(check.todo === null || (check.level === 'ok' && !verbose) ? [] : [`${INDENT}${visibleText(check.todo)}`]),
      ...(check.level === 'ok' && !verbose ? [] : [
        ...check.lines.map((line) => `${INDENT}  ${visibleText(line)}`),
        ...check.answers.map((answer) => `${INDENT}  ${answerText(answer)}`),
        ...check.evidence.map((line) => `${INDENT}  ${visibleText(line)}`),
      ]),
    ]),
    '',
    summaryOf(checks),
  ]
}

function answerText({ question, status, records, chain, server }: Answer): string {
  const via = chain.length === 0 ? '' : ` via ${chain.map((name) => asciiText(name)).join(', ')}`
  return `${asciiText(questionText(question))} → ${status === 'found' ? records.map((record) => asciiText(record)).join(', ') : status}${via}${server === null ? '' : `  (${server})`}`
}
