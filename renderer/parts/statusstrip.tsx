/** The strip on top that is always true: the gate, its mode and rules, where it listens, the mail server, how busy it is, what needs the admin. */
import { IconAlertTriangle, IconDoor, IconDoorOff, IconMail, IconMailX, IconPlugConnectedX, IconWorldCheck, IconWorldOff, IconWorldX } from '@tabler/icons-react'
import type { GateState } from '../../shared/api.ts'
import { clockTime } from '../model/time.ts'
import type { Mode } from '../../shared/gate/disposition.ts'
import type { Done } from '../model/wishes.ts'
import { strings } from '../strings.ts'
import { ModeSwitch } from './modeswitch.tsx'
import { Name, Said } from './outside.tsx'
import { Sparkline } from './sparkline.tsx'

const words = strings.status

export interface StatusStripProps {
  readonly state: GateState | null
  readonly now: number
  /** What each mode would have done of late; null: not known. */
  readonly outlook?: (mode: Mode) => React.ReactNode
  readonly onMode: (mode: Mode, forMs: number | null) => Promise<Done>
}

export function StatusStrip({ state, now, outlook, onMode }: StatusStripProps) {
  if (state === null) return <div className="strip"><span className="dim">{words.waiting}</span></div>
  const isOpen = state.addresses.length > 0
  const GateIcon = isOpen ? IconDoor : IconDoorOff
  return (
    <div className="strip">
      <span className={isOpen ? 'fact' : 'fact danger'}><GateIcon size={16} stroke={1.7} aria-hidden /><strong>{isOpen ? words.open : words.closed}</strong></span>
      <ModeSwitch mode={state.mode} until={state.modeUntil} now={now} {...(outlook === undefined ? {} : { outlook })} onSet={onMode} />
      <span className="fact" title={strings.ruleSets[state.rules].does}>{strings.ruleSets[state.rules].name} <span className="dim">{words.rules}</span></span>
      <span className="fact addresses" title={`${words.listening}: ${state.addresses.join(', ')}`}><span className="unseen">{words.listening}</span>{state.addresses.map((address) => <Name key={address} text={address} />)}</span>
      <Backend state={state} />
      <Canary canary={state.canary} now={now} />
      <span className="grow" />
      <Journal journal={state.journal} />
      <span className="fact">{words.openNow(state.openConnections)}</span>
      <span className="fact rate" title={`${words.perMinuteHelp}. ${todayWords(state.today)}`}><Sparkline values={state.perMinute} /><span className="mono">{words.perMinute(state.perMinute.at(-1) ?? 0)}</span></span>
    </div>
  )
}

function todayWords(today: GateState['today']): string {
  const parts = Object.entries(today).map(([name, count]) => `${(strings.dispositions as Record<string, string>)[name] ?? name} ${strings.number(count)}`)
  return `${words.today}: ${parts.length === 0 ? words.nothingToday : parts.join(', ')}`
}

function Backend({ state }: { readonly state: GateState }) {
  const { backend } = state
  if (backend === null) return <span className="fact" title={words.noBackend}><IconMail size={16} stroke={1.7} aria-hidden />{words.practiceMailbox}</span>
  if (backend.up) return <span className="fact" title={backend.address}><IconMail size={16} stroke={1.7} aria-hidden />{words.backendUp(backend.latencyMs)}</span>
  return <span className="fact danger" title={`${backend.address} ${backend.why ?? ''}`}><IconMailX size={16} stroke={1.7} aria-hidden />{words.backendDown}</span>
}

function Canary({ canary, now }: { readonly canary: GateState['canary']; readonly now: number }) {
  const since = canary.since === null ? '' : ` ${words.canarySince(clockTime(Date.parse(canary.since), now))}`
  switch (canary.state) {
    case 'off': return <span className="fact dim" title={words.canaryOffHelp}><IconWorldOff size={16} stroke={1.7} aria-hidden />{words.canaryOff}</span>
    case 'green': return <span className="fact" title={`${canary.known === 0 ? words.canaryUnknownHelp : words.canaryGreenHelp}${since}`}><IconWorldCheck size={16} stroke={1.7} aria-hidden />{words.canaryGreen}</span>
    case 'red': return <span className="fact danger" title={`${words.canaryRedHelp}${since}`}><IconWorldX size={16} stroke={1.7} aria-hidden />{words.canaryRed}</span>
  }
}

function Journal({ journal }: { readonly journal: GateState['journal'] }) {
  if (journal.trouble !== null) return <span className="fact danger" title={journal.trouble}><IconAlertTriangle size={16} aria-hidden />{words.journalTrouble}</span>
  if (journal.dropped > 0) return <span className="fact danger" title={words.droppedHelp}><IconAlertTriangle size={16} aria-hidden />{words.dropped(journal.dropped)}</span>
  return null
}

/** What needs the admin, one line each. */
export function Alarms({ state }: { readonly state: GateState | null }) {
  if (state === null || state.alarms.length === 0) return null
  return (
    <ul className="alarms" aria-label={words.alarms}>
      {state.alarms.map((alarm) => (
        <li key={alarm.code} data-severity={alarm.severity}><IconAlertTriangle size={15} aria-hidden /><Said text={alarm.text} className="plain" /></li>
      ))}
    </ul>
  )
}

export type BlindView = { readonly kind: 'blind'; readonly since: number; readonly retryAt: number } | { readonly kind: 'refused'; readonly since: number }

/** Since when the console is blind. The words are announced once; the running seconds are not. */
export function Blind({ line, now, onRetry }: { readonly line: BlindView; readonly now: number; readonly onRetry: () => void }) {
  return (
    <div className="blind">
      <IconPlugConnectedX size={16} aria-hidden />
      <span>{line.kind === 'refused' ? words.refused : words.blind(clockTime(line.since, now), now - line.since)}</span>
      {line.kind === 'refused' ? null : <span className="retry">{line.retryAt <= now ? words.tryingNow : words.retrying(line.retryAt - now)}</span>}
      <button type="button" className="link" onClick={onRetry}>{words.retry}</button>
    </div>
  )
}
