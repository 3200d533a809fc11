/** The buffer behind the Live list: order, repeats, pausing, gaps, bounds. */
import { describe, expect, test } from 'vitest'
import fc from 'fast-check'
import { Feed } from '../../renderer/model/feed.ts'
import { run, session } from './sessions.ts'

const ids = (feed: Feed) => feed.snapshot().items.map((item) => item.row.id)

describe('streaming', () => {
  test('newest on top; an open session keeps its place and is replaced when it ends', () => {
    const feed = new Feed()
    feed.push([session('s1', { open: true })])
    feed.push([session('s2', { client: '192.0.2.2' })])
    feed.push([session('s1', { disposition: 'accepted' })])
    expect(feed.snapshot().items.map(({ session: { id, open, disposition } }) => ({ id, open, disposition }))).toEqual([
      { id: 's2', open: false, disposition: 'rejected' },
      { id: 's1', open: false, disposition: 'accepted' },
    ])
  })

  test('a finished session is never doubled nor reopened', () => {
    const feed = new Feed()
    feed.push([session('s1'), session('s1', { open: true }), session('s1')])
    expect(feed.snapshot().items.map(({ session: { id, open } }) => [id, open])).toEqual([['s1', false]])
  })

  test('the oldest go when it is full, and history can be loaded again from there', () => {
    const feed = new Feed({ capacity: 100 })
    feed.push(run(1, 101))
    expect(ids(feed)).toHaveLength(90)
    expect(feed.oldestId()).toBe('s0012')
    expect(feed.snapshot().end).toBe('more')
  })
})

describe('repeats', () => {
  test('fold where the newest stands, with a count; expanded they follow it', () => {
    const feed = new Feed()
    feed.push([session('s1'), session('s2', { client: '192.0.2.2' }), session('s3'), session('s4', { disposition: 'deferred' })])
    const shape = () => feed.snapshot().items.map(({ row, count, expanded, child }) => [row.id, count, expanded, child])
    expect(shape()).toEqual([['s4', 1, false, false], ['s3', 2, false, false], ['s2', 1, false, false]])
    feed.toggle(feed.snapshot().items[1]!.key)
    expect(shape()).toEqual([['s4', 1, false, false], ['s3', 2, true, false], ['s1', 1, false, true], ['s2', 1, false, false]])
    feed.setFolded(false)
    expect(ids(feed)).toEqual(['s4', 's3', 's2', 's1'])
  })

  test('EHLO names differ by more than case; sessions under way stand for themselves', () => {
    const feed = new Feed()
    feed.push([session('s1', { ehlo: 'MAIL.acme.example' }), session('s2'), session('s3', { open: true }), session('s4', { open: true })])
    expect(ids(feed)).toEqual(['s4', 's3', 's2'])
  })
})

describe('held', () => {
  test('arrivals cost it nothing: its lines are the same ones, until one of them changes', () => {
    const feed = new Feed()
    feed.push([...run(1, 3), session('s9', { open: true, client: '192.0.2.99' })])
    feed.hold()
    const { items } = feed.snapshot()
    feed.push([session('s10', { client: '192.0.2.100' })])
    expect([feed.snapshot().items === items, feed.snapshot().fresh]).toEqual([true, 1])
    feed.push([session('s9', { client: '192.0.2.99', disposition: 'accepted' })])
    expect(feed.snapshot().items[0]?.session).toMatchObject({ id: 's9', open: false, disposition: 'accepted' })
    feed.release()
    expect(feed.snapshot().items[0]?.row.id).toBe('s10')
  })

  test('the list stands still, counts what is new, and goes on with all of it', () => {
    const feed = new Feed()
    feed.push(run(1, 3))
    feed.hold()
    feed.push(run(4, 8))
    expect([ids(feed), feed.snapshot().fresh]).toEqual([['s0003', 's0002', 's0001'], 5])
    feed.release()
    expect([ids(feed)[0], ids(feed).length, feed.snapshot().fresh]).toEqual(['s0008', 8, null])
  })

  test('only what matches the filter is counted; older history still joins', () => {
    const feed = new Feed()
    feed.setFilter((one) => one.disposition === 'rejected')
    feed.push(run(11, 12))
    feed.hold()
    feed.push([...run(13, 14), ...run(15, 17, { disposition: 'accepted' })])
    feed.appendOlder(run(9, 10).reverse(), false)
    expect([ids(feed), feed.snapshot().fresh]).toEqual([['s0012', 's0011', 's0010', 's0009'], 2])
  })

  test('hold(n) stands still at what was shown n arrivals ago', () => {
    const feed = new Feed()
    feed.push(run(1, 5))
    feed.hold(2)
    expect([ids(feed), feed.snapshot().fresh]).toEqual([['s0003', 's0002', 's0001'], 2])
  })

  test('memory is bounded: of too much that is new the latest stays, and the list starts anew with it', () => {
    const feed = new Feed({ heldLimit: 10 })
    feed.push(run(1, 3))
    feed.hold()
    for (let n = 4; n <= 60; n += 1) feed.push(run(n, n))
    expect([ids(feed), feed.snapshot().fresh]).toEqual([['s0003', 's0002', 's0001'], 57])
    expect(feed.snapshot().total).toBeLessThanOrEqual(3 + 20)
    feed.release()
    const left = ids(feed)
    expect(left[0]).toBe('s0060')
    expect(left).toEqual(run(60 - left.length + 1, 60).reverse().map(({ id }) => id))
    expect(feed.oldestId()).toBe(left.at(-1))
  })
})

