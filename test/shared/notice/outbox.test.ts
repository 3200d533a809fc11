/** The states of a notice, its re-check schedule, and the caps. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { capReason, step, wasSent } from '../../../shared/notice/outbox.ts'
import type { Notice, OutboxEvent } from '../../../shared/notice/outbox.ts'

const T0 = Date.UTC(2026, 10, 23, 15)
const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

export const DRAFT: Notice = {
  id: '0123456789abcdef0123', state: 'draft', template: 'isp', session: 's1', client: '192.0.2.1', ehlo: 'mail.acme.example', refusedFor: ['ptr-missing'], thenAnswers: [],
  from: 'postmaster@shop.example', to: 'noc@isp.example', source: { kind: 'typed' }, trust: 'typed', subject: 'x', createdAt: T0, queuedAt: null, sentAt: null, tries: 0, nextTryAt: null, checks: 0, nextCheckAt: null, events: [],
}
const play = (...events: readonly (readonly [number, OutboxEvent])[]) => events.reduce((notice, [at, event]) => step(notice, event, T0 + at), DRAFT)
const QUEUE = [0, { kind: 'queue' }] as const
const HAND = [0, { kind: 'hand-over' }] as const
const SENT = [0, { kind: 'accepted', reply: '250 ok' }] as const

describe('states', () => {
  test.each<readonly [string, readonly (readonly [number, OutboxEvent])[], Notice['state']]>([
    ['sent', [QUEUE, HAND, SENT], 'sent'],
    ['taken back while it is queued', [QUEUE, [1, { kind: 'reopen' }]], 'draft'],
    ['one that was cancelled is a draft again, and can be sent', [QUEUE, [1, { kind: 'cancel' }], [2, { kind: 'reopen' }], QUEUE, HAND, SENT], 'sent'],
    ['what is leaving is not taken back', [QUEUE, HAND, [1, { kind: 'reopen' }]], 'sending'],
    ['nor what may have been sent', [QUEUE, HAND, [1, { kind: 'lost', why: 'power' }], [2, { kind: 'reopen' }]], 'unknown'],
    ['nor what was refused for good', [QUEUE, [1, { kind: 'refused', permanent: true, reply: '550 no' }], [2, { kind: 'reopen' }]], 'failed'],
    ['a draft is not handed over', [HAND, SENT], 'draft'],
    ['a draft that is cancelled', [[0, { kind: 'cancel' }], QUEUE], 'cancelled'],
    ['a queued one that is cancelled', [QUEUE, [1, { kind: 'cancel' }], HAND], 'cancelled'],
    ['one that is being sent can not be cancelled', [QUEUE, HAND, [1, { kind: 'cancel' }]], 'sending'],
    ['4xx', [QUEUE, HAND, [1, { kind: 'refused', permanent: false, reply: '451 later' }]], 'queued'],
    ['5xx', [QUEUE, [1, { kind: 'refused', permanent: true, reply: '550 no' }]], 'failed'],
    ['4xx for two days', [QUEUE, [2 * DAY, { kind: 'refused', permanent: false, reply: '451 later' }]], 'failed'],
    ['died while it was sent', [QUEUE, HAND, [1, { kind: 'lost', why: 'power' }]], 'unknown'],
    ['died before', [QUEUE, [1, { kind: 'lost', why: 'power' }]], 'queued'],
    ['and is never queued again', [QUEUE, HAND, [1, { kind: 'lost', why: 'power' }], QUEUE, HAND], 'unknown'],
    ['bounced', [QUEUE, HAND, SENT, [1, { kind: 'bounce', text: 'x' }]], 'bounced'],
    ['bounced though it was unknown', [QUEUE, HAND, [1, { kind: 'lost', why: 'x' }], [2, { kind: 'bounce', text: 'x' }]], 'bounced'],
    ['answered', [QUEUE, HAND, SENT, [1, { kind: 'answer', text: 'x' }]], 'answered'],
    ['fixed', [QUEUE, HAND, SENT, [HOUR, { kind: 'checked', outcome: 'fixed', text: 'x' }]], 'fixed'],
    ['fixed after an answer', [QUEUE, HAND, SENT, [1, { kind: 'answer', text: 'x' }], [HOUR, { kind: 'checked', outcome: 'fixed', text: 'x' }]], 'fixed'],
    ['fixed stays, whoever answers later', [QUEUE, HAND, SENT, [HOUR, { kind: 'checked', outcome: 'fixed', text: 'x' }], [DAY, { kind: 'answer', text: 'thanks' }]], 'fixed'],
    ['quiet', [QUEUE, HAND, SENT, [30 * DAY, { kind: 'checked', outcome: 'same', text: 'x' }]], 'quiet'],
    ['nobody answers a draft', [[1, { kind: 'answer', text: 'x' }]], 'draft'],
  ])('%s', (_, events, state) => {
    expect(play(...events).state).toBe(state)
  })

  test('an answer after it was fixed stands in the timeline', () => {
    const notice = play(QUEUE, HAND, SENT, [HOUR, { kind: 'checked', outcome: 'fixed', text: 'x' }], [DAY, { kind: 'answer', text: 'thanks' }])
    expect(notice.events.map(({ kind }) => kind)).toEqual(['queued', 'sent', 'fixed', 'answered'])
  })

  test('it backs off as a queue does', () => {
    let notice = play(QUEUE)
    const waits: number[] = []
    for (let now = T0; notice.state === 'queued'; now = notice.nextTryAt ?? 0) {
      notice = step(notice, { kind: 'refused', permanent: false, reply: '451' }, now)
      if (notice.nextTryAt !== null) waits.push((notice.nextTryAt - now) / MINUTE)
    }
    expect(waits.slice(0, 8)).toEqual([5, 15, 30, 60, 120, 240, 240, 240])
    expect(notice.state).toBe('failed')
  })

  test('whatever happens, what was handed over is never handed over again', () => {
    const event = fc.constantFrom<OutboxEvent>({ kind: 'queue' }, { kind: 'hand-over' }, { kind: 'accepted', reply: '' }, { kind: 'refused', permanent: true, reply: '' }, { kind: 'lost', why: '' }, { kind: 'cancel' }, { kind: 'reopen' }, { kind: 'bounce', text: '' }, { kind: 'answer', text: '' },
      { kind: 'checked', outcome: 'same', text: '' }, { kind: 'checked', outcome: 'fixed', text: '' }, { kind: 'released', text: '' })
    fc.assert(fc.property(fc.array(event, { maxLength: 30 }), (events) => {
      let notice = DRAFT
      let left = false
      for (const [index, each] of events.entries()) {
        notice = step(notice, each, T0 + index)
        if (left) expect(['queued', 'sending', 'draft', 'cancelled']).not.toContain(notice.state)
        left ||= wasSent(notice)
      }
    }))
  })
})

test('checked after 1 h, 4 h, then daily for 30 days', () => {
  let notice = play(QUEUE, HAND, SENT)
  const hours: number[] = []
  while (notice.nextCheckAt !== null) {
    hours.push((notice.nextCheckAt - T0) / HOUR)
    notice = step(notice, { kind: 'checked', outcome: hours.length % 2 === 0 ? 'same' : 'temporary', text: 'x' }, notice.nextCheckAt)
  }
  expect(hours).toEqual([1, 4, ...Array.from({ length: 30 }, (_, day) => (day + 1) * 24)])
  expect(notice).toMatchObject({ state: 'quiet', checks: 32 })
  // Of checks without news one line is enough.
  expect(notice.events.map(({ kind }) => kind)).toEqual(['queued', 'sent', 'checked', 'quiet'])
})

test('a late check does not shift the others', () => {
  expect(step(play(QUEUE, HAND, SENT), { kind: 'checked', outcome: 'same', text: 'x' }, T0 + 50 * HOUR).nextCheckAt).toBe(T0 + 72 * HOUR)
})

describe('caps', () => {
  const CAPS = { perContactDays: 7, perDay: 3 }
  const sent = (to: string, ago: number, state: Notice['state'] = 'sent'): Notice => ({ ...DRAFT, to, state, queuedAt: T0 - ago })
  const reason = (notices: readonly Notice[], to = 'noc@isp.example', caps = CAPS) => capReason(notices, to, caps, T0)

  test.each<readonly [string, string | null, RegExp | null]>([
    ['nobody yet', reason([]), null],
    ['another contact', reason([sent('other@isp.example', HOUR)]), null],
    ['the same, in other letters', reason([sent('NOC@ISP.example', 6 * DAY)]), /one contact is reached: noc@isp\.example was written to 6 days ago, and notices\.perContactDays is 7/],
    ['the same, still queued', reason([sent('noc@isp.example', 5 * MINUTE, 'queued')]), /5 minutes ago/],
    ['the same, this moment', reason([sent('noc@isp.example', 20_000)]), /was written to just now, and/],
    ['the same, a minute ago', reason([sent('noc@isp.example', 1.6 * MINUTE)]), /was written to 1 minute ago, and/],
    ['the same, nearly an hour ago', reason([sent('noc@isp.example', 59.9 * MINUTE)]), /was written to 59 minutes ago, and/],
    ['the same, an hour ago', reason([sent('noc@isp.example', HOUR)]), /was written to 1 hour ago, and/],
    ['the same, a week ago', reason([sent('noc@isp.example', 7 * DAY)]), null],
    ['it failed', reason([sent('noc@isp.example', HOUR, 'failed'), sent('noc@isp.example', HOUR, 'cancelled')]), null],
    ['a draft', reason([DRAFT]), null],
    ['too many today', reason([1, 2, 3].map((n) => sent(`n${n}@isp.example`, n * HOUR))), /one day is reached: 3 notices within 24 hours, and notices\.perDay is 3/],
    ['yesterday', reason([1, 2, 25].map((n) => sent(`n${n}@isp.example`, n * HOUR))), null],
    ['no cap for a contact', reason([sent('noc@isp.example', HOUR)], 'noc@isp.example', { perContactDays: 0, perDay: 3 }), null],
    ['none at all', reason([], 'noc@isp.example', { perContactDays: 7, perDay: 0 }), /one day is reached/],
  ])('%s', (_, found, expected) => {
    if (expected === null) expect(found).toBeNull()
    else expect(found).toMatch(expected)
  })
})

test('a notice is held back as long as it was said, and counts for no cap once it is taken back', () => {
  const held = play([0, { kind: 'queue', holdMs: 10_000 }])
  expect(held.nextTryAt).toBe(T0 + 10_000)
  expect(capReason([held], held.to, { perContactDays: 7, perDay: 20 }, T0 + 1)).toMatch(/cap for one contact/)
  const back = step(held, { kind: 'reopen' }, T0 + 5000)
  expect(back).toMatchObject({ state: 'draft', queuedAt: null, nextTryAt: null })
  expect(capReason([back], held.to, { perContactDays: 7, perDay: 20 }, T0 + 5001)).toBe(null)
})
