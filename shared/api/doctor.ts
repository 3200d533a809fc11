/** The page Own health: what the doctor found last, and a round at once. */
import { eventIterator, oc, type } from '@orpc/contract'
import type { CheckUp, DoctorReport } from '../doctor/report.ts'

export interface DoctorView {
  /** Null: none was made yet. */
  readonly report: DoctorReport | null
  /** A round is under way. */
  readonly running: boolean
}

export type DoctorStep =
  | { readonly kind: 'check'; readonly check: CheckUp }
  | { readonly kind: 'done'; readonly report: DoctorReport }
  /** It could not be done. */
  | { readonly kind: 'failed'; readonly problem: string }

export const doctorApi = {
  get: oc.output(type<DoctorView>()),
  /** Findings as they come, then the report. Whoever stops listening calls the round off, unless others listen. */
  run: oc.output(eventIterator(type<DoctorStep>())),
}
