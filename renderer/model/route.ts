/** What the address bar says after the #: the page, its filter and the session that is open beside the list. */
import { STEPS } from '../../shared/golive.ts'
import type { GoLiveStep } from '../../shared/golive.ts'
import { filterFromQuery, filterToQuery, NO_FILTER } from './filter.ts'
import type { Filter } from './filter.ts'
import { reportsFromQuery, reportsToQuery } from './reportsview.ts'
import type { ReportsView } from './reportsview.ts'
import { noticesFromQuery, noticesToQuery } from './noticesview.ts'
import type { NoticesView } from './noticesview.ts'
import { sendersFromQuery, sendersToQuery } from './sendersview.ts'
import type { SendersView } from './sendersview.ts'

export type Page = 'live' | 'senders' | 'notices' | 'rules' | 'check' | 'settings' | 'mailbox' | 'golive' | 'enforce' | 'reports' | 'health' | 'desktop'

export type RuleTab = 'all' | 'ban' | 'allow' | 'suggestions'

export interface Route {
  readonly page: Page
  readonly filter: Filter
  readonly session: string | null
  readonly tab: RuleTab
  /** Of the Go live wizard. */
  readonly step?: GoLiveStep
  /** What the Senders page shows. */
  readonly senders?: SendersView
  /** What the Notices page shows. */
  readonly notices?: NoticesView
  /** What the Reports page shows. */
  readonly reports?: ReportsView
  /** What the Check page checks. */
  readonly check?: { readonly client: string; readonly ehlo: string }
}

const TABS: readonly RuleTab[] = ['all', 'ban', 'allow', 'suggestions']
const PAGES: readonly Page[] = ['live', 'senders', 'notices', 'rules', 'check', 'settings', 'mailbox', 'golive', 'enforce', 'reports', 'health', 'desktop']

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
    tab: TABS.find((known) => known === params.get('tab')) ?? 'ban',
    ...(page === 'golive' ? { step: STEPS.find((step) => step === params.get('step')) ?? 'server' } : {}),
    ...(page === 'notices' ? { notices: noticesFromQuery(params) } : {}),
    ...(page === 'senders' ? { senders: sendersFromQuery(params) } : {}),
    ...(page === 'reports' ? { reports: reportsFromQuery(params) } : {}),
    ...(page === 'check' && params.has('client') ? { check: { client: (params.get('client') ?? '').slice(0, 200), ehlo: (params.get('ehlo') ?? '').slice(0, 4096) } } : {}),
  }
}

function paramsOf({ page, filter, senders, notices, reports }: Route): URLSearchParams {
  if (page === 'live') return filterToQuery(filter)
  if (page === 'senders' && senders !== undefined) return sendersToQuery(senders)
  if (page === 'notices' && notices !== undefined) return noticesToQuery(notices)
  if (page === 'reports' && reports !== undefined) return reportsToQuery(reports)
  return new URLSearchParams()
}

export function routeHash(route: Route): string {
  const params = paramsOf(route)
  if (route.page === 'live' && route.session !== null) params.set('session', route.session)
  if (route.page === 'rules' && route.tab !== 'ban') params.set('tab', route.tab)
  if (route.page === 'golive' && route.step !== undefined && route.step !== 'server') params.set('step', route.step)
  if (route.page === 'check' && route.check !== undefined) for (const [name, value] of Object.entries(route.check)) params.set(name, value)
  const query = params.toString()
  return query === '' ? `#/${route.page}` : `#/${route.page}?${query}`
}
