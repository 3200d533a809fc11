/** Bans and whitelist: the popover, the Rules page and its table. */
import type { RuleKind } from '../../shared/events.ts'
import { number, plural } from './format.ts'

const rulesOf = (count: number) => plural(count, 'rule', 'rules')

export const ruleWords = {
  banTitle: 'Ban', allowTitle: 'Whitelist', scope: 'Whom', length: 'How long', reason: 'Why', reasonPlaceholder: 'For your own records (optional)',
  kinds: { address: 'this address', network: 'its network', name: 'verified name', below: 'names below', registered: 'registered network' },
  forGood: 'For good', keep: 'As it is', own: 'Own length…', ownLabel: 'Own length', ownPlaceholder: '3d, 12h, 90m', ownProblem: 'Expected a length such as 90m, 12h, 3d or 2w, or ever',
  banButton: 'Ban', allowButton: 'Whitelist', cancel: 'Cancel',
  impact: 'In the last 30 days',
  hits: 'Good senders of the last 30 days that this would hit', hitsAllow: 'Senders of the last 30 days within', noHits: 'This hits no good sender of the last 30 days.',
  noHitsAllow: 'Nobody accepted in the last 30 days is in it.', checking: 'Looking at the last 30 days…', sessions: (count: number) => plural(count, 'session', 'sessions'),
  refusedBan: (sessions: number, clients: number, atLeast: boolean) => `Refused or deferred anyway: ${atLeast ? 'more than ' : ''}${plural(sessions, 'session', 'sessions')} of ${plural(clients, 'client', 'clients')}.`,
  refusedAllow: (sessions: number, clients: number, atLeast: boolean) => `Would have been let through: ${atLeast ? 'more than ' : ''}${plural(sessions, 'refused or deferred session', 'refused or deferred sessions')} of ${plural(clients, 'client', 'clients')}.`,
  noRefused: 'Nothing was refused or deferred in it.',
  spared: 'whitelisted, so not hit',
  moreHits: (count: number) => `and ${number(count)} more`,
  claimedNote: 'The name is only claimed, so it cannot be whitelisted; the address can.',
  refused: 'Not done:',
  registry: { looking: 'Looking up the registered network…', none: (why: string) => `Registered network not known: ${why}`, failed: 'The registered network could not be looked up.', wide: 'it is too wide to be one sender’s, or in too many pieces', retry: 'Look again', many: (count: number) => plural(count, 'network', 'networks'), title: 'As the registry of addresses (RDAP) has it' },
  standing: {
    same: (kind: RuleKind, until: string) => `It is ${kind === 'ban' ? 'banned' : 'whitelisted'} already, ${until}. This replaces that.`,
    covered: (kind: RuleKind, scope: string, until: string) => `It lies inside ${scope}, which is ${kind === 'ban' ? 'banned' : 'whitelisted'} already, ${until}.`,
    beaten: (scope: string) => `${scope} is on the whitelist, and the whitelist beats a ban: this would have no effect here.`,
    exceptions: (count: number, scope: string) => (count === 1 ? `${scope} stays an exception: it is on the whitelist.` : `${plural(count, 'whitelist entry', 'whitelist entries')} inside stay exceptions, ${scope} among them.`),
    beats: (scope: string) => `The ban of ${scope} stays, with this exception.`,
    lifts: (scope: string) => `The automatic ban of ${scope} is lifted by this.`,
  },
  forGoodLower: 'for good', until: (time: string) => `until ${time}`,
} as const

export const rulesWords = {
  tabs: { all: 'All', ban: 'Bans', allow: 'Whitelist', suggestions: 'Suggestions' }, search: 'Search rules', searchPlaceholder: 'Scope, reason, or an address it covers', add: 'Add', addScope: { ban: 'Address or network', allow: 'Address, network or verified name' },
  addPlaceholder: { ban: '192.0.2.7 or 192.0.2.0/24', allow: '192.0.2.7, 192.0.2.0/24 or .outlook.com' },
  wide: { ban: 'is a large part of the Internet. Nearly all mail from it would be refused. Is that meant?', allow: 'is a large part of the Internet. Nearly nobody in it would be checked any more. Is that meant?' } satisfies Record<RuleKind, string>,
  wideButton: { ban: 'Yes, ban all of it', allow: 'Yes, whitelist all of it' } satisfies Record<RuleKind, string>,
  columns: { kind: 'Rule', scope: 'Scope', reason: 'Why', by: 'Who', since: 'Since', until: 'Expires in', hits: 'Hits', lastHit: 'Last hit', actions: 'Actions' },
  hitsHelp: { all: 'Connections that met this rule', ban: 'Connections refused; they are counted here and not listed on the Live page', allow: 'Connections let through', suggestions: '' },
  kinds: { ban: 'Ban', allow: 'Whitelist' },
  sort: (column: string) => `Sort by ${column.toLowerCase()}`, trend: (hits: number, days: number) => `${number(hits)} hits in the last ${plural(days, 'day', 'days')}`, neverHit: 'never',
  by: { admin: 'by hand', auto: 'automatic' }, never: 'never', expired: 'now',
  lift: 'Lift', remove: 'Remove', edit: 'Edit', liftOf: (scope: string) => `Lift the ban of ${scope}`, removeOf: (scope: string) => `Remove ${scope} from the whitelist`, editOf: (scope: string) => `Edit ${scope}`,
  select: (scope: string) => `Select ${scope}`, selectAll: 'Select all shown', selected: (count: number) => `${number(count)} selected`, clear: 'Clear the selection', liftSelected: 'Lift selected', exportSelected: 'Export selected…',
  shown: (shown: number, all: number) => (shown === all ? plural(all, 'rule', 'rules') : `${number(shown)} of ${plural(all, 'rule', 'rules')}`),
  loading: (loaded: number, total: number | null) => (total === null || total === 0 ? 'Loading rules…' : `Loading rules: ${number(loaded)} of ${number(total)}…`), noLine: 'Waiting for the gate…', again: 'Try again', label: 'Rules',
  importButton: 'Import…', exportButton: 'Export…',
  confirm: { title: (count: number) => `Lift ${rulesOf(count)}?`, bans: (count: number) => `${plural(count, 'ban', 'bans')}: these clients may knock again at once.`, allows: (count: number) => `${plural(count, 'whitelist entry', 'whitelist entries')}: these senders are judged like all others again.`, undo: 'You can undo it for 10 seconds.', go: 'Lift', cancel: 'Cancel' },
  editTitle: (scope: string) => `Edit ${scope}`, editNote: 'Once changed, the rule is yours: it counts as made by hand.', editHow: 'Expires', editNow: (until: string) => `now: ${until}`, save: 'Save', close: 'Close',
} as const
