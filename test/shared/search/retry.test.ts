/** How senders try again. */
import { expect, test } from 'vitest'
import { retryOf } from '../../../shared/search/retry.ts'
import type { Retry } from '../../../shared/search/retry.ts'

const MINUTE = 60_000

/** Attempts with these pauses between them, in minutes. */
const after = (...pauses: readonly number[]) => pauses.reduce<number[]>((times, pause) => [...times, (times.at(-1) ?? 0) + pause * MINUTE], [0])

test.each<[string, readonly number[], Retry]>([
  ['nobody yet', [], { kind: 'once' }],
  ['one attempt', [0], { kind: 'once' }],
  ['three mails at once are one attempt', [0, 1000, 2000], { kind: 'once' }],
  ['two mails at once are one attempt', [0, 2000], { kind: 'once' }],
  ['postfix', after(5, 10, 20, 40), { kind: 'server', minutes: [5, 10, 20, 40] }],
  ['postfix at its longest pause', after(5, 10, 20, 40, 66.7, 66.7, 66.7), { kind: 'server', minutes: [10, 20, 40, 67, 67, 67] }],
  ['exchange, every quarter of an hour', after(15, 15, 15), { kind: 'server', minutes: [15, 15, 15] }],
  ['exim, with two mails in each run', [0, 3000, 15 * MINUTE, 15 * MINUTE + 3000, 30 * MINUTE, 30 * MINUTE + 3000], { kind: 'server', minutes: [15, 15] }],
  ['sendmail, half hours and a late one', after(30, 30, 60, 240), { kind: 'server', minutes: [30, 30, 60, 240] }],
  ['a second mail meanwhile', after(5, 10, 20, 3, 40), { kind: 'server', minutes: [5, 10, 20, 3, 40] }],
  ['one retry says little', after(10), { kind: 'irregular', minutes: [10] }],
  ['shrinking', after(60, 30, 5, 2), { kind: 'irregular', minutes: [60, 30, 5, 2] }],
  ['days apart', after(60 * 48, 60 * 72), { kind: 'irregular', minutes: [2880, 4320] }],
  ['every ten seconds', Array.from({ length: 12 }, (_, at) => at * 10_000), { kind: 'hammering', seconds: 10 }],
  ['every two seconds for a while, then hours later', [0, 2000, 4000, 6000, 8000, 3 * 60 * MINUTE], { kind: 'hammering', seconds: 2 }],
])('%s', (_, times, expected) => {
  expect(retryOf(times)).toEqual(expected)
})
