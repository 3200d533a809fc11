/** `porch whatif`: who would change sides under other rules (CONTRACT). */
import type { WhatIfReport } from '../../shared/api/whatif.ts'
import type { VerdictKind } from '../../shared/events.ts'
import type { RuleSet } from '../../shared/gate/verdict.ts'
import { RULE_SETS } from '../../shared/gate/whatif.ts'
import type { Tally } from '../../shared/gate/whatiftally.ts'
import { asciiText } from '../../shared/net/safetext.ts'
import { Failure } from './failure.ts'
import { placeOf } from './flags.ts'
import type { CommonFlags } from './flags.ts'
import { withOperations } from './operations.ts'
import { writeLine } from './output.ts'
import { createProgressLine } from './progressline.ts'
import { localTime, table } from './table.ts'

const MOST_DAYS = 3650
const SIDES: readonly VerdictKind[] = ['accept', 'tempfail', 'reject']

export async function whatIf(flags: CommonFlags & { readonly rules?: string; readonly days?: string }): Promise<number> {
  const asked = { rules: rulesOf(flags.rules), days: daysOf(flags.days ?? '30') }
  const place = placeOf(flags)
  const progress = createProgressLine('sessions judged')
  const report = await withOperations(place, (operations) => operations.whatIf(asked, progress.show)).finally(progress.clear)
  if (flags.json === true) writeLine(JSON.stringify(jsonOf(report)))
  else if (report.counts.sessions === 0) writeLine(`no sessions of the last ${daysText(asked.days)} in ${place.dataDir}: there is nothing to judge`)
  else for (const line of textOf(report)) writeLine(line)
  return 0
}

function rulesOf(text: string | undefined): RuleSet {
  const found = RULE_SETS.find((rules) => rules === text)
  if (found !== undefined) return found
  throw new Failure(text === undefined ? `--rules is missing; expected one of ${RULE_SETS.join(', ')}` : `--rules "${asciiText(text, 40)}": expected one of ${RULE_SETS.join(', ')}`)
}

function daysOf(text: string): number {
  const days = /^\d{1,5}$/.test(text) ? Number(text) : 0
  if (days < 1 || days > MOST_DAYS) throw new Failure(`--days "${asciiText(text, 40)}": expected a whole number of days from 1 to ${MOST_DAYS}`)
  return days
}

function daysText(days: number): string {
  return days === 1 ? 'day' : `${days} days`
}

/** `from` and `to`: the sides of the sessions that change; `sessions`: how many do. */
function jsonOf({ rules, days, from, until, now, counts, changes, leftOff }: WhatIfReport) {
  return {
    rules, days, from, until, rulesNow: now.rules, modeNow: now.mode,
    sessions: counts.sessions, judged: counts.judged, senders: counts.senders, exact: counts.exact,
    then: counts.then, ...counts.sets, changing: counts.changing[rules],
    changes: changes.map((each) => ({
      client: each.client, name: each.name, verified: each.verified, ehlo: each.ehlo, sender: each.sender, recipient: each.recipient,
      acceptedBefore: each.accepted, whitelisted: each.allowed, delivered: each.delivered,
      sessions: SIDES.reduce((sum, side) => sum + each.changed[rules][side], 0),
      to: each.changed[rules], then: each.then, under: each.under[rules], findings: each.findings, last: each.lastAt, lastSession: each.lastId,
    })),
    leftOff,
  }
}

const cell = ({ sessions, senders }: Tally) => `${sessions} (${senders})`

function textOf(report: WhatIfReport): string[] {
  const { rules, counts, changes, leftOff, now } = report
  const rows = [['at the time', ...SIDES.map((side) => cell(counts.then[side]))], ...RULE_SETS.map((set) => [set === now.rules ? `${set} (now)` : set, ...SIDES.map((side) => cell(counts.sets[set][side]))])]
  const apart = counts.sessions - counts.judged
  return [
    `The last ${daysText(report.days)} judged again from their stored evidence: ${counts.judged} sessions of ${counts.exact ? '' : 'at least '}${counts.senders} senders`,
    ...(apart === 0 ? [] : [`(${apart} more are decided by no rules: whitelisted, exempt, banned, to postmaster, or without a recipient of ours)`]),
    '',
    ...table(['SESSIONS (SENDERS)', 'PASS', 'DEFERRED', 'REFUSED'], rows),
    '',
    ...(counts.changing[rules] === 0 ? [`Under ${rules} rules nobody changes sides.`] : [
      `Under ${rules} rules ${counts.changing[rules]} sender${counts.changing[rules] === 1 ? ' changes' : 's change'} sides, those whose mail was accepted before (+) first:`,
      ...table(['', 'CLIENT', 'NAME', 'EHLO', 'FROM', 'SESSIONS', 'LAST', 'WHY'], changes.map((each) => changeCells(each, rules))),
      ...(leftOff > 0 ? [`and ${leftOff} more`] : []),
    ]),
    ...(now.mode === 'observe' ? ['', 'The gate observes: nobody was or is refused by these rules yet.'] : []),
  ]
}

const WORDS: Readonly<Record<VerdictKind, string>> = { accept: 'now pass', tempfail: 'now deferred', reject: 'now refused' }

function changeCells(each: WhatIfReport['changes'][number], rules: RuleSet): string[] {
  const changed = SIDES.filter((side) => each.changed[rules][side] > 0).map((side) => `${each.changed[rules][side]} ${WORDS[side]}`).join(', ')
  return [
    each.accepted ? '+' : '', asciiText(each.client), each.name === null ? '-' : `${asciiText(each.name, 50)}${each.verified ? '' : ' (claimed)'}`,
    each.ehlo === null ? '-' : asciiText(each.ehlo, 50), each.sender === null ? '-' : `<${asciiText(each.sender, 50)}>`,
    `${changed}${each.allowed ? ' (whitelisted now)' : ''}`, localTime(each.lastAt), each.findings.join(', ') || 'DNS in order',
  ]
}
