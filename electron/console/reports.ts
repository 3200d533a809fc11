/** Reports for the console: figures of the store, by the calendar of the gate's zone. */
import type { Report } from '../../shared/api/reports.ts'
import { spanOf } from '../../shared/report/span.ts'
import type { SpanKind } from '../../shared/report/span.ts'
import { localDate } from '../../shared/report/zone.ts'
import type { ConsoleDeps } from './deps.ts'

export async function reportOf({ store, clock }: Pick<ConsoleDeps, 'store' | 'clock'>, asked: { readonly kind: SpanKind; readonly date?: string | undefined }): Promise<Report> {
  const now = clock.now()
  const today = localDate(Intl.DateTimeFormat().resolvedOptions().timeZone, now)
  return { ...(await store.report(spanOf(asked.kind, asked.date ?? today))), now, today }
}
