/** What the Senders page loads: the list, page by page, kept fresh; and the sender that is open. What was there stays while the next is on its way. */
import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react'
import type { SenderDetail, SenderList } from '../../shared/api/senders.ts'
import { useConsole, useLine } from '../console.ts'
import type { SendersView } from '../model/sendersview.ts'

export type LoadedList =
  | { readonly kind: 'loading' | 'failed' | 'offline' }
  | { readonly kind: 'loaded'; readonly list: SenderList; readonly stale: boolean; readonly more: 'no' | 'some' | 'loading' | 'failed' }

export type LoadedSender = { readonly kind: 'loading' | 'failed' | 'gone' } | { readonly kind: 'loaded'; readonly detail: SenderDetail }

const PAGE = 100
const MOST = 500
const FRESH_MS = 10_000

function inputOf(view: SendersView) {
  return {
    sort: view.sort,
    ...(view.q.trim() === '' ? {} : { text: view.q }), ...(view.state === null ? {} : { state: view.state }),
    ...(view.finding === null ? {} : { finding: view.finding }), ...(view.days === null ? {} : { days: view.days }),
  }
}

/** Answers for another search are stale, not gone. Loaded anew now and then, after our rules changed, and by `again`. */
export function useSenders(view: SendersView): { readonly loaded: LoadedList; readonly loadMore: () => void; readonly again: () => void } {
  const { line, rules } = useConsole()
  const up = useLine().kind === 'up'
  const known = useSyncExternalStore(rules.subscribe, rules.view)
  const key = JSON.stringify(inputOf(view))
  const [state, setState] = useState<{ readonly key: string; readonly list: SenderList; readonly more: 'idle' | 'loading' | 'failed' } | null>(null)
  const [failed, setFailed] = useState<string | null>(null)
  const [turn, setTurn] = useState(0)
  const shown = useRef(PAGE)
  const again = useCallback(() => setTurn((before) => before + 1), [])
  useEffect(() => {
    const timer = setInterval(again, FRESH_MS)
    return () => clearInterval(timer)
  }, [again])
  useEffect(() => {
    shown.current = PAGE
  }, [key])
  useEffect(() => {
    const api = line.api()
    if (!up || api === null) return
    const stop = new AbortController()
    api.senders.list({ ...(JSON.parse(key) as ReturnType<typeof inputOf>), limit: Math.min(MOST, shown.current) }, { signal: stop.signal }).then(
      (list) => {
        if (stop.signal.aborted) return
        // A list that was paged further than one answer holds is left as it is until it is searched anew.
        setState((before) => (before?.key === key && before.list.senders.length > MOST ? before : { key, list, more: 'idle' }))
        setFailed(null)
        if (list.uncounted > 0) setTimeout(again, 1000)
      },
      () => {
        if (!stop.signal.aborted) setFailed(key)
      },
    )
    return () => stop.abort()
  }, [key, up, turn, line, known, again])
  const loadMore = useCallback(() => {
    const api = line.api()
    if (api === null || state?.list.next == null || state.more === 'loading' || state.key !== key) return
    setState({ ...state, more: 'loading' })
    api.senders.list({ ...(JSON.parse(key) as ReturnType<typeof inputOf>), limit: PAGE, after: state.list.next }).then(
      (page) => setState((before) => {
        if (before?.key !== key) return before
        const have = new Set(before.list.senders.map((each) => each.key))
        const senders = [...before.list.senders, ...page.senders.filter((each) => !have.has(each.key))]
        shown.current = senders.length
        return { key, list: { ...page, senders }, more: 'idle' }
      }),
      () => setState((before) => (before === null ? before : { ...before, more: 'failed' })),
    )
  }, [line, state, key])
  if (state === null || (failed === key && state.key !== key)) return { loaded: { kind: failed === key ? 'failed' : up ? 'loading' : 'offline' }, loadMore, again }
  const more = state.list.next === null ? 'no' : state.more === 'idle' ? 'some' : state.more
  return { loaded: { kind: 'loaded', list: state.list, stale: state.key !== key, more }, loadMore, again }
}

/** `key` null: none is open. */
export function useSender(key: string | null, text: string): { readonly loaded: LoadedSender; readonly again: () => void } {
  const { line, rules } = useConsole()
  const up = useLine().kind === 'up'
  const known = useSyncExternalStore(rules.subscribe, rules.view)
  const [turn, setTurn] = useState(0)
  const [state, setState] = useState<{ readonly of: string; readonly value: LoadedSender } | null>(null)
  const of = JSON.stringify([key, text])
  const again = useCallback(() => setTurn((before) => before + 1), [])
  useEffect(() => {
    if (key === null) return
    const timer = setInterval(again, FRESH_MS)
    return () => clearInterval(timer)
  }, [key, again])
  useEffect(() => {
    const api = line.api()
    if (key === null || !up || api === null) return
    const stop = new AbortController()
    api.senders.get({ key, ...(text.trim() === '' ? {} : { text }) }, { signal: stop.signal }).then(
      (detail) => {
        if (!stop.signal.aborted) setState({ of, value: detail === null ? { kind: 'gone' } : { kind: 'loaded', detail } })
      },
      () => {
        if (!stop.signal.aborted) setState((before) => (before?.of === of && before.value.kind === 'loaded' ? before : { of, value: { kind: 'failed' } }))
      },
    )
    return () => stop.abort()
  }, [key, text, of, up, turn, line, known])
  return { loaded: state?.of === of ? state.value : { kind: 'loading' }, again }
}
