/** Check again as the help page says it: the same check as the console's (recheck.ts), in words for the sender. */
import type { JournalEntry, SessionRecord } from '../../shared/events.ts'
import { advise } from '../../shared/notice/advice.ts'
import type { HelpRecheck } from '../../shared/notice/helppage.ts'
import { sentence } from '../../shared/notice/sentence.ts'
import { judgeContext } from '../console/check.ts'
import { failingText, withHint } from '../console/explain.ts'
import type { ExplainDeps } from '../console/explain.ts'
import { recheck } from '../recheck.ts'
import type { RecheckDeps, Release } from '../recheck.ts'
import { inWords } from './views.ts'

export async function checkAgain(deps: RecheckDeps & ExplainDeps, { session }: JournalEntry): Promise<HelpRecheck> {
  const { evidence, judgement, release } = await recheck(deps, session.client, session.ehlo)
  const context = judgeContext(deps.settings.current())
  const answers = [...evidence.answers.values()]
  const remedies = judgement.verdict === 'reject' ? advise(evidence, context, session.sender?.split('@').at(-1) ?? null) : []
  const now: SessionRecord = { ...session, ...judgement, verifiedName: judgement.verifiedNames[0] ?? null, disposition: 'accepted', reply: null }
  const trouble = judgement.verdict === 'tempfail' ? await failingText(deps, evidence, context) : null
  const said = sentence(now, answers, remedies, trouble)
  return {
    when: inWords(deps.clock.now()),
    passes: judgement.verdict === 'accept',
    temporary: judgement.verdict === 'tempfail',
    sentence: judgement.verdict === 'reject' ? withHint(said, evidence) : said,
    answers,
    remedies,
    released: release === null ? [] : released(release),
  }
}

function released({ lifted, stays }: Release): string[] {
  return [
    ...(lifted === null ? [] : [`The ban of ${lifted.scope} is lifted.`]),
    ...(stays === null ? [] : [`${stays.scope} stays banned ${stays.by === 'admin' ? 'by the administrator' : 'as a whole'}, though: please call us about it.`]),
  ]
}
