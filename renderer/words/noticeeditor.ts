/** The editor of a notice, and that of the templates. */
import type { BlockField, TextField } from '../../shared/notice/template.ts'
import { number, plural } from './format.ts'

export const fieldHelp: Record<TextField | BlockField, string> = {
  client: 'the sender’s address', ehlo: 'the name it greets with', ptr: 'its reverse names', verified: 'its verified name', sender: 'the reverse-path, who it writes as', recipient: 'whom it wrote to', event: 'address and time on one line', time: 'when, with the time zone', problem: 'what is wrong and whose job it is',
  reply: 'what the gate answered', id: 'the session’s id', help: 'the link to the help page', told: 'who was told already', hostname: 'this gate’s name', shop: 'your shop’s name', phone: 'your phone', rate: 'your rate', url: 'your web address', admin: 'your mail address',
  transcript: 'what was said (SMTP)', lookups: 'what DNS answered', remedies: 'the records to create', log: 'the classic log',
}

export const editorWords = {
  title: 'Notify', close: 'Close', loading: 'Looking for contacts: reverse zone, registries…', loadingHelp: 'Registries may take some seconds.', failed: 'The gate gave no answer.', again: 'Try again', noLine: 'There is no connection to the gate. What you typed stays.',
  refused: { title: 'No notice can be written', },
  about: (ago: string) => `Refused ${ago}`, earlier: 'Written about this sender before:', kind: 'What it is', recipient: 'Whom to write to', noContacts: 'No contact was found.', noCustomers: 'The refused mail named no recipient of your domains.', typed: 'Another address', typedLabel: 'Mail address', typedPlaceholder: 'noc@isp.example',
  tick: 'Write to this unverified address all the same', tickHelp: 'The sender merely claims to belong there. Somebody else may get your notice, even one whom a spammer chose.', tickFirst: 'Tick that you want to write to an unverified address.', remarks: 'Not known:',
  text: 'Text', changed: 'changed for this notice', reset: 'Back to the template', fields: 'Fields', fieldsHelp: 'A field is replaced by its value. A line whose fields are all empty is left out.', insert: (name: string, what: string) => `Insert {${name}}: ${what}`, line: (line: number, problem: string) => `Line ${number(line)}: ${problem}`, problems: (count: number) => plural(count, 'mistake', 'mistakes'),
  editTemplates: 'Edit the templates',
  preview: 'Preview', previewLabel: 'The message as it will be sent', raw: 'As it is sent', read: 'As it is read', previewing: 'Writing…', noPreview: 'Choose whom to write to: the message is shown here.', stalePreview: 'The last version without a mistake:', bytes: (count: number) => `${number(count)} octets`,
  draft: 'Keep as draft', copy: 'Copy text', send: 'Send…', cannotSend: (why: string) => `It cannot be sent: ${why}.`, toSettings: 'Open Settings', fixText: 'Mend the text first.', chooseFirst: 'Choose whom to write to first.',
  confirm: { title: 'Send this notice?', to: 'It goes to', trust: 'Where the address comes from', subject: 'Subject', undo: 'It leaves after 10 seconds; until then you can take it back.', go: 'Send', back: 'Back', changed: 'The message has become another one meanwhile. Look at it once more.' },
  leave: { title: 'You have changed the text.', keep: 'Keep as draft', discard: 'Discard', stay: 'Go on writing' },
  kept: 'What you typed before is here again.',
} as const

export const templateWords = {
  title: 'Templates of notices', kind: 'Template', own: 'your version', shipped: 'as shipped', text: 'Template', save: 'Save', saved: (name: string) => `The template “${name}” is saved.`, restore: 'Restore the shipped one', restored: (name: string) => `The template “${name}” is as shipped again.`, putBack: (name: string) => `The template “${name}” is back.`,
  preview: 'Preview', sample: (client: string) => `With a made-up session of ${client}: nobody was refused so far.`, of: (client: string) => `With the last refused session, of ${client}.`, unsaved: 'Not saved.', unchanged: 'Saved.', loading: 'Loading the templates…', failed: 'The templates could not be loaded.', again: 'Try again',
  leave: 'The changes are not saved.', discard: 'Discard', stay: 'Go on', link: 'Edit the templates of notices', undone: 'Undone.', revert: 'Discard changes',
} as const
