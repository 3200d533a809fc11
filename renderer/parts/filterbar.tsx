/** The search field and the filters as chips; all of them hold together, each can be removed. */
import { useState } from 'react'
import { NativeSelect, TextInput } from '@mantine/core'
import { IconSearch, IconX } from '@tabler/icons-react'
import { DISPOSITIONS, FINDINGS } from '../../shared/events.ts'
import { FILTER_KEYS, filterFromTyped, isEmpty, NO_FILTER } from '../model/filter.ts'
import type { Filter, FilterKey } from '../model/filter.ts'
import { strings } from '../strings.ts'
import { Name } from './outside.tsx'

const words = strings.filter

export interface FilterBarProps {
  readonly filter: Filter
  readonly onChange: (filter: Filter) => void
  readonly children: React.ReactNode
}

export function FilterBar({ filter, onChange, children }: FilterBarProps) {
  const [typed, setTyped] = useState('')
  const submit = (event: React.SyntheticEvent) => {
    event.preventDefault()
    if (typed.trim() === '') return
    onChange({ ...filter, ...filterFromTyped(typed) })
    setTyped('')
  }
  const leave = (event: React.KeyboardEvent<HTMLInputElement>) => {
    if (event.key !== 'Escape') return
    event.stopPropagation()
    if (typed === '') event.currentTarget.blur()
    setTyped('')
  }
  return (
    <div className="toolbar">
      <form role="search" className="tools" onSubmit={submit}>
        <TextInput id="search" type="search" size="xs" className="search" aria-label={words.search} placeholder={words.placeholder} autoComplete="off" spellCheck={false} maxLength={400}
          leftSection={<IconSearch size={14} aria-hidden />} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} onKeyDown={leave} />
        <Choice label={words.disposition} value={filter.disposition} options={DISPOSITIONS} names={strings.dispositions} onChange={(disposition) => onChange({ ...filter, disposition })} />
        <Choice label={words.finding} value={filter.finding} options={FINDINGS} names={strings.findings} onChange={(finding) => onChange({ ...filter, finding })} />
        <div className="grow" />
        {children}
      </form>
      {isEmpty(filter) ? null : (
        <ul className="chips" aria-label={words.label}>
          {FILTER_KEYS.filter((key) => filter[key] !== null).map((key) => (
            <li key={key} className="chip">
              <span className="dim">{words.names[key]}</span> {key === 'disposition' || key === 'finding' ? <span>{valueWords(filter, key)}</span> : <Name text={valueWords(filter, key)} />}
              <button type="button" aria-label={words.remove(`${words.names[key]} ${valueWords(filter, key)}`)} onClick={() => onChange({ ...filter, [key]: null })}><IconX size={13} aria-hidden /></button>
            </li>
          ))}
          <li><button type="button" className="link" onClick={() => onChange(NO_FILTER)}>{words.clearAll}</button></li>
        </ul>
      )}
    </div>
  )
}

function valueWords(filter: Filter, key: FilterKey): string {
  if (key === 'disposition') return filter.disposition === null ? '' : strings.dispositions[filter.disposition]
  if (key === 'finding') return filter.finding === null ? '' : strings.findings[filter.finding]
  return filter[key] ?? ''
}

interface ChoiceProps<T extends string> {
  readonly label: string
  readonly value: T | null
  readonly options: readonly T[]
  readonly names: Readonly<Record<T, string>>
  readonly onChange: (value: T | null) => void
}

function Choice<T extends string>({ label, value, options, names, onChange }: ChoiceProps<T>) {
  return (
    <NativeSelect size="xs" className="choice" aria-label={label} value={value ?? ''} onChange={(event) => onChange(options.find((option) => option === event.currentTarget.value) ?? null)}
      data={[{ value: '', label: `${label}: ${words.any}` }, ...options.map((option) => ({ value: option, label: names[option] }))]} />
  )
}
