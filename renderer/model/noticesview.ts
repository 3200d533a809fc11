/** What the Notices page shows, as it stands in the address bar: tab, search, what is open, and the template that is edited. */
import { NOTICE_FOLDERS } from '../../shared/notice/board.ts'
import { TEMPLATE_KINDS } from '../../shared/notice/templates.ts'
import type { TemplateKind } from '../../shared/notice/templates.ts'

export const NOTICE_TABS = ['worth', 'stuck', ...NOTICE_FOLDERS] as const
export type NoticeTab = (typeof NOTICE_TABS)[number]

export interface NoticesView {
  readonly tab: NoticeTab
  readonly q: string
  /** A notice's id, or a proposed sender's address. */
  readonly open: string | null
  readonly template: TemplateKind | null
}

export const NOTICES_OPENING: NoticesView = { tab: 'worth', q: '', open: null, template: null }

/** Whatever is unknown or malformed is left out. */
export function noticesFromQuery(query: URLSearchParams): NoticesView {
  const open = query.get('open')
  return {
    tab: NOTICE_TABS.find((known) => known === query.get('tab')) ?? 'worth',
    q: query.get('q')?.slice(0, 500) ?? '',
    open: open === null || open === '' ? null : open.slice(0, 100),
    template: TEMPLATE_KINDS.find((known) => known === query.get('template')) ?? null,
  }
}

export function noticesToQuery({ tab, q, open, template }: NoticesView): URLSearchParams {
  const query = new URLSearchParams()
  if (tab !== 'worth') query.set('tab', tab)
  if (q !== '') query.set('q', q)
  if (open !== null) query.set('open', open)
  if (template !== null) query.set('template', template)
  return query
}
