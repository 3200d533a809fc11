/** The sessions and the rule that the store's contract is tried with. */
import type { JournalEntry, Rule, SessionRecord } from '../../shared/events.ts'

export const NOW = Date.parse('2026-11-23T15:00:00.000Z')

/** A refused session of the founding case, `secondsAgo` before NOW. */
export function entryOf(id: string, secondsAgo: number, changes: Partial<SessionRecord> = {}): JournalEntry {
  const client = changes.client ?? '216.33.111.150'
  const session: SessionRecord = {
    id, at: new Date(NOW - secondsAgo * 1000).toISOString(), client, port: 40_000, ehlo: 'www.americangreetings.com', ptrNames: [], verifiedName: null,
    iprev: 'permerror', verdict: 'reject', findings: ['ptr-missing', 'ehlo-mismatch'], refusedFor: ['ptr-missing', 'ehlo-mismatch'], disposition: 'rejected',
    sender: 'cards@americangreetings.com', recipients: ['joe@shop.example'], reply: `550 5.7.25 [${client}] has no reverse name`, bytes: 0, tls: null, ms: 12,
    transactions: [{ sender: 'cards@americangreetings.com', recipients: [{ address: 'joe@shop.example', reply: '550 5.7.25 no reverse name' }], reply: null, bytes: 0 }],
    ...changes,
  }
  return {
    session,
    evidence: [{ question: { name: '150.111.33.216.in-addr.arpa', type: 'PTR' }, status: 'nxdomain', records: [], chain: [], ttl: 900, ms: 3, server: '127.0.0.1:53' }],
    transcript: [{ ms: 21, who: 'gate', text: '220 mx.shop.example ESMTP' }, { ms: 30, who: 'client', text: 'EHLO www.americangreetings.com\u202e\n\ud800' }],
  }
}

export const RULE: Rule = { kind: 'ban', scope: '192.0.2.0/24', reason: 'spam', by: 'admin', since: '2026-11-23T15:00:00.000Z', until: null, hits: 0 }

const MAIL = (sender: string, ...recipients: string[]): Partial<SessionRecord> => ({
  sender, recipients, transactions: [{ sender, recipients: recipients.map((address) => ({ address, reply: '250 2.1.5 Ok' })), reply: '250 2.0.0 Ok', bytes: 10 }],
})

/** Oldest first. */
export const CAST: readonly JournalEntry[] = [
  entryOf('s1', 600),
  entryOf('s2', 500, { client: '2001:db8::25', ehlo: 'Mail.Acme.Example.', ptrNames: ['mail.acme.example'], verifiedName: 'mail.acme.example', disposition: 'accepted', ...MAIL('Bob@Acme.Example', 'joe@shop.example', 'ann@shop.example') }),
  entryOf('s3', 400, { client: '192.0.2.7', ehlo: '[192.0.2.7]', ptrNames: ['claimed.pool.example'], disposition: 'deferred', ...MAIL('', 'ann@shop.example') }),
  entryOf('s4', 300, {
    client: '192.0.2.200', ehlo: 'notacme.example', disposition: 'whitelisted', verifiedName: 'out.acme.example', ...MAIL('x@news.acme.example', 'joe@shop.example'),
    transactions: [
      { sender: 'first@other.example', recipients: [{ address: 'Early@Shop.Example', reply: '250 Ok' }], reply: '250 Ok', bytes: 1 },
      { sender: 'x@news.acme.example', recipients: [{ address: 'joe@shop.example', reply: '250 Ok' }], reply: '250 Ok', bytes: 1 },
    ],
  }),
  entryOf('s5', 200, { client: '192.0.3.1', ehlo: null, iprev: null, verdict: null, findings: [], refusedFor: [], disposition: 'aborted', sender: null, recipients: [], reply: null, transactions: [] }),
]
