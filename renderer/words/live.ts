/** The Live page: the list and its filters. */
import { number, plural } from './format.ts'

export const liveWords = {
  title: 'Sessions',
  columns: { time: 'Time', client: 'Client', ehlo: 'EHLO name', path: 'From → to', verdict: 'Verdict', disposition: 'Disposition', ms: 'ms', actions: 'Actions' },
  fold: 'Fold repeats', foldHelp: 'Repeats of one sender with the same fate become one row',
  repeats: (count: number) => `${number(count)} times`, expand: (count: number) => `Show all ${number(count)}`, collapse: 'Fold again',
  paused: (count: number) => (count === 0 ? 'Paused: back to live' : `${number(count)} new: back to live`), streaming: 'Live', stopped: 'Not live',
  searching: (backTo: string | null) => (backTo === null ? 'Loading older sessions…' : `Looking through older sessions, back to ${backTo}…`),
  loadOlder: 'Load older sessions', historyFailed: 'Older sessions could not be loaded.', again: 'Try again', allLoaded: 'That is all there is.',
  full: 'More than fits here. A filter shows what is further back.',
  loading: 'Loading sessions…',
  counted: (shown: number) => plural(shown, 'row', 'rows'),
  nullSender: '<>', noEhlo: 'no EHLO', moreRecipients: (count: number) => `+${count}`, noMail: '',
  standing: { banned: 'banned now', allowed: 'whitelisted now' },
  ehloLeadsTo: (address: string) => `name leads to ${address}`, reverseLeadsTo: (address: string) => `reverse leads to ${address}`,
  actions: { lift: 'Lift ban', liftOf: (scope: string) => `Lift the ban of ${scope}`, ban: 'Ban…', allow: 'Whitelist…', notify: 'Notify…', recheck: 'Check again', copyLog: 'Copy log', sender: 'Open sender', open: 'Open', filterClient: 'Only this client', filterName: 'Only this EHLO name' },
  menu: 'Actions for this session',
} as const

export const filterWords = {
  search: 'Search', placeholder: 'Address, name, mail, or a sentence', edit: (what: string) => `Change the filter ${what}`, searchHelp: 'Filters while you type. Enter makes a filter of it that others can be added to.', reading: (what: string) => `Shows ${what}`, instead: (what: string, shown: string) => `Found no ${what}. Shown instead: ${shown}`, label: 'Filters', clearAll: 'Clear all', remove: (what: string) => `Remove the filter ${what}`,
  any: 'any', disposition: 'Disposition', finding: 'Finding',
  names: { disposition: 'disposition', finding: 'finding', network: 'client', domain: 'domain', text: 'text' },
} as const
