/**
 * `porch check` and the console's Check page: gather now, judge by the rules alone (no lists, exemptions or canary),
 * and say what to do.
 */
import type { CheckResult } from '../../shared/api.ts'
import type { CheckReport, CheckStep } from '../../shared/api/check.ts'
import type { Answer } from '../../shared/dns/answer.ts'
import type { Evidence } from '../../shared/dns/evidence.ts'
import { refusalText } from '../../shared/gate/replytext.ts'
import { judge } from '../../shared/gate/verdict.ts'
import type { JudgeContext, Judgement, RuleSet } from '../../shared/gate/verdict.ts'
import { isHostName } from '../../shared/net/domain.ts'
import { parseAddress, parseNetwork } from '../../shared/net/ip.ts'
import { parseEndpoint } from '../../shared/net/parse.ts'
import { asciiText } from '../../shared/net/safetext.ts'
import { advise } from '../../shared/notice/advice.ts'
import { sentence } from '../../shared/notice/sentence.ts'
import type { EffectiveSettings, GatherPort } from '../ports.ts'
import { failingText, withHint } from './explain.ts'
import type { ExplainDeps } from './explain.ts'

/** Longer is no greeting that a server could take (RELIABILITY: command line). */
const MAX_EHLO = 4096
const RULE_SETS: readonly RuleSet[] = ['house', 'standard', 'lenient']

export interface CheckDeps {
  readonly gather: GatherPort
  readonly settings: EffectiveSettings
}

/** `gatherFor`: the sample senders of practice mode have DNS answers of their own. */
export interface FollowDeps extends ExplainDeps {
  readonly gatherFor: (client: string) => GatherPort
  readonly settings: EffectiveSettings
}

/** `client`: an address that `parseAddress` reads (anything else throws a RangeError: callers check what was typed). `ehlo`: any text. */
export async function runCheck(deps: CheckDeps, client: string, ehlo: string): Promise<CheckResult> {
  const address = parseAddress(client)
  if (address === null) throw new RangeError(`not an address: ${client}`)
  const gathering = deps.gather.begin(address.text, { fresh: true })
  try {
    const evidence = await gathering.ehloSide(ehlo)
    return resultOf(evidence, ehlo, judgeContext(deps.settings))
  } finally {
    gathering.stop()
  }
}

/** Answers as they come, then the report; ends early when `signal` aborts. */
export async function* followCheck(deps: FollowDeps, input: { readonly client: string; readonly ehlo: string; readonly as: 'sender' | 'ourselves' }, signal: AbortSignal): AsyncGenerator<CheckStep, void, void> {
  const { ehlo } = input
  const typed = input.client.trim()
  const address = parseAddress(typed)
  if (address === null) return yield { kind: 'refused', field: 'client', problem: notAnAddress(typed) }
  if (ehlo.length > MAX_EHLO) return yield { kind: 'refused', field: 'ehlo', problem: `At most ${MAX_EHLO} characters.` }
  let heard: Answer[] = []
  let wake = (): void => undefined
  const gathering = deps.gatherFor(address.text).begin(address.text, { fresh: true, heard: (answer) => { heard.push(answer); wake() } })
  const over = () => wake()
  signal.addEventListener('abort', over)
  try {
    let evidence: Evidence | null = null
    void gathering.ehloSide(ehlo).then((all) => { evidence = all; wake() })
    while (!signal.aborted) {
      if (heard.length > 0) {
        const answers = heard
        heard = []
        yield { kind: 'answers', answers }
      } else if (evidence !== null) return yield { kind: 'done', report: await reportOf(deps, evidence, ehlo, input.as) }
      else await new Promise<void>((resolve) => (wake = resolve))
    }
  } finally {
    signal.removeEventListener('abort', over)
    gathering.stop()
  }
}

function notAnAddress(typed: string): string {
  if (typed === '') return 'Type the address that the sender connects from.'
  const example = 'expected one such as 192.0.2.1 or 2001:db8::1'
  if (parseNetwork(typed) !== null) return `"${asciiText(typed, 60)}" is a network; ${example}`
  if (isHostName(typed) && /[a-z]/i.test(typed)) return `"${asciiText(typed, 60)}" is a name; expected the address that connects, such as 192.0.2.1 or 2001:db8::1`
  return `"${asciiText(typed, 60)}" is not an address; ${example}`
}

async function reportOf(deps: FollowDeps, evidence: Evidence, ehlo: string, as: 'sender' | 'ourselves'): Promise<CheckReport> {
  const context = as === 'sender' ? judgeContext(deps.settings) : judgeContext({ ...deps.settings, hostname: '', allDomains: [], listen: [] })
  const result = resultOf(evidence, ehlo, context)
  const judgement = judge(evidence, context)
  const trouble = result.verdict === 'tempfail' ? await failingText(deps, evidence, context) : null
  const disposition = { accept: 'accepted', reject: 'rejected', tempfail: 'deferred' } as const
  const said = sentence({ ...result, ptrNames: judgement.ptrNames, disposition: disposition[result.verdict], reply: null }, result.evidence, result.remedies, trouble)
  return {
    ...result,
    ptrNames: judgement.ptrNames,
    rules: context.rules,
    byRules: RULE_SETS.map((rules) => {
      const { verdict, refusedFor } = judge(evidence, { ...context, rules })
      return { rules, verdict, refusedFor }
    }),
    sentence: result.verdict === 'reject' ? withHint(said, evidence) : said,
    reply: replyTo(judgement, evidence.client, deps.settings),
  }
}

/** The session's id in the link is made up. */
function replyTo(judgement: Judgement, client: string, { policy, helpPage }: EffectiveSettings): string | null {
  if (judgement.reply === null) return null
  const { code, enhanced, finding } = judgement.reply
  return `${code} ${enhanced} ${refusalText(client, judgement, finding, { detail: policy.detail, overrides: policy.replies, helpUrl: helpPage?.url ?? null, id: 'k3f9' })}`
}

function resultOf(evidence: Evidence, ehlo: string, context: JudgeContext): CheckResult {
  const { verdict, iprev, findings, refusedFor, verifiedNames } = judge(evidence, context)
  return {
    client: evidence.client,
    ehlo,
    verdict,
    iprev,
    verifiedName: verifiedNames[0] ?? null,
    findings,
    refusedFor,
    evidence: [...evidence.answers.values()],
    remedies: verdict === 'reject' ? advise(evidence, context, null) : [],
  }
}

/** The rules in force. Which address a client of the past arrived on is not known: those the gate listens on by name stand for it. */
export function judgeContext(settings: EffectiveSettings): JudgeContext {
  return {
    rules: settings.policy.rules,
    hostname: settings.hostname,
    domains: settings.allDomains,
    ourAddresses: settings.listen.flatMap((text) => {
      const host = parseEndpoint(text)?.host
      return host === undefined || host === '0.0.0.0' || host === '::' ? [] : [host]
    }),
  }
}
