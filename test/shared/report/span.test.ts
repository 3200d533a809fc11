/** Spans and their slices through every kind of day that a zone can have. */
import { describe, expect, test } from 'vitest'
import { after, before, boundsOf, endOf, slicesOf, spanOf } from '../../../shared/report/span.ts'
import type { SpanKind } from '../../../shared/report/span.ts'
import { addDays, createOffsets, dateOfDay, dayNumber, isDate, localDate, offsetAt, startOfDay } from '../../../shared/report/zone.ts'

const iso = (ms: number) => new Date(ms).toISOString()

test.each([
  ['UTC', '2026-11-25', '2026-11-25T00:00:00.000Z'],
  ['Europe/Berlin', '2026-11-25', '2026-11-24T23:00:00.000Z'],
  ['Europe/Berlin', '2026-03-29', '2026-03-28T23:00:00.000Z'],
  ['Europe/Berlin', '2026-03-30', '2026-03-29T22:00:00.000Z'],
  ['America/New_York', '2026-11-01', '2026-11-01T04:00:00.000Z'],
  ['America/New_York', '2026-11-02', '2026-11-02T05:00:00.000Z'],
  ['Asia/Kolkata', '2026-11-25', '2026-11-24T18:30:00.000Z'],
  ['Asia/Kathmandu', '2026-11-25', '2026-11-24T18:15:00.000Z'],
  ['Pacific/Kiritimati', '2026-11-25', '2026-11-24T10:00:00.000Z'],
  ['Pacific/Pago_Pago', '2026-11-25', '2026-11-25T11:00:00.000Z'],
  // Clocks leapt from 24:00 to 01:00: the day begins an hour late.
  ['America/Sao_Paulo', '2018-11-04', '2018-11-04T03:00:00.000Z'],
  // A day that never was (30 December 2011): it begins and ends at once.
  ['Pacific/Apia', '2011-12-30', '2011-12-30T10:00:00.000Z'],
  ['Pacific/Apia', '2011-12-31', '2011-12-30T10:00:00.000Z'],
])('in %s the day %s begins at %s', (zone, date, at) => {
  expect(iso(startOfDay(zone, date))).toBe(at)
})

describe('hours of a day', () => {
  test.each([
    ['Europe/Berlin', '2026-11-25', 24, '2026-11-25T00:00+01:00', '2026-11-25T23:00+01:00'],
    ['Europe/Berlin', '2026-03-29', 23, '2026-03-29T00:00+01:00', '2026-03-29T23:00+02:00'],
    ['Europe/Berlin', '2026-10-25', 25, '2026-10-25T00:00+02:00', '2026-10-25T23:00+01:00'],
    ['Australia/Lord_Howe', '2026-04-05', 25, '2026-04-05T00:00+11:00', '2026-04-05T23:00+10:30'],
    ['America/St_Johns', '2026-11-25', 24, '2026-11-25T00:00-03:30', '2026-11-25T23:00-03:30'],
  ])('%s, %s: %i of them', (zone, date, count, first, last) => {
    const slices = slicesOf(zone, { kind: 'day', from: date })
    expect([slices.length, slices[0]?.key, slices.at(-1)?.key, new Set(slices.map(({ key }) => key)).size]).toEqual([count, first, last, count])
  })
})

test.each([
  ['day', '2026-11-25', '2026-11-25', '2026-11-26', '2026-11-24'],
  ['week', '2026-11-25', '2026-11-23', '2026-11-30', '2026-11-16'],
  ['week', '2026-11-23', '2026-11-23', '2026-11-30', '2026-11-16'],
  ['week', '2026-11-22', '2026-11-16', '2026-11-23', '2026-11-09'],
  ['month', '2026-01-31', '2026-01-01', '2026-02-01', '2025-12-01'],
  ['month', '2024-02-29', '2024-02-01', '2024-03-01', '2024-01-01'],
  ['year', '2024-12-31', '2024-01-01', '2025-01-01', '2023-01-01'],
] as const)('the %s of %s is from %s to before %s, after that of %s', (kind, date, from, end, earlier) => {
  const span = spanOf(kind, date)
  expect([span.from, endOf(span), after(span).from, before(span).from]).toEqual([from, end, end, earlier])
})

test('slices follow one another without gaps, from the first moment to the last, in every kind and zone', () => {
  for (const zone of ['UTC', 'Europe/Berlin', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'America/Sao_Paulo', 'Pacific/Apia', 'Africa/Cairo']) {
    for (const kind of ['day', 'week', 'month', 'year'] satisfies SpanKind[]) {
      for (const date of ['2011-12-29', '2018-11-04', '2024-02-29', '2026-03-29', '2026-10-25']) {
        const span = spanOf(kind, date)
        const slices = slicesOf(zone, span)
        const { from, until } = boundsOf(zone, span)
        expect([slices[0]?.from, slices.at(-1)?.until], `${zone} ${kind} ${date}`).toEqual([from, until])
        for (const [at, slice] of slices.slice(1).entries()) expect(slice.from).toBe(slices[at]?.until)
      }
    }
  }
})

test('a year is cut at its Mondays', () => {
  expect(slicesOf('UTC', spanOf('year', '2026-06-01')).map(({ key }) => key).slice(0, 3)).toEqual(['2026-01-01', '2026-01-05', '2026-01-12'])
})

test('days of the calendar', () => {
  expect([addDays('2026-02-28', 1), addDays('2024-03-01', -1), dateOfDay(dayNumber('2026-11-25'))]).toEqual(['2026-03-01', '2024-02-29', '2026-11-25'])
  expect(['2026-11-25', '2026-2-1', '2026-02-30', '1969-12-31', 'x', '', '99999-01-01'].map(isDate)).toEqual([true, false, false, false, false, false, false])
  expect(localDate('Asia/Kolkata', Date.parse('2026-11-25T18:30:00Z'))).toBe('2026-11-26')
})

test('offsets that are remembered are those that would be asked for', () => {
  const offsetOf = createOffsets('Australia/Lord_Howe')
  for (let at = Date.parse('2026-04-04T00:00:00Z'); at < Date.parse('2026-04-06T00:00:00Z'); at += 450_000) expect(offsetOf(at)).toBe(offsetAt('Australia/Lord_Howe', at))
})
