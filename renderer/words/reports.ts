/** The Reports page: spans, figures, plots, "what if", and what is kept. */
import type { Finding } from '../../shared/events.ts'
import type { RuleSet } from '../../shared/gate/verdict.ts'
import type { Side } from '../../shared/report/count.ts'
import type { Span, SpanKind } from '../../shared/report/span.ts'
import type { Group } from '../model/reportrows.ts'
import { longLength, number, plural } from './format.ts'

const dateText = (date: string, options: Intl.DateTimeFormatOptions) => new Date(`${date.slice(0, 10)}T00:00:00Z`).toLocaleDateString('en-GB', { timeZone: 'UTC', ...options })
const dayText = (date: string) => dateText(date, { day: 'numeric', month: 'short' })

export const megabytes = (bytes: number) => (bytes < 1e6 ? `${number(Math.round(bytes / 1e3))} KB` : bytes < 1e9 ? `${number(Math.round(bytes / 1e5) / 10)} MB` : `${number(Math.round(bytes / 1e8) / 10)} GB`)

const NAMES: Record<RuleSet, string> = { house: 'house', standard: 'standard', lenient: 'lenient' }
const DAYS = (days: number) => (days === 1 ? 'day' : `${number(days)} days`)

export const reportsWords = {
  label: 'Report', spans: { day: 'Day', week: 'Week', month: 'Month', year: 'Year' } satisfies Record<SpanKind, string>, spanLabel: 'Span', dateLabel: 'A day of the span',
  earlier: (kind: SpanKind) => `The ${kind} before`, later: (kind: SpanKind) => `The ${kind} after`, current: { day: 'Today', week: 'This week', month: 'This month', year: 'This year' } satisfies Record<SpanKind, string>,
  csv: 'CSV', csvOf: (what: string) => `${what} as CSV`, png: 'PNG', pngOf: (what: string) => `${what} as an image (PNG)`, print: 'Print', printHelp: 'Plots, their tables and all lists, in light colours', saved: (name: string) => `Saved as ${name}.`, notDrawn: 'The image could not be drawn.',
  exportAll: 'Export CSV', exportAllHelp: 'Every count of each part of the span, one row a part',
  titleOf: ({ kind, from }: Span) => {
    switch (kind) {
      case 'day': return dateText(from, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' })
      case 'week': return `Week of ${dateText(from, { day: 'numeric', month: 'long', year: 'numeric' })}`
      case 'month': return dateText(from, { month: 'long', year: 'numeric' })
      case 'year': return from.slice(0, 4)
    }
  },
  /** Of one part of a span, short for the axis. */
  tick: (kind: SpanKind, key: string) => (kind === 'day' ? key.slice(11, 16) : kind === 'week' ? dateText(key, { weekday: 'short', day: 'numeric' }) : kind === 'month' ? String(Number(key.slice(8, 10))) : dayText(key)),
  slice: (kind: SpanKind, key: string) => (kind === 'day' ? `${key.slice(11, 16)} (UTC${key.slice(16)})` : kind === 'year' ? `Week of ${dayText(key)}` : dateText(key, { weekday: 'short', day: 'numeric', month: 'short' })),
  sliceColumn: { day: 'Hour', week: 'Day', month: 'Day', year: 'Week' } satisfies Record<SpanKind, string>,
  zone: (zone: string) => `Calendar of ${zone}`, zoneHelp: 'The calendar of the machine that the gate runs on',
  soFar: (until: string, earlier: string) => `So far (until ${until}), beside as much of ${earlier}.`, whole: (earlier: string) => `Beside ${earlier}.`, future: 'This is yet to come.',
  notKept: (since: string) => `Figures begin on ${since}.`, uncounted: (sessions: number) => `${plural(sessions, 'session is', 'sessions are')} still being counted; the figures grow.`,
  tiles: { sessions: 'Sessions', accepted: 'Accepted', refused: 'Refused', deferred: 'Deferred', spared: 'Retries spared', bans: 'Bans made', notices: 'Notices sent', fixed: 'Repaired after a notice' },
  tileHelp: {
    sessions: 'Finished connections that got as far as a session', accepted: 'Taken by your mail server, whitelisted and exempt ones as well', refused: 'Refused, or would have been in observe mode', deferred: 'Asked to try again, or would have been',
    spared: 'Connections of banned hosts, ended at the door without a lookup', bans: 'Automatic and by hand', notices: 'Handed over to the submission server', fixed: 'Senders whose DNS was in order after they were written to',
  },
  change: (percent: number | null, before: number) => (percent === null ? (before === 0 ? 'none before' : '') : percent === 0 ? `as before (${number(before)})` : `${percent > 0 ? '+' : '−'}${number(Math.abs(percent))} % (${number(before)} before)`),
  groups: { accepted: 'Accepted', refused: 'Refused', deferred: 'Deferred', banned: 'Banned or over a limit', other: 'Broke off, or bounced' } satisfies Record<Group, string>,
  outcomes: 'What became of sessions', asTable: 'As a table', tableOf: (what: string) => `${what}: the table`, hideTable: 'Hide the table', column: { sessions: 'Sessions', before: 'Before', share: 'Share', refused: 'Refused', accepted: 'Accepted' }, total: 'In all',
  plotLabel: (what: string, title: string, parts: readonly string[]) => `${what}, ${title}, as a plot: ${parts.length === 0 ? 'nothing' : parts.join(', ')}. The table has the figures.`,
  at: (slice: string, parts: readonly string[]) => `${slice}: ${parts.length === 0 ? 'nothing' : parts.join(', ')}`, hoverHint: 'Point at a bar for its figures; click it to look closer.', hoverHintHours: 'Point at a bar for its figures.', counted: (name: string, value: number) => `${number(value)} ${name.toLowerCase()}`,
  findings: 'What was found', findingColumn: 'Finding', noFindings: 'Nothing was found against anybody.', sides: 'Whose side is wrong', sideColumn: 'Side',
  sideNames: { ptr: 'Only the reverse name', ehlo: 'Only the EHLO name', both: 'Both', temporary: 'DNS gave no certain answer' } satisfies Record<Side, string>,
  findingLink: (finding: string) => `Show sessions in Live: ${finding}`, findingName: (names: Record<Finding, string>, finding: Finding) => names[finding].slice(0, 1).toUpperCase() + names[finding].slice(1),
  senders: 'Top senders', senderColumn: 'Domain', networks: 'Top networks', networkColumn: 'Network', noDomain: 'Without a domain', noDomainHelp: 'Neither a verified name nor an EHLO name under a domain that can be registered', rest: 'All others', nobody: 'Nobody knocked.',
  atLeast: (value: number) => `≥ ${number(value)}`, atLeastHelp: (more: number) => `At least; up to ${number(more)} more, as rare senders of a day are counted together`, inSenders: (who: string) => `${who} in Senders`, inLive: (who: string) => `Sessions of ${who} in Live`, live: 'Live', linkColumn: 'Look',
  spared: 'Retries spared, and bans', nothingSpared: 'No ban had to refuse anybody in this time.', sparedParts: { spared: 'Retries spared' }, banNames: { 'made-auto': 'Made automatically', 'made-admin': 'Made by hand', expired: 'Over by themselves', lifted: 'Lifted early', spared: 'Retries spared' },
  banHelp: { lifted: 'By hand, by a whitelist entry, or because the sender repaired its DNS' },
  notices: 'Notices', noticeNames: { sent: 'Sent', unknown: 'Perhaps sent', answered: 'Answered', bounced: 'Bounced', failed: 'Not taken', fixed: 'Repaired', quiet: 'Gone quiet (30 days)' },
  timeToFix: (ms: number, count: number) => `From notice to repair: ${longLength(ms)} in the middle (of ${plural(count, 'repair', 'repairs')}).`, timeToFixBefore: (ms: number) => ` Before: ${longLength(ms)}.`, noFix: 'No sender has repaired its DNS after a notice in this time.', noticesEvents: 'Event', noticesCount: 'Notices',
  loading: 'Loading the report…', failed: 'The report could not be loaded.', again: 'Try again', noLine: 'Waiting for the gate…', emptyTitle: 'Nothing was counted in this time', empty: 'Every finished session is counted by the hour. Figures stay for five years, also when the sessions themselves are gone.', emptyNow: 'Go to the present',
  whatIf: {
    title: 'What if', lead: 'The sessions that are kept, judged again by other rules from the DNS answers of their time. Nothing is looked up, nothing is changed.', rules: 'Rules', days: 'Days back', dayChoice: (days: number) => `the last ${DAYS(days)}`, run: 'Judge again', running: (done: number, total: number) => (total === 0 ? 'Judging…' : `Judging: ${number(done)} of ${plural(total, 'session', 'sessions')}`), progress: 'How much is judged', cancel: 'Cancel', cancelled: 'Cancelled. Nothing was changed.', failed: 'This could not be judged. Try again.',
    none: 'There are no sessions in that time.', caption: (days: number) => `The last ${DAYS(days)} by each set of rules, in sessions (and senders)`, then: 'At the time', now: (name: string) => `${name} (now)`, outcome: 'Outcome', outcomes: { accept: 'Passed', tempfail: 'Asked to try again', reject: 'Refused' }, cell: (sessions: number, senders: number) => `${number(sessions)} (${number(senders)})`,
    apart: (count: number) => `${plural(count, 'more session is', 'more sessions are')} decided by no rules: whitelisted, exempt, banned, to postmaster, or without a recipient of yours.`, observes: 'The gate observes: nobody was or is refused by these rules yet.', inexact: 'There were too many senders to count each; figures of senders are “at least”.',
    nobody: (rules: RuleSet) => `Under ${NAMES[rules]} rules nobody changes sides.`, changes: (rules: RuleSet, count: number) => `Under ${NAMES[rules]} rules ${count === 1 ? 'one sender changes' : `${number(count)} senders change`} sides, correspondents first`, columns: { sender: 'Sender', mail: 'Mail', change: 'Change', known: 'Known', action: 'Action' },
    to: { accept: (count: number) => `${number(count)} × would pass`, tempfail: (count: number) => `${number(count)} × would be deferred`, reject: (count: number) => `${number(count)} × would be refused` }, wasAccepted: 'mail accepted before', wasDelivered: (count: number) => `${plural(count, 'mail', 'mails')} taken by your server`, never: 'none accepted', whitelist: 'Whitelist', whitelistOf: (who: string) => `Whitelist ${who}`, whitelisted: 'Whitelisted', reason: 'correspondent, seen by “what if”',
    showAll: (count: number) => `Show all ${number(count)}`, leftOff: (count: number) => `${number(count)} more are not listed.`, csv: 'Who changes sides',
  },
  kept: {
    title: 'What is kept', lead: (days: number, years: number) => `Sessions are kept for ${plural(days, 'day', 'days')} and then deleted by themselves; the figures of reports stay for ${number(years)} years.`, change: 'Change in Settings', file: 'Database', fileOf: (bytes: number, free: number) => `${megabytes(bytes)}${free < 1e5 ? '' : `, of which ${megabytes(free)} are free for what comes`}`, sessions: 'Sessions', since: (day: string) => `since ${day}`, rules: 'Bans and whitelist', senders: 'Senders', hours: 'Hours of figures',
    months: 'Sessions by month', month: 'Month', about: 'About', monthName: (month: string) => dateText(`${month}-01`, { month: 'long', year: 'numeric' }), failed: 'What is kept could not be loaded.', loading: 'Looking…',
  },
  forget: {
    title: 'Forget a mail address', command: 'Forget a mail address…', commandWords: 'privacy delete remove person gdpr erase', lead: 'When a person wants to be forgotten: the name before the @ is taken out of every session, transcript, notice and reason of a rule. The domain stays, so that figures stay true. Capitals do not matter; joe+anything@ goes along with joe@.', label: 'Mail address', placeholder: 'joe@shop.example', start: 'Forget…',
    confirmTitle: (address: string) => `Forget ${address}?`, confirm: 'It is taken out of all that is stored here, and cannot be found again, also by search. Backups, damaged databases that were moved aside (journal.sqlite.torn-… in the data folder) and your mail server’s own logs are not touched. This cannot be undone.', yes: 'Forget it', no: 'Keep it', close: 'Close',
    running: (done: number, total: number) => (total === 0 ? 'Looking through the sessions…' : `Looking through the sessions: ${number(done)} of ${number(total)}`), wiping: 'Wiping it from the files…', progress: 'How much is looked through', failed: 'It could not be done, or not to the end. Try again: nothing is lost by it.',
    done: (address: string, sessions: number, others: readonly string[]) => `${address} is forgotten: it was named in ${[plural(sessions, 'session', 'sessions'), ...others].join(', ')}.`, nowhere: (address: string) => `${address} is named nowhere.`, notices: (count: number) => plural(count, 'notice', 'notices'), rules: (count: number) => plural(count, 'rule', 'rules'), values: (count: number) => plural(count, 'setting', 'settings'),
  },
} as const
