/** Which span a report is of: its kind, one before or after, any day, the present; and the whole of it as a file or on paper. */
import { SegmentedControl } from '@mantine/core'
import { IconChevronLeft, IconChevronRight, IconFileExport, IconPrinter } from '@tabler/icons-react'
import { SPAN_KINDS } from '../../shared/report/span.ts'
import type { SpanKind } from '../../shared/report/span.ts'
import { isDate } from '../../shared/report/zone.ts'
import { reportsWords as words } from '../words/reports.ts'

export interface ReportBarProps {
  readonly kind: SpanKind
  /** The first day of the span; null while it is not known. */
  readonly from: string | null
  readonly onKind: (kind: SpanKind) => void
  readonly onStep: (way: 1 | -1) => void
  /** Null: the present. */
  readonly onDate: (date: string | null) => void
  /** Null: there is nothing to be saved. */
  readonly onCsv: (() => void) | null
}

export function ReportBar({ kind, from, onKind, onStep, onDate, onCsv }: ReportBarProps) {
  return (
    <div className="toolbar reportbar">
      <div className="tools">
        <SegmentedControl size="xs" aria-label={words.spanLabel} value={kind} transitionDuration={0} onChange={(value) => onKind(SPAN_KINDS.find((known) => known === value) ?? kind)} data={SPAN_KINDS.map((value) => ({ value, label: words.spans[value] }))} />
        <div className="stepper">
          <button type="button" className="action" aria-label={words.earlier(kind)} title={words.earlier(kind)} disabled={from === null} onClick={() => onStep(-1)}><IconChevronLeft size={14} aria-hidden /></button>
          <input type="date" className="dateinput" aria-label={words.dateLabel} key={from} defaultValue={from ?? ''} min="1970-01-01" max="9998-12-31" onChange={(event) => { if (isDate(event.currentTarget.value) && event.currentTarget.value >= '1990') onDate(event.currentTarget.value) }} />
          <button type="button" className="action" aria-label={words.later(kind)} title={words.later(kind)} disabled={from === null} onClick={() => onStep(1)}><IconChevronRight size={14} aria-hidden /></button>
          <button type="button" className="action" onClick={() => onDate(null)}>{words.current[kind]}</button>
        </div>
        <div className="grow" />
        <button type="button" className="action" title={words.exportAllHelp} disabled={onCsv === null} onClick={() => onCsv?.()}><IconFileExport size={14} aria-hidden />{words.exportAll}</button>
        <button type="button" className="action" title={words.printHelp} disabled={onCsv === null} onClick={() => window.print()}><IconPrinter size={14} aria-hidden />{words.print}</button>
      </div>
    </div>
  )
}
