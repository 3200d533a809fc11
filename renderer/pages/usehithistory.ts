/** Hits of the rules that are in view, by day, and when each rule was last met. */
import type { Rule } from '../../shared/events.ts'
import type { LastHits } from '../model/rules.ts'
import type { HitHistory } from '../parts/ruletable.tsx'

const none: LastHits = new Map()
const nothing = (): HitHistory | null => null
const ignore = () => undefined

export function useHitHistory(): { readonly history: (rule: Rule) => HitHistory | null; readonly lastHits: LastHits; readonly onView: (...view: unknown[]) => void } {
  return { history: nothing, lastHits: none, onView: ignore }
}
