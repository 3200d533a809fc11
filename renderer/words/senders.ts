/** The Senders page: who sends or tries to. */
import type { NoticeStanding, SenderState, SenderSummary } from '../../shared/api/senders.ts'
import type { Retry } from '../../shared/search/retry.ts'
import { number, plural } from './format.ts'

const minutesText = (minutes: number) => (minutes < 120 ? `${number(minutes)}` : `${number(Math.round(minutes / 60))} h`)
const pauses = (minutes: readonly number[]) => {
  const texts = minutes.map(minutesText)
  return minutes.at(-1) !== undefined && (minutes.at(-1) ?? 0) < 120 ? `${texts.join(', ')} min` : texts.join(', ')
}

export const senderStates: Record<SenderState | 'undecided', string> = {
  new: 'New', refused: 'Refused', deferred: 'Deferred', accepted: 'Accepted', banned: 'Banned', whitelisted: 'Whitelisted', undecided: 'Nothing sent',
}

export const stateFilterNames: Record<SenderState | NoticeStanding, string> = { ...senderStates, worth: 'Worth a notice', notified: 'Notified', fixed: 'Fixed' }

export const sendersWords = {
  label: 'Senders', search: 'Search senders', placeholder: 'Address, network, domain, mail address, or a customer’s sentence', understood: (text: string) => `Understood as: ${text}`,
  stateFilter: 'State', findingFilter: 'Finding', seenFilter: 'Seen', any: 'any', seenWithin: (days: number) => (days === 1 ? 'within a day' : `within ${days} days`),
  sort: 'Order', sorts: { refused: 'refused correspondents first', last: 'seen last', attempts: 'most attempts', refusals: 'most refusals' },
  columns: { sender: 'Sender', domain: 'Domain', attempts: 'Attempts', since: 'Refused since', seen: 'Last seen', retry: 'Retries', finding: 'Finding', state: 'State' },
  columnHelp: { since: 'The first refusal since mail from this sender was last accepted', retry: 'Mail servers wait longer each time, or keep a steady pace; spam programs come once, or hammer' },
  hosts: (count: number) => (count >= 16 ? '16 or more hosts' : plural(count, 'host', 'hosts')),
  isNew: 'new', newHelp: 'First seen within a day', correspondent: 'wrote before', correspondentHelp: 'Mail from this sender was accepted before it was refused',
  notices: { worth: 'worth a notice', notified: 'notified', fixed: 'fixed' },
  counted: (shown: number, total: number | null) => (total === null || total === shown ? plural(shown, 'sender', 'senders') : `${number(shown)} of ${plural(total, 'sender', 'senders')}`),
  more: 'Show more', loadingMore: 'Loading more…', uncounted: (sessions: number) => `${plural(sessions, 'session is', 'sessions are')} still being counted.`,
  loading: 'Loading senders…', failed: 'The senders could not be loaded.', again: 'Try again', noLine: 'Waiting for the gate…', stale: 'Searching…',
  emptyTitle: 'Nobody has knocked yet', empty: 'Everyone who connects is listed here, refused correspondents first.',
  nothingTitle: 'Nothing found', nothing: 'No session of the time that is kept fits. Either nothing came from there, or it came under another name: try the sender’s domain, its address, or a longer time.', clear: 'Clear search and filters',
  retry: (retry: Retry) => {
    switch (retry.kind) {
      case 'once': return 'once'
      case 'server': return `like a mail server: ${pauses(retry.minutes)}`
      case 'hammering': return retry.seconds < 15 ? 'every few seconds' : `every ${retry.seconds} s`
      case 'irregular': return `irregular: ${pauses(retry.minutes)}`
    }
  },
  noRetry: 'not refused now', worth: 'Worth a notice, because',
  pane: 'Sender', close: 'Close', paneLoading: 'Loading…', paneFailed: 'The sender could not be loaded.', gone: 'This sender is not in the journal (any more).', body: 'What this sender did',
  sentence: (sender: SenderSummary, ago: (iso: string) => string) => {
    const counts = `${plural(sender.attempts, 'attempt', 'attempts')} since ${ago(sender.firstSeen)}`
    const past = sender.accepted > 0 ? ` Mail from it was accepted ${plural(sender.accepted, 'time', 'times')}.` : ' Nothing from it was ever accepted.'
    switch (sender.state) {
      case 'refused': return `Refused since ${sender.refusedSince === null ? '?' : ago(sender.refusedSince)}: ${plural(sender.refused, 'refusal', 'refusals')} in ${counts}.${past}`
      case 'deferred': return `Deferred: DNS gave no certain answer. ${counts}.${past}`
      case 'accepted': return `Its mail is accepted. ${counts}, ${plural(sender.refused, 'refusal', 'refusals')}.`
      case 'banned': return `Banned. ${counts}, ${plural(sender.refused, 'refusal', 'refusals')}.${past}`
      case 'whitelisted': return `Whitelisted. ${counts}, ${plural(sender.refused, 'refusal', 'refusals')}.${past}`
      case 'undecided': return `It connected, but nothing was accepted or refused. ${counts}.`
    }
  },
  days: 'Attempts a day', daysHelp: 'Days in UTC', daysTable: 'As a table', day: 'Day', refusedColumn: 'Refused', acceptedColumn: 'Accepted', otherColumn: 'Other', attemptsColumn: 'Attempts',
  barTitle: (day: string, attempts: number, refused: number, accepted: number) => `${day}: ${plural(attempts, 'attempt', 'attempts')}, ${number(refused)} refused, ${number(accepted)} accepted`,
  legend: { refused: 'refused', accepted: 'accepted', other: 'other' },
  sessions: 'Last sessions', sessionsFound: 'Sessions that the search finds', openInLive: 'Show all in Live', openSession: (time: string) => `Open the session of ${time} in Live`, noSessions: 'No session of it is in the journal any more.',
  explained: 'The last refusal', explainedFound: 'Why', openExplained: 'Open this session', rules: 'Rules that touch it', noRules: 'No ban and no whitelist entry touches it.', manageRules: 'Rules page',
  strikes: (count: number, needed: number, before: number) => `${plural(count, 'strike', 'strikes')} of ${needed} for a ban${before > 0 ? `, banned ${plural(before, 'time', 'times')} before` : ''}.`,
} as const
