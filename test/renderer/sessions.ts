/** Small sessions for the renderer's tests. */
import type { LiveSession } from '../../renderer/model/feed.ts'

export function session(id: string, more: Partial<LiveSession> = {}): LiveSession {
  return {
    id, at: `2026-11-23T15:00:00.${id.replace(/\D/g, '').padStart(3, '0').slice(-3)}Z`, client: '192.0.2.1', port: 40_000, ehlo: 'mail.acme.example', ptrNames: [], verifiedName: null, iprev: 'permerror',
    verdict: 'reject', findings: ['ptr-missing'], refusedFor: ['ptr-missing'], disposition: 'rejected', sender: 'anna@acme.example', recipients: ['joe@shop.example'], reply: '550 5.7.25 no', bytes: 0,
    tls: null, ms: 12, transactions: [], open: false, ...more,
  }
}

/** Sessions s0001 … of different senders, oldest first. */
export const run = (from: number, to: number, more: Partial<LiveSession> = {}): LiveSession[] =>
  Array.from({ length: to - from + 1 }, (_, index) => session(`s${String(from + index).padStart(4, '0')}`, { client: `10.0.${(from + index) >> 8}.${(from + index) & 255}`, ...more }))
