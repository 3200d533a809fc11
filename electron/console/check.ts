/**
 * `porch check` and the console's Check page: gather now, judge by the rules alone (no lists, exemptions or canary),
 * and say what to do.
 */
import type { CheckResult } from '../../shared/api.ts'
import type { Evidence } from '../../shared/dns/evidence.ts'
import { judge } from '../../shared/gate/verdict.ts'
import type { JudgeContext } from '../../shared/gate/verdict.ts'
import { parseAddress } from '../../shared/net/ip.ts'
import { parseEndpoint } from '../../shared/net/parse.ts'
import { advise } from '../../shared/notice/advice.ts'
import type { EffectiveSettings, GatherPort } from '../ports.ts'

export interface CheckDeps {
  readonly gather: GatherPort
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
