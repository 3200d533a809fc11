/** Records of sessions for tests of the console: the founding case, changed where a test needs it. */
import type { JournalEntry, SessionRecord } from '../../../shared/events.ts'

export function record(change: Partial<SessionRecord> = {}): SessionRecord {
  return {
    id: 's1', at: '2026-11-23T15:00:00.000Z', client: '216.33.111.150', port: 40000, ehlo: 'www.americangreetings.com', ptrNames: [], verifiedName: null,
    iprev: 'permerror', verdict: 'reject', findings: ['ptr-missing', 'ehlo-mismatch'], refusedFor: ['ptr-missing', 'ehlo-mismatch'], disposition: 'rejected',
    sender: 'cards@americangreetings.com', recipients: ['joe@shop.example'], reply: '550 5.7.25 no reverse name', bytes: 0, tls: null, ms: 12, transactions: [], ...change,
  }
}

export function entry(change: Partial<JournalEntry> = {}): JournalEntry {
  return { session: record(), evidence: [], transcript: [], ...change }
}
