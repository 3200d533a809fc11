/**
 * Writes a notice: what is known of a refused session, put into a template for one contact, and composed to the bytes that will be sent.
 * Nothing here is stored or sent.
 */
import type { SessionDetail } from '../../shared/api.ts'
import { questionText } from '../../shared/dns/answer.ts'
import type { Answer } from '../../shared/dns/answer.ts'
import { asciiText } from '../../shared/net/safetext.ts'
import type { ContactCandidate } from '../../shared/notice/contacts.ts'
import { hasPage } from '../../shared/notice/heard.ts'
import type { Notice } from '../../shared/notice/outbox.ts'
import { wasSent } from '../../shared/notice/outbox.ts'
import { partiesOf } from '../../shared/notice/remedy.ts'
import { noticeFields } from '../../shared/notice/render.ts'
import { parseTemplate, renderTemplate } from '../../shared/notice/template.ts'
import type { TemplateProblem } from '../../shared/notice/template.ts'
import type { TemplateKind } from '../../shared/notice/templates.ts'
import { helpLink } from '../../shared/gate/replytext.ts'
import { localOffset } from '../clock.ts'
import type { EffectiveSettings } from '../ports.ts'
import { composeMessage } from './message.ts'

export interface WriteInput {
  readonly id: string
  readonly detail: SessionDetail
  readonly contact: ContactCandidate
  readonly kind: TemplateKind
  readonly template: string
  readonly settings: EffectiveSettings
  /** All there are: the customer is told who was written to. */
  readonly notices: readonly Notice[]
  readonly now: number
}

export type Written = { readonly ok: true; readonly notice: Notice; readonly message: string; readonly text: string } | { readonly ok: false; readonly problems: readonly TemplateProblem[] }

export async function writeNotice({ id, detail, contact, kind, template, settings, notices, now }: WriteInput): Promise<Written> {
  const parsed = parseTemplate(template)
  if (!parsed.ok) return parsed
  const { session } = detail
  const { shop } = settings
  const values = noticeFields({
    entry: detail, remedies: detail.remedies, problem: detail.sentence, hostname: settings.hostname, offset: localOffset,
    shop: { name: shop.name ?? null, phone: shop.phone ?? null, rate: shop.rate ?? null, url: shop.url ?? null, adminEmail: shop.adminEmail ?? null },
    // Only where there is such a page: not for what was only observed, nor where the shop's own words named none.
    helpLink: settings.helpPage === undefined || !hasPage(session) ? null : helpLink(settings.helpPage.url, `r/${session.id}`),
    told: notices.flatMap((notice) => (notice.client === session.client && notice.template !== 'customer' && wasSent(notice) ? [{ address: notice.to, at: notice.sentAt ?? notice.createdAt }] : [])),
  })
  const { subject, body } = renderTemplate(parsed.template, values)
  const from = fromAddress(settings)
  const message = await composeMessage({ tag: id, answers: 'tagged', from, fromName: shop.name ?? null, to: contact.address, subject, body, date: now })
  const notice: Notice = {
    id, state: 'draft', template: kind, session: session.id, client: session.client, ehlo: session.ehlo, refusedFor: session.refusedFor, thenAnswers: answerLines(detail.evidence),
    from, to: contact.address, source: contact.source, trust: contact.trust, subject, createdAt: now, queuedAt: null, sentAt: null, tries: 0, nextTryAt: null, checks: 0, nextCheckAt: null,
    events: [{ at: now, kind: 'drafted', text: `Written for ${contact.address}.` }],
  }
  return { ok: true, notice, message: message.toString('latin1'), text: body }
}

/** Notices cannot be sent without `notices.from`; until then a draft shows what would stand there. */
function fromAddress({ notices, shop, hostname, allDomains }: EffectiveSettings): string {
  const domain = allDomains.find((name) => !name.startsWith('*.')) ?? (hostname.includes('.') ? hostname : `${hostname}.invalid`)
  return notices?.from ?? shop.adminEmail ?? `postmaster@${domain}`
}

/** The template that suits a contact: those who own the address hear of the PTR first, those who own the domain of their server. */
export function templateFor(contact: ContactCandidate, detail: SessionDetail): TemplateKind {
  if (contact.source.kind === 'recipient') return 'customer'
  if (contact.party !== null) return contact.party === 'address-owner' ? 'isp' : 'domain-owner'
  const [best] = detail.remedies
  return best !== undefined && partiesOf(best.steps).includes('address-owner') ? 'isp' : 'domain-owner'
}

/** The trusted candidate who can do most about it; null if only claims are left. */
export function bestContact(candidates: readonly ContactCandidate[], detail: SessionDetail): ContactCandidate | null {
  const trusted = candidates.filter(({ trust }) => trust === 'verified')
  const parties = partiesOf(detail.remedies[0]?.steps ?? [])
  const reachable = parties.map((party) => (party === 'server' ? 'domain-owner' : party))
  // Who cannot make a PTR is no help where one is missing.
  const order = reachable.includes('address-owner') ? ['address-owner', ...reachable] : reachable
  for (const party of order) {
    const found = trusted.find((candidate) => candidate.party === party && candidate.note === null) ?? trusted.find((candidate) => candidate.party === party)
    if (found !== undefined) return found
  }
  return trusted[0] ?? null
}

/** "150.111.33.216.in-addr.arpa. PTR: nxdomain", one line a lookup, to be compared later. */
export function answerLines(answers: readonly Answer[]): string[] {
  return answers.slice(0, 50).map(({ question, status, records }) => asciiText(`${questionText(question)}: ${status === 'found' ? [...records].sort().join(', ') : status}`, 300))
}

/** What is different: "NAME TYPE: then …, now …"; what was not asked before is told too. */
export function changedAnswers(then: readonly string[], now: readonly string[]): string[] {
  const before = new Map(then.map(split))
  return now.map(split).flatMap(([question, value]) => {
    const old = before.get(question)
    return old === value ? [] : [`${question}: ${old === undefined ? '' : `then ${old}, `}now ${value}`]
  })
}

function split(line: string): readonly [string, string] {
  const at = line.indexOf(': ')
  return [line.slice(0, at), line.slice(at + 2)]
}
