/** The mode in force; pressed, it says what each mode does and offers it, for as long as one wants. Beside it the panic button, and the way back. */
import { useState } from 'react'
import { Button, Popover, Radio } from '@mantine/core'
import { IconChevronDown, IconLifebuoy } from '@tabler/icons-react'
import type { Mode } from '../../shared/gate/disposition.ts'
import { EVER, lengthValue, MORNING, readLength } from '../model/lengths.ts'
import { HOUR } from '../model/scopes.ts'
import { exactTime } from '../model/time.ts'
import type { Done } from '../model/wishes.ts'
import { strings } from '../strings.ts'
import { Fits } from './fits.tsx'
import { LengthField } from './lengthfield.tsx'
import { Said } from './outside.tsx'
import { useKeys } from './usekeys.ts'

const words = strings.modeSwitch
const MODES: readonly Mode[] = ['observe', 'grace', 'enforce']
const LENGTHS = [
  { value: EVER, label: words.forGood }, { value: lengthValue(HOUR), label: strings.longLength(HOUR) }, { value: lengthValue(4 * HOUR), label: strings.longLength(4 * HOUR) }, { value: MORNING, label: words.untilMorning },
]

export interface ModeSwitchProps {
  readonly mode: Mode
  /** ISO; when it returns by itself. */
  readonly until: string | null
  /** To which it returns then. */
  readonly after: Mode
  readonly now: number
  /** What each mode would have done of late, in a sentence; null: not known. */
  readonly outlook?: (mode: Mode) => React.ReactNode
  readonly onSet: (mode: Mode, forMs: number | null) => Promise<Done>
}

export function ModeSwitch(props: ModeSwitchProps) {
  const { mode, until, after, now, onSet } = props
  const [opened, setOpened] = useState(false)
  return (
    <>
      <Popover opened={opened} withRoles={false} onChange={setOpened} trapFocus returnFocus position="bottom-start" shadow="md" transitionProps={{ duration: 0 }}>
        <Popover.Target>
          <button type="button" className="modebutton" data-mode={mode} aria-haspopup="dialog" aria-expanded={opened} title={strings.modes[mode].does} onClick={() => setOpened(!opened)}>
            <span className="dim">{strings.status.mode}</span> <strong>{strings.modes[mode].name}</strong>
            {until === null ? null : <span className="dim countdown" title={words.returnsAt(strings.modes[after].name, exactTime(until))}><Fits full={words.returnsIn(strings.modes[after].name, countdown(Date.parse(until) - now))} short={countdown(Date.parse(until) - now)} at="tight" /></span>}
            <IconChevronDown size={13} aria-hidden />
          </button>
        </Popover.Target>
        <Popover.Dropdown className="popover" role="dialog" tabIndex={-1} aria-label={words.title}><ModeForm {...props} onClose={() => setOpened(false)} /></Popover.Dropdown>
      </Popover>
      {until === null ? <Panic mode={mode} onSet={onSet} /> : <button type="button" className="action" title={words.returnNowHelp(strings.modes[after].name)} onClick={() => void onSet(after, null)}>{words.returnNow}</button>}
    </>
  )
}

function ModeForm({ mode, until, after, outlook, onSet, onClose }: ModeSwitchProps & { readonly onClose: () => void }) {
  const [wanted, setWanted] = useState<Mode>(mode)
  const [length, setLength] = useState(EVER)
  const { problem, submit } = useSetting(onSet, onClose)
  const read = readLength(length, 0)
  // For a while, what holds for good is no change either.
  const isSame = wanted === mode && until === null
  return (
    <form className="ruleform" onSubmit={(event) => {
      event.preventDefault()
      const forHowLong = readLength(length, Date.now())
      if (!isSame && forHowLong.ok) void submit(wanted, forHowLong.ms ?? null)
    }}>
      <h2>{words.title}</h2>
      <Radio.Group value={wanted} onChange={(value) => setWanted(MODES.find((known) => known === value) ?? wanted)} aria-label={words.title}>
        {MODES.map((name) => (
          <Radio key={name} size="xs" className="scope" value={name} data-autofocus={name === mode || undefined} label={name === mode ? `${strings.modes[name].name} (${words.now})` : strings.modes[name].name}
            description={<>{strings.modes[name].does}{outlook === undefined ? null : <> {outlook(name)}</>}</>} />
        ))}
      </Radio.Group>
      <LengthField label={words.length} presets={LENGTHS} value={length} onChange={setLength} />
      <p className="dim">{isSame ? words.already : length === EVER || wanted === after ? words.stays : words.returns(strings.modes[after].name)}</p>
      {problem === null ? null : <p role="alert" className="problem"><Said text={problem} className="plain" /></p>}
      <div className="buttons"><Button size="xs" type="submit" disabled={isSame || !read.ok}>{words.apply}</Button></div>
    </form>
  )
}

/** One key or click, and Enter: nothing is refused for its DNS for an hour. */
function Panic({ mode, onSet }: Pick<ModeSwitchProps, 'mode' | 'onSet'>) {
  const [opened, setOpened] = useState(false)
  const close = () => setOpened(false)
  const { problem, submit } = useSetting(onSet, close)
  useKeys({ P: () => (mode === 'observe' ? false : setOpened(true)) })
  if (mode === 'observe') return null
  return (
    <Popover opened={opened} withRoles={false} onChange={setOpened} trapFocus returnFocus position="bottom-start" shadow="md" transitionProps={{ duration: 0 }}>
      <Popover.Target>
        <button type="button" className="action panic" aria-haspopup="dialog" aria-expanded={opened} title={`${words.panicHelp} (P)`} aria-label={words.panicTitle} onClick={() => setOpened(!opened)}><IconLifebuoy size={14} aria-hidden /><span>{words.panic}</span></button>
      </Popover.Target>
      <Popover.Dropdown className="popover" role="dialog" tabIndex={-1} aria-label={words.panicTitle}>
        <form className="ruleform" onSubmit={(event) => { event.preventDefault(); void submit('observe', HOUR) }}>
          <h2>{words.panicTitle}</h2>
          <p>{words.panicText(strings.modes[mode].name)}</p>
          {problem === null ? null : <p role="alert" className="problem"><Said text={problem} className="plain" /></p>}
          <div className="buttons">
            <Button size="xs" variant="default" onClick={close}>{strings.rule.cancel}</Button>
            <Button size="xs" type="submit" data-autofocus>{words.panicGo}</Button>
          </div>
        </form>
      </Popover.Dropdown>
    </Popover>
  )
}

function useSetting(onSet: ModeSwitchProps['onSet'], onDone: () => void) {
  const [problem, setProblem] = useState<string | null>(null)
  const submit = async (mode: Mode, forMs: number | null) => {
    const done = await onSet(mode, forMs)
    setProblem(done.ok ? null : done.problem)
    if (done.ok) onDone()
  }
  return { problem, submit }
}

/** "59:41", "3:05:00"; from two days on in words. */
function countdown(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000))
  if (seconds >= 172_800) return strings.shortLeft(ms)
  const two = (value: number) => value.toString().padStart(2, '0')
  const hours = Math.floor(seconds / 3600)
  return `${hours > 0 ? `${hours}:` : ''}${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
}
