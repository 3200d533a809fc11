/** What the address bar says after the #: the page, its filter and the session that is open beside the list. */
import { filterFromQuery, filterToQuery, NO_FILTER } from './filter.ts'
import type { Filter } from './filter.ts'
import { sendersFromQuery, sendersToQuery } from './sendersview.ts'
import type { SendersView } from './sendersview.ts'

export type Page = 'live' | 'senders' | 'rules' | 'check' | 'settings' | 'mailbox'

export interface Route {
  readonly page: Page
  readonly filter: Filter
  readonly session: string | null
  readonly tab: 'ban' | 'allow'
  /** The Senders page; missing: as it opens. */
  readonly senders?: SendersView
}

const PAGES: readonly Page[] = ['live', 'senders', 'rules', 'check', 'settings', 'mailbox']

/** Anything unknown leads to the Live page. */
export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2)
  const params = new URLSearchParams(query)
  const page = PAGES.find((known) => known === path) ?? 'live'
  const session = params.get('session')
  return {
    page,
    filter: page === 'live' ? filterFromQuery(params) : NO_FILTER,
    session: session === null || session === '' ? null : session.slice(0, 40),
    tab: params.get('tab') === 'allow' ? 'allow' : 'ban',
    ...(page === 'senders' ? { senders: sendersFromQuery(params) } : {}),
  }
}

export function routeHash(route: Route): string {
  const params = route.page === 'live' ? filterToQuery(route.filter) : route.page === 'senders' && route.senders !== undefined ? sendersToQuery(route.senders) : new URLSearchParams()
  if (route.page === 'live' && route.session !== null) params.set('session', route.session)
  if (route.page === 'rules' && route.tab !== 'ban') params.set('tab', route.tab)
  const query = params.toString()
  return query === '' ? `#/${route.page}` : `#/${route.page}?${query}`
}
