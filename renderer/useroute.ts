/** The address bar as state. Pages are pushed, what changes within a page replaces, so that Back leaves the page. A page with unsaved work can ask before it is left. */
import { useCallback, useEffect, useMemo, useSyncExternalStore } from 'react'
import { parseRoute, routeHash } from './model/route.ts'
import type { Route } from './model/route.ts'

const listeners = new Set<() => void>()
/** What is shown: the address bar, unless it was led away from a page that is guarded. */
let shown = location.hash
/** Asks, and calls `go` if it may be left. */
let guard: ((go: () => void) => void) | null = null

function show(hash: string): void {
  shown = hash
  for (const listener of listeners) listener()
}

function isElsewhere(hash: string): boolean {
  return parseRoute(hash).page !== parseRoute(shown).page
}

window.addEventListener('hashchange', () => {
  const wanted = location.hash
  if (guard === null || !isElsewhere(wanted)) return show(wanted)
  history.pushState(null, '', `${location.pathname}${location.search}${shown}`)
  guard(() => {
    guard = null
    location.hash = wanted
  })
})

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export type ChangeRoute = (change: Partial<Route>) => void

export function useRoute(): readonly [Route, ChangeRoute] {
  const hash = useSyncExternalStore(subscribe, () => shown)
  const route = useMemo(() => parseRoute(hash), [hash])
  const change = useCallback<ChangeRoute>((part) => {
    // From what is shown, not from the last render: two changes in one tick must both hold.
    const before = parseRoute(shown)
    const next = routeHash({ ...before, ...part })
    const go = () => {
      if (part.page !== undefined && part.page !== before.page) history.pushState(null, '', next)
      else history.replaceState(null, '', next)
      show(next)
    }
    if (guard === null || !isElsewhere(next)) return go()
    guard(() => {
      guard = null
      go()
    })
  }, [])
  return [route, change]
}

/** While `ask` is not null, this page is not left without it: neither by links, keys, Back, nor (in the browser's own words) by closing it. */
export function useLeaveGuard(ask: ((go: () => void) => void) | null): void {
  useEffect(() => {
    if (ask === null) return
    guard = ask
    const onUnload = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', onUnload)
    return () => {
      if (guard === ask) guard = null
      window.removeEventListener('beforeunload', onUnload)
    }
  }, [ask])
}
