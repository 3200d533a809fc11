/** What the Senders page shows, as it stands in the address bar: search, order, filters, and the sender that is open. */
import { FINDINGS } from '../../shared/events.ts'
import type { Finding } from '../../shared/events.ts'
import { NOTICE_STANDINGS, SENDER_SORTS, SENDER_STATES } from '../../shared/api/senders.ts'
import type { NoticeStanding, SenderState } from '../../shared/api/senders.ts'

export type SendersSort = (typeof SENDER_SORTS)[number]

/** How it stands with us, or with notices. */
export const STATE_FILTERS = [...NOTICE_STANDINGS, ...SENDER_STATES] as const
export type StateFilter = SenderState | NoticeStanding

export interface SendersView {
  readonly q: string
  readonly sender: string | null
  readonly sort: SendersSort
  readonly state: StateFilter | null
  readonly finding: Finding | null
  /** Seen within so many days. */
  readonly days: number | null
}

export const SENDERS_OPENING: SendersView = { q: '', sender: null, sort: 'refused', state: null, finding: null, days: null }
export const DAY_CHOICES = [1, 7, 30] as const

/** Whatever is unknown or malformed is left out. */
export function sendersFromQuery(query: URLSearchParams): SendersView {
  const sender = query.get('sender')
  return {
    q: query.get('q')?.slice(0, 2000) ?? '',
    sender: sender === null || sender === '' ? null : sender.slice(0, 400),
    sort: SENDER_SORTS.find((known) => known === query.get('sort')) ?? 'refused',
    state: STATE_FILTERS.find((known) => known === query.get('state')) ?? null,
    finding: FINDINGS.find((known) => known === query.get('finding')) ?? null,
    days: DAY_CHOICES.find((known) => String(known) === query.get('days')) ?? null,
  }
}

export function sendersToQuery(view: SendersView): URLSearchParams {
  const query = new URLSearchParams()
  if (view.q !== '') query.set('q', view.q)
  if (view.sender !== null) query.set('sender', view.sender)
  if (view.sort !== 'refused') query.set('sort', view.sort)
  if (view.state !== null) query.set('state', view.state)
  if (view.finding !== null) query.set('finding', view.finding)
  if (view.days !== null) query.set('days', String(view.days))
  return query
}

/** Whether anything but the search narrows the list. */
export function isFiltered(view: SendersView): boolean {
  return view.state !== null || view.finding !== null || view.days !== null
}
