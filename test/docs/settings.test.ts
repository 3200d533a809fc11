/** docs/settings.md names exactly the keys of the schema, in its order, with what they take and their defaults; each example can be used as it stands. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { AT_START, checkSettings, DEFAULT_EXEMPT, listenEndpoints, settingsSchema } from '../../shared/config.ts'
import { DEFAULT_CANARY } from '../../shared/dns/canary.ts'
import type { SettingKind } from '../../shared/settingkinds.ts'
import { settingFields, settingSections } from '../../shared/settingsform.ts'
import { withValue } from '../../shared/settingsjson.ts'

const page = (path: string) => readFileSync(join(import.meta.dirname, '../..', path), 'utf8')
const text = page('docs/settings.md')

const rows = text.split('\n').filter((line) => line.startsWith('| `')).map((line) => {
  const [key = '', takes = '', preset = '', example = '', help = ''] = line.slice(2, -2).split(' | ')
  return { key: key.slice(1, -1), takes, preset, example, help }
})
const rowOf = (key: string) => rows.find((row) => row.key === key)!
const fields = settingFields()
/** Values in backticks, as JSON. */
const values = (cell: string) => [...cell.matchAll(/`([^`]+)`/g)].map(([, json = '']) => JSON.parse(json) as unknown)

test('the keys are those of the schema, each once: first those of no section, then section by section', () => {
  const single = fields.filter(({ key, top }) => key === top)
  const inSections = settingSections().flatMap((section) => fields.filter(({ key, top }) => top === section.key && key !== top))
  expect(rows.map(({ key }) => key)).toEqual([...single, ...inSections].map(({ key }) => key))
  expect([...text.matchAll(/^## .*: `(\w+)`$/gm)].map(([, key]) => key)).toEqual(settingSections().map(({ key }) => key))
})

describe.each(fields.map((field) => [field.key, field] as const))('%s', (key, field) => {
  test('its default is the schema’s', () => {
    const { preset } = rowOf(key)
    if (field.default !== undefined) expect(values(preset)).toEqual([field.default])
    else expect(preset).not.toBe('')
  })

  test('what it takes is what the schema takes', () => expect(rowOf(key).takes).toContain(takenBy(field.kind)))

  test('its example can be used', () => {
    const { example, help } = rowOf(key)
    const json = JSON.parse(`{${example.slice(1, -1)}}`) as Record<string, unknown>
    expect(Object.keys(json)).toEqual([key.split('.').at(-1)])
    // What only goes together with something else.
    const beside = key === 'tls.cert' ? { tls: { key: 'x' } } : key === 'tls.key' ? { tls: { cert: 'x' } } : { backend: 'mail.shop.example:25' }
    expect(checkSettings(withValue(beside, key, Object.values(json)[0]))).toMatchObject({ ok: true })
    expect(help.length).toBeGreaterThan(10)
  })
})

/** Words that must stand there. */
function takenBy(kind: SettingKind): string {
  switch (kind.kind) {
    case 'whole': return `${kind.min} to ${kind.max} ${kind.unit}`
    case 'choice': return kind.choices.map(({ value }) => `\`"${value}"\``).join(', ')
    case 'list': return `a list of ${kind.expected}${kind.mayBeEmpty ? '' : ', at least one'}`
    case 'text': return kind.expected.replace(/,? such as.*$/, '')
    case 'texts': return kind.fields.map((field) => `\`{${field}}\``).join(' ')
  }
}

test('defaults that hang on whether there is a mail server, and the keys that wait for a start', () => {
  expect(values(rowOf('listen').preset)).toEqual([listenEndpoints(settingsSchema.parse({})), listenEndpoints(settingsSchema.parse({ backend: 'mail:25' }))])
  expect(values(rowOf('policy.exempt').preset)).toEqual([DEFAULT_EXEMPT, []])
  expect(values(rowOf('dns.canary').preset)).toEqual([DEFAULT_CANARY, []])
  expect(text).toContain(`Only ${AT_START.map((key) => `\`${key}\``).join(', ')} wait for the next start`)
  expect(checkSettings(JSON.parse(/```json\n([^`]+)```/.exec(text)?.[1] ?? ''))).toMatchObject({ ok: true })
})

test('who needs it finds it', () => {
  expect(page('README.md')).toContain('(docs/settings.md)')
  for (const path of ['docs/guide.md', 'docs/install.md']) expect(page(path)).toContain('(settings.md)')
})
