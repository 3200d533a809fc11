/**
 * The words of the mail to the admin: the daily digest, and red alarms that begin and end (issue 5). Pure; whatever comes from outside
 * stays within its line. Promise: a day with nothing to tell is no mail. One that says so every day is soon deleted unread, and then
 * so is the one that matters; and that Porch is up is better told by the mail that arrives.
 */
import { zonedTime } from '../calendar.ts'
import type { OffsetMinutes } from '../calendar.ts'
import type { Disposition, Finding } from '../events.ts'
import { DISPOSITIONS, FINDINGS } from '../events.ts'
import { FINDING_WORDS } from '../gate/ban.ts'
import { asciiText, visibleText } from '../net/safetext.ts'
import type { DueSender } from './due.ts'
import type { AlarmNews } from './redalarms.ts'
import type { Notice, NoticeEvent } from './outbox.ts'

/** What happened in a span of time. */
export interface DayCounts {
  readonly dispositions: Readonly<Partial<Record<Disposition, number>>>
  /** Sessions refused (or that would have been) for each finding; one session may have several. */
  readonly findings: Readonly<Partial<Record<Finding, number>>>
  /** Different addresses (IPv6: /64) that were refused, or would have been. */
  readonly senders: number
}

/** Times in ms since 1970. `until` null: it still stands; of a ban: for good. */
export interface DigestFacts {
  readonly hostname: string
  readonly from: number
  readonly until: number
  readonly counts: DayCounts
  readonly due: readonly (DueSender & { readonly ehlo: string | null; readonly sender: string | null })[]
  readonly notices: readonly Pick<Notice, 'client' | 'to' | 'events'>[]
  readonly bans: readonly { readonly scope: string; readonly reason: string; readonly until: number | null }[]
  readonly troubles: readonly { readonly text: string; readonly since: number; readonly until: number | null; readonly times: number }[]
  /** Of the console, where it can be reached from another machine. */
  readonly link: string | null
  readonly offset: OffsetMinutes
}

export interface LetterText {
  readonly subject: string
  /** Lines joined by "\n". */
  readonly body: string
}

const MOST = 10

/** Null: nothing to tell. */
export function digestText(facts: DigestFacts): LetterText | null {
  const sections = [refusedLines(facts.counts), dueLines(facts), noticeLines(facts), banLines(facts), troubleLines(facts)].filter((lines) => lines.length > 0)
  if (sections.length === 0) return null
  const { hostname, from, until, offset, link } = facts
  const head = [`Porch on ${asciiText(hostname, 120)}`, `from ${zonedTime(from, offset)}`, `to   ${zonedTime(until, offset)}`]
  const foot = ['-- ', 'Written by Porch once a day, when there is something to tell.', ...(link === null ? [] : [`The console: ${asciiText(link, 200)}`])]
  return { subject: subjectOf(facts), body: [head, ...sections, foot].map((lines) => lines.join('\n')).join('\n\n') }
}

function subjectOf({ hostname, counts, due, notices, troubles, from, until }: DigestFacts): string {
  const fixed = eventsOf(notices, ['fixed'], from, until).length
  const refused = refusals(counts)
  const parts = ([[refused, 'refused'], [due.length, 'worth a notice'], [fixed, 'fixed'], [troubles.length, troubles.length === 1 ? 'trouble' : 'troubles']] as const).flatMap(([count, what]) => (count === 0 ? [] : [`${count} ${what}`]))
  return `Porch ${asciiText(hostname, 80)}: ${parts.length === 0 ? 'the last day' : parts.join(', ')}`
}

function refusals({ dispositions: { rejected = 0, 'would-reject': would = 0 } }: DayCounts): number {
  return rejected + would
}

const DISPOSITION_WORDS: Readonly<Record<Disposition, string>> = {
  banned: 'cut off by a ban', limited: 'over a limit', rejected: 'refused', deferred: 'asked to try again later', 'bounced-by-backend': 'refused by the mail server', whitelisted: 'passed by the whitelist',
  exempt: 'passed, exempt', 'would-reject': 'passed, would be refused', 'would-defer': 'passed, would be asked to try again', accepted: 'passed', aborted: 'gave up, or sent no mail',
}

function refusedLines(counts: DayCounts): string[] {
  if (refusals(counts) + (counts.dispositions.deferred ?? 0) + (counts.dispositions['would-defer'] ?? 0) === 0) return []
  const of = (what: string, count: number) => `  ${String(count).padStart(7)}  ${what}`
  const sessions = DISPOSITIONS.flatMap((each) => {
    const count = counts.dispositions[each] ?? 0
    return count === 0 ? [] : [of(DISPOSITION_WORDS[each], count)]
  })
  const findings = FINDINGS.flatMap((finding) => {
    const count = counts.findings[finding] ?? 0
    return count === 0 ? [] : [{ finding, count }]
  }).sort((a, b) => b.count - a.count)
  return ['Sessions', ...sessions, '', `Why (${plural(counts.senders, 'sender', 'senders')}; one may have several reasons)`, ...findings.map(({ finding, count }) => of(FINDING_WORDS[finding], count))]
}

