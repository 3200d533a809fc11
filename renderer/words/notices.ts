/** The Notices page: who is worth one, what became of those that were written. */
import type { NoticeEvent, NoticeState } from '../../shared/notice/outbox.ts'
import type { TemplateKind } from '../../shared/notice/templates.ts'
import type { Trust } from '../../shared/notice/contacts.ts'
import type { NoticeTab } from '../model/noticesview.ts'
import { longLength, number, plural } from './format.ts'

export const noticeStates: Record<NoticeState, string> = {
  draft: 'Draft', queued: 'Queued', sending: 'Being sent', sent: 'Sent', unknown: 'Perhaps sent', failed: 'Not taken', cancelled: 'Cancelled', bounced: 'Bounced', answered: 'Answered', fixed: 'Fixed', quiet: 'Gone quiet',
}

export const templateKinds: Record<TemplateKind, string> = { isp: 'Provider', 'domain-owner': 'Domain owner', customer: 'Your customer' }
export const templateHelp: Record<TemplateKind, string> = {
  isp: 'Who owns the address and makes its reverse name: the ISP or data centre.', 'domain-owner': 'Who runs the domain and the mail server.', customer: 'Your own recipient: why the mail of a correspondent is refused, and what was done about it.',
}
export const trustWords: Record<Trust, string> = { verified: 'found', typed: 'typed by hand', claimed: 'only claimed' }

const dayWords = (days: number) => (days === 1 ? 'once a day' : `once in ${number(days)} days`)

