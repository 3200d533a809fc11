/** What the Notices page shows, as it stands in the address bar, and which entries belong to each tab. Pure. */
import type { Proposals } from '../../shared/api/notices.ts'
import { TEMPLATE_KINDS } from '../../shared/notice/templates.ts'
import type { TemplateKind } from '../../shared/notice/templates.ts'
import type { Notice, NoticeState } from '../../shared/notice/outbox.ts'

export const NOTICES_TABS = ['worth', 'drafts', 'sent', 'answered', 'bounced', 'fixed', 'quiet', 'stuck', 'all'] as const
export type NoticesTab = (typeof NOTICES_TABS)[number]

export interface NoticesView {
  readonly tab: NoticesTab
  readonly q: string
  /** The entry that is open. */
  readonly open: string | null
  /** The template that is edited. */
  readonly template: TemplateKind | null
}

export const NOTICES_OPENING: NoticesView = { tab: 'worth', q: '', open: null, template: null }

type Due = Proposals['due'][number]
type Stuck = Proposals['stuck'][number]

/** `id` names it in the address bar. */
export type NoticeItem =
  /** `sunk`: it looks more like spam. */
  | { readonly kind: 'due'; readonly id: string; readonly due: Due; readonly sunk: boolean }
  | { readonly kind: 'stuck'; readonly id: string; readonly stuck: Stuck }
  | { readonly kind: 'notice'; readonly id: string; readonly notice: Notice }

const TAB_OF: Record<NoticeState, NoticesTab | null> = {
  draft: 'drafts', queued: 'sent', sending: 'sent', sent: 'sent', unknown: 'sent', failed: 'bounced', bounced: 'bounced', answered: 'answered', fixed: 'fixed', quiet: 'quiet', cancelled: null,
}

/** Whatever is unknown is left out. */
export function noticesFromQuery(query: URLSearchParams): NoticesView {
  const open = query.get('open')
  return { tab: NOTICES_TABS.find((known) => known === query.get('tab')) ?? 'worth', q: query.get('q')?.slice(0, 400) ?? '', open: open === null || open === '' ? null : open.slice(0, 100), template: TEMPLATE_KINDS.find((known) => known === query.get('template')) ?? null }
}

export function noticesToQuery({ tab, q, open, template }: NoticesView): URLSearchParams {
  const query = new URLSearchParams()
  if (tab !== 'worth') query.set('tab', tab)
  if (q !== '') query.set('q', q)
  if (open !== null) query.set('open', open)
  if (template !== null) query.set('template', template)
  return query
}

export function itemsOf(tab: NoticesTab, notices: readonly Notice[], proposals: Proposals): readonly NoticeItem[] {
  switch (tab) {
    case 'worth': return proposals.due.map((due) => ({ kind: 'due', id: due.client, due, sunk: false }))
    case 'stuck': return proposals.stuck.map((stuck) => ({ kind: 'stuck', id: stuck.client, stuck }))
    case 'all': return notices.map(itemOf)
    case 'drafts': case 'sent': case 'answered': case 'bounced': case 'fixed': case 'quiet': return notices.filter(({ state }) => TAB_OF[state] === tab).map(itemOf)
  }
}

/** Those who are not proposed; shown on demand below those who are. */
export function sunkItems({ sunk }: Proposals): readonly NoticeItem[] {
  return sunk.map((due) => ({ kind: 'due', id: due.client, due, sunk: true }))
}

function itemOf(notice: Notice): NoticeItem {
  return { kind: 'notice', id: notice.id, notice }
}

export function countsOf(notices: readonly Notice[], proposals: Proposals): Record<NoticesTab, number> {
  const counts: Record<NoticesTab, number> = { worth: proposals.due.length, stuck: proposals.stuck.length, drafts: 0, sent: 0, answered: 0, bounced: 0, fixed: 0, quiet: 0, all: notices.length }
  for (const { state } of notices) {
    const tab = TAB_OF[state]
    if (tab !== null) counts[tab] += 1
  }
  return counts
}

/** The tab in which a notice is found; the one of all, if it has none of its own. */
export function tabOf(notice: Notice): NoticesTab {
  return TAB_OF[notice.state] ?? 'all'
}

/** All words must be in the entry, whatever their case. */
export function matching(items: readonly NoticeItem[], q: string): readonly NoticeItem[] {
  const words = q.toLowerCase().split(/\s+/).filter((word) => word !== '')
  return words.length === 0 ? items : items.filter((item) => words.every((word) => textOf(item).includes(word)))
}

function textOf(item: NoticeItem): string {
  switch (item.kind) {
    case 'due': return [item.due.client, item.due.ehlo, item.due.sender, ...item.due.reasons.map(({ text }) => text)].join(' ').toLowerCase()
    case 'stuck': return [item.stuck.client, item.stuck.ehlo, item.stuck.sender].join(' ').toLowerCase()
    case 'notice': return [item.notice.client, item.notice.ehlo, item.notice.to, item.notice.subject, item.notice.state].join(' ').toLowerCase()
  }
}

/** Of whom an entry is, and what happened last. */
export function clientOf(item: NoticeItem): string {
  return item.kind === 'due' ? item.due.client : item.kind === 'stuck' ? item.stuck.client : item.notice.client
}

export function ehloOf(item: NoticeItem): string | null {
  return item.kind === 'due' ? item.due.ehlo : item.kind === 'stuck' ? item.stuck.ehlo : item.notice.ehlo
}

export function sessionOf(item: NoticeItem): string {
  return item.kind === 'due' ? item.due.session : item.kind === 'stuck' ? item.stuck.session : item.notice.session
}

/** ms since 1970. */
export function timeOf(item: NoticeItem): number {
  return item.kind === 'due' ? item.due.lastAt : item.kind === 'stuck' ? item.stuck.lastAt : (item.notice.events.at(-1)?.at ?? item.notice.createdAt)
}
