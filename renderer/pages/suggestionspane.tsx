/** The suggestions of the Rules page: loaded when looked at, and anew after each change. */
import { useCallback, useEffect, useRef, useState } from 'react'
import type { SuggestedChange, SuggestionList } from '../../shared/api/rulework.ts'
import type { Suggestion } from '../../shared/gate/suggest.ts'
import { useConsole, useLine, useRules } from '../console.ts'
import { EmptyState } from '../parts/emptystate.tsx'
import { Suggestions } from '../parts/suggestions.tsx'
import { useNow } from '../parts/usenow.ts'
import { suggestionWords as words } from '../words/suggestions.ts'

type Loaded = { readonly kind: 'loading' } | { readonly kind: 'failed' } | { readonly kind: 'loaded'; readonly list: SuggestionList }

/** With changes of the rules (an Undo, another console) the list is loaded anew, but not at each hit. */
const SETTLE_MS = 400
/** While registries are being asked. */
const ASKING_MS = 3000

export function SuggestionsPane() {
  const { ruleActions } = useConsole()
  const line = useLine()
  const now = useNow()
  const { book } = useRules()
  const [loaded, setLoaded] = useState<Loaded>({ kind: 'loading' })
  const [busy, setBusy] = useState(false)
  const asked = useRef(0)
  const load = useCallback(async () => {
    asked.current += 1
    const mine = asked.current
    const list = await ruleActions.suggestions()
    if (mine !== asked.current) return
    setLoaded((before) => (list !== null ? { kind: 'loaded', list } : before.kind === 'loaded' ? before : { kind: 'failed' }))
  }, [ruleActions])
  const size = book.rules.size
  const isUp = line.kind === 'up'
  useEffect(() => {
    if (!isUp) return
    const timer = setTimeout(() => void load(), asked.current === 0 ? 0 : SETTLE_MS)
    return () => clearTimeout(timer)
  }, [load, isUp, size])

  useEffect(() => {
    if (!isUp || loaded.kind !== 'loaded' || loaded.list.asking !== true) return
    const timer = setTimeout(() => void load(), ASKING_MS)
    return () => clearTimeout(timer)
  }, [load, isUp, loaded])

  const during = async (work: () => Promise<unknown>) => {
    setBusy(true)
    await work()
    await load()
    setBusy(false)
  }
  const acceptAll = (kind: Suggestion['kind'], list: SuggestionList) => during(async () => {
    // The gate shows the first thousand: they are asked for until none is left.
    let next: SuggestionList | null = list
    while (next !== null) {
      const some: SuggestedChange[] = next.open.filter((suggestion) => suggestion.kind === kind)
      if (some.length === 0) break
      if (!(await ruleActions.accept(some)) || some.length >= next.counts[kind]) break
      next = await ruleActions.suggestions()
    }
  })
  if (loaded.kind === 'loading') return <EmptyState title={isUp ? words.looking : words.noLine} />
  if (loaded.kind === 'failed') return <EmptyState title={words.failed}><button type="button" className="action" onClick={() => { setLoaded({ kind: 'loading' }); void load() }}>{words.again}</button></EmptyState>
  const { list } = loaded
  if (list.open.length + list.dismissed.length === 0) return <EmptyState title={words.emptyTitle}><p>{words.empty}</p></EmptyState>
  return (
    <Suggestions list={list} now={now} busy={busy} onAccept={(some) => void during(() => ruleActions.accept(some))} onAcceptAll={(kind) => void acceptAll(kind, list)}
      onDismiss={(suggestion, dismissed) => void during(() => ruleActions.dismiss(suggestion, dismissed, () => void load()))} />
  )
}
