/** The search field, which filters as one types, and the filters as chips: all of them hold together; each can be changed, and removed. */
import { useEffect, useId, useRef, useState } from 'react'
import { NativeSelect, TextInput } from '@mantine/core'
import { IconSearch, IconX } from '@tabler/icons-react'
import { DISPOSITIONS, FINDINGS } from '../../shared/events.ts'
import { parseSearch, wider } from '../../shared/search/query.ts'
import { understood } from '../../shared/search/sentence.ts'
import { askedText, FILTER_KEYS, filterFromTyped, hasNoChips, NO_FILTER, typedOf } from '../model/filter.ts'
import type { Filter, FilterKey } from '../model/filter.ts'
import { strings } from '../strings.ts'
import { Name, Said } from './outside.tsx'

const words = strings.filter
/** So long after the last key the list is searched. */
const TYPING_MS = 150

export interface FilterBarProps {
  readonly filter: Filter
  /** Nothing of what is searched for was found: a step wider is shown. */
  readonly widened: boolean
  readonly onChange: (filter: Filter) => void
  /** The focus leaves the field for the list. */
  readonly onLeave: () => void
  readonly children: React.ReactNode
}

export function FilterBar({ filter, widened, onChange, onLeave, children }: FilterBarProps) {
  const [draft, setDraft] = useDraft(filter, onChange)
  const field = useRef<HTMLInputElement>(null)
  const bar = useRef<HTMLFormElement>(null)
  const help = useId()
  const submit = (event: React.SyntheticEvent) => {
    event.preventDefault()
    if (draft.trim() === '') return
    onChange({ ...filter, ...filterFromTyped(draft) })
    setDraft('')
  }
  const type = (text: string) => {
    setDraft(text)
    if (text === '' && filter.typed !== null) onChange({ ...filter, typed: null })
  }
  const onKey = (event: React.KeyboardEvent<HTMLInputElement>) => {
    if (event.key === 'Escape') {
      event.stopPropagation()
      if (draft === '') onLeave()
      else onChange({ ...filter, typed: null })
      setDraft('')
    } else if (event.key === 'ArrowDown') {
      event.preventDefault()
      onLeave()
    } else if (event.key === 'Backspace' && draft === '' && !hasNoChips(filter)) {
      const last = FILTER_KEYS.findLast((key) => filter[key] !== null)
      if (last === undefined) return
      // The key would take the last letter of what comes back.
      event.preventDefault()
      edit(last)
    }
  }
  /** Free text goes back into the field; a choice is made anew where it was made. */
  const edit = (key: FilterKey) => {
    if (key === 'disposition' || key === 'finding') {
      bar.current?.querySelector<HTMLElement>(`select[name='${key}']`)?.focus()
      return
    }
    onChange({ ...filter, [key]: null, typed: typedOf(filter, key) })
    field.current?.focus()
  }
  const remove = (change: Partial<Filter>) => {
    onChange({ ...filter, ...change })
    // The button goes with its chip: the focus stays in the bar.
    field.current?.focus()
  }
  const reading = readingOf(draft.trim() === '' ? (filter.text ?? '') : draft, widened ? askedText(filter) : null)
  return (
    <div className="toolbar">
      <form role="search" className="tools" onSubmit={submit} ref={bar}>
        <TextInput ref={field} id="search" type="search" size="xs" className="search" aria-label={words.search} aria-describedby={help} placeholder={words.placeholder} title={words.searchHelp} autoComplete="off" spellCheck={false} maxLength={400}
          leftSection={<IconSearch size={14} aria-hidden />} value={draft} onChange={(event) => type(event.currentTarget.value)} onKeyDown={onKey} />
        <Choice name="disposition" label={words.disposition} value={filter.disposition} options={DISPOSITIONS} names={strings.dispositions} onChange={(disposition) => onChange({ ...filter, disposition })} />
        <Choice name="finding" label={words.finding} value={filter.finding} options={FINDINGS} names={strings.findings} onChange={(finding) => onChange({ ...filter, finding })} />
        <div className="grow" />
        {children}
      </form>
      <div id={help} className={reading === '' ? 'unseen' : 'reading dim'}>{reading === '' ? words.searchHelp : <Said text={reading} className="plain" />}</div>
      {hasNoChips(filter) ? null : (
        <ul className="chips" aria-label={words.label}>
          {FILTER_KEYS.filter((key) => filter[key] !== null).map((key) => (
            <li key={key} className="chip">
              <button type="button" className="chipbody" aria-label={words.edit(`${words.names[key]} ${valueWords(filter, key)}`)} onClick={() => edit(key)}>
                <span className="dim">{words.names[key]}</span> {key === 'disposition' || key === 'finding' ? <span>{valueWords(filter, key)}</span> : <Name text={valueWords(filter, key)} />}
              </button>
              <button type="button" aria-label={words.remove(`${words.names[key]} ${valueWords(filter, key)}`)} onClick={() => remove({ [key]: null })}><IconX size={13} aria-hidden /></button>
            </li>
          ))}
          <li><button type="button" className="link" onClick={() => remove(NO_FILTER)}>{words.clearAll}</button></li>
        </ul>
      )}
    </div>
  )
}

/** How `text` is understood, and where its search was widened what is shown instead; '' for an empty one. */
function readingOf(text: string, widened: string | null): string {
  const search = parseSearch(text)
  const asked = understood(search)
  const wide = widened?.trim() === text.trim() ? wider(search) : null
  return asked === '' ? '' : wide === null ? words.reading(asked) : words.instead(asked, understood(wide))
}

/** What is typed, handed on once the fingers rest; what comes from elsewhere (the address bar, a chip) replaces it. */
function useDraft(filter: Filter, onChange: (filter: Filter) => void): readonly [string, (text: string) => void] {
  const outside = filter.typed ?? ''
  const [state, setState] = useState({ draft: outside, sent: outside })
  // A change that is not ours, seen while rendering: the field follows it at once.
  if (outside !== state.sent) setState({ draft: outside, sent: outside })
  const latest = useRef({ filter, onChange })
  useEffect(() => {
    latest.current = { filter, onChange }
  })
  const { draft, sent } = state
  useEffect(() => {
    if (draft === sent) return
    const timer = setTimeout(() => {
      const typed = draft.trim() === '' ? null : draft
      setState({ draft, sent: typed ?? '' })
      latest.current.onChange({ ...latest.current.filter, typed })
    }, TYPING_MS)
    return () => clearTimeout(timer)
  }, [draft, sent])
  // An emptied field is told by whoever empties it: nothing that waited may come after.
  return [draft, (text) => setState((before) => ({ draft: text, sent: text === '' ? '' : before.sent }))]
}

function valueWords(filter: Filter, key: FilterKey): string {
  if (key === 'disposition') return filter.disposition === null ? '' : strings.dispositions[filter.disposition]
  if (key === 'finding') return filter.finding === null ? '' : strings.findings[filter.finding]
  return filter[key] ?? ''
}

interface ChoiceProps<T extends string> {
  readonly name: string
  readonly label: string
  readonly value: T | null
  readonly options: readonly T[]
  readonly names: Readonly<Record<T, string>>
  readonly onChange: (value: T | null) => void
}

function Choice<T extends string>({ name, label, value, options, names, onChange }: ChoiceProps<T>) {
  return (
    <NativeSelect size="xs" className="choice" name={name} aria-label={label} value={value ?? ''} onChange={(event) => onChange(options.find((option) => option === event.currentTarget.value) ?? null)}
      data={[{ value: '', label: `${label}: ${words.any}` }, ...options.map((option) => ({ value: option, label: names[option] }))]} />
  )
}
