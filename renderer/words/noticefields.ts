/** What each field of a template stands for. */
import type { BlockField, TextField } from '../../shared/notice/template.ts'

export const fieldHelp: Record<TextField | BlockField, string> = {
  client: 'the sender’s address', ehlo: 'the name it greets with', ptr: 'its reverse names', verified: 'its verified name', sender: 'the reverse-path, who it writes as', recipient: 'whom it wrote to', event: 'address and time on one line', time: 'when, with the time zone', problem: 'what is wrong and whose job it is',
  reply: 'what the gate answered', id: 'the session’s id', help: 'the link to the help page', told: 'who was told already', hostname: 'this gate’s name', shop: 'your shop’s name', phone: 'your phone', rate: 'your rate', url: 'your web address', admin: 'your mail address',
  transcript: 'what was said (SMTP)', lookups: 'what DNS answered', remedies: 'the records to create', log: 'the classic log',
}
