/** The mode in force; pressed, it says what each mode does and offers it, also for an hour only. */
import { useState } from 'react'
import { Button, Checkbox, Popover, Radio } from '@mantine/core'
import { IconChevronDown } from '@tabler/icons-react'
import type { Mode } from '../../shared/gate/disposition.ts'
import { HOUR } from '../model/scopes.ts'
import type { Done } from '../model/wishes.ts'
import { strings } from '../strings.ts'
import { Said } from './outside.tsx'

const words = strings.modeSwitch
const MODES: readonly Mode[] = ['observe', 'grace', 'enforce']

export interface ModeSwitchProps {
  readonly mode: Mode
  /** ISO; when it returns by itself. */
  readonly until: string | null
  readonly now: number
  /** What each mode would have done of late, in a sentence; null: not known. */
  readonly outlook?: (mode: Mode) => React.ReactNode
  readonly onSet: (mode: Mode, forMs: number | null) => Promise<Done>
}

export function ModeSwitch({ mode, until, now, outlook, onSet }: ModeSwitchProps) {
  const [opened, setOpened] = useState(false)
  return (
    <Popover opened={opened} withRoles={false} onChange={setOpened} trapFocus returnFocus position="bottom-start" shadow="md" transitionProps={{ duration: 0 }}>
      <Popover.Target>
        <button type="button" className="modebutton" aria-haspopup="dialog" aria-expanded={opened} title={strings.modes[mode].does} onClick={() => setOpened(!opened)}>
          <span className="dim">{strings.status.mode}</span> <strong>{strings.modes[mode].name}</strong>
          {until === null ? null : <span className="dim">{strings.status.until(Date.parse(until) - now)}</span>}
          <IconChevronDown size={13} aria-hidden />
        </button>
      </Popover.Target>
      <Popover.Dropdown className="popover" role="dialog" tabIndex={-1} aria-label={words.title}><ModeForm mode={mode} until={until} {...(outlook === undefined ? {} : { outlook })} onSet={onSet} onClose={() => setOpened(false)} /></Popover.Dropdown>
    </Popover>
  )
}

function ModeForm({ mode, until, outlook, onSet, onClose }: Pick<ModeSwitchProps, 'mode' | 'until' | 'outlook' | 'onSet'> & { readonly onClose: () => void }) {
  const [wanted, setWanted] = useState<Mode>(mode)
  const [anHour, setAnHour] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const submit = async (event: React.SyntheticEvent) => {
    event.preventDefault()
    const done = await onSet(wanted, anHour ? HOUR : null)
    if (done.ok) onClose()
    else setProblem(done.problem)
  }
  return (
    <form className="ruleform" onSubmit={(event) => void submit(event)}>
      <h2>{words.title}</h2>
      <Radio.Group value={wanted} onChange={(value) => setWanted(MODES.find((known) => known === value) ?? wanted)} aria-label={words.title}>
        {MODES.map((name) => (
          <Radio key={name} size="xs" className="scope" value={name} data-autofocus={name === mode || undefined} label={name === mode ? `${strings.modes[name].name} (${words.now})` : strings.modes[name].name} 
            description={<>{strings.modes[name].does}{outlook === undefined ? null : <> {outlook(name)}</>}</>} />
        ))}
      </Radio.Group>
      <Checkbox size="xs" label={words.forAnHour} checked={anHour} onChange={(event) => setAnHour(event.currentTarget.checked)} />
      {problem === null ? null : <p role="alert" className="problem"><Said text={problem} className="plain" /></p>}
      <div className="buttons"><Button size="xs" type="submit" disabled={wanted === mode && !anHour && until === null}>{words.apply}</Button></div>
    </form>
  )
}
