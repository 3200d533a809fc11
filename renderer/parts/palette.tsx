/** The palette: one field over a list of commands, used with the keyboard alone (WAI-ARIA combobox with a list box); the mouse works too. */
import { useEffect, useId, useMemo, useRef, useState } from 'react'
import { Kbd, Modal } from '@mantine/core'
import type { Command } from '../model/commands.ts'
import { fuzzyFilter } from '../model/fuzzy.ts'
import { paletteWords as words } from '../words/palette.ts'
import { Said } from './outside.tsx'

export interface PaletteProps {
  /** All there are, grouped by `group` in the order of first appearance. */
  readonly commands: readonly Command[]
  /** Commands for what was typed itself; they stand first. */
  readonly jumps: (typed: string) => readonly Command[]
  readonly onClose: () => void
}

const MOST = 60

export function Palette({ commands, jumps, onClose }: PaletteProps) {
  return (
    <Modal opened onClose={onClose} title={words.title} withCloseButton={false} yOffset="12vh" size={620} padding={0} lockScroll={false} transitionProps={{ duration: 0 }} classNames={{ header: 'palettehead', content: 'palette' }}>
      <Search commands={commands} jumps={jumps} onClose={onClose} />
    </Modal>
  )
}

function Search({ commands, jumps, onClose }: PaletteProps) {
  const [typed, setTyped] = useState('')
  const [chosen, setChosen] = useState(0)
  const list = useRef<HTMLUListElement>(null)
  const id = useId()
  const found = useMemo(() => {
    const matching = fuzzyFilter(typed, commands, (command) => `${command.title} ${command.words ?? ''}`)
    return inGroups([...jumps(typed), ...matching].slice(0, MOST), typed.trim() === '')
  }, [typed, commands, jumps])
  const at = Math.min(chosen, found.length - 1)
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' })
  }, [at, found])
  const run = (command: Command | undefined) => {
    if (command === undefined) return
    onClose()
    command.run()
  }
  const onKey = (event: React.KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key]
    if (step !== undefined) {
      const wraps = Math.abs(step) === 1
      const next = at + step
      setChosen(wraps ? (next + found.length) % Math.max(1, found.length) : Math.max(0, Math.min(found.length - 1, next)))
    } else if (event.key === 'Enter') run(found[at])
    else return
    event.preventDefault()
  }
  return (
    <>
      <input className="palettefield" data-autofocus role="combobox" aria-label={words.title} aria-expanded={found.length > 0} aria-controls={`${id}-list`} aria-autocomplete="list" aria-activedescendant={found[at] === undefined ? undefined : `${id}-${at}`}
        autoComplete="off" spellCheck={false} maxLength={400} placeholder={words.placeholder} value={typed} onKeyDown={onKey} onChange={(event) => { setTyped(event.currentTarget.value); setChosen(0) }} />
      <div className="unseen" role="status">{typed === '' ? '' : found.length === 0 ? words.nothing : words.results(found.length)}</div>
      {found.length === 0 ? <p className="note dim">{words.nothing}</p> : null}
      <ul ref={list} id={`${id}-list`} role="listbox" aria-label={words.title} className="commands">
        {found.map((command, index) => (
          <li key={command.id} id={`${id}-${index}`} role="option" aria-selected={index === at} data-first={command.group !== found[index - 1]?.group || undefined} onClick={() => run(command)} onMouseMove={() => setChosen(index)}>
            <span className="group">{command.group === found[index - 1]?.group ? '' : command.group}</span>
            <span className="commandtitle"><Said text={command.title} className="plain" /></span>
            {command.keys === undefined ? null : <span className="commandkeys">{command.keys.split(' ').map((key) => <Kbd key={key} size="xs">{key}</Kbd>)}</span>}
          </li>
        ))}
      </ul>
    </>
  )
}

/** While nothing is typed each group stands together; afterwards the best match stands first. */
function inGroups(commands: readonly Command[], grouped: boolean): readonly Command[] {
  if (!grouped) return commands
  const groups = [...new Set(commands.map(({ group }) => group))]
  return groups.flatMap((group) => commands.filter((command) => command.group === group))
}
