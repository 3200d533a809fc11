// What the settings page makes of fields and values.
import { expect, test } from 'vitest'
import { grouped, linesOf, listOf, numberOf, problemsAt, problemsElsewhere, searchFields, valueWords } from '../../renderer/model/settings.ts'
import { settingGroups } from '../../renderer/words/settings.ts'
import { settingFields } from '../../shared/settingsform.ts'

const fields = settingFields()

test('every key of the schema has a group of its own, none twice', () => {
  const shown = grouped(settingGroups, fields)
  expect(shown.map(({ group }) => group.id)).not.toContain('other')
  expect(shown.flatMap((one) => one.fields.map(({ key }) => key)).sort()).toEqual(fields.map(({ key }) => key).sort())
})

test('search: every word, in name, key, help, choices or value', () => {
  const keys = (typed: string, values = {}) => searchFields(fields, typed, values).map(({ key }) => key)
  expect(keys('')).toHaveLength(fields.length)
  expect(keys('XCLIENT')).toEqual(['backendIdentity'])
  expect(keys('retentionDays')).toEqual(['retentionDays'])
  expect(keys('exchange policy')).toEqual(['policy.rules'])
  expect(keys('mx7.shop.example', { hostname: 'mx7.shop.example' })).toEqual(['hostname'])
  expect(keys('no such thing')).toEqual([])
})

test('numbers and lists as typed', () => {
  expect([numberOf(''), numberOf(' 12 '), numberOf('1.5'), numberOf('12 days'), numberOf('-1'), numberOf('9'.repeat(30))]).toEqual([undefined, 12, '1.5', '12 days', -1, '9'.repeat(30)])
  expect(listOf(' a \r\n\n b\n')).toEqual(['a', 'b'])
  expect([linesOf(['a', 'b']), linesOf(undefined), linesOf(5), linesOf({ a: 1 })]).toEqual(['a\nb', '', '5', '{"a":1}'])
  expect([valueWords(undefined, '-'), valueWords([], '-'), valueWords(['a', 'b'], '-'), valueWords({}, '-'), valueWords(0, '-')]).toEqual(['', '-', 'a, b', '-', '0'])
})

test('problems at a key and below it; the rest is told on top', () => {
  const problems = [{ path: 'listen.1', message: '' }, { path: 'listenTo', message: '' }, { path: '', message: '' }, { path: 'policy.replies.ptr-missing', message: '' }]
  expect(problemsAt(problems, 'listen').map(({ path }) => path)).toEqual(['listen.1'])
  expect(problemsAt(problems, 'policy.replies').map(({ path }) => path)).toEqual(['policy.replies.ptr-missing'])
  expect(problemsElsewhere(problems, fields).map(({ path }) => path)).toEqual(['listenTo', ''])
})
