/**
 * What the commands need of a gate or, without one, of its store: the same few operations behind one interface, so that each
 * command is written once.
 */
import { existsSync } from 'node:fs'
import type { Outcome } from '../../shared/api.ts'
import type { NoticePreview, NoticeRefusal, WriteRequest } from '../../shared/api/notices.ts'
import type { Notice } from '../../shared/notice/outbox.ts'
import type { Forgotten } from '../../shared/api/reports.ts'
import type { WhatIfReport } from '../../shared/api/whatif.ts'
import type { Rule, RuleKind, SessionRecord } from '../../shared/events.ts'
import { inPieces } from '../../shared/gate/rulelist.ts'
import type { ListedRule } from '../../shared/gate/rulelist.ts'
import type { Mode } from '../../shared/gate/disposition.ts'
import type { RuleSet } from '../../shared/gate/verdict.ts'
import type { RuleInput, SessionFilter } from '../ports.ts'
import { noFolder, tellNoFolder, tellNoGate } from './elsewhere.ts'
import type { Place } from './flags.ts'
import { openLocal } from './local.ts'
import { reachGate } from './reach.ts'

export interface Operations {
  /** Whether a running gate does them. */
  readonly gate: boolean
  /** Newest first. */
  sessions(filter: SessionFilter): Promise<readonly SessionRecord[]>
  /** Oldest first. */
  log(filter: SessionFilter): Promise<readonly string[]>
  rules(): Promise<readonly Rule[]>
  addRule(input: Omit<RuleInput, 'by'>): Promise<Outcome<{ readonly rule: Rule }>>
  removeRule(kind: RuleKind, scope: string): Promise<Outcome<{ readonly rule: Rule }>>
  /** In pieces; `added`: how many in all. */
  importRules(listed: readonly ListedRule[]): Promise<Outcome<{ readonly added: number }>>
  whatIf(asked: { readonly rules: RuleSet; readonly days: number }, onProgress: (done: number, total: number) => void): Promise<WhatIfReport>
  /** Written, and kept as a draft only if `keep`. */
  writeNotice(request: WriteRequest, keep: boolean): Promise<NoticePreview | NoticeRefusal>
  /** Queues a draft and waits a while for what becomes of it; a refusal takes the draft back. */
  sendNotice(id: string): Promise<{ readonly ok: true; readonly notice: Notice } | NoticeRefusal>
  /** `address`: as `readForgettable` gives it. */
  forget(address: string, onProgress: (done: number, total: number) => void): Promise<Forgotten>
  setMode(mode: Mode, forMs: number | null): Promise<Outcome<{ readonly returns: boolean }>>
  /** `file`: a whole path. */
  backup(file: string): Promise<Outcome<object>>
  close(): Promise<void>
}

/** The gate that runs on the data folder, or else the store in it (locked, so that no gate starts upon it meanwhile). */
export async function openOperations(place: Place): Promise<Operations> {
  return (await reachGate(place.dataDir))?.operations ?? openLocal(place)
}

/** For a question. Where there is not even a folder, stderr tells. */
export async function withOperations<T>(place: Place, work: (operations: Operations) => Promise<T>): Promise<T> {
  const { answer, gate } = await working(place, work)
  if (!gate && !existsSync(place.dataDir)) await tellNoFolder(place.dataDir)
  return answer
}

/** For a change. One that only the next start of a gate will know is told as such. */
export async function changing<T extends object>(place: Place, work: (operations: Operations) => Promise<Outcome<T>>): Promise<Outcome<T>> {
  const there = existsSync(place.dataDir)
  const { answer, gate } = await working(place, work)
  if (gate) return answer
  if (answer.ok) await tellNoGate(place.dataDir, there)
  else if (!there) return { ok: false, problem: `${answer.problem}; ${await noFolder(place.dataDir)}` }
  return answer
}

async function working<T>(place: Place, work: (operations: Operations) => Promise<T>): Promise<{ readonly answer: T; readonly gate: boolean }> {
  const operations = await openOperations(place)
  try {
    return { answer: await work(operations), gate: operations.gate }
  } finally {
    await operations.close()
  }
}

/** Adds a list piece by piece, up to the first that fails; the problem says what holds already. */
export async function eachPiece(listed: readonly ListedRule[], add: (piece: ListedRule[]) => Promise<Outcome<{ readonly added: number }>>): Promise<Outcome<{ readonly added: number }>> {
  let added = 0
  for (const piece of inPieces(listed)) {
    const outcome = await add(piece)
    if (!outcome.ok) return { ok: false, problem: added === 0 ? outcome.problem : `${outcome.problem} (${added} earlier ones were added)` }
    added += outcome.added
  }
  return { ok: true, added }
}
