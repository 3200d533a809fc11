/** The Settings page. The names and help of the keys themselves stand in the schema (shared/config.ts). */
import { plural } from './format.ts'

/** In which group each key of the file is shown, in this order. */
export const settingGroups = [
  { id: 'gate', title: 'This gate', keys: ['hostname', 'listen', 'domains', 'domainsFile', 'proxyProtocolFrom', 'tls'] },
  { id: 'server', title: 'Mail server', keys: ['backend', 'backendIdentity', 'backendTls'] },
  { id: 'judging', title: 'Judging', keys: ['policy'] },
  { id: 'dns', title: 'DNS', keys: ['dns'] },
  { id: 'bans', title: 'Automatic bans', keys: ['bans'] },
  { id: 'limits', title: 'Limits', keys: ['limits'] },
  { id: 'pages', title: 'Console, help page', keys: ['console', 'helpPage'] },
  { id: 'notices', title: 'Notices', keys: ['notices', 'shop'] },
  { id: 'keeping', title: 'Keeping, doctor', keys: ['store', 'retentionDays', 'doctor'] },
] as const

export const settingsWords = {
  loading: 'Loading the settings…', failed: 'The settings could not be loaded.', again: 'Try again',
  groups: 'Groups of settings', search: 'Search settings', nothing: (text: string) => `No setting speaks of “${text}”.`,
  view: 'View', form: 'Form', json: 'File', jsonLabel: 'The settings file, as JSON', notJson: (why: string) => `This is no JSON yet: ${why}`,
  formWaits: 'The form comes back once the text is JSON.', unsavedText: 'Text not saved',
  file: 'File', missing: 'not there yet: saving makes it', byDefault: 'default', isSet: 'set here', notSet: 'not set', none: '(empty)',
  reset: 'Default', resetOf: (title: string) => `${title}: back to the default`, defaultIs: (value: string) => `Default: ${value}`,
  atStart: 'applies at the next start', atStartHelp: 'Saved at once, but the running gate keeps the old value until it is started again.',
  waiting: 'waits for the next start', notSetChoice: 'Not set', notSetHelp: 'The default, as described above.',
  bounds: (min: string, max: string) => `${min} to ${max}`, onePerLine: 'One a line.', line: (number: number) => `line ${number}`, emptyOnPurpose: 'None at all (an empty list instead of the default)',
  insert: (field: string) => `Insert {${field}}`, insertInto: (finding: string) => `Fields for: ${finding}`, preview: 'The sender hears:', ownText: 'Porch’s own text', textFor: (finding: string) => `Text for: ${finding}`,
  fieldHelp: { client: 'the address', ehlo: 'the EHLO name', ptr: 'the reverse name', url: 'the link to the page that explains this refusal', id: 'the session’s short id' } as Readonly<Record<string, string>>,
  lastDay: (refused: number, would: number) => `In the last 24 hours: ${plural(refused, 'session', 'sessions')} refused or deferred${would > 0 ? `, ${plural(would, 'more', 'more')} would have been` : ''}.`,
  changes: (count: number) => (count === 0 ? 'No changes' : plural(count, 'change', 'changes')), problems: (count: number) => plural(count, 'problem', 'problems'),
  discard: 'Discard', review: 'Review and save…', firstProblem: 'Show the first problem', savedAlready: 'Everything is saved.', choose: 'Choose above what to put back, or repair the file itself.',
  writtenAnew: 'The torn file is written anew, whole. No setting changes: it is what the gate runs with.',
  reviewTitle: 'What will change', before: 'Before', after: 'After', what: 'Setting', when: 'Applies', now: 'at once', start: 'at the next start', save: 'Save', back: 'Back',
  warnings: 'Will be saved, but look at this first:', saved: (count: number, later: boolean) => count === 0 ? 'The settings file is whole again.' : `${plural(count, 'change', 'changes')} saved${later ? '; some wait for the next start' : ' and in force'}.`, undone: 'The settings are as they were.',
  notSaved: 'Not saved.', reload: 'Look at the file as it is now',
  changedMeanwhile: 'The file was changed meanwhile, by another console, a command or an editor. Your changes are kept on top of it: look at them and save again.',
  wrongOff: 'The settings file cannot be used as it stands, so the gate is off.',
  wrong: 'The settings file cannot be used as it stands. The gate goes on with the settings it runs with.', wrongFile: (problem: string) => `In the file: ${problem}`,
  fromLastGood: 'Put back the last good copy', fromRunning: 'Put back what the gate runs with', chosen: 'Nothing is written until you save.', lastGoodIn: (file: string) => `kept in ${file}`,
  removeKey: (key: string) => `Remove ${key}`, unknown: 'Not a setting of Porch',
  leaveTitle: 'Leave without saving?', leaveText: (count: number) => `${plural(count, 'change', 'changes')} of the settings would be lost.`, leaveBroken: 'The text you typed into the file is not saved, and would be lost.', stay: 'Stay', leave: 'Discard and leave',
  tooLarge: 'These settings are too large for the console (a very long list?). Put the domains into a file (File of domains), or edit the settings file itself.',
} as const
