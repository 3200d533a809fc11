/** The search field of the Senders page with what was understood, and its filters; all of them hold together. */
import { useEffect, useId, useRef, useState } from 'react'
import { NativeSelect, TextInput } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { FINDINGS } from '../../shared/events.ts'
import { SENDER_SORTS } from '../../shared/api/senders.ts'
import { DAY_CHOICES, STATE_FILTERS } from '../model/sendersview.ts'
import type { SendersView } from '../model/sendersview.ts'
import { strings } from '../strings.ts'
import { sendersWords as words, stateFilterNames } from '../words/senders.ts'
import { Said } from './outside.tsx'

const TYPING_MS = 200

export interface SendersBarProps {
  readonly view: SendersView
  readonly understood: string
  /** What is shown because nothing of that was found; '' else. */
  readonly instead: string
  readonly onChange: (change: Partial<SendersView>) => void
  readonly onLeave: () => void
}

export function SendersBar({ view, understood, instead, onChange, onLeave }: SendersBarProps) {
  const [draft, setDraft] = useState<string | null>(null)
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null)
  const said = useId()
  useEffect(() => () => {
    if (timer.current !== null) clearTimeout(timer.current)
  }, [])
  const settle = (text: string) => {
    if (timer.current !== null) clearTimeout(timer.current)
    timer.current = null
    setDraft(null)
    if (text !== view.q) onChange({ q: text, sender: null })
  }
  const type = (text: string) => {
    // Pasted sentences may have line ends.
    const line = text.replace(/\s+/g, ' ')
    setDraft(line)
    if (timer.current !== null) clearTimeout(timer.current)
    timer.current = setTimeout(() => settle(line), TYPING_MS)
  }
  const onKey = (event: React.KeyboardEvent<HTMLInputElement>) => {
    if (event.key === 'ArrowDown') onLeave()
    else if (event.key !== 'Escape') return
    else if ((draft ?? view.q) === '') onLeave()
    else settle('')
    event.preventDefault()
    event.stopPropagation()
  }
  const submit = (event: React.SyntheticEvent) => {
    event.preventDefault()
    settle(draft ?? view.q)
    onLeave()
  }
  return (
    <div className="toolbar">
      <form role="search" className="tools sendertools" onSubmit={submit}>
        <TextInput id="search" type="search" size="xs" className="search" aria-label={words.search} aria-describedby={said} placeholder={words.placeholder} autoComplete="off" spellCheck={false} maxLength={2000}
          leftSection={<IconSearch size={14} aria-hidden />} value={draft ?? view.q} onChange={(event) => type(event.currentTarget.value)} onKeyDown={onKey} />
        <Choice label={words.stateFilter} value={view.state} options={STATE_FILTERS} nameOf={(state) => stateFilterNames[state]} onChange={(state) => onChange({ state })} />
        <Choice label={words.findingFilter} value={view.finding} options={FINDINGS} nameOf={(finding) => strings.findings[finding]} onChange={(finding) => onChange({ finding })} />
        <Choice label={words.seenFilter} value={view.days} options={DAY_CHOICES} nameOf={words.seenWithin} onChange={(days) => onChange({ days })} />
        <NativeSelect size="xs" className="choice" aria-label={words.sort} value={view.sort} onChange={(event) => onChange({ sort: SENDER_SORTS.find((each) => each === event.currentTarget.value) ?? 'refused' })}
          data={SENDER_SORTS.map((each) => ({ value: each, label: words.sorts[each] }))} />
      </form>
      <p id={said} className={understood === '' ? 'unseen' : 'reading dim'}>{understood === '' ? '' : <Said text={instead === '' ? words.understood(understood) : strings.filter.instead(understood, instead)} className="plain" />}</p>
    </div>
  )
}

interface ChoiceProps<T extends string | number> {
  readonly label: string
  readonly value: T | null
  readonly options: readonly T[]
  readonly nameOf: (option: T) => string
  readonly onChange: (value: T | null) => void
}

function Choice<T extends string | number>({ label, value, options, nameOf, onChange }: ChoiceProps<T>) {
  return (
    <NativeSelect size="xs" className="choice" aria-label={label} value={value === null ? '' : String(value)} onChange={(event) => onChange(options.find((option) => String(option) === event.currentTarget.value) ?? null)}
      data={[{ value: '', label: `${label}: ${words.any}` }, ...options.map((option) => ({ value: String(option), label: nameOf(option) }))]} />
  )
}
