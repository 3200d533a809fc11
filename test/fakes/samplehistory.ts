/** Hits over time for the double of the gate: each scope has its own, the same at every call. */
import { STEP_MS } from '../../shared/api/rulestats.ts'
import type { RuleHistory } from '../../shared/api/rulestats.ts'
import type { RuleKind } from '../../shared/events.ts'

export function historyOf({ rules, step, steps }: { readonly rules: readonly { readonly kind: RuleKind; readonly scope: string }[]; readonly step: keyof typeof STEP_MS; readonly steps: number }): RuleHistory {
  const stepMs = STEP_MS[step]
  const end = Math.ceil(Date.now() / 3_600_000) * 3_600_000
  return {
    from: new Date(end - steps * stepMs).toISOString(), stepMs,
    rules: rules.map(({ kind, scope }) => {
      const seed = [...scope].reduce((sum, char) => (sum * 31 + char.charCodeAt(0)) % 9973, 7)
      const hits = Array.from({ length: steps }, (_, n) => (seed % 4 === 0 ? 0 : ((seed + n * 37) % 11) * ((seed + n) % 3)))
      const last = hits.findLastIndex((count) => count > 0)
      return { kind, scope, hits, lastHit: last === -1 ? null : new Date(end - (steps - last) * stepMs).toISOString() }
    }),
  }
}