export const noticesWords = {
  label: 'Notices', tabs: { worth: 'Worth a notice', stuck: 'DNS never answers', drafts: 'Drafts', sent: 'Sent', answered: 'Answered', bounced: 'Bounced', fixed: 'Fixed', quiet: 'Gone quiet', unsent: 'Not sent' } satisfies Record<NoticeTab, string>,
  tabHelp: {
    worth: 'Refused senders that look like real correspondents. Porch proposes, you send.', stuck: 'Senders that have been deferred for hours, since their DNS gives no answer at all.', drafts: 'Written, not sent. A draft is dropped after 7 days.', sent: 'Queued, or taken by your submission server; no answer so far.',
    answered: 'Somebody answered; it is in your mailbox.', bounced: 'The notice came back: try another contact.', fixed: 'The DNS is in order now, and the mail passes.', quiet: 'Nothing has changed for 30 days.', unsent: 'Refused for good by your submission server, or cancelled.',
  } satisfies Record<NoticeTab, string>,
  counted: (name: string, count: number | null) => (count === null || count === 0 ? name : `${name} (${number(count)})`),
  search: 'Search notices', placeholder: 'Contact, address, EHLO name or subject', write: 'Write…', writeHelp: 'A notice about any refused sender', templates: 'Templates…', close: 'Close',
  writeTitle: 'Write a notice', writeLabel: 'Address of a refused sender, or a session’s id', writeGo: 'Go on',
  columns: { state: 'State', to: 'To', about: 'About', what: 'Last event', when: 'When', client: 'Sender', names: 'Greets as, writes as', reasons: 'Why', last: 'Last refused', since: 'Since', attempts: 'Attempts' },
  allowance: (perContact: number, perDay: number, today: number) => `One contact at most ${dayWords(perContact)}, ${number(today)} of ${number(perDay)} sent within 24 hours.`,
  off: 'Notices cannot be sent yet.', missing: (keys: readonly string[]) => `Not set: ${keys.join(' and ')}.`, offStill: 'You can write drafts and copy them.', toSettings: 'Open Settings',
  shown: (shown: number, total: number) => (shown === total ? plural(total, 'notice', 'notices') : `${number(shown)} of ${plural(total, 'notice', 'notices')}`), proposals: (count: number) => plural(count, 'sender', 'senders'), narrow: 'A search shows older ones.', more: 'Show more',
  sunk: (count: number) => `${plural(count, 'other refused sender', 'other refused senders')}, more like spam`, sunkShow: 'Show', sunkHide: 'Hide', sunkTag: 'like spam', sunkHelp: 'Not proposed: many recipients, no retry, a name that a provider gives to every address, and the like. You can write all the same.',
  loading: 'Loading notices…', failed: 'The notices could not be loaded.', again: 'Try again', noLine: 'Waiting for the gate…', stale: 'Searching…',
  empty: {
    worth: ['Nobody is worth a notice', 'Refused senders that look like real correspondents are proposed here: mail from them was accepted before, they retry like a mail server, their DNS is nearly right.'],
    stuck: ['Everybody’s DNS answers', 'Senders whose DNS has given no answer for hours would be listed here. Only whoever runs that DNS can tell why.'],
    drafts: ['No drafts', 'Press n on a refused sender (Live, Senders, or here) to write one.'],
    sent: ['Nothing is on its way', 'What you send is listed here, until it is answered, comes back or is repaired.'],
    answered: ['No answers yet', 'An answer that comes in through the gate moves its notice here.'], bounced: ['Nothing came back', 'A notice that bounces is listed here, so that you can try another contact.'],
    fixed: ['Nothing is fixed yet', 'Porch looks at the DNS of everybody who was written about for 30 days. Who repairs it is listed here, with what changed.'],
    quiet: ['Nothing has gone quiet', 'Notices after which nothing changed for 30 days are listed here.'], unsent: ['Nothing was stopped', 'Notices that were cancelled, or that your submission server refused for good, are listed here.'],
  } satisfies Record<NoticeTab, readonly [string, string]>,
  nothing: 'No notice here fits the search.', clear: 'Clear the search',
  pane: { notice: 'Notice', proposal: 'Proposal' }, body: 'What is known of it', paneLoading: 'Loading…', gone: 'This notice is not there any more.', goneProposal: 'This sender is not proposed any more: it was written about, it passes now, or it is whitelisted.', paneFailed: 'The notice could not be loaded.',
  to: (address: string) => `to ${address}`,
  notify: 'Notify…', edit: 'Edit and send…', remove: 'Delete draft', takeBack: 'Take back', again2: 'Send again…', reopen: 'Make a draft again', openSession: 'The refused session', openSender: 'Open sender',
  sentence: {
    draft: 'A draft. It is not sent before you do it.', queued: (left: number | null, tries: number) => (tries > 0 ? `Your submission server has not taken it yet (${plural(tries, 'try', 'tries')}). ${left === null ? '' : left <= 0 ? 'The next try is due.' : `Next try in ${longLength(left)}.`}` : left === null || left <= 0 ? 'Queued, about to leave.' : `Queued, leaves in ${longLength(left)}.`),
    sending: 'It is being handed over in this moment.', sent: 'Sent. No answer so far.', unknown: 'It may have been sent or not: the connection, or Porch, ended in that moment. It is never sent again by itself.', failed: 'Your submission server refused it for good.', cancelled: 'Cancelled before it was sent.',
    bounced: 'It came back: this contact does not work.', answered: 'Somebody answered.', fixed: 'Fixed: the DNS is in order, and the mail passes.', quiet: 'Nothing has changed for 30 days. It is no longer looked at.',
  },
  nextLook: (left: number) => (left <= 0 ? 'The next look at its DNS is due.' : `Porch looks at its DNS again in ${longLength(left)}.`), looked: (checks: number) => (checks === 0 ? '' : `Looked at ${number(checks)} times so far.`),
  cannotAgain: (why: string) => `It cannot be sent again now: ${why}.`,
  sections: { who: 'Whom it went to', whoDraft: 'Whom it is for', story: 'What happened', message: 'The message', then: 'What DNS said when it was written', reasons: 'Why it is worth a notice', reasonsSunk: 'Why it is not proposed', about: 'What was refused', stuck: 'What is the matter' },
  copyMessage: 'Copy the message', about: { client: 'Sender', ehlo: 'Greets as', sender: 'Writes as', when: 'Last refused', kind: 'Text for', refusedFor: 'Refused for' },
  stuckSince: (ago: string, attempts: number) => `Its DNS has not answered in ${plural(attempts, 'attempt', 'attempts')} since ${ago}. Its mail is deferred, not refused; only whoever runs that DNS can repair it.`,
  changes: { question: 'Question', then: 'Then', now: 'Now', none: 'not asked' }, speaksFor: 'speaks for it', speaksAgainst: 'speaks against it',
  events: { drafted: 'Written', queued: 'Queued', deferred: 'Not taken yet', sent: 'Sent', unknown: 'Perhaps sent', failed: 'Refused for good', cancelled: 'Cancelled', bounced: 'Bounced', answered: 'Answered', checked: 'Looked again', fixed: 'Fixed', quiet: 'Gone quiet', released: 'Released' } satisfies Record<NoticeEvent['kind'], string>,
  marks: { queued: 'a notice was queued for', sent: 'a notice was sent to', unknown: 'a notice was perhaps sent to', failed: 'a notice was not taken for', cancelled: 'a notice was cancelled for', bounced: 'the notice came back from', answered: 'an answer came to the notice to', fixed: 'fixed, after the notice to', quiet: 'gone quiet after the notice to' },
  openNotice: 'Open this notice', badge: (count: number) => `${plural(count, 'sender', 'senders')} worth a notice`,
  said: {
    queued: (to: string, seconds: number) => `Queued for ${to}. It leaves in ${seconds} s.`, takenBack: (to: string) => `Taken back: the notice to ${to} is a draft again.`, cancelled: (to: string) => `The notice to ${to} is cancelled.`, removed: (to: string) => `The draft to ${to} is deleted.`,
    drafted: (to: string) => `Kept as a draft to ${to}.`, copied: 'Copied.', copyFailed: 'The browser did not allow copying.',
  },
  claimedHelp: 'The client merely claims to belong there: anybody could have put that name.',
} as const
