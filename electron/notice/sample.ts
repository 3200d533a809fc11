/** What a template gives, for whoever edits it: of the last session that was refused, else of the founding case as it was in 2002. */
import type { TemplatePreview } from '../../shared/api/notices.ts'
import type { JournalEntry } from '../../shared/events.ts'
import type { ContactCandidate } from '../../shared/notice/contacts.ts'
import type { TemplateKind } from '../../shared/notice/templates.ts'
import { detailOf } from '../console/detail.ts'
import type { DeskDeps } from './desk.ts'
import { writeNotice } from './write.ts'

const LAST = 20
const TAG = '0'.repeat(20)

export async function previewTemplate(deps: Pick<DeskDeps, 'store' | 'settings' | 'resolver' | 'clock' | 'outbox'>, kind: TemplateKind, text: string): Promise<TemplatePreview> {
  const settings = deps.settings()
  const now = deps.clock.now()
  const refused = (await Promise.all(['rejected', 'would-reject'].map((disposition) => deps.store.sessions({ disposition, limit: LAST })))).flat()
  const last = refused.filter(({ refusedFor, verdict }) => refusedFor.length > 0 && verdict === 'reject').sort((a, b) => (a.at < b.at ? 1 : -1))[0]
  const entry = last === undefined ? null : await deps.store.entry(last.id)
  const detail = await detailOf(deps, entry ?? sampleEntry(now), settings)
  const written = await writeNotice({ id: TAG, detail, contact: contactOf(kind, detail.session.recipients), kind, template: text, settings, notices: deps.outbox.list(), now })
  if (!written.ok) return { ok: false, code: 'template', problem: `Line ${written.problems[0]?.line ?? 1}: ${written.problems[0]?.problem ?? ''}`, problems: written.problems }
  return { ok: true, message: written.message, about: detail.session.client, sample: entry === null }
}

/** Nobody: it is never sent. */
function contactOf(kind: TemplateKind, recipients: readonly string[]): ContactCandidate {
  const base = { trust: 'typed' as const, note: null, source: { kind: 'typed' as const }, party: null }
  switch (kind) {
    case 'isp': return { ...base, address: 'noc@isp.example' }
    case 'domain-owner': return { ...base, address: 'postmaster@domain.example' }
    case 'customer': return { ...base, address: recipients.find((each) => /^[\w.+-]+@[\w.-]+$/.test(each)) ?? 'joe@shop.example' }
  }
}

function sampleEntry(now: number): JournalEntry {
  const client = '216.33.111.150'
  const ehlo = 'www.americangreetings.com'
  const answer = { chain: [], ms: 12, server: null }
  return {
    session: {
      id: 'sample', at: new Date(now).toISOString(), client, port: 25, bytes: 0, tls: null, ehlo, ptrNames: [], iprev: 'permerror', verifiedName: null, verdict: 'reject', findings: ['ptr-missing', 'ehlo-mismatch'],
      refusedFor: ['ptr-missing', 'ehlo-mismatch'], disposition: 'rejected', sender: 'cards@americangreetings.com', recipients: ['joe@shop.example'], reply: `550 5.7.25 ${client} has no reverse name (PTR)`, ms: 112, transactions: [],
    },
    evidence: [
      { ...answer, question: { name: '150.111.33.216.in-addr.arpa', type: 'PTR' }, status: 'nxdomain', records: [], ttl: 3600 },
      { ...answer, question: { name: ehlo, type: 'A' }, status: 'found', records: ['216.33.97.70'], ttl: 60 },
    ],
    transcript: [
      { who: 'gate', ms: 0, text: '220 mx ESMTP' }, { who: 'client', ms: 40, text: `EHLO ${ehlo}` }, { who: 'client', ms: 60, text: 'MAIL FROM:<cards@americangreetings.com>' }, { who: 'client', ms: 80, text: 'RCPT TO:<joe@shop.example>' },
      { who: 'gate', ms: 112, text: `550 5.7.25 ${client} has no reverse name (PTR)` },
    ],
  }
}
