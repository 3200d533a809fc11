/** Hits by day of the rules that are in view, for their sparklines: asked for as rows come into view, kept for a minute. */
import { useCallback, useEffect, useRef, useState } from 'react'
import type { Rule } from '../../shared/events.ts'
import { useConsole } from '../console.ts'
import { keyOfRule } from '../model/rulebook.ts'

export const HISTORY_DAYS = 30
const STALE_MS = 60_000
/** Scrolling asks once it stands still. */
const SETTLE_MS = 120
const MOST = 200
const MOST_KEPT = 5000

interface Kept {
  readonly perDay: readonly number[]
  readonly at: number
}

/** `history`: hits per day, oldest first; null while not known. */
export function useHitHistory(): { readonly history: (rule: Rule) => readonly number[] | null; readonly onView: (rules: readonly Rule[]) => void } {
  const { ruleActions } = useConsole()
  const [kept, setKept] = useState<ReadonlyMap<string, Kept>>(new Map())
  const latest = useRef(kept)
  const inView = useRef<readonly Rule[]>([])
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null)
  useEffect(() => {
    latest.current = kept
  }, [kept])

  const load = useCallback(async () => {
    const now = Date.now()
    const wanted = inView.current.filter((rule) => now - (latest.current.get(keyOfRule(rule))?.at ?? 0) > STALE_MS).slice(0, MOST)
    if (wanted.length === 0) return
    const found = await ruleActions.hitHistory(wanted, HISTORY_DAYS)
    if (found === null) return
    setKept((before) => {
      const next = before.size > MOST_KEPT ? new Map<string, Kept>() : new Map(before)
      for (const rule of found.rules) next.set(keyOfRule(rule), { perDay: rule.hits, at: Date.now() })
      return next
    })
  }, [ruleActions])
  const onView = useCallback((rules: readonly Rule[]) => {
    inView.current = rules
    if (timer.current !== null) clearTimeout(timer.current)
    timer.current = setTimeout(() => void load(), SETTLE_MS)
  }, [load])
  useEffect(() => {
    const refresh = setInterval(() => void load(), STALE_MS)
    return () => {
      clearInterval(refresh)
      if (timer.current !== null) clearTimeout(timer.current)
    }
  }, [load])
  return { history: useCallback((rule: Rule) => kept.get(keyOfRule(rule))?.perDay ?? null, [kept]), onView }
}
