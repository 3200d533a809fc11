/** What importing a list would do, before it is done: what is new, what it replaces, what is bad, whom its bans would hit. Pure. */
import type { Sender } from '../../shared/api/rulework.ts'
import type { RuleKind } from '../../shared/events.ts'
import { PrefixMap } from '../../shared/gate/prefixes.ts'
import { surveyRuleList } from '../../shared/gate/rulelist.ts'
import type { ListedRule, ListSurvey } from '../../shared/gate/rulelist.ts'
import { readScope } from '../../shared/gate/scope.ts'
import { parseAddress } from '../../shared/net/ip.ts'
import type { RuleBook } from './rulebook.ts'

export interface ImportPlan {
  readonly survey: ListSurvey
  /** As they will be imported: those without an end of their own get the length that was chosen. */
  readonly rules: readonly ListedRule[]
  readonly bans: number
  readonly allows: number
  /** Not there yet, and there already. */
  readonly fresh: number
  readonly replaced: number
  /** How many had no end of their own. */
  readonly unsaid: number
}

/** `forMs` for rules that do not say how long: null for good, undefined the usual time. */
export function planImport(text: string, kind: RuleKind, forMs: number | null | undefined, book: RuleBook, now: number): ImportPlan {
  const survey = surveyRuleList(text, kind, now)
  const until = forMs === undefined ? undefined : forMs === null ? null : new Date(now + forMs).toISOString()
  let unsaid = 0
  let replaced = 0
  let bans = 0
  const rules = survey.rules.map((rule): ListedRule => {
    if (rule.kind === 'ban') bans++
    if (book.get(rule.kind, rule.scope) !== null) replaced++
    if (rule.until !== undefined) return rule
    unsaid++
    return until === undefined ? rule : { ...rule, until }
  })
  return { survey, rules, bans, allows: rules.length - bans, fresh: rules.length - replaced, replaced, unsaid }
}

/** Good senders within the bans of a list that no whitelist entry, old or of the list itself, spares. */
export function goodSendersHit(rules: readonly ListedRule[], senders: readonly Sender[], book: RuleBook): Sender[] {
  const bans = new PrefixMap<true>()
  const allowed = new PrefixMap<true>()
  for (const { kind, scope } of rules) {
    const read = readScope(kind, scope)
    if (read?.kind === 'network') (kind === 'ban' ? bans : allowed).set(read.network, true)
  }
  const any = () => true
  return senders.filter(({ client, name }) => {
    const address = parseAddress(client)
    return address !== null && bans.find(address, any) === true && allowed.find(address, any) === null && book.match(client, name).allow === null
  })
}