function dueLines({ due }: DigestFacts): string[] {
  if (due.length === 0) return []
  return [
    `Worth a notice: ${due.length}`,
    ...due.slice(0, MOST).flatMap(({ client, ehlo, sender, reasons }) => [
      `  ${client}${ehlo === null ? '' : `, greets as ${asciiText(ehlo, 120)}`}${sender === null || sender === '' ? '' : `, writes as ${asciiText(sender, 120)}`}`,
      `    ${reasons.filter(({ weight }) => weight > 0).slice(0, 4).map(({ text }) => visibleText(text, 200)).join('; ')}`,
    ]),
    ...more(due.length),
  ]
}

function eventsOf(notices: DigestFacts['notices'], kinds: readonly NoticeEvent['kind'][], from: number, until: number) {
  return notices.flatMap(({ client, to, events }) => events.filter(({ kind, at }) => kinds.includes(kind) && at >= from && at < until).map((event) => ({ client, to, event })))
}

function noticeLines({ notices, from, until }: DigestFacts): string[] {
  const lines = (title: string, kinds: readonly NoticeEvent['kind'][]) => {
    const found = eventsOf(notices, kinds, from, until)
    return found.length === 0 ? [] : [`${title}: ${found.length}`, ...found.slice(0, MOST).flatMap(({ client, to, event }) => [`  ${client} (${asciiText(to, 120)} was told)`, `    ${visibleText(event.text, 600)}`]), ...more(found.length)]
  }
  const groups = [lines('Fixed', ['fixed']), lines('Answered', ['answered']), lines('Came back, or could not be sent', ['bounced', 'failed', 'unknown'])].filter((group) => group.length > 0)
  return groups.flatMap((group, index) => (index === 0 ? group : ['', ...group]))
}

function banLines({ bans, offset }: DigestFacts): string[] {
  if (bans.length === 0) return []
  return [`Banned automatically: ${bans.length}`, ...bans.slice(0, MOST).map(({ scope, reason, until }) => `  ${scope} ${until === null ? 'for good' : `until ${zonedTime(until, offset)}`}: ${visibleText(reason, 200)}`), ...more(bans.length)]
}

function troubleLines({ troubles, offset }: DigestFacts): string[] {
  if (troubles.length === 0) return []
  return [
    'Troubles',
    ...troubles.slice(0, 2 * MOST).flatMap(({ text, since, until, times }) => [
      `  ${zonedTime(since, offset)}, ${until === null ? 'and still there' : `until ${zonedTime(until, offset)}`}${times > 1 ? `, ${times} times` : ''}`, `    ${visibleText(text, 600)}`,
    ]),
    ...more(troubles.length, 2 * MOST),
  ]
}

function more(count: number, shown = MOST): string[] {
  return count > shown ? [`  and ${count - shown} more`] : []
}

/** Troubles that have begun, and those that are over. */
export function alarmText({ begun, over }: AlarmNews, { hostname, now, offset, link }: { readonly hostname: string; readonly now: number; readonly offset: OffsetMinutes; readonly link: string | null }): LetterText {
  const [first] = [...begun, ...over]
  const host = asciiText(hostname, 80)
  const rest = begun.length + over.length - 1
  const subject = `Porch ${host}: ${begun.length > 0 ? 'TROUBLE' : 'over'}: ${visibleText(first?.text ?? '', 120)}${rest > 0 ? ` (and ${rest} more)` : ''}`
  const often = (times: number) => (times > 1 ? ` It came ${times} times.` : '')
  const sections = [
    ...begun.map(({ text, since, times }) => ['It began:', `  ${visibleText(text, 1000)}`, `  Since ${zonedTime(since, offset)}.${often(times)}`]),
    ...over.map(({ text, since, times }) => ['It is over:', `  ${visibleText(text, 1000)}`, `  It began ${zonedTime(since, offset)}, and has been gone for a while now.${often(times)}`]),
  ]
  const foot = ['-- ', `Written by Porch on ${host}, ${zonedTime(now, offset)}.`, 'A trouble is told when it has stood for two minutes, and once more when it is over.', ...(link === null ? [] : [`The console: ${asciiText(link, 200)}`])]
  return { subject, body: [...sections, foot].map((lines) => lines.join('\n')).join('\n\n') }
}

function plural(count: number, one: string, several: string): string {
  return `${count} ${count === 1 ? one : several}`
}
