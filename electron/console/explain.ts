/**
 * What is said beside a verdict: the zone whose DNS fails, with its name servers (looked up now: they were not part of the
 * evidence), and the signs of a NAT firewall.
 */
import { questionText } from '../../shared/dns/answer.ts'
import type { Question } from '../../shared/dns/answer.ts'
import type { Evidence } from '../../shared/dns/evidence.ts'
import type { JudgeContext } from '../../shared/gate/verdict.ts'
import { failingZone, failingZoneText, natHint } from '../../shared/notice/explain.ts'
import type { Clock, ResolverPort } from '../ports.ts'

/** The name servers are worth so long a wait, ms: the sentence is useful without them. */
const SERVERS_MS = 1500

export interface ExplainDeps {
  readonly resolver: Pick<ResolverPort, 'resolve'>
  readonly clock: Clock
}

/** One sentence on whose DNS fails; null unless the verdict is `tempfail`. */
export async function failingText(deps: ExplainDeps, evidence: Evidence, context: JudgeContext): Promise<string | null> {
  const failing = failingZone(evidence, context)
  if (failing === null) return null
  const servers: Question = { name: failing.zone, type: 'NS' }
  const answer = await deps.resolver.resolve(servers, { deadline: deps.clock.monotonic() + SERVERS_MS, fresh: false })
  const answers = new Map([...evidence.answers, [questionText(servers), answer] as const])
  return failingZoneText(failingZone({ ...evidence, answers }, context) ?? failing)
}

/** A sentence with the NAT hint after it, if there is one. */
export function withHint(sentence: string, evidence: Evidence): string {
  const hint = natHint(evidence)
  return hint === null ? sentence : `${sentence} ${hint}`
}
