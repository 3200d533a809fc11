/** The detail pane beyond the session itself: then and now, check again, the sender's standing and history. */
import type { Rule } from '../../shared/events.ts'
import { number, plural } from './format.ts'

interface Released {
  readonly lifted: Rule | null
  readonly stays: Rule | null
  readonly strikes: number
}

const until = (time: string | null) => (time === null ? 'for good' : `until ${time}`)

export const paneWords = {
  view: 'When', then: 'Then', now: 'Now', both: 'Then and now',
  checkAgain: 'Check again', checkAgainHelp: 'Asks DNS afresh. Who passes now is let go: its automatic ban is lifted, its strikes are cleared.',
  asking: (seconds: number) => (seconds < 1 ? 'Asking DNS…' : `Asking DNS… ${seconds} s`), askingNow: 'Asking DNS',
  asOfNow: (time: string) => `asked again at ${time}`, notAsked: 'Not asked again yet.', ask: 'Ask DNS now', askAgain: 'Ask again',
  failed: 'It could not be checked again:',
  passes: 'It passes now.', passesLook: 'It passes now. “Check again” lets it go.', passesNot: 'It does not pass yet.', passesTemporary: 'DNS gave no certain answer; nothing was changed.',
  releaseFailed: (problem: string) => `It passes now, but its ban is still there: ${problem}`,
  strikesCleared: (count: number) => (count === 0 ? 'its cached answers are dropped' : `${plural(count, 'strike is', 'strikes are')} cleared and its cached answers dropped`),
  released: (client: string, { lifted, stays, strikes }: Released) => {
    const done = [lifted === null ? '' : `the automatic ban of ${lifted.scope} is lifted, `, strikes === 0 ? 'its cached answers are dropped' : `${plural(strikes, 'strike is', 'strikes are')} cleared and its cached answers dropped`].join('')
    return `${client} passes now: ${done}.${stays === null ? '' : ` The ban of ${stays.scope}, ${stays.by === 'admin' ? 'made by hand' : 'of a wider network'}, stays.`}`
  },
  putBack: (scope: string) => `The ban of ${scope} is back.`,
  compare: 'Answers then and now', question: 'Question', verdict: 'Verdict',
  changes: { same: 'the same', changed: 'changed', 'asked-now': 'asked only now', 'not-asked-now': 'not asked now' },
  changeCount: (count: number) => (count === 0 ? 'Nothing has changed.' : `${plural(count, 'answer has', 'answers have')} changed.`), isNew: 'new', isGone: 'gone',
  wouldPass: 'would pass', wouldReject: 'would be rejected', wouldDefer: 'would be deferred', notAskedThen: 'not asked',
  copyNslookup: 'Copy as nslookup', copyDig: 'Copy as dig',

  banned: (scope: string, byHand: boolean, end: string | null) => `${scope} is banned ${byHand ? 'by hand' : 'automatically'} ${until(end)}.`,
  whitelisted: (scope: string, end: string | null) => `${scope} is whitelisted ${until(end)}: it passes whatever its DNS says.`,
  beats: (scope: string) => `The whitelist beats the ban of ${scope}.`, reason: (text: string) => `Why: ${text}`,
  lift: 'Lift the ban', remove: 'Take off the whitelist', standing: 'Standing of this sender',

  history: 'History of this sender', historyOf: (scope: string) => `of ${scope}`, historyFailed: 'The history could not be loaded.', again: 'Try again', historyLoading: 'Loading the history…',
  attempts: (count: number, more: boolean) => `${more ? 'More than ' : ''}${plural(count, 'attempt', 'attempts')}`,
  strikes: (count: number, needed: number, minutes: number) => `${number(count)} of ${number(needed)} strikes in ${plural(minutes, 'minute', 'minutes')}`, noStrikes: 'no strikes',
  bansBefore: (count: number) => (count === 0 ? '' : `${plural(count, 'automatic ban', 'automatic bans')} before`),
  times: (count: number) => `${number(count)} times`, since: 'since', strike: (numbers: readonly number[]) => (numbers.length === 1 ? `strike ${numbers[0]}` : `strikes ${Math.min(...numbers)} to ${Math.max(...numbers)}`),
  thisOne: 'this session', banBegan: (rule: Rule) => `${rule.scope} was banned ${rule.by === 'admin' ? 'by hand' : 'automatically'}`, allowBegan: (rule: Rule) => `${rule.scope} was whitelisted`,
  ends: (rule: Rule) => (rule.kind === 'ban' ? `the ban of ${rule.scope} ends` : `the whitelist entry of ${rule.scope} ends`),
  suggested: 'earned a ban, which was only suggested: its mail had been accepted', showAll: (count: number) => `Show all ${number(count)} lines`, showFewer: 'Show fewer', showInList: 'Show its sessions in the list',
  openAttempt: 'Open this session',
  noLine: 'There is no connection to the gate. The session loads when it is back.',
} as const
