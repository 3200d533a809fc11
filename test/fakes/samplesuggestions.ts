/** One suggestion of each kind and more, for the console's double. */
import type { SuggestedChange } from '../../shared/api/rulework.ts'

export const SUGGESTED: readonly SuggestedChange[] = [
  { kind: 'ban-correspondent', scope: '198.51.100.7', earnedAt: '2026-11-24T10:00:00.000Z', acceptedAt: '2026-11-20T10:00:00.000Z', senders: [{ client: '198.51.100.7', name: null, sessions: 3 }] },
  { kind: 'ban-network', scope: '10.0.0.0/24', members: ['10.0.0.0', '10.0.0.1'], senders: [{ client: '10.0.0.99', name: 'mail.good.example', sessions: 12 }] },
  { kind: 'lift-unused', scope: '10.0.0.5', idleSince: '2026-07-01T00:00:00.000Z', senders: [] },
  { kind: 'lift-unused', scope: '10.0.0.6', idleSince: '2026-07-02T00:00:00.000Z', senders: [] },
  { kind: 'allow-provider', scope: '.google.com', provider: 'Gmail and Google Workspace', senders: [{ client: '203.0.113.5', name: 'mail-1.google.com', sessions: 4 }] },
  { kind: 'allow-provider', scope: '.yahoo.com', provider: 'Yahoo and AOL', senders: [] },
]
