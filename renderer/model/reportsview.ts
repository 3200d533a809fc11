/** What the Reports page shows, as it stands in the address bar: the span, whether tables are open, and what "what if" asks. */
import { RULE_SETS } from '../../shared/gate/whatif.ts'
import type { RuleSet } from '../../shared/gate/verdict.ts'
import { after, before, endOf, SPAN_KINDS } from '../../shared/report/span.ts'
import type { Span, SpanKind } from '../../shared/report/span.ts'
import { isDate } from '../../shared/report/zone.ts'
import type { LocalDate } from '../../shared/report/zone.ts'

export interface ReportsView {
  readonly span: SpanKind
  /** A day of the span; null: today. */
  readonly date: string | null
  /** Whether the tables behind the plots are open. */
  readonly tables: boolean
  readonly rules: RuleSet
  readonly days: number
}

export const REPORTS_OPENING: ReportsView = { span: 'month', date: null, tables: false, rules: 'standard', days: 30 }
export const WHAT_IF_DAYS = [7, 30, 90, 365] as const

/** Whatever is unknown or malformed is left out. */
export function reportsFromQuery(query: URLSearchParams): ReportsView {
  const date = query.get('date') ?? ''
  return {
    span: SPAN_KINDS.find((known) => known === query.get('span')) ?? REPORTS_OPENING.span,
    date: isDate(date) ? date : null,
    tables: query.get('tables') === '1',
    rules: RULE_SETS.find((known) => known === query.get('rules')) ?? REPORTS_OPENING.rules,
    days: WHAT_IF_DAYS.find((known) => String(known) === query.get('days')) ?? REPORTS_OPENING.days,
  }
}

export function reportsToQuery(view: ReportsView): URLSearchParams {
  const query = new URLSearchParams()
  if (view.span !== REPORTS_OPENING.span) query.set('span', view.span)
  if (view.date !== null) query.set('date', view.date)
  if (view.tables) query.set('tables', '1')
  if (view.rules !== REPORTS_OPENING.rules) query.set('rules', view.rules)
  if (view.days !== REPORTS_OPENING.days) query.set('days', String(view.days))
  return query
}

/** The address bar of one slice of a span, one step closer; null for hours. */
export function closer(span: Span, key: string): Pick<ReportsView, 'span' | 'date'> | null {
  switch (span.kind) {
    case 'day': return null
    case 'week': case 'month': return { span: 'day', date: key }
    case 'year': return { span: 'week', date: key }
  }
}

/** The first day of the span that comes after or before this one; null if that is the present one, so that a change of its kind stays at today. */
export function step(span: Span, way: 1 | -1, today: LocalDate): LocalDate | null {
  const next = way === 1 ? after(span) : before(span)
  return next.from <= today && today < endOf(next) ? null : next.from
}
