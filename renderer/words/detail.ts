/** One session: the detail pane. */
import { number, plural } from './format.ts'

export const detailWords = {
  label: 'Session', body: 'What happened', close: 'Close', loading: 'Loading…', gone: 'This session is not in the journal (any more).', failed: 'The session could not be loaded.', again: 'Try again',
  running: 'This session is under way; its evidence follows when it ends.',
  lookups: 'Lookups', asOf: (time: string) => `as DNS answered at ${time}`, reverse: 'Reverse: who is this address?', forward: 'Forward: is the EHLO name this client’s?',
  verdictNode: 'Verdict', via: 'via', ttl: (seconds: number) => `TTL ${number(seconds)} s`, noTtl: 'no TTL', cached: 'cached', by: (server: string) => `by ${server}`,
  resolver: 'resolver', legend: 'What the words mean:', unanswered: 'by no one', noEhlo: 'No EHLO name was said.', notGathered: 'Nothing was looked up for this session.',
  remedies: 'What would repair it', anyOne: 'Any one of these is enough.', noRemedies: 'Nothing to repair.', noRemediesTemporary: 'DNS failed for the moment; the sender will try again.',
  who: { 'address-owner': 'At the owner of the address (its ISP or data centre)', 'domain-owner': 'At the owner of the domain', server: 'On the sending server' },
  add: 'add', remove: 'remove', setEhlo: (name: string) => `greet with ${name}`, copyRecords: 'Copy records',
  transcript: 'SMTP transcript', speakers: { client: 'client', gate: 'gate', backend: 'server', note: 'note' }, noTranscript: 'Nothing was said.',
  log: 'Log', copyLog: 'Copy log', raw: 'Raw record', copyRaw: 'Copy JSON', copied: 'Copied', copyFailed: 'Copying failed',
  facts: { client: 'Client', name: 'Name', ehlo: 'EHLO', from: 'From', to: 'To', reply: 'Reply', tls: 'TLS', bytes: 'Size', at: 'Began', lasted: 'Lasted', rules: 'Judged by' },
  noTls: 'not encrypted', nobody: 'nobody', octets: (count: number) => plural(count, 'byte', 'bytes'),
} as const
