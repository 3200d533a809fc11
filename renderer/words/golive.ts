/** Going live: the wizard, the card that asks whether to enforce, and what enforcing would have done. */
import type { Mode } from '../../shared/gate/disposition.ts'
import type { RuleSet } from '../../shared/gate/verdict.ts'
import type { GoLiveStep } from '../../shared/golive.ts'
import { number, plural } from './format.ts'

const NAMES: Record<RuleSet, string> = { house: 'house', standard: 'standard', lenient: 'lenient' }

export const goLiveWords = {
  title: 'Go live', enter: 'Go live…', enterHelp: 'Put the gate in front of your mail server, step by step', leave: 'Leave',
  lead: 'Seven short steps put the gate in front of your mail server. Each is tested where it can be; nothing is changed before the last one. The gate will only observe at first: nobody is refused.',
  leadAgain: 'The gate is live. The same steps change what they set up; nothing is changed before the last one.',
  stepOf: (at: number, of: number) => `Step ${at} of ${of}`,
  steps: { server: 'Mail server', name: 'Host name', domains: 'Domains', listen: 'Listening', shop: 'Your shop', rules: 'Rules', summary: 'Summary' } satisfies Record<GoLiveStep, string>,
  stepsLabel: 'Steps', done: 'tested', open: 'not tested', troubled: 'needs attention', skipped: 'skipped',
  back: 'Back', next: 'Next', test: 'Test', testAgain: 'Test again', testing: 'Testing…', testNext: 'Test and go on', skip: 'Skip the test',
  skipWarning: 'Going on without a good test. What is wrong here will be wrong when mail comes.', goOn: 'Go on all the same',
  results: 'What the test found', old: 'Something was changed since this test.', notTested: 'Not tested yet.', failed: 'The test could not be run. Is the connection to the gate there?',
  copy: 'Copy', states: { good: 'In order', note: 'Note', warning: 'Look at this', bad: 'Not in order' },
  loading: 'Loading what you have said so far…', loadFailed: 'The wizard could not be loaded.', again: 'Try again',
  server: {
    about: 'Where does mail go that passes the gate? Your mail server must listen on another port than 25 of the public address, usually on this machine only.',
    backend: 'Mail server', backendHelp: 'Host or address with port, such as 127.0.0.1:2526',
    identity: 'How it learns the client’s address', identityHelp: 'Its log, its spam filter and its own rules need each client’s address, not the gate’s.',
    identities: { auto: 'XCLIENT if it is offered (Postfix)', xclient: 'XCLIENT always', proxy: 'PROXY header (Exim, HAProxy-aware servers)', none: 'Not at all' },
  },
  name: { about: 'The name that the gate greets with. It should be the one that your MX record says, and the reverse name of your address: others check you as you check them.', hostname: 'Host name', hostnameHelp: 'Such as mx.shop.example' },
  domains: {
    about: 'The domains your shop receives mail for. Mail for any other domain is refused: the gate is never a relay.', domains: 'Served domains', domainsHelp: 'One a line; *.shop.example stands for every name below shop.example',
    others: 'Other MX hosts of your domains', othersHelp: 'If such a host is yours and passes mail on to this gate, exempt it: it comes with its own address, not the sender’s.', exempt: (host: string, address: string) => `${host} (${address}) is ours: exempt it`, exempted: 'Exempt as well',
    remove: (address: string) => `No longer exempt ${address}`,
  },
  listen: { about: 'Where clients connect. Mail from the Internet comes to port 25.', listen: 'Listening addresses', listenHelp: 'One a line; 0.0.0.0:25 is port 25 of all IPv4 addresses, [::]:25 of all IPv6 ones' , auth: 'Customers who send mail through you on port 25 with user name and password must use port 587 of the mail server: the gate offers no sign-in (AUTH) on port 25.' },
  shop: {
    about: 'Whom a refused sender may call, and where Porch writes to you. It stands under notices and on the help page; all of it may be left empty.',
    name: 'Name of your shop', phone: 'Telephone', rate: 'What help with DNS costs', rateHelp: 'Such as $60 per hour', url: 'Web address', urlHelp: 'Such as https://shop.example', adminEmail: 'Your own mail address', adminHelp: 'Where Porch writes to you',
  },
  rules: {
    about: 'Which findings will count. All three are judged side by side while the gate observes, so this can be changed once you have seen whom each would refuse.', label: 'Rules',
    house: 'House: the shop’s strict policy', houseDoes: 'The policy of the shop that Porch comes from, to the letter: the name a client says in EHLO must lead back to it. RFC 5321 §4.1.4 forbids refusing for that alone; house does so knowingly. Some large providers and many Exchange servers do not comply.',
    standard: 'Standard: today’s custom (recommended for most)', standardDoes: 'A reverse name that leads back, and a greeting that is a full name and not forged. What careful servers on the Internet ask for today. Recommended because, unlike house, it lets large providers and Exchange servers pass whose greeting does not lead back.',
    lenient: 'Lenient: a reverse name, no more', lenientDoes: 'Any reverse name will do. Stops the crudest senders only.',
  },
  summary: {
    about: (file: string) => `This is written into ${file}. The former file is kept beside it.`, about0: 'Nothing has been changed yet.', changes: 'What changes', key: 'Setting', before: 'Now', after: 'Then', unset: 'not set', same: 'Nothing differs from the settings file.',
    observe: 'The gate will observe: it passes all mail on and shows whom it would refuse. Enforcing is never automatic; after some days Porch shows you whom it would hit, and asks.',
    restart: 'The gate starts anew by itself for this; it takes a second, and connections under way may finish first.', restartByHand: 'For this the gate must be restarted from outside; how is told afterwards.', now: 'All of it holds at once.',
    problems: 'This must be put right first', untested: 'Not tested, or not in order', go: 'Go live', going: 'Going live…', toStep: (step: string) => `Go to ${step}`,
  },
  applied: {
    restarting: 'The gate starts anew with the new settings…', title: 'The gate is live, and observes', hand: 'The settings are written', backup: (file: string) => `The former settings are in ${file}.`,
    checking: 'Looking at the gate from outside…', check: 'Check again', next: 'What now', steps: ['Let the MX of your domains lead to this gate, if it does not yet.', 'Watch the Live page: “would reject” marks whom enforcing would refuse.', 'After some days Porch shows whom each set of rules would have refused, and asks whether to enforce.'],
    toLive: 'Go to the Live page', notBack: 'The gate has not come back yet. It is tried again; what it says when it cannot start stands above.', stillPractice: 'The gate is still in practice mode. What stands in its way is told above.',
  },
} as const

