/** The counts of the status strip and of the metrics, over minutes, days and a clock that steps. */
import { describe, expect, test } from 'vitest'
import { createTally } from '../../../electron/console/tally.ts'
import { manualClock } from '../../fakes/clock.ts'
import { record } from './records.ts'

const MINUTE = 60_000
const noon = () => manualClock(new Date(2026, 10, 23, 12, 0, 0).getTime())
const nothing = { counts: () => Promise.resolve({}) }

describe('the tally', () => {
  test('counts by disposition, by finding, by minute and by day', () => {
    const clock = noon()
    const tally = createTally(clock, nothing)
    tally.count(record())
    clock.advance(MINUTE)
    tally.count(record({ disposition: 'accepted', findings: [] }))
    tally.count(record({ disposition: 'accepted', findings: [] }))
    expect(tally.byDisposition()).toEqual({ rejected: 1, accepted: 2 })
    expect(tally.byFinding()).toEqual({ 'ptr-missing': 1, 'ehlo-mismatch': 1 })
    expect(tally.today()).toEqual({ rejected: 1, accepted: 2 })
    expect(tally.perMinute()).toEqual([...new Array<number>(58).fill(0), 1, 2])
  })

  test('minutes pass out of sight after an hour', () => {
    const clock = noon()
    const tally = createTally(clock, nothing)
    tally.count(record())
    clock.advance(59 * MINUTE)
    expect(tally.perMinute()).toEqual([1, ...new Array<number>(59).fill(0)])
    clock.advance(MINUTE)
    expect(tally.perMinute()).toEqual(new Array<number>(60).fill(0))
  })

  test('the day begins with what the store knows, and anew at midnight', async () => {
    const clock = noon()
    const asked: string[] = []
    const tally = createTally(clock, { counts: (since) => (asked.push(since), Promise.resolve({ rejected: 40 })) })
    tally.count(record())
    await Promise.resolve()
    expect(asked).toEqual([new Date(2026, 10, 23).toISOString()])
    expect(tally.today()).toEqual({ rejected: 41 })
    clock.advance(12 * 60 * MINUTE)
    expect(tally.today()).toEqual({})
    expect(tally.byDisposition()).toEqual({ rejected: 1 })
  })

  test('a clock that steps a day back neither throws nor counts twice', () => {
    const clock = noon()
    const tally = createTally(clock, nothing)
    tally.count(record())
    clock.step(-24 * 60 * MINUTE)
    tally.count(record())
    expect(tally.perMinute().reduce((sum, sessions) => sum + sessions)).toBe(2)
    expect(tally.today()).toEqual({ rejected: 2 })
  })

  test('a store that cannot answer leaves the day at what was seen', async () => {
    const tally = createTally(noon(), { counts: () => Promise.reject(new Error('stuck')) })
    tally.count(record())
    await Promise.resolve()
    expect(tally.today()).toEqual({ rejected: 1 })
  })
})
