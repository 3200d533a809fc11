/** A sender's history as lines of a timeline, newest first: attempts (repeats with one fate as one), bans, suggestions. Pure. */
import type { Attempt, SenderHistory } from '../../shared/api/live.ts'
import type { Rule } from '../../shared/events.ts'

export type TimelineLine =
  /** `count` attempts between `from` and `at` (ISO) with the same name and fate; `strikes`: which of them count. */
  | { readonly kind: 'attempts'; readonly at: string; readonly from: string; readonly count: number; readonly latest: Attempt; readonly ids: readonly string[]; readonly strikes: readonly number[] }
  | { readonly kind: 'ban' | 'allow' | 'ends'; readonly at: string; readonly rule: Rule }
  | { readonly kind: 'suggested'; readonly at: string }

export function timelineOf(history: SenderHistory): readonly TimelineLine[] {
  const lines: TimelineLine[] = [...runsOf(history)]
  for (const rule of [history.ban, history.allow]) {
    if (rule === null) continue
    lines.push({ kind: rule.kind, at: rule.since, rule })
    if (rule.until !== null) lines.push({ kind: 'ends', at: rule.until, rule })
  }
  if (history.suggestedAt !== null) lines.push({ kind: 'suggested', at: history.suggestedAt })
  return lines.sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0))
}

/** What happened in between ends a run, so that a ban stands between the attempts before and after it. */
function runsOf({ attempts, ban, allow, suggestedAt }: SenderHistory): Extract<TimelineLine, { kind: 'attempts' }>[] {
  const marks = [ban?.since, allow?.since, suggestedAt].filter((at) => typeof at === 'string')
  const runs: (Extract<TimelineLine, { kind: 'attempts' }> & { ids: string[]; strikes: number[] })[] = []
  for (const attempt of attempts) {
    const last = runs.at(-1)
    const strike = attempt.strike === null ? [] : [attempt.strike]
    if (last !== undefined && sameFate(last.latest, attempt) && !marks.some((at) => at > attempt.at && at <= last.from)) {
      runs[runs.length - 1] = { ...last, from: attempt.at, count: last.count + 1, ids: [...last.ids, attempt.id], strikes: [...strike, ...last.strikes] }
    } else {
      runs.push({ kind: 'attempts', at: attempt.at, from: attempt.at, count: 1, latest: attempt, ids: [attempt.id], strikes: strike })
    }
  }
  return runs
}

function sameFate(one: Attempt, other: Attempt): boolean {
  return one.disposition === other.disposition && one.ehlo === other.ehlo && one.refusedFor.join() === other.refusedFor.join()
}
