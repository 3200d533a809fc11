/** What the Notices page shows: its address, its tabs, its search. */
import { describe, expect, test } from 'vitest'
import { countsOf, itemsOf, matching, NOTICES_OPENING, NOTICES_TABS, noticesFromQuery, noticesToQuery, tabOf } from '../../renderer/model/noticesview.ts'
import type { NoticesTab } from '../../renderer/model/noticesview.ts'
import { parseRoute, routeHash } from '../../renderer/model/route.ts'
import { NOTICE_STATES } from '../../shared/notice/outbox.ts'
import type { Notice, NoticeState } from '../../shared/notice/outbox.ts'

const notice = (state: NoticeState, more: Partial<Notice> = {}): Notice => ({
  id: state, state, template: 'isp', session: 's1', client: '192.0.2.1', ehlo: 'www.acme.example', refusedFor: ['ptr-missing'], thenAnswers: [], from: 'postmaster@shop.example', to: 'noc@isp.example',
  source: { kind: 'typed' }, trust: 'typed', subject: 'Mail is refused', createdAt: 0, queuedAt: null, sentAt: null, tries: 0, nextTryAt: null, checks: 0, nextCheckAt: null, events: [], ...more,
})
const ALL = NOTICE_STATES.map((state) => notice(state))
const PROPOSALS = {
  due: [{ client: '192.0.2.9', score: 50, reasons: [{ text: 'mail from acme.example was accepted', weight: 40 }], session: 's9', ehlo: 'mail.acme.example', sender: 'a@acme.example', lastAt: 0 }],
  sunk: [], stuck: [{ client: '192.0.2.8', since: 0, attempts: 4, session: 's8', ehlo: null, sender: null, lastAt: 0 }],
}

test.each<readonly [NoticesTab, readonly string[]]>([
  ['worth', ['192.0.2.9']], ['stuck', ['192.0.2.8']], ['drafts', ['draft']], ['sent', ['queued', 'sending', 'sent', 'unknown']], ['answered', ['answered']], ['bounced', ['failed', 'bounced']], ['fixed', ['fixed']], ['quiet', ['quiet']],
  ['all', NOTICE_STATES],
])('the tab %s', (tab, ids) => {
  const items = itemsOf(tab, ALL, PROPOSALS)
  expect(items.map(({ id }) => id)).toEqual(ids)
  expect(countsOf(ALL, PROPOSALS)[tab]).toBe(ids.length)
})

test('every notice is found in the tab that is said to have it', () => {
  for (const each of ALL) expect(itemsOf(tabOf(each), ALL, PROPOSALS).some(({ id }) => id === each.id)).toBe(true)
})

describe('search', () => {
  test.each([['', 11], ['NOC isp', 11], ['fixed', 1], ['192.0.2.1 refused', 11], ['nothing', 0]])('%j finds %i', (q, found) => {
    expect(matching(itemsOf('all', ALL, PROPOSALS), q)).toHaveLength(found)
  })
  test('proposals by their reasons, also those without a name', () => {
    expect(matching(itemsOf('worth', ALL, PROPOSALS), 'accepted acme')).toHaveLength(1)
    expect(matching(itemsOf('stuck', ALL, PROPOSALS), '192.0.2.8')).toHaveLength(1)
  })
})

test.each(NOTICES_TABS)('the address keeps %s, the search and what is open', (tab) => {
  const view = { tab, q: 'a b&c', open: 'id1', template: 'isp' as const }
  expect(noticesFromQuery(noticesToQuery(view))).toEqual(view)
  expect(parseRoute(routeHash({ ...parseRoute('#/notices'), notices: view })).notices).toEqual(view)
})

test('what an address says wrongly is left out', () => {
  expect(noticesFromQuery(new URLSearchParams('tab=nosuch&open='))).toEqual(NOTICES_OPENING)
  expect(noticesFromQuery(new URLSearchParams({ q: 'x'.repeat(1000), open: 'y'.repeat(1000) }))).toEqual({ tab: 'worth', q: 'x'.repeat(400), open: 'y'.repeat(100), template: null })
})
