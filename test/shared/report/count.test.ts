/** What is counted, and how: hours, sides, bans; who came most, in bounded memory and honest about what that costs. */
import { expect, test } from 'vitest'
import { banEnded, banMade, countInto, dayOf, hourOf, sideOf } from '../../../shared/report/count.ts'
import { comparedUntil, foldHours, median } from '../../../shared/report/fold.ts'
import { joinTops, KEPT_OF_DAY, MOST_KEPT, TopCounter } from '../../../shared/report/top.ts'
import type { Rule } from '../../../shared/events.ts'

const at = (iso: string) => Date.parse(iso)

test.each([
  ['2026-11-25T13:59:59.999Z', 0, '2026-11-25T13:00:00.000Z', '2026-11-25'],
  ['2026-11-25T14:00:00.000Z', 60, '2026-11-25T14:00:00.000Z', '2026-11-25'],
  ['2026-11-25T23:30:00.000Z', 60, '2026-11-25T23:00:00.000Z', '2026-11-26'],
  ['2026-11-25T18:29:59.999Z', 330, '2026-11-25T17:30:00.000Z', '2026-11-25'],
  ['2026-11-25T18:30:00.000Z', 330, '2026-11-25T18:30:00.000Z', '2026-11-26'],
  ['2026-11-25T18:10:00.000Z', 345, '2026-11-25T17:15:00.000Z', '2026-11-25'],
  ['2026-11-25T03:29:00.000Z', -210, '2026-11-25T02:30:00.000Z', '2026-11-24'],
  ['1969-12-31T23:59:00.000Z', 0, '1969-12-31T23:00:00.000Z', '1969-12-31'],
])('%s with %i minutes ahead of UTC is counted in the hour of %s, on %s', (iso, offset, hour, day) => {
  expect([new Date(hourOf(at(iso), offset) * 60_000).toISOString(), new Date(dayOf(at(iso), offset) * 86_400_000).toISOString().slice(0, 10)]).toEqual([hour, day])
})

test('one session counts once for its disposition, for each finding, and for the side that is wrong', () => {
  const counts = {}
  countInto(counts, { disposition: 'rejected', findings: ['ptr-missing', 'ehlo-mismatch'] })
  countInto(counts, { disposition: 'rejected', findings: ['ptr-missing', 'dns-temporary'] })
  countInto(counts, { disposition: 'accepted', findings: [] })
  expect(counts).toEqual({ 'd:rejected': 2, 'd:accepted': 1, 'f:ptr-missing': 2, 'f:ehlo-mismatch': 1, 'f:dns-temporary': 1, 's:both': 1, 's:ptr': 1 })
  expect([sideOf([]), sideOf(['dns-temporary']), sideOf(['ehlo-ours'])]).toEqual([null, 'temporary', 'ehlo'])
})

test('bans: made, changed, over, lifted', () => {
  const rule: Rule = { kind: 'ban', scope: '192.0.2.1', reason: '', by: 'auto', since: '2026-11-25T00:00:00.000Z', until: null, hits: 0 }
  expect([banMade(rule, null), banMade({ ...rule, by: 'admin' }, null), banMade(rule, { since: rule.since }), banMade(rule, { since: '2026-11-24T00:00:00.000Z' }), banMade({ ...rule, kind: 'allow' }, null)]).toEqual(['made-auto', 'made-admin', null, 'made-auto', null])
  expect([banEnded(null, 5), banEnded('2026-11-25T00:00:00Z', at('2026-11-25T00:00:30Z')), banEnded('2026-11-25T00:00:00Z', at('2026-11-24T00:00:30Z'))]).toEqual(['lifted', 'expired', 'lifted'])
})

test('hours go to the slice in which they begin; what is outside is left out', () => {
  const hour = (time: number) => ({ at: time, counts: { n: 1, [`at${time}`]: 1 } })
  const { slices, totals } = foldHours([hour(0), hour(10), hour(19), hour(20), hour(39), hour(40)], [{ key: 'a', from: 10, until: 20 }, { key: 'b', from: 20, until: 30 }, { key: 'c', from: 30, until: 40 }])
  expect(slices.map(({ key, counts }) => [key, counts.n])).toEqual([['a', 2], ['b', 1], ['c', 1]])
  expect(totals).toEqual({ n: 4, at10: 1, at19: 1, at20: 1, at39: 1 })
})

test('what is not over is compared with as much of the span before', () => {
  const [span, earlier] = [{ from: 100, until: 200 }, { from: 10, until: 100 }]
  expect([comparedUntil(span, earlier, 250), comparedUntil(span, earlier, 130), comparedUntil(span, earlier, 199), comparedUntil(span, earlier, 50)]).toEqual([100, 40, 100, 10])
})

test.each([[[], null], [[5], 5], [[1, 2], 2], [[1, 2, 9], 2]])('the median of %j is %j', (values, expected) => {
  expect(median(values)).toBe(expected)
})

test('who came most: exact as long as there is room, a day that is over keeps its first', () => {
  const counter = new TopCounter()
  for (let who = 0; who < 300; who++) for (let times = 0; times <= who; times++) counter.add(`k${who}`, who % 2 === 0, who % 2 === 1)
  const open = counter.stored()
  expect([open.rows.length, open.missed, open.sessions, open.rows[0]]).toEqual([300, 0, 45_150, ['k299', 300, 0, 300]])
  const closed = new TopCounter(open).stored(KEPT_OF_DAY)
  expect([closed.rows.length, closed.missed, closed.sessions]).toEqual([KEPT_OF_DAY, 100, 45_150])
  // Closing it again, or reading it back, changes nothing.
  expect(new TopCounter(closed).stored(KEPT_OF_DAY)).toEqual(closed)
  const joined = joinTops([closed, closed], 2)
  expect(joined.entries).toEqual([{ key: 'k299', sessions: 600, refused: 0, accepted: 600, atMost: 0 }, { key: 'k298', sessions: 598, refused: 598, accepted: 0, atMost: 0 }])
  expect(joined.rest.sessions).toBe(90_300 - 1198)
})

test('a flood of different ones: memory is bounded, no figure is too high, and none lower than is told', () => {
  const counter = new TopCounter()
  for (let at = 0; at < 50_000; at++) {
    counter.add(`once${at}`, true, false)
    if (at % 5 === 0) counter.add('steady', false, true)
  }
  const stored = counter.stored()
  const steady = stored.rows.find(([key]) => key === 'steady')
  expect(stored.rows.length).toBeLessThanOrEqual(MOST_KEPT)
  expect([stored.sessions, stored.rows[0]?.[0]]).toEqual([60_000, 'steady'])
  // It was there from the first: nothing of it is lost.
  expect(steady).toEqual(['steady', 10_000, 0, 10_000])
  expect(stored.missed).toBeLessThanOrEqual(60_000 / (MOST_KEPT / 2))
})

test('one that was cut off and comes again after its day was closed is not told as exact', () => {
  const counter = new TopCounter()
  for (let who = 0; who < KEPT_OF_DAY + 1; who++) for (let times = 0; times < (who === 0 ? 3 : 5); times++) counter.add(`k${who}`, false, false)
  const later = new TopCounter(counter.stored(KEPT_OF_DAY))
  later.add('k0', false, false)
  const [entry] = joinTops([later.stored(KEPT_OF_DAY)], 200).entries.filter(({ key }) => key === 'k0')
  expect(entry === undefined || entry.sessions + entry.atMost >= 4).toBe(true)
})
