/** `porch ban, unban, allow, disallow, rules`. */
import type { Rule, RuleKind } from '../../shared/events.ts'
import { parseDuration, parseScope } from '../../shared/gate/scope.ts'
import { visibleText } from '../../shared/net/safetext.ts'
import { Failure } from './failure.ts'
import { placeOf } from './flags.ts'
import type { CommonFlags } from './flags.ts'
import { withOperations } from './operations.ts'
import { writeLine } from './output.ts'
import { localTime, table } from './table.ts'

export interface RuleFlags extends CommonFlags {
  readonly for?: string
  readonly reason?: string
}

const MAX_REASON = 500

export async function addRule(kind: RuleKind, scope: string, flags: RuleFlags): Promise<number> {
  const parsed = parseScope(kind, scope)
  if (!parsed.ok) throw new Failure(parsed.problem)
  const duration = flags.for === undefined ? undefined : parseDuration(flags.for)
  if (duration?.ok === false) throw new Failure(`--for ${duration.problem}`)
  const reason = flags.reason ?? ''
  if (reason.length > MAX_REASON) throw new Failure(`--reason: expected at most ${MAX_REASON} characters`)
  const input = { kind, scope: parsed.scope.text, reason, ...(duration === undefined ? {} : { forMs: duration.ms }) }
  const outcome = await withOperations(placeOf(flags), (operations) => operations.addRule(input))
  if (!outcome.ok) throw new Failure(outcome.problem)
  report(outcome.rule, flags, kind === 'ban' ? 'banned' : 'allowed')
  return 0
}

export async function removeRule(kind: RuleKind, scope: string, flags: CommonFlags): Promise<number> {
  const parsed = parseScope(kind, scope)
  if (!parsed.ok) throw new Failure(parsed.problem)
  const outcome = await withOperations(placeOf(flags), (operations) => operations.removeRule(kind, parsed.scope.text))
  if (!outcome.ok) throw new Failure(outcome.problem, 1)
  report(outcome.rule, flags, kind === 'ban' ? 'no longer banned' : 'no longer allowed')
  return 0
}

export async function listRules(flags: CommonFlags): Promise<number> {
  const rules = await withOperations(placeOf(flags), (operations) => operations.rules())
  const ordered = [...rules].sort((a, b) => (a.since < b.since ? 1 : a.since > b.since ? -1 : 0))
  if (flags.json === true) for (const rule of ordered) writeLine(ruleJson(rule))
  else if (ordered.length === 0) writeLine('no rules yet: porch ban ADDRESS refuses a sender, porch allow ADDRESS lets one pass')
  else for (const line of table(['KIND', 'SCOPE', 'SINCE', 'UNTIL', 'BY', 'HITS', 'REASON'], ordered.map(cells))) writeLine(line)
  return 0
}

/** The keys and their order are CONTRACT's. */
function ruleJson({ kind, scope, reason, by, since, until, hits }: Rule): string {
  return JSON.stringify({ kind, scope, reason, by, since, until, hits })
}

function cells(rule: Rule): string[] {
  const until = rule.until === null ? 'for good' : localTime(rule.until)
  return [rule.kind, rule.scope, localTime(rule.since), until, rule.by, String(rule.hits), visibleText(rule.reason, 80)]
}

function report(rule: Rule, flags: CommonFlags, what: string): void {
  if (flags.json === true) writeLine(ruleJson(rule))
  else if (what.startsWith('no longer')) writeLine(`${rule.scope} is ${what}`)
  else writeLine(`${rule.scope} is ${what} ${rule.until === null ? 'for good' : `until ${localTime(rule.until)}`}`)
}
