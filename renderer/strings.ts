/** Every word the console says, in one place, ready to be translated. Functions take values and return a whole sentence: word order is the translator's. */
import type { AnswerStatus } from '../shared/dns/answer.ts'
import type { Disposition, Finding, Rule } from '../shared/events.ts'
import type { Mode } from '../shared/gate/disposition.ts'
import type { RuleSet } from '../shared/gate/verdict.ts'
import type { Remark } from './model/tree.ts'
import { lengthOf } from './model/time.ts'

const number = new Intl.NumberFormat('en-US')
const plural = (count: number, one: string, many: string) => `${number.format(count)} ${count === 1 ? one : many}`

const SHORT_UNITS = { second: 's', minute: 'min', hour: 'h', day: 'd' }
const shortLength = (ms: number) => {
  const { value, unit } = lengthOf(ms)
  return `${value} ${SHORT_UNITS[unit]}`
}
/** What is left of a length: to the nearest unit, so that four days are not "3 d" a second later. */
const shortLeft = (ms: number) => {
  const { value, unit } = lengthOf(ms, Math.round)
  return `${value} ${SHORT_UNITS[unit]}`
}
const longLength = (ms: number) => {
  const { value, unit } = lengthOf(ms)
  return plural(value, unit, `${unit}s`)
}

const dispositions: Record<Disposition, string> = {
  banned: 'Banned', limited: 'Over a limit', rejected: 'Rejected', deferred: 'Deferred', 'bounced-by-backend': 'Bounced by server',
  whitelisted: 'Whitelisted', exempt: 'Exempt', 'would-reject': 'Would reject', 'would-defer': 'Would defer', accepted: 'Accepted', aborted: 'Broke off',
}

const findings: Record<Finding, string> = {
  'ptr-missing': 'no reverse name', 'ptr-unconfirmed': 'reverse name leads elsewhere', 'ehlo-malformed': 'EHLO is no host name',
  'ehlo-ours': 'claims to be this server', 'ehlo-literal-mismatch': 'literal of another address', 'ehlo-literal': 'address instead of a name',
  'ehlo-not-fqdn': 'EHLO name not qualified', 'ehlo-bare-domain': 'EHLO is a bare domain', 'ehlo-unresolvable': 'EHLO name does not exist',
  'ehlo-mismatch': 'EHLO name leads elsewhere', 'dns-temporary': 'DNS gave no answer',
}

const modes: Record<Mode, { name: string; does: string }> = {
  enforce: { name: 'Enforce', does: 'Clients whose DNS is wrong are refused, and told why.' },
  grace: { name: 'Grace', does: 'Clients whose DNS is wrong are asked to try again later for some days, and refused after that.' },
  observe: { name: 'Observe', does: 'Nothing is refused for its DNS; the list shows what would have been. Bans made by hand still hold.' },
}

const ruleSets: Record<RuleSet, { name: string; does: string }> = {
  house: { name: 'House', does: 'House rules: the shop’s published policy to the letter. Stricter than RFC 5321 §4.1.4, knowingly: an EHLO name that does not lead to the client is refused.' },
  standard: { name: 'Standard', does: 'Standard rules: a reverse name that leads back, and a qualified EHLO name that is not forged. Suits the open Internet today.' },
  lenient: { name: 'Lenient', does: 'Lenient rules: only a reverse name is asked for.' },
}

const statuses: Record<AnswerStatus, string> = {
  found: 'found', nodata: 'no such record', nxdomain: 'name does not exist', servfail: 'server failed (SERVFAIL)',
  refused: 'resolver refused', timeout: 'no answer in time', malformed: 'unusable answer',
}

const remarks: Record<Remark, string> = {
  'has-names': 'has a reverse name', 'no-name': 'no reverse name', 'leads-back': 'leads back to the client', 'leads-elsewhere': 'leads elsewhere',
  'no-address': 'has no address', temporary: 'no certain answer', 'not-asked': 'not asked', 'matches-client': 'belongs to the client',
  'other-family': 'other address family only counts as existing', 'mail-hosts': 'mail hosts of this name', 'no-mail-host': 'has no mail host',
  'not-a-name': 'is no host name', literal: 'is an address, not a name',
}

const kindWord = (kind: Rule['kind']) => (kind === 'ban' ? 'ban' : 'whitelist entry')

