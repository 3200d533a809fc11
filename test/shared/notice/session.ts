/** A journal entry for tests: the founding case, and what differs from it. */
import type { JournalEntry, SessionRecord, TranscriptLine } from '../../../shared/events.ts'
import { gather, zoneLines } from '../../verdicts/scene.ts'

export const founding: SessionRecord = {
  id: 'b1x0k3f9', at: '2026-10-08T06:03:01.000Z', client: '216.33.111.150', port: 40000, ehlo: 'www.americangreetings.com', ptrNames: [], verifiedName: null, iprev: 'permerror',
  verdict: 'reject', findings: ['ptr-missing', 'ehlo-mismatch'], refusedFor: ['ptr-missing', 'ehlo-mismatch'], disposition: 'rejected', sender: 'cards@americangreetings.com',
  recipients: ['joe@shop.example'], reply: '550 5.7.25 216.33.111.150 has no reverse name', bytes: 0, tls: null, ms: 5400,
  transactions: [{ sender: 'cards@americangreetings.com', recipients: [{ address: 'joe@shop.example', reply: '550 5.7.25 216.33.111.150 has no reverse name' }], reply: null, bytes: 0 }],
}

export function session(changes: Partial<SessionRecord>): SessionRecord {
  return { ...founding, ...changes }
}

/** Said at second 0, 1, 2, … : "c: " the client, "g: " the gate, "b: " the backend, "n: " a remark. */
export function transcript(script: string): TranscriptLine[] {
  const who = { c: 'client', g: 'gate', b: 'backend', n: 'note' } as const
  return script.trim().split('\n').map((line, index) => {
    const text = line.trim()
    return { ms: index * 1000, who: who[text.charAt(0) as keyof typeof who], text: text.slice(3) }
  })
}

export function answers(zone: string, { client, ehlo }: SessionRecord): JournalEntry['evidence'] {
  return [...gather(zoneLines(zone, client), client, ehlo ?? '').answers.values()]
}
