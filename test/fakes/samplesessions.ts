/** Sessions of the sample cast, as records for lists and with everything for the detail pane. The n-th session is always the same. */
import type { SessionDetail } from '../../shared/api.ts'
import type { SessionRecord, TranscriptLine } from '../../shared/events.ts'
import { CAST } from './samplecast.ts'
import type { Role } from './samplecast.ts'

const DECK = CAST.flatMap((role) => Array.from({ length: role.weight }, () => role))

export function roleOf(n: number): Role {
  // A multiplier without a common factor with the deck spreads the roles without chance.
  return DECK[(n * 13 + Math.floor(n / DECK.length) * 5) % DECK.length]!
}

export const idOf = (n: number) => n.toString(36).padStart(7, '0')

export function sessionOf(n: number, at: number, role: Role = roleOf(n)): SessionRecord {
  const client = role.client(n)
  const ehlo = role.ehlo(n)
  const ptrNames = role.ptr(n)
  const reply = role.reply(client, ehlo ?? '')
  const recipients = n % 11 === 0 ? ['joe@shop.example', 'sales@shop.example', 'abuse@shop.example'] : ['joe@shop.example']
  const bytes = role.disposition === 'accepted' ? 4096 + (n % 9000) : 0
  return {
    id: idOf(n), at: new Date(at).toISOString(), client, port: 20_000 + (n % 40_000), ehlo, ptrNames, verifiedName: role.iprev === 'pass' ? (ptrNames[0] ?? null) : null, iprev: role.iprev,
    verdict: role.verdict, findings: role.findings, refusedFor: role.verdict === 'accept' || role.disposition === 'whitelisted' ? [] : role.findings, disposition: role.disposition,
    sender: role.sender(n), recipients, reply, bytes, tls: n % 2 === 0 ? 'TLSv1.3' : null, ms: role.ms + (n % 17),
    transactions: [{ sender: role.sender(n), recipients: recipients.map((address) => ({ address, reply })), reply: null, bytes }],
  }
}

export function detailOf(session: SessionRecord, role: Role): SessionDetail {
  const ehlo = session.ehlo ?? ''
  return {
    session, evidence: role.evidence(session.client, ehlo, session.ptrNames), transcript: transcriptOf(session), judgement: { rules: 'house' },
    remedies: role.remedies(session.client, ehlo), sentence: role.sentence(session.client, ehlo), log: logOf(session),
  }
}

function transcriptOf(session: SessionRecord): TranscriptLine[] {
  const lines: [number, TranscriptLine['who'], string][] = [
    [0, 'note', `Connection from [${session.client}]:${session.port}`],
    [2, 'gate', '220 mx.shop.example ESMTP Porch'],
    [20, 'client', `EHLO ${session.ehlo ?? ''}`],
    [21, 'gate', '250-mx.shop.example'],
    [21, 'gate', '250-SIZE 52428800'],
    [21, 'gate', '250 PIPELINING'],
    [40, 'client', `MAIL FROM:<${session.sender ?? ''}>`],
    [41, 'gate', '250 2.1.0 Ok'],
    [60, 'client', `RCPT TO:<${session.recipients[0] ?? ''}>`],
    [61, session.disposition === 'accepted' ? 'backend' : 'gate', session.reply ?? ''],
    [80, 'client', 'QUIT'],
    [81, 'gate', '221 2.0.0 Bye'],
  ]
  return lines.map(([ms, who, text]) => ({ ms, who, text }))
}

function logOf(session: SessionRecord): string[] {
  const at = 'SMTP 23 Nov 26 16:00:01'
  const name = (session.ehlo ?? '').replace(/[^\x20-\x7e]/g, '.')
  const head = [`${at} A ${session.id} Connection from [${session.client}]`, `${at} A ${session.id} EHLO ${name}`]
  if (session.refusedFor.length === 0) return [...head, `${at} A ${session.id} Accepted mail from ${name} [${session.client}]`]
  return [...head, `${at} F ${session.id} EHLO - inconsistent hostname / IP address ${name} [${session.client}]`, `${at} F ${session.id} EHLO rejected mail from ${name} [${session.client}]`]
}
