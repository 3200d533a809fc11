/** Notices: the page, the editor, the templates. */
import type { ContactSource, Trust } from '../../shared/notice/contacts.ts'
import type { NoticeEvent, NoticeState } from '../../shared/notice/outbox.ts'
import type { TemplateKind } from '../../shared/notice/templates.ts'
import type { NoticesTab } from '../model/noticesview.ts'
import { number, plural } from './format.ts'

export const noticeStates: Record<NoticeState, string> = {
  draft: 'Draft', queued: 'Queued', sending: 'Being sent', sent: 'Sent', unknown: 'Perhaps sent', failed: 'Refused', cancelled: 'Cancelled', bounced: 'Bounced', answered: 'Answered', fixed: 'Fixed', quiet: 'Gone quiet',
}

/** What a state means, and what comes next. */
export const stateSentences: Record<NoticeState, string> = {
  draft: 'Written and not sent.', queued: 'Waiting to be handed to the submission server.', sending: 'Being handed to the submission server.',
  sent: 'Sent. Porch checks the sender’s DNS by itself, and says when it is fixed.',
  unknown: 'The line broke while it was handed over: it may have been sent or not, and is not sent again. Porch checks the sender’s DNS all the same.',
  failed: 'The submission server refused it for good.', cancelled: 'Cancelled before it was sent.',
  bounced: 'It came back: nobody reads that address. Another contact may.', answered: 'Somebody answered; the answer is in the mailbox that notices come from.',
  fixed: 'The sender’s DNS is in order now, and its mail is let in.', quiet: 'Nothing changed for 30 days; Porch no longer checks.',
}

export const templateKinds: Record<TemplateKind, { readonly name: string; readonly does: string }> = {
  isp: { name: 'To the ISP', does: 'For whoever gave the sender its address: the reverse name is theirs to make.' },
  'domain-owner': { name: 'To the domain owner', does: 'For whoever runs the sending server and its domain.' },
  customer: { name: 'To our customer', does: 'Why the correspondent’s mail is refused, and what we did.' },
}

export const trusts: Record<Trust, { readonly name: string; readonly means: string }> = {
  verified: { name: 'found', means: 'Found in DNS or a registry, not said by the sender' },
  typed: { name: 'typed', means: 'Typed by you' },
  claimed: { name: 'only claimed', means: 'From a name that the sender merely claims: a spammer may have chosen whom it leads to' },
}

export function sourceWords(source: ContactSource): string {
  switch (source.kind) {
    case 'soa': return `runs the reverse zone ${source.zone}`
    case 'network': return `${source.role} contact of the network ${source.network} (registry)`
    case 'domain': return `${source.role} contact of the domain ${source.domain} (registry)`
    case 'verified': return `postmaster of the verified name ${source.name}`
    case 'typed': return 'typed by hand'
    case 'recipient': return 'our own customer, to whom it wrote'
    case 'ptr': return `from the claimed reverse name ${source.claimed}`
    case 'ehlo': return `from the EHLO name ${source.claimed}`
    case 'sender': return `from the reverse-path ${source.claimed}`
  }
}

const tabs: Record<NoticesTab, string> = { worth: 'Worth a notice', stuck: 'DNS never answers', drafts: 'Drafts', sent: 'Sent', answered: 'Answered', bounced: 'Bounced', fixed: 'Fixed', quiet: 'Gone quiet', all: 'All notices' }

