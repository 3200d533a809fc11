/** Every word the console says, in one place, ready to be translated. Functions take values and return a whole sentence: word order is the translator's. Each page has a file of its own in words/. */
import type { Rule } from '../shared/events.ts'
import type { Mode } from '../shared/gate/disposition.ts'
import { detailWords } from './words/detail.ts'
import { ago, longLength, number, plural, shortLeft, shortLength } from './words/format.ts'
import { filterWords, liveWords } from './words/live.ts'
import { ruleWords, rulesWords } from './words/rules.ts'
import { modeSwitchWords, statusWords } from './words/status.ts'
import { dispositions, findings, modes, remarks, ruleSets, statuses } from './words/vocabulary.ts'

const kindWord = (kind: Rule['kind']) => (kind === 'ban' ? 'ban' : 'whitelist entry')

export const strings = {
  product: 'Porch',
  title: (page: string) => `Porch: ${page}`,
  number, shortLength, shortLeft, longLength, ago,
  dispositions, findings, modes, ruleSets, statuses, remarks,
  underWay: 'Under way',
  dnsInOrder: 'DNS in order',
  notJudged: 'not judged',
  more: (count: number) => `+${count}`,
  tolerated: 'noted, not refused for',
  claimed: 'claimed',
  verified: 'verified',
  pages: { live: 'Live', senders: 'Senders', notices: 'Notices', rules: 'Rules', check: 'Check', settings: 'Settings', mailbox: 'Mailbox', golive: 'Go live', enforce: 'Enforce?', reports: 'Reports', health: 'Own health', desktop: 'Computer' },
  worthBadge: (count: number) => `${plural(count, 'sender is', 'senders are')} worth a notice`,
  rail: 'Pages',
  skip: 'Skip to the content',
  scheme: { auto: 'Colours as the system', light: 'Light colours', dark: 'Dark colours' },
  help: 'Keys and help',
  status: statusWords,
  modeSwitch: modeSwitchWords,
  live: liveWords,
  filter: filterWords,
  empty: {
    practiceTitle: 'Nobody has knocked yet',
    practiceSteps: (address: string) => [
      'Press “Play sample senders”: sixteen senders, good and bad, knock at the gate with sample DNS. Nothing leaves this machine.',
      `Or knock yourself: point a mail program, or telnet, at ${address} and say EHLO.`,
      'Click a row to see what DNS said and what the sender would have to repair. b bans, w whitelists, ? shows all keys.',
    ],
    liveTitle: 'Nobody has knocked yet', live: (address: string) => `The gate listens on ${address}. Each connection shows here while it happens.`,
    filteredTitle: 'Nothing matches', filtered: 'No session fits all of these filters.',
    bansTitle: 'Nobody is banned', bans: 'Ban a client from the Live page (b), or type an address or network above.',
    allowsTitle: 'Nobody is whitelisted', allows: 'Whitelist a client from the Live page (w), or type an address, a network or a verified name above.',
    rulesFiltered: 'No rule matches the search.',
    mailboxTitle: 'No mail yet', mailbox: 'What passes the gate in practice mode is delivered here. Sample senders with their DNS in order leave one each.',
    noLine: 'Waiting for the gate…',
  },
  detail: detailWords,
  rule: ruleWords,
  rules: rulesWords,
  practice: {
    banner: 'Practice mode: nothing leaves this machine.', play: 'Play sample senders', playing: 'Sample senders are playing…',
  },
  mailbox: { label: 'Received mail', from: 'From', to: 'To', subject: 'Subject', size: 'Size', raw: 'The message as received', choose: 'Choose a mail to read it.', noSubject: '(no subject)', gone: 'This mail is not there any more.', failed: 'The mailbox could not be loaded.', copy: 'Copy message' },
  done: {
    added: (rule: Rule) => (rule.kind === 'ban' ? `${rule.scope} is banned${rule.until === null ? ' for good' : ''}.` : `${rule.scope} is whitelisted${rule.until === null ? ' for good' : ''}.`),
    removed: (rule: Rule) => (rule.kind === 'ban' ? `The ban of ${rule.scope} is lifted.` : `${rule.scope} is off the whitelist.`),
    undone: (rule: Rule) => `The ${kindWord(rule.kind)} of ${rule.scope} is undone.`,
    mode: (mode: Mode, forMs: number | null) => `Mode is now ${modes[mode].name.toLowerCase()}${forMs === null ? '' : ` for ${longLength(forMs)}`}.`,
    modeAlready: (mode: Mode) => `Mode is ${modes[mode].name.toLowerCase()} already, for good: there is nothing to do.`,
    resumed: 'The gate lets new senders in again.',
    logCopied: (lines: number) => `Log copied (${plural(lines, 'line', 'lines')}).`,
  },
  toasts: { label: 'Messages', undo: 'Undo', dismiss: 'Dismiss' },
  trouble: { noLine: 'There is no connection to the gate.', notDone: 'The gate did not do it. Try again.', noLog: 'The log is there once the session has ended.' },
  keys: {
    title: 'Keys', close: 'Close',
    groups: [
      { name: 'Anywhere', keys: [['g l', 'Live'], ['g s', 'Senders'], ['g n', 'Notices'], ['g r', 'Rules'], ['g t', 'Reports'], ['g c', 'Check'], ['g e', 'Settings'], ['g m', 'Mailbox (practice mode)'], ['/', 'Search'], ['Ctrl-K', 'All commands'], ['u', 'Undo the last change'], ['P', 'Panic: observe for 1 hour'], ['?', 'This help'], ['Esc', 'Close what is open']] },
      { name: 'On the Rules page', keys: [['j ↓', 'Next rule'], ['k ↑', 'Previous rule'], ['Space', 'Select or not'], ['Shift ↓', 'Select on'], ['Ctrl A', 'Select all shown'], ['Enter', 'Edit'], ['Del', 'Lift what is selected'], ['Esc', 'Clear the selection']] },
      { name: 'In the list', keys: [['j ↓', 'Next row'], ['k ↑', 'Previous row'], ['Home', 'First row, back to live'], ['Enter', 'Open the row'], ['Space', 'Unfold or fold repeats'], ['b', 'Ban…'], ['w', 'Whitelist…'], ['l', 'Lift the ban that holds'], ['r', 'Check again'], ['n', 'Notify…'], ['c', 'Copy log'], ['s', 'Open sender']] },
      { name: 'On the Reports page', keys: [['[', 'The time before'], [']', 'The time after']] },
    ],
  },
} as const
