/** Check again as the help page says it: the console's own check (console/recheck.ts), in words for the sender. */
import type { Recheck, Release } from '../../shared/api/recheck.ts'
import type { JournalEntry } from '../../shared/events.ts'
import type { HelpRecheck } from '../../shared/notice/helppage.ts'
import { recheck } from '../console/recheck.ts'
import { inWords } from './views.ts'

/** Rejects if the session is gone meanwhile: the page asked for it a moment ago. */
export async function checkAgain(deps: Parameters<typeof recheck>[0], { session }: JournalEntry): Promise<HelpRecheck> {
  const outcome = await recheck(deps, session.id, true)
  if (!outcome.ok) throw new Error(outcome.problem)
  const { result } = outcome
  return {
    when: inWords(Date.parse(result.at)),
    passes: result.verdict === 'accept',
    temporary: result.verdict === 'tempfail',
    sentence: result.sentence,
    answers: result.evidence,
    remedies: result.remedies,
    released: released(result),
  }
}

function released({ release }: Recheck): string[] {
  switch (release.kind) {
    case 'only-looked':
    case 'not-yet': return []
    case 'failed': return ['Its ban could not be lifted just now, though: please call us.']
    case 'released': return [...lifted(release), ...stays(release)]
  }
}

type Released = Extract<Release, { readonly kind: 'released' }>

function lifted({ lifted: ban }: Released): string[] {
  return ban === null ? [] : [`The ban of ${ban.scope} is lifted.`]
}

function stays({ stays: ban }: Released): string[] {
  return ban === null ? [] : [`${ban.scope} stays banned ${ban.by === 'admin' ? 'by the administrator' : 'as a whole'}, though: please call us about it.`]
}
