/** The hits of rules over time, put into steps (shared/api/rulestats.ts). */
import { STEP_MS } from '../../shared/api/rulestats.ts'
import type { RuleHistory } from '../../shared/api/rulestats.ts'
import type { RuleKind } from '../../shared/events.ts'
import type { ConsoleDeps } from './deps.ts'

const HOUR_MS = 3_600_000

export async function ruleHistory(
  deps: Pick<ConsoleDeps, 'store' | 'clock' | 'rules'>,
  { rules, step, steps }: { readonly rules: readonly { readonly kind: RuleKind; readonly scope: string }[]; readonly step: keyof typeof STEP_MS; readonly steps: number },
): Promise<RuleHistory> {
  const stepMs = STEP_MS[step]
  const end = (Math.floor(deps.clock.now() / HOUR_MS) + 1) * HOUR_MS
  const from = end - steps * stepMs
  const history = await deps.store.hitHistory(rules, from)
  const lastHits = new Map(deps.rules.list().flatMap((rule) => (rule.lastHit === undefined ? [] : [[`${rule.kind} ${rule.scope}`, rule.lastHit]])))
  return {
    from: new Date(from).toISOString(),
    stepMs,
    rules: rules.map(({ kind, scope }, index) => {
      const hits = Array.from({ length: steps }, () => 0)
      const counted = history[index] ?? []
      for (const [hour, count] of counted) {
        const at = Math.floor((hour - from) / stepMs)
        // Beyond the end: counted under a clock that was ahead.
        if (at >= 0 && at < steps) hits[at] = (hits[at] ?? 0) + count
      }
      const latest = counted.reduce((last, [hour]) => Math.max(last, hour), 0)
      return { kind, scope, hits, lastHit: lastHits.get(`${kind} ${scope}`) ?? (latest === 0 ? null : new Date(latest).toISOString()) }
    }),
  }
}
