// What the settings page is made from: every key with its kind and help, and the difference between two files.
import { describe, expect, test } from 'vitest'
import { settingChanges, settingFields, settingSections } from '../../shared/settingsform.ts'
import { rebased, valueAt, withValue } from '../../shared/settingsjson.ts'

test('every key has a name, a help text that says something, and a way to be asked for', () => {
  const fields = settingFields()
  expect(fields.length).toBeGreaterThan(40)
  for (const { key, title, help } of [...fields, ...settingSections()]) {
    expect([key, title !== key && title !== '' && help.length > 10]).toEqual([key, true])
    expect([key, /[.”]$/.test(help)]).toEqual([key, true])
  }
})

test('kind, bounds, unit, choices, default and when it applies come from the schema', () => {
  const field = (key: string) => settingFields().find((one) => one.key === key)
  expect(field('dns.timeoutMs')).toMatchObject({ top: 'dns', kind: { kind: 'whole', unit: 'milliseconds', min: 50, max: 30000 }, default: 2000, applies: 'now' })
  expect(field('policy.rules')?.kind).toMatchObject({ kind: 'choice', choices: [{ value: 'house' }, { value: 'standard' }, { value: 'lenient' }] })
  expect(field('listen')).toMatchObject({ top: 'listen', kind: { kind: 'list', of: 'endpoint' }, applies: 'start' })
  expect(field('listen')).not.toHaveProperty('default')
  expect(field('policy.replies')?.kind).toMatchObject({ kind: 'texts', fields: ['client', 'ehlo', 'ptr', 'url', 'id'] })
  expect(field('tls.key')).toMatchObject({ kind: { kind: 'text', format: 'path' }, applies: 'start' })
})

describe('values', () => {
  const json = { retentionDays: 30, policy: { mode: 'observe', rules: 'house' } }
  test('are read, set and taken out; other keys and their order stay', () => {
    expect(valueAt(json, 'policy.mode')).toBe('observe')
    expect([valueAt(json, 'policy.mode.x'), valueAt(json, 'shop.name'), valueAt(json, 'constructor'), valueAt(json, '__proto__.x')]).toEqual([undefined, undefined, undefined, undefined])
    expect(JSON.stringify(withValue(json, 'policy.mode', 'grace'))).toBe('{"retentionDays":30,"policy":{"mode":"grace","rules":"house"}}')
    expect(JSON.stringify(withValue(json, 'shop.name', 'Shop'))).toBe('{"retentionDays":30,"policy":{"mode":"observe","rules":"house"},"shop":{"name":"Shop"}}')
    expect(withValue(withValue(json, 'shop.name', 'Shop'), 'shop.name', undefined)).toEqual(json)
    expect(withValue(json, 'shop.name', undefined)).toEqual(json)
    expect(json).toEqual({ retentionDays: 30, policy: { mode: 'observe', rules: 'house' } })
  })

  test('a key set to a falsy value is set', () => {
    expect(withValue({}, 'notices.perDay', 0)).toEqual({ notices: { perDay: 0 } })
    expect(withValue({}, 'policy.exempt', [])).toEqual({ policy: { exempt: [] } })
  })
})

test('changes: key by key, reply texts finding by finding, in the order of the schema', () => {
  const before = { policy: { replies: { 'ptr-missing': 'a', 'ehlo-ours': 'b' } }, domains: ['a.example'], retentionDays: 30 }
  const after = { retentionDays: 30, domains: ['a.example', 'b.example'], policy: { replies: { 'ptr-missing': 'c' } }, backend: 'mail:25', shop: {} }
  expect(settingChanges(before, after)).toEqual([
    { key: 'domains', before: ['a.example'], after: ['a.example', 'b.example'], applies: 'now' },
    { key: 'backend', after: 'mail:25', applies: 'start' },
    { key: 'policy.replies.ptr-missing', before: 'a', after: 'c', applies: 'now' },
    { key: 'policy.replies.ehlo-ours', before: 'b', applies: 'now' },
  ])
  expect(settingChanges(before, { ...before, dns: {} })).toEqual([])
})

test('one’s own changes are done to a file that somebody else has changed', () => {
  const before = { retentionDays: 30, shop: { name: 'Shop' }, bans: { strikes: 5 } }
  const mine = { retentionDays: 31, bans: { strikes: 5 }, limits: { errors: 5 } }
  expect(rebased(before, mine, { policy: { mode: 'grace' }, retentionDays: 30, shop: { name: 'Shop' }, bans: { strikes: 6 } }))
    .toEqual({ policy: { mode: 'grace' }, retentionDays: 31, bans: { strikes: 6 }, limits: { errors: 5 } })
})