export const strings = {
  product: 'Porch',
  title: (page: string) => `Porch: ${page}`,
  number: (value: number) => number.format(value),
  shortLength, shortLeft, longLength,
  ago: (ms: number) => (ms < 1000 ? 'now' : `${shortLength(ms)} ago`),
  dispositions, findings, modes, ruleSets, statuses, remarks,
  underWay: 'Under way',
  dnsInOrder: 'DNS in order',
  notJudged: 'not judged',
  more: (count: number) => `+${count}`,
  tolerated: 'noted, not refused for',
  claimed: 'claimed',
  verified: 'verified',
  pages: { live: 'Live', rules: 'Rules', mailbox: 'Mailbox' },
  rail: 'Pages',
  skip: 'Skip to the content',
  scheme: { auto: 'Colours as the system', light: 'Light colours', dark: 'Dark colours' },
  help: 'Keys and help',
  status: {
    label: 'Status of the gate',
    open: 'Gate open', closed: 'Gate closed', waiting: 'Connecting…',
    mode: 'Mode', until: (ms: number) => `for another ${shortLeft(ms)}`, rules: 'rules', listening: 'Listening',
    backendUp: (ms: number | null) => (ms === null ? 'Mail server up' : `Mail server up, ${Math.round(ms)} ms`),
    backendDown: 'Mail server down', practiceMailbox: 'Practice mailbox', noBackend: 'no mail server behind it; mail goes to the practice mailbox',
    canaryOff: 'DNS canary off', canaryGreen: 'DNS', canaryRed: 'Our DNS is sick',
    canaryOffHelp: 'No known names are asked to see whether our own DNS is well.', canaryGreenHelp: 'Our own DNS is well,',
    canaryRedHelp: 'Nobody is refused for DNS until it is well, sick', canarySince: (time: string) => `since ${time}`,
    openNow: (count: number) => `${number.format(count)} open`,
    perMinute: (count: number) => `${number.format(count)} / min`,
    perMinuteHelp: 'Finished sessions in each of the last 60 minutes',
    today: 'Today', nothingToday: 'nothing yet today',
    dropped: (count: number) => `${plural(count, 'session', 'sessions')} not written`,
    droppedHelp: 'The journal could not keep up; mail was not affected.',
    journalTrouble: 'Journal in trouble',
    blind: (since: string, ms: number) => `No connection to the gate since ${since} (${shortLength(ms)}). What you see is from then.`,
    lost: 'The connection to the gate is lost.', retry: 'Try now', retrying: (ms: number) => `next try in ${Math.max(1, Math.ceil(ms / 1000))} s`, tryingNow: 'trying…',
    refused: 'The gate does not know this browser any more. Open the address again that it printed at its start.',
    alarms: 'What needs you',
  },
  modeSwitch: {
    title: 'Change the mode', forAnHour: 'For 1 hour only, then back', apply: 'Change', now: 'in force',
  },
  live: {
    title: 'Sessions',
    columns: { time: 'Time', client: 'Client', ehlo: 'EHLO name', path: 'From → to', verdict: 'Verdict', disposition: 'Disposition', ms: 'ms', actions: 'Actions' },
    fold: 'Fold repeats', foldHelp: 'Repeats of one sender with the same fate become one row',
    repeats: (count: number) => `${number.format(count)} times`, expand: (count: number) => `Show all ${number.format(count)}`, collapse: 'Fold again',
    paused: (count: number) => (count === 0 ? 'Paused: back to live' : `${number.format(count)} new: back to live`), streaming: 'Live', stopped: 'Not live',
    searching: (backTo: string | null) => (backTo === null ? 'Loading older sessions…' : `Looking through older sessions, back to ${backTo}…`),
    loadOlder: 'Load older sessions', historyFailed: 'Older sessions could not be loaded.', again: 'Try again', allLoaded: 'That is all there is.',
    full: 'More than fits here. A filter shows what is further back.',
    loading: 'Loading sessions…',
    counted: (shown: number) => plural(shown, 'row', 'rows'),
    nullSender: '<>', noEhlo: 'no EHLO', moreRecipients: (count: number) => `+${count}`, noMail: '',
    actions: { ban: 'Ban…', allow: 'Whitelist…', copyLog: 'Copy log', open: 'Open', filterClient: 'Only this client', filterName: 'Only this EHLO name' },
    menu: 'Actions for this session',
  },
  filter: {
    search: 'Search', placeholder: 'Address, network, name, .domain, mail ⏎', label: 'Filters', clearAll: 'Clear all', remove: (what: string) => `Remove the filter ${what}`,
    any: 'any', disposition: 'Disposition', finding: 'Finding',
    names: { disposition: 'disposition', finding: 'finding', network: 'client', domain: 'domain', text: 'text' },
  },
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
  detail: {
    label: 'Session', body: 'What happened', close: 'Close', loading: 'Loading…', gone: 'This session is not in the journal (any more).', failed: 'The session could not be loaded.', again: 'Try again',
    running: 'This session is under way; its evidence follows when it ends.',
    lookups: 'Lookups', asOf: (time: string) => `as DNS answered at ${time}`, reverse: 'Reverse: who is this address?', forward: 'Forward: is the EHLO name this client’s?',
    verdictNode: 'Verdict', via: 'via', ttl: (seconds: number) => `TTL ${number.format(seconds)} s`, noTtl: 'no TTL', cached: 'cached', by: (server: string) => `by ${server}`,
    unanswered: 'by no one', noEhlo: 'No EHLO name was said.', notGathered: 'Nothing was looked up for this session.',
    remedies: 'What would repair it', anyOne: 'Any one of these is enough.', noRemedies: 'Nothing to repair.', noRemediesTemporary: 'DNS failed for the moment; the sender will try again.',
    who: { 'address-owner': 'At the owner of the address (its ISP or data centre)', 'domain-owner': 'At the owner of the domain', server: 'On the sending server' },
    add: 'add', remove: 'remove', setEhlo: (name: string) => `greet with ${name}`, copyRecords: 'Copy records',
    transcript: 'SMTP transcript', speakers: { client: 'client', gate: 'gate', backend: 'server', note: 'note' }, noTranscript: 'Nothing was said.',
    log: 'Log', copyLog: 'Copy log', raw: 'Raw record', copyRaw: 'Copy JSON', copied: 'Copied', copyFailed: 'Copying failed',
    facts: { client: 'Client', name: 'Name', ehlo: 'EHLO', from: 'From', to: 'To', reply: 'Reply', tls: 'TLS', bytes: 'Size', at: 'Began', lasted: 'Lasted', rules: 'Judged by' },
    noTls: 'not encrypted', nobody: 'nobody', octets: (count: number) => plural(count, 'byte', 'bytes'),
  },
  rule: {
    banTitle: 'Ban', allowTitle: 'Whitelist', scope: 'Whom', length: 'How long', reason: 'Why', reasonPlaceholder: 'For your own records (optional)',
    kinds: { address: 'this address', network: 'its network', name: 'verified name', below: 'names below' },
    forGood: 'For good', banButton: 'Ban', allowButton: 'Whitelist', cancel: 'Cancel',
    hits: 'Good senders of the last 30 days that this would hit', hitsAllow: 'Senders of the last 30 days within', noHits: 'This hits no good sender of the last 30 days.',
    noHitsAllow: 'Nobody accepted in the last 30 days is in it.', checking: 'Looking at the last 30 days…', sessions: (count: number) => plural(count, 'session', 'sessions'),
    moreHits: (count: number) => `and ${number.format(count)} more`,
    claimedNote: 'The name is only claimed, so it cannot be whitelisted; the address can.',
    refused: 'Not done:',
  },
  rules: {
    bans: 'Bans', allows: 'Whitelist', search: 'Search rules', add: 'Add', addScope: { ban: 'Address or network', allow: 'Address, network or verified name' },
    addPlaceholder: { ban: '192.0.2.7 or 192.0.2.0/24', allow: '192.0.2.7, 192.0.2.0/24 or .outlook.com' },
    columns: { scope: 'Scope', reason: 'Why', by: 'Who', since: 'Since', until: 'Expires in', hits: 'Hits', actions: 'Actions' }, hitsHelp: { ban: 'Connections refused; they are counted here and not listed on the Live page', allow: 'Connections let through' },
    by: { admin: 'by hand', auto: 'automatic' }, never: 'never', expired: 'now', lift: 'Lift', remove: 'Remove', liftOf: (scope: string) => `Lift the ban of ${scope}`, removeOf: (scope: string) => `Remove ${scope} from the whitelist`,
    loading: 'Loading rules…', failed: 'The rules could not be loaded.', again: 'Try again', label: 'Rules',
  },
  practice: {
    banner: 'Practice mode: nothing leaves this machine.', play: 'Play sample senders', playing: 'Sample senders are playing…',
  },
  mailbox: { label: 'Received mail', from: 'From', to: 'To', subject: 'Subject', size: 'Size', raw: 'The message as received', choose: 'Choose a mail to read it.', noSubject: '(no subject)', gone: 'This mail is not there any more.', failed: 'The mailbox could not be loaded.', copy: 'Copy message' },
  done: {
    added: (rule: Rule) => (rule.kind === 'ban' ? `${rule.scope} is banned${rule.until === null ? ' for good' : ''}.` : `${rule.scope} is whitelisted${rule.until === null ? ' for good' : ''}.`),
    removed: (rule: Rule) => (rule.kind === 'ban' ? `The ban of ${rule.scope} is lifted.` : `${rule.scope} is off the whitelist.`),
    undone: (rule: Rule) => `The ${kindWord(rule.kind)} of ${rule.scope} is undone.`,
    mode: (mode: Mode, temporary: boolean) => `Mode is now ${modes[mode].name.toLowerCase()}${temporary ? ' for 1 hour' : ''}.`,
    logCopied: (lines: number) => `Log copied (${plural(lines, 'line', 'lines')}).`,
  },
  toasts: { label: 'Messages', undo: 'Undo', dismiss: 'Dismiss' },
  trouble: { noLine: 'There is no connection to the gate.', notDone: 'The gate did not do it. Try again.', noLog: 'The log is there once the session has ended.' },
  keys: {
    title: 'Keys', close: 'Close',
    groups: [
      { name: 'Anywhere', keys: [['g l', 'Live'], ['g r', 'Rules'], ['g m', 'Mailbox (practice mode)'], ['/', 'Search'], ['u', 'Undo the last change'], ['?', 'This help'], ['Esc', 'Close what is open']] },
      { name: 'In the list', keys: [['j ↓', 'Next row'], ['k ↑', 'Previous row'], ['Home', 'First row, back to live'], ['Enter', 'Open the row'], ['Space', 'Unfold or fold repeats'], ['b', 'Ban…'], ['w', 'Whitelist…'], ['c', 'Copy log'], ['Del', 'Lift a rule (Rules page)']] },
    ],
  },
} as const