export const cardWords = {
  title: 'Enforce?', progress: (days: number, senders: number, neededDays: number, neededSenders: number) => `Observing: ${plural(days, 'day', 'days')} of ${number(neededDays)}, ${number(senders)} of ${number(neededSenders)} senders seen`,
  progressHelp: 'Then Porch shows whom each set of rules would have refused, and asks whether to enforce.', looking: (done: number, total: number) => (total === 0 ? 'Looking at what was observed…' : `Looking at what was observed: ${number(done)} of ${number(total)} sessions`),
  ready: (days: number, senders: number) => `${plural(days, 'day', 'days')} and ${plural(senders, 'sender', 'senders')} observed: see whom enforcing would have refused.`, open: 'See whom', off: 'There is nothing to decide: the gate is not observing, or it only practises.', offTitle: 'Not observing',
  observed: (days: number, sessions: number, senders: number) => `${plural(days, 'day', 'days')} of observing, ${plural(sessions, 'session', 'sessions')} of ${plural(senders, 'sender', 'senders')}. This is what each set of rules would have done. Nobody was refused yet.`,
  caption: 'What each set of rules would have done', outcome: 'Outcome', outcomes: { accept: 'Passed', tempfail: 'Asked to try again', reject: 'Refused' }, counted: (sessions: number, senders: number) => `${number(sessions)} (${plural(senders, 'sender', 'senders')})`,
  correspondents: 'Of these, mail was accepted before', correspondentsHelp: 'Senders whose mail passed the rules, or the whitelist, at another time: probably wanted',
  list: 'Who would have been refused, likely correspondents first', columns: { sender: 'Sender', why: 'Why', mail: 'Mail', seen: 'Known', action: 'Action' },
  none: 'None of the three would have refused anybody.', refusedTimes: (count: number) => `refused ${number(count)}×`, passes: 'passes', deferred: 'deferred', wasAccepted: 'mail accepted before', wasDelivered: (count: number, days: number) => `${plural(count, 'mail', 'mails')} taken by your server on ${plural(days, 'day', 'days')}`, neverDelivered: 'no mail delivered',
  whitelist: 'Whitelist', whitelistOf: (who: string) => `Whitelist ${who}`, whitelisted: 'Whitelisted', claimed: 'claimed', more: (count: number) => `${number(count)} more are not listed.`, reason: 'correspondent, seen while observing', showAll: (count: number) => `Show all ${number(count)}`,
  ask: 'Which rules should the gate enforce?', enforce: (rules: RuleSet) => `Enforce ${NAMES[rules]} rules`, later: 'Ask again in a week', putOff: (time: string) => `Put off until ${time}.`, askNow: 'Ask now', neverAutomatic: 'Nothing happens by itself: the gate goes on observing until you decide.',
  enforced: (rules: RuleSet) => `The gate enforces ${NAMES[rules]} rules.`, undone: 'The gate observes again.', laterDone: 'Asked again in a week.', failed: 'This could not be loaded.', again: 'Try again',
} as const

/** The sentence of the mode switch, for a mode under the rules in force. `inForce`: then it was so, and would not only have been. */
export function wouldHaveWords(mode: Exclude<Mode, 'observe'>, inForce: boolean, rules: RuleSet, day: 'yesterday' | 'today', judged: number, refused: { readonly sessions: number; readonly senders: number }, deferred: { readonly sessions: number }, correspondents: number): string {
  const when = day === 'yesterday' ? 'yesterday' : 'today so far'
  if (judged === 0) return `Nobody sent mail ${day === 'yesterday' ? 'yesterday' : 'yesterday or today'}.`
  const does = mode === 'enforce' ? 'Enforcing' : 'Grace with'
  const verb = mode === 'enforce' ? (inForce ? 'meant refusing' : 'would have refused') : inForce ? 'meant putting off' : 'would have put off'
  const end = mode === 'grace' ? ' Who does not repair it is refused after some days.' : ''
  const later = deferred.sessions === 0 ? '' : ` ${plural(deferred.sessions, 'more session', 'more sessions')} would have been asked to try again, as DNS gave no answer.`
  if (refused.sessions === 0) return `${does} ${NAMES[rules]} rules ${verb} nobody ${when} (${plural(judged, 'session', 'sessions')}).${later}`
  const known = correspondents === 0 ? 'none of them has sent accepted mail before' : `${number(correspondents)} of them ${correspondents === 1 ? 'has' : 'have'} sent accepted mail before`
  return `${does} ${NAMES[rules]} rules ${verb} ${plural(refused.sessions, 'session', 'sessions')} of ${plural(refused.senders, 'sender', 'senders')} ${when}, ${known}.${end}${later}`
}
