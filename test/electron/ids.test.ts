import { expect, test } from 'vitest'
import { isSampleSession, newSessionId } from '../../electron/ids.ts'

test('ids sort by time, are 22 safe characters, and do not repeat', () => {
  const earlier = newSessionId(Date.UTC(2002, 9, 8))
  const later = newSessionId(Date.UTC(2026, 10, 23))
  expect(earlier < later).toBe(true)
  expect(newSessionId(Date.UTC(3000, 0, 1))).toMatch(/^[0-9a-hjkmnp-tv-z]{22}$/)
  expect(newSessionId(0, true)).toMatch(/^[0-9a-hjkmnp-tv-z]{9}u[0-9a-hjkmnp-tv-z]{12}$/)
  expect([newSessionId(0, true), newSessionId(0)].map(isSampleSession)).toEqual([true, false])
  const many = new Set(Array.from({ length: 10_000 }, () => newSessionId(0)))
  expect(many.size).toBe(10_000)
})
