/** Bans and whitelist: the popover and the Rules page. */
import { number, plural } from './format.ts'

export const ruleWords = {
  banTitle: 'Ban', allowTitle: 'Whitelist', scope: 'Whom', length: 'How long', reason: 'Why', reasonPlaceholder: 'For your own records (optional)',
  kinds: { address: 'this address', network: 'its network', name: 'verified name', below: 'names below' },
  forGood: 'For good', banButton: 'Ban', allowButton: 'Whitelist', cancel: 'Cancel',
  hits: 'Good senders of the last 30 days that this would hit', hitsAllow: 'Senders of the last 30 days within', noHits: 'This hits no good sender of the last 30 days.',
  noHitsAllow: 'Nobody accepted in the last 30 days is in it.', checking: 'Looking at the last 30 days…', sessions: (count: number) => plural(count, 'session', 'sessions'),
  moreHits: (count: number) => `and ${number(count)} more`,
  claimedNote: 'The name is only claimed, so it cannot be whitelisted; the address can.',
  refused: 'Not done:',
} as const

export const rulesWords = {
  bans: 'Bans', allows: 'Whitelist', search: 'Search rules', add: 'Add', addScope: { ban: 'Address or network', allow: 'Address, network or verified name' },
  addPlaceholder: { ban: '192.0.2.7 or 192.0.2.0/24', allow: '192.0.2.7, 192.0.2.0/24 or .outlook.com' },
  columns: { scope: 'Scope', reason: 'Why', by: 'Who', since: 'Since', until: 'Expires in', hits: 'Hits', actions: 'Actions' }, hitsHelp: { ban: 'Connections refused; they are counted here and not listed on the Live page', allow: 'Connections let through' },
  by: { admin: 'by hand', auto: 'automatic' }, never: 'never', expired: 'now', lift: 'Lift', remove: 'Remove', liftOf: (scope: string) => `Lift the ban of ${scope}`, removeOf: (scope: string) => `Remove ${scope} from the whitelist`,
  loading: 'Loading rules…', failed: 'The rules could not be loaded.', again: 'Try again', label: 'Rules',
} as const
