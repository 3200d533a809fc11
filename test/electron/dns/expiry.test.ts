// One timer for all deadlines. Timers are vitest's, so time passes only when the test says so.
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Expiry } from '../../../electron/dns/expiry.ts'

interface Entry { readonly name: string; readonly expiresAt: number }
const clock = { now: () => Date.now(), monotonic: () => Date.now() }
let fired: string[]
let expiry: Expiry<Entry>

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_003 })
  fired = []
  expiry = new Expiry<Entry>(clock, ({ name, expiresAt }) => {
    fired.push(name)
    expect(clock.monotonic()).toBeGreaterThanOrEqual(expiresAt)
    if (name !== 'due') expect(clock.monotonic()).toBeLessThanOrEqual(expiresAt + 10)
  })
})
afterEach(() => {
  vi.useRealTimers()
})

const after = (name: string, ms: number): Entry => ({ name, expiresAt: clock.monotonic() + ms })

it('fires in order of time, whatever the order in which they were added, never early', () => {
  for (const [name, ms] of [['c', 300], ['a', 100], ['d', 8000], ['b', 200]] as const) expiry.add(after(name, ms))
  vi.advanceTimersByTime(99)
  expect(fired).toEqual([])
  vi.advanceTimersByTime(220)
  expect(fired).toEqual(['a', 'b', 'c'])
  vi.advanceTimersByTime(7800)
  expect(fired).toEqual(['a', 'b', 'c', 'd'])
  expect(vi.getTimerCount()).toBe(0)
})

it('does not fire what was removed, and is not woken for it', () => {
  const [first, second] = [after('first', 50), after('second', 500)]
  expiry.add(first)
  expiry.add(second)
  expiry.remove(first)
  vi.advanceTimersByTime(100)
  expiry.remove(second)
  vi.advanceTimersByTime(1000)
  expect(fired).toEqual([])
  expect(vi.getTimerCount()).toBe(0)
})

it('one timer for ten thousand, of which some are added while others fire', () => {
  for (let number = 0; number < 10_000; number += 1) expiry.add(after(`${number}`, 10 + (number % 1000)))
  expect(vi.getTimerCount()).toBe(1)
  const again = new Expiry<Entry>(clock, (entry) => { if (entry.name === 'once') again.add(after('twice', 30)); fired.push(entry.name) })
  again.add(after('once', 20))
  vi.advanceTimersByTime(2000)
  expect(fired.length).toBe(10_002)
  expect(fired.filter((name) => name === 'once' || name === 'twice')).toEqual(['once', 'twice'])
})

it('what is due already fires at the next turn; after stop nothing does', () => {
  expiry.add(after('due', -50))
  vi.advanceTimersByTime(10)
  expiry.add(after('never', 50))
  expiry.stop()
  vi.advanceTimersByTime(100)
  expect(fired).toEqual(['due'])
})
