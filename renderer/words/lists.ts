/** Lists of rules: the import and export dialogs. */
import type { ListFormat } from '../../shared/gate/rulelist.ts'
import type { Progress } from '../model/wishes.ts'
import { number, plural } from './format.ts'

const formats: Record<ListFormat, string> = { plain: 'Plain list', csv: 'CSV', nftables: 'nftables', fail2ban: 'fail2ban' }

export const importWords = {
  title: 'Import rules', text: 'List', placeholder: 'Paste a list, or drop a file here.\n192.0.2.7 # why\n198.51.100.0/24', choose: 'Choose a file…', file: (name: string, size: string) => `${name}, ${size}`, drop: 'Drop the file here',
  help: 'A plain list (one address or network a line, # begins the reason), CSV (scope, kind, reason, until), an nftables set or what fail2ban-client prints is recognised by itself.',
  kind: 'Where the list does not say it, it is of', kinds: { ban: 'bans', allow: 'whitelist entries' }, length: 'Where it does not say how long', usual: 'Usual time (ban 4 days, whitelist for good)',
  formats, recognised: (format: string) => `Recognised as: ${format}`, tooLarge: 'The file is larger than 64 MB. The command line takes larger ones: porch import FILE.', unreadable: 'The file could not be read.', notText: 'This is not a text file.',
  preview: 'What it would do', reading: 'Reading…',
  counts: {
    fresh: (count: number) => `${number(count)} new`, replaced: (count: number) => `${number(count)} replace what is there`, bans: (count: number) => plural(count, 'ban', 'bans'), allows: (count: number) => plural(count, 'whitelist entry', 'whitelist entries'),
    expired: (count: number) => `${number(count)} over already, left out`, repeated: (count: number) => `${plural(count, 'line repeats', 'lines repeat')} an earlier one; the last one counts`, unsaid: (count: number) => `${number(count)} without an end of their own`, bad: (count: number) => `${plural(count, 'bad line', 'bad lines')}, left out`,
  },
  problems: 'Bad lines', moreProblems: (count: number) => `and ${number(count)} more`, nothing: 'There is no rule in it.',
  hits: (count: number) => `${plural(count, 'good sender', 'good senders')} of the last 30 days would be hit`, noHits: 'No good sender of the last 30 days would be hit.', looking: 'Looking for good senders of the last 30 days that it would hit…', hitsUnknown: 'Whom it would hit could not be found out.',
  go: (count: number) => `Import ${plural(count, 'rule', 'rules')}`, skipBad: 'Import the good lines all the same', busy: ({ done, total }: Progress) => `Importing: ${number(done)} of ${number(total)}…`, cancel: 'Cancel', close: 'Close', stopped: (problem: string) => `It stopped: ${problem} What was imported before stays; Undo takes it back.`,
} as const

export const exportWords = {
  title: 'Export rules', what: 'What', choices: { ban: (count: number) => `Bans (${number(count)})`, allow: (count: number) => `Whitelist (${number(count)})`, all: (count: number) => `Both (${number(count)})`, selected: (count: number) => `Selected (${number(count)})`, shown: (count: number) => `As shown in the table (${number(count)})` },
  format: 'Format', formats,
  help: {
    plain: 'One scope a line, the reason behind #. It does not say of what kind the rules are, nor when they end.', csv: 'Scope, kind, reason and end. Imported again, it is the same rules.',
    nftables: 'A file for nft -f with sets of addresses and how long each still holds. Addresses and networks of the whitelist are cut out of the bans; its names cannot be.', fail2ban: 'A script of fail2ban-client commands for the jail porch. Names are left out.',
  },
  download: 'Download', copy: 'Copy to the clipboard', copied: (count: number) => `${plural(count, 'rule', 'rules')} copied.`, copyFailed: 'The browser did not allow copying.', downloaded: (name: string) => `Saved as ${name}.`, nothing: 'There is nothing of it to export.', preview: 'How it begins', close: 'Close',
} as const