export const noticesWords = {
  label: 'Notices', tabs, tab: (tab: NoticesTab, count: number | null) => (count === null || count === 0 ? tabs[tab] : `${tabs[tab]} (${number(count)})`),
  search: 'Search notices', placeholder: 'Address, name, contact',
  notify: 'Notify…', notifyOf: (client: string) => `Notify… (${client})`, templatesButton: 'Templates…',
  columns: { when: 'When', client: 'Sender', name: 'EHLO name', what: 'To, or why', state: 'State' },
  loading: 'Loading notices…', failed: 'The notices could not be loaded.', again: 'Try again', noLine: 'Waiting for the gate…',
  empty: {
    worth: ['Nobody is worth a notice now', 'Refused senders that look like real correspondents are proposed here: mail from them was accepted before, they try again like a mail server, their DNS is nearly right.'],
    stuck: ['No sender’s DNS is permanently silent', 'Senders whose DNS has given no answer for hours are listed here. They are deferred, not refused; only its owner can repair it.'],
    drafts: ['No drafts', 'A notice that is kept and not sent waits here for a week.'],
    sent: ['Nothing sent', 'Notices that are on their way or waiting for an effect are here. Send one with n, from any refused session.'],
    answered: ['No answers yet', 'When somebody answers a notice through the gate, it moves here.'],
    bounced: ['Nothing bounced', 'Notices that came back or were refused are here: the contact was wrong.'],
    fixed: ['Nothing fixed yet', 'When a notified sender’s DNS is in order, its notice moves here and its mail is let in.'],
    quiet: ['Nothing has gone quiet', 'Notices without any effect in 30 days end here.'],
    all: ['No notices yet', 'Choose a refused session and press n.'],
  } satisfies Record<NoticesTab, readonly [string, string]>,
  nothing: 'No notice fits the search.', clear: 'Clear the search', counted: (count: number) => plural(count, 'entry', 'entries'),
  pane: 'Notice', body: 'The notice in full', close: 'Close',
  worth: 'Worth a notice', stuckState: 'DNS never answers',
  because: 'Why', against: 'What speaks against it', stuckSentence: (attempts: number, since: string) => `Its DNS has not answered in ${plural(attempts, 'attempt', 'attempts')} since ${since}. It is deferred each time; mail does not pass until its owner repairs the name servers.`,
  openSession: 'Open the session', openSender: 'Open sender', refusedFor: 'Refused for', explained: 'What is wrong',
  facts: { to: 'To', source: 'Contact', about: 'About', subject: 'Subject', kind: 'Kind', next: 'Next check', nextTry: 'Next try' },
  timeline: 'What happened', message: 'The message', copyMessage: 'Copy message', copied: 'Copied', messageGone: 'The message could not be loaded.', thenAnswers: 'What DNS said when it was written',
  send: 'Send…', sendTo: (to: string) => `Send to ${to}`, reallySend: (to: string) => `Send this notice to ${to}? It leaves after 10 seconds; until then it can be taken back.`, sendNow: 'Yes, send', back: 'Back',
  edit: 'Edit…', takeBack: 'Take back', cancel: 'Do not send', reopen: 'Make a draft again', discard: 'Discard draft', another: 'Write another…',
  done: { queued: (to: string, seconds: number) => `The notice to ${to} is on its way. It leaves in ${seconds} s.`, reopened: (to: string) => `Taken back: the notice to ${to} is a draft again.`, cancelled: (to: string) => `The notice to ${to} is not sent.`, kept: 'Kept as a draft.', template: (kind: string) => `Template “${kind}” kept.`, restored: (kind: string) => `Template “${kind}” is as it came.`, undone: 'Undone.' },
  editor: {
    title: 'Notify', about: 'About', kind: 'What to send', recipient: 'To whom', looking: 'Looking for contacts in DNS and the registries…', none: 'No contact was found.', noneTrusted: 'Only contacts that the sender itself claims were found.',
    other: 'Another address', otherLabel: 'Mail address', otherPlaceholder: 'noc@isp.example', remarks: 'Not asked, or no answer',
    tick: (address: string) => `Write to ${address} although it is only claimed`, tickHelp: 'A spammer may have chosen this address, to have your notice sent to somebody else.',
    text: 'Text of this notice', textHelp: 'Fields in braces are filled in. Changes here are for this notice only.', fields: 'Fields', problems: 'The template has mistakes', line: (line: number, problem: string) => `Line ${line}: ${problem}`,
    preview: 'What will be sent', writing: 'Writing…', nothingYet: 'Choose to whom, and the message shows here.', changed: 'changed for this notice', restoreText: 'Back to the template',
    cannotSend: (why: string) => `It can be written and copied, but not sent: ${why}.`, settings: 'Open Settings', cap: (why: string) => `It cannot be sent now: ${why}.`,
    hasChanged: 'Not sent: the message has become another one meanwhile. Look at it once more.', old: 'the last one without a mistake', insert: (field: string, what: string) => `Insert {${field}}: ${what}`, goTo: (line: number) => `Go to line ${line}`,
    leave: 'You have changed the text of this notice.', leaveDiscard: 'Discard the changes', leaveStay: 'Go on writing', keptText: 'What you wrote before is here again.', writeTo: (what: string) => `Write a notice about ${what}`, octets: (count: number) => `${number(count)} octets`,
    draft: 'Keep as draft', copy: 'Copy text', close: 'Close', failed: 'It could not be asked.', customers: 'Customers to whom it wrote',
  },
  templates: {
    title: 'Templates of notices', kind: 'Template', text: 'Text', own: 'your version', shipped: 'as it came', keep: 'Keep', restore: 'Restore the one that came with Porch', preview: 'As it would look', previewOf: (client: string) => `For the refusal of ${client}`,
    sample: (client: string) => `With a made-up session of ${client}: nobody was refused so far`, leave: 'The changes are not kept.', leaveDiscard: 'Discard them', leaveStay: 'Go on', link: 'Edit the templates of notices', unsaved: 'Not kept yet', help: 'The first line is the subject. A line whose fields are all empty is left out.', close: 'Close',
  },
  sunk: (count: number) => `${plural(count, 'other refused sender', 'other refused senders')}, more like spam.`, sunkShow: 'Show', sunkHide: 'Hide', sunkState: 'More like spam', sunkHelp: 'Not proposed: too much speaks against it. You can write all the same.',
  off: 'Notices cannot be sent yet.', missing: (keys: readonly string[]) => `Not set: ${keys.join(' and ')}.`, offStill: 'They can be written, kept and copied.', toSettings: 'Open Settings',
  allowance: (days: number, perDay: number, today: number) => `${days === 1 ? 'One contact once a day' : `One contact once in ${number(days)} days`}; ${number(today)} of ${number(perDay)} sent within 24 hours.`, notAgain: (why: string) => `Another one cannot go there now: ${why}.`,
  leavesIn: (left: string) => `It leaves in ${left}.`, leavesNow: 'It leaves now.', change: { question: 'Question', then: 'Then', now: 'Now', none: 'not asked' },
  events: { drafted: 'Written', queued: 'Queued', deferred: 'Not taken yet', sent: 'Sent', unknown: 'Perhaps sent', failed: 'Refused for good', cancelled: 'Cancelled', bounced: 'Bounced', answered: 'Answered', checked: 'Looked again', fixed: 'Fixed', quiet: 'Gone quiet', released: 'Released' } satisfies Record<NoticeEvent['kind'], string>,
  history: (to: string) => `Notice to ${to}`,
} as const
