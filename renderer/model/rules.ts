/** Which rules the Rules page shows, in which order. */
import type { Rule, RuleKind } from '../../shared/events.ts'

/** Rules of one kind whose scope or reason contains the text, the latest first. */
export function searchRules(rules: readonly Rule[], kind: RuleKind, text: string): readonly Rule[] {
  const wanted = text.trim().toLowerCase()
  return rules
    .filter((rule) => rule.kind === kind && (wanted === '' || rule.scope.includes(wanted) || rule.reason.toLowerCase().includes(wanted)))
    .sort((a, b) => (a.since < b.since ? 1 : a.since > b.since ? -1 : 0))
}
