/** How senders stand with notices: worth one, written about, or fixed since. */
import { expect, test } from 'vitest'
import { createNoticeStandings } from '../../../electron/console/noticestandings.ts'
import type { Proposals } from '../../../shared/api/notices.ts'
import { clientKey } from '../../../shared/net/ip.ts'
import type { Notice, NoticeState } from '../../../shared/notice/outbox.ts'
import { manualClock } from '../../fakes/clock.ts'

const notice = (client: string, state: NoticeState, createdAt: number, template: Notice['template'] = 'isp'): Notice => ({
  id: `${client} ${createdAt}`, state, template, session: 's', client, ehlo: null, refusedFor: [], thenAnswers: [], from: 'a@b.example', to: 'c@d.example', source: { kind: 'typed' }, trust: 'typed', subject: 'x', createdAt,
  queuedAt: null, sentAt: null, tries: 0, nextTryAt: null, checks: 0, nextCheckAt: null, events: [],
})
const due = (client: string): Proposals => ({ due: [{ client, score: 40, session: 's', ehlo: null, sender: null, lastAt: 0, reasons: [{ text: 'it came back', weight: 20 }, { text: 'it shouts', weight: -5 }] }], sunk: [], stuck: [] })

async function standings(notices: readonly Notice[], proposals: Proposals = { due: [], sunk: [], stuck: [] }) {
  const all = await createNoticeStandings({ clock: manualClock(), notices: () => notices, proposals: () => Promise.resolve(proposals) }).all()
  return Object.fromEntries([...all].map(([key, { standing }]) => [key, standing]))
}

test.each<readonly [string, readonly Notice[], object]>([
  ['sent: notified', [notice('192.0.2.1', 'sent', 1)], { '192.0.2.1': 'notified' }],
  ['the latest counts', [notice('192.0.2.1', 'sent', 1), notice('192.0.2.1', 'fixed', 2)], { '192.0.2.1': 'fixed' }],
  ['bounced is still followed', [notice('192.0.2.1', 'bounced', 1)], { '192.0.2.1': 'notified' }],
  ['drafts, refused and quiet ones say nothing', [notice('192.0.2.1', 'draft', 1), notice('192.0.2.2', 'failed', 1), notice('192.0.2.3', 'quiet', 1), notice('192.0.2.4', 'cancelled', 1)], {}],
  ['nor what was told to a customer', [notice('192.0.2.1', 'sent', 1, 'customer')], {}],
  ['IPv6 by its /64', [notice('2001:db8::25', 'sent', 1)], { [clientKey('2001:db8::99')]: 'notified' }],
])('%s', async (_, notices, expected) => {
  expect(await standings(notices)).toEqual(expected)
})

test('worth a notice comes before an older one, with the reasons for it only', async () => {
  const made = createNoticeStandings({ clock: manualClock(), notices: () => [notice('192.0.2.1', 'fixed', 1)], proposals: () => Promise.resolve(due('192.0.2.1')) })
  expect((await made.all()).get('192.0.2.1')).toEqual({ standing: 'worth', client: '192.0.2.1', reasons: ['it came back'] })
})

test('who was written to since the proposals were made is notified at once', async () => {
  const notices: Notice[] = []
  const made = createNoticeStandings({ clock: manualClock(), notices: () => notices, proposals: () => Promise.resolve(due('192.0.2.1')) })
  expect((await made.all()).get('192.0.2.1')?.standing).toBe('worth')
  notices.push(notice('192.0.2.1', 'sent', 1))
  expect((await made.all()).get('192.0.2.1')?.standing).toBe('notified')
})

test('proposals are asked for once a minute, and again after a failure', async () => {
  const clock = manualClock()
  let asked = 0
  const made = createNoticeStandings({ clock, notices: () => [], proposals: () => (++asked === 1 ? Promise.reject(new Error('busy')) : Promise.resolve(due('192.0.2.1'))) })
  expect((await made.all()).size).toBe(0)
  expect((await made.all()).size).toBe(1)
  await made.all()
  expect(asked).toBe(2)
  clock.advance(61_000)
  await made.all()
  expect(asked).toBe(3)
})

test('while the proposals take long the last ones stand', async () => {
  const clock = manualClock()
  let release: (proposals: Proposals) => void = () => undefined
  let slow = false
  const made = createNoticeStandings({ clock, notices: () => [], proposals: () => (slow ? new Promise((resolve) => (release = resolve)) : Promise.resolve(due('192.0.2.1'))) })
  await made.all()
  slow = true
  clock.advance(61_000)
  expect([...(await made.all()).keys()]).toEqual(['192.0.2.1'])
  release(due('192.0.2.2'))
  await expect.poll(async () => [...(await made.all()).keys()]).toEqual(['192.0.2.2'])
})