describe('gaps', () => {
  test('what was missed while away comes between the old and the new, once', () => {
    const feed = new Feed()
    feed.push(run(1, 3))
    feed.push([session('s0004', { open: true })])
    expect(feed.markGap(true)).toBe('2026-11-23T15:00:00.003Z')
    feed.push(run(8, 9))
    feed.fill(run(2, 8).reverse(), true)
    expect(ids(feed)).toEqual(run(1, 9).reverse().map(({ id }) => id))
  })

  test('an open session from before the oldest finished one widens the gap to its own beginning', () => {
    const feed = new Feed()
    feed.push([session('s0001', { open: true }), ...run(2, 3)])
    expect(feed.markGap(true)).toBe('2026-11-23T15:00:00.001Z')
    feed.fill([...run(1, 4)].reverse(), true)
    expect(ids(feed).sort()).toEqual(['s0001', 's0002', 's0003', 's0004'])
  })

  test('a gap too wide to fill lets the older part go', () => {
    const feed = new Feed()
    feed.push(run(1, 3))
    feed.markGap(true)
    feed.push(run(90, 91))
    feed.fill(run(80, 91).reverse(), false)
    expect([ids(feed), feed.oldestId()]).toEqual([run(80, 91).reverse().map(({ id }) => id), 's0080'])
  })

  test('a second gap before the first is filled is loaded along with it', () => {
    const feed = new Feed()
    feed.push(run(1, 2))
    feed.markGap(false)
    feed.push(run(5, 6))
    expect(feed.markGap(false)).toBe('2026-11-23T15:00:00.002Z')
    feed.push(run(9, 9))
    feed.fill(run(2, 9).reverse(), true)
    expect(ids(feed)).toEqual(run(1, 9).reverse().map(({ id }) => id))
  })

  test('property: however stream, breaks and history interleave, no session is lost or doubled', () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.nat(8), fc.nat(8), fc.nat(4)), { maxLength: 12 }), (rounds) => {
      const feed = new Feed({ capacity: 100_000 })
      const all = [...run(1, 3)]
      feed.push(all)
      for (const [live, missed, early] of rounds) {
        const next = () => run(all.length + 1, all.length + 1)[0]!
        const add = (count: number) => Array.from({ length: count }, () => { const one = next(); all.push(one); return one })
        feed.push(add(live))
        const since = feed.markGap(true)!
        add(missed)
        feed.push(add(early))
        feed.fill([...all].reverse().filter((one) => one.at >= since), true)
      }
      expect(ids(feed)).toEqual([...all].reverse().map(({ id }) => id))
    }))
  })
})

test('history is looked through from where it was left, even if nothing in it matched', () => {
  const feed = new Feed()
  feed.setFilter((one) => one.disposition === 'accepted')
  feed.push(run(50, 51))
  expect(feed.oldestId()).toBe('s0050')
  feed.appendOlder(run(40, 49).reverse(), false)
  expect([ids(feed), feed.oldestId()]).toEqual([[], 's0040'])
  feed.appendOlder([session('s0039', { disposition: 'accepted' })], true)
  expect([ids(feed), feed.snapshot().end]).toEqual([['s0039'], 'all'])
  feed.setFilter(() => true)
  expect([feed.oldestId(), feed.snapshot().end]).toEqual(['s0050', 'more'])
})
