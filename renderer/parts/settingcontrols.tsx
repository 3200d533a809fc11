/** The controls of the settings page, one per kind of value. Emptied means not set: the default holds. */
import { useState } from 'react'
import { Checkbox, Radio, Textarea, TextInput } from '@mantine/core'
import type { SettingsProblem } from '../../shared/config.ts'
import type { SettingKind } from '../../shared/settingkinds.ts'
import type { SettingField } from '../../shared/settingsform.ts'
import { linesOf, listOf, numberOf, valueWords } from '../model/settings.ts'
import { strings } from '../strings.ts'
import { settingsWords as words } from '../words/settings.ts'

export interface ControlProps {
  readonly id: string
  readonly field: SettingField
  readonly value: unknown
  readonly preset: unknown
  readonly describedBy: string
  readonly invalid: boolean
  readonly problems: readonly SettingsProblem[]
  readonly onChange: (value: unknown) => void
}

type Of<K extends SettingKind['kind']> = ControlProps & { readonly kind: Extract<SettingKind, { kind: K }> }

export function TextControl({ id, field, value, preset, describedBy, invalid, onChange }: ControlProps) {
  return (
    <TextInput size="xs" className={field.kind.kind === 'text' && field.kind.format === 'words' ? 'wide' : 'wide typed'} aria-labelledby={`${id}-label`} aria-describedby={describedBy} aria-invalid={invalid || undefined} autoComplete="off" spellCheck={false} maxLength={4096}
      placeholder={valueWords(preset, words.none)} value={linesOf(value)} onChange={(event) => onChange(event.currentTarget.value === '' ? undefined : event.currentTarget.value)} />
  )
}

export function NumberControl({ id, value, preset, describedBy, invalid, kind, onChange }: Of<'whole'>) {
  return (
    <div className="measure">
      <TextInput size="xs" className="number typed" inputMode="numeric" aria-labelledby={`${id}-label`} aria-describedby={`${describedBy} ${id}-unit`} aria-invalid={invalid || undefined} autoComplete="off" maxLength={20}
        placeholder={valueWords(preset, words.none)} value={linesOf(value)} onChange={(event) => onChange(numberOf(event.currentTarget.value))} />
      <span id={`${id}-unit`}>{kind.unit} <span className="dim">({words.bounds(strings.number(kind.min), strings.number(kind.max))})</span></span>
    </div>
  )
}

export function ChoiceControl({ id, field, value, preset, describedBy, kind, onChange }: Of<'choice'>) {
  const unset = field.default === undefined
  const standing = value ?? preset
  return (
    <Radio.Group aria-labelledby={`${id}-label`} aria-describedby={describedBy} value={standing === undefined ? '' : linesOf(standing)} onChange={(chosen) => onChange(chosen === '' ? undefined : chosen)}>
      {unset ? <Radio size="xs" className="scope" value="" label={words.notSetChoice} description={words.notSetHelp} /> : null}
      {kind.choices.map((choice) => (
        <Radio key={choice.value} size="xs" className="scope" value={choice.value} label={choice.value === field.default ? `${choice.value} (${words.byDefault})` : choice.value} description={choice.does} />
      ))}
    </Radio.Group>
  )
}

/** One entry a line. The text is kept as it is typed, as long as it means the value. */
export function ListControl({ id, field, value, preset, describedBy, invalid, kind, onChange }: Of<'list'>) {
  const [typed, setTyped] = useState(() => linesOf(value))
  const text = JSON.stringify(listOf(typed)) === JSON.stringify(Array.isArray(value) ? value : listOf(linesOf(value))) ? typed : linesOf(value)
  const presets = Array.isArray(preset) ? preset : []
  const canBeNone = kind.mayBeEmpty && presets.length > 0
  const none = Array.isArray(value) && value.length === 0 && canBeNone
  const type = (next: string) => {
    setTyped(next)
    const entries = listOf(next)
    onChange(entries.length === 0 ? undefined : entries)
  }
  return (
    <div className="listcontrol">
      <Textarea size="xs" className="wide typed" aria-labelledby={`${id}-label`} aria-describedby={`${describedBy} ${id}-how`} aria-invalid={invalid || undefined} autosize minRows={2} maxRows={12} spellCheck={false} disabled={none}
        placeholder={none ? '' : presets.map(String).join('\n')} value={text} onChange={(event) => type(event.currentTarget.value)} />
      <span className="dim" id={`${id}-how`}>{words.onePerLine}</span>
      {canBeNone ? <Checkbox size="xs" label={words.emptyOnPurpose} aria-label={`${field.title}: ${words.emptyOnPurpose}`} checked={none} onChange={(event) => { setTyped(''); onChange(event.currentTarget.checked ? [] : undefined) }} /> : null}
    </div>
  )
}
