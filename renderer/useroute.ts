/** The address bar as state. Pages are pushed, what changes within a page replaces, so that Back leaves the page. */
import { useCallback, useMemo, useSyncExternalStore } from 'react'
import { parseRoute, routeHash } from './model/route.ts'
import type { Route } from './model/route.ts'

const listeners = new Set<() => void>()

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  window.addEventListener('hashchange', listener)
  return () => {
    listeners.delete(listener)
    window.removeEventListener('hashchange', listener)
  }
}

export type ChangeRoute = (change: Partial<Route>) => void

export function useRoute(): readonly [Route, ChangeRoute] {
  const hash = useSyncExternalStore(subscribe, () => location.hash)
  const route = useMemo(() => parseRoute(hash), [hash])
  const change = useCallback<ChangeRoute>((part) => {
    // From the address bar, not from the last render: two changes in one tick must both hold.
    const before = parseRoute(location.hash)
    const next = routeHash({ ...before, ...part })
    if (part.page !== undefined && part.page !== before.page) history.pushState(null, '', next)
    else history.replaceState(null, '', next)
    for (const listener of listeners) listener()
  }, [])
  return [route, change]
}
