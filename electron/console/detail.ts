/** One session for the detail pane: the journal's entry with what is wrong in words, what to do, and the log to paste; and the log of many. */
import type { SessionDetail } from '../../shared/api.ts'
import type { JournalEntry, SessionRecord } from '../../shared/events.ts'
import { classifyEhlo } from '../../shared/dns/ehlo.ts'
import type { JudgeContext } from '../../shared/gate/verdict.ts'
import { advise } from '../../shared/notice/advice.ts'
import { classicLog } from '../../shared/notice/classiclog.ts'
import { evidenceOf, sentence } from '../../shared/notice/sentence.ts'
import { localOffset } from '../clock.ts'
import type { EffectiveSettings, StorePort } from '../ports.ts'
import { judgeContext } from './check.ts'
import { failingText, withHint } from './explain.ts'
import type { ExplainDeps } from './explain.ts'

/** The evidence is that of the time; the advice is what the rules in force would ask for. */
export async function detailOf(deps: ExplainDeps, entry: JournalEntry, settings: EffectiveSettings): Promise<SessionDetail> {
  const { session } = entry
  const context = contextOf(session, settings)
  const evidence = evidenceOf(session, entry.evidence)
  const remedies = session.verdict === 'reject' ? advise(evidence, context, domainOf(session.sender)) : []
  const trouble = session.verdict === 'tempfail' ? await failingText(deps, evidence, context) : null
  const said = sentence(session, entry.evidence, remedies, trouble)
  return {
    ...entry,
    judgement: { rules: settings.policy.rules },
    remedies,
    sentence: session.verdict === 'reject' ? withHint(said, evidence) : said,
    log: classicLog(entry, localOffset),
  }
}

/** Which address the client arrived on is not kept; where it greeted with it, the finding tells. */
export function contextOf(session: Pick<SessionRecord, 'findings' | 'ehlo'>, settings: EffectiveSettings): JudgeContext {
  const context = judgeContext(settings)
  const form = session.findings.includes('ehlo-ours') && session.ehlo !== null ? classifyEhlo(session.ehlo) : null
  if (form?.kind !== 'literal' && form?.kind !== 'bare-address') return context
  return { ...context, ourAddresses: [...context.ourAddresses, form.address.text] }
}

/** How many entries are read from the store at once. */
const AT_ONCE = 50

/** The classic log of these sessions (newest first), oldest first, in the gate's own time zone. */
export async function logOf(store: Pick<StorePort, 'entry'>, sessions: readonly SessionRecord[]): Promise<readonly string[]> {
  const lines: string[] = []
  for (let end = sessions.length; end > 0; end -= AT_ONCE) {
    const entries = await Promise.all(sessions.slice(Math.max(0, end - AT_ONCE), end).map(({ id }) => store.entry(id)))
    // One that retention has pruned meanwhile is left out.
    for (const entry of entries.reverse()) if (entry !== null) lines.push(...classicLog(entry, localOffset))
  }
  return lines
}

export function domainOf(sender: string | null): string | null {
  const at = sender?.lastIndexOf('@') ?? -1
  return sender === null || at < 0 ? null : sender.slice(at + 1)
}
