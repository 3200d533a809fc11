/** What the store says to its worker and hears from it. Requests are answered by their id; writes in the order in which they were sent. */
import type { Rule, RuleKind } from '../../shared/events.ts'
import type { Span } from '../../shared/report/span.ts'
import type { ConductRow, SenderQuery, SessionFilter, SurveySpec, WhatIfSpec } from '../ports.ts'

export type Hits = readonly { readonly kind: RuleKind; readonly scope: string; readonly hits: number; readonly minute: number }[]

export type WriteOp =
  /** `lines`: for each session its JSON and that of its details. Batches are numbered from 1 within a run; one that was written is not written again. */
  | { readonly op: 'write'; readonly batch: number; readonly lines: readonly string[] }
  | { readonly op: 'putRule'; readonly rule: Rule }
  | { readonly op: 'deleteRule'; readonly kind: RuleKind; readonly scope: string }
  | { readonly op: 'addHits'; readonly hits: Hits }
  | { readonly op: 'put'; readonly key: string; readonly value: string }
  | { readonly op: 'putGraceStart'; readonly network: string; readonly at: number }
  | { readonly op: 'putConduct'; readonly rows: readonly ConductRow[] }
  /** `message` null: as it is. */
  | { readonly op: 'putNotice'; readonly notice: string; readonly value: string; readonly message: string | null }
  | { readonly op: 'deleteNotice'; readonly notice: string }

export type OtherOp =
  | { readonly op: 'sessions'; readonly filter: SessionFilter }
  | { readonly op: 'entry'; readonly session: string }
  | { readonly op: 'acceptedWithin'; readonly network: string; readonly days: number; readonly now: number; readonly most: number }
  | { readonly op: 'senders'; readonly query: SenderQuery }
  | { readonly op: 'sender'; readonly key: string }
  | { readonly op: 'counts'; readonly since: string }
  /** Answers JSON of RuleRow[]: a hundred thousand rules are read faster as one text than as cloned objects. */
  | { readonly op: 'loadRules' }
  | { readonly op: 'get'; readonly key: string }
  | { readonly op: 'graceStarts' }
  /** Answers pairs of hour (ms) and hits for each scope. */
  | { readonly op: 'hitHistory'; readonly rules: readonly { readonly kind: RuleKind; readonly scope: string }[]; readonly from: number }
  /** Answers JSON of ConductRow[]. */
  | { readonly op: 'loadConduct' }
  | { readonly op: 'loadNotices' }
  | { readonly op: 'noticeMessage'; readonly notice: string }
  | { readonly op: 'backup'; readonly file: string }
  /** One step of a run (forget.ts). */
  | { readonly op: 'forget'; readonly run: string; readonly address: string; readonly first: boolean }
  | { readonly op: 'sizes' }
  | { readonly op: 'integrity' }
  | { readonly op: 'report'; readonly span: Span; readonly now: number }
  /** `believed`: the time now, ms. */
  | { readonly op: 'prune'; readonly before: number; readonly believed: number }
  /** One step of a run (whatif.ts). */
  | { readonly op: 'whatif'; readonly run: string; readonly spec: WhatIfSpec; readonly first: boolean }
  | { readonly op: 'whatifDrop'; readonly run: string }
  /** One step of a run (survey.ts); null until the end. */
  | { readonly op: 'survey'; readonly run: string; readonly spec: SurveySpec; readonly first: boolean }
  | { readonly op: 'ping' }
  | { readonly op: 'close' }

export type Request = { readonly id: number } & (WriteOp | OtherOp)

export type FromWorker =
  /** Sent once; `batch`: the last one of this run that is on disk (a worker may be the second of its run). */
  | { readonly kind: 'ready'; readonly batch: number; readonly newest: number | null; readonly trouble: string | null }
  /** Sent once instead: the folder cannot be used by this program. */
  | { readonly kind: 'fatal'; readonly message: string }
  | { readonly kind: 'done'; readonly id: number; readonly value: unknown; readonly bytes: number | null }
  /** `passing`: trouble with the database, worth another try; else the request itself cannot be done. */
  | { readonly kind: 'failed'; readonly id: number; readonly message: string; readonly passing: boolean }
  /** The database was torn: where it is now. */
  | { readonly kind: 'torn'; readonly aside: string; readonly rules: number }
  /** Some stored sessions cannot be read and are passed over. */
  | { readonly kind: 'damaged' }

export type RuleRow = [kind: Rule['kind'], scope: string, reason: string, by: Rule['by'], since: string, until: string | null, hits: number, lastHit: number | null]

export interface WorkerStart {
  readonly dataDir: string
  /** Tells one run of the program from another, so that a batch number means something after the worker was restarted. */
  readonly run: string
}

export function isWrite(request: Request): request is { readonly id: number } & WriteOp {
  switch (request.op) {
    case 'write':
    case 'putRule':
    case 'deleteRule':
    case 'addHits':
    case 'put':
    case 'putGraceStart':
    case 'putConduct':
    case 'putNotice':
    case 'deleteNotice':
      return true
    default:
      return false
  }
}
