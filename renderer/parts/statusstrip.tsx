/** The strip on top that is always true: the gate, its mode and rules, where it listens, the mail server, DNS, how full and how well it is. While the console is blind it says so. */
import { IconActivityHeartbeat, IconAlertTriangle, IconDoor, IconDoorOff, IconHelpCircle, IconMail, IconMailX, IconPlugConnectedX, IconStethoscope, IconUsers, IconWorldCheck, IconWorldOff, IconWorldX } from '@tabler/icons-react'
import type { GateState } from '../../shared/api.ts'
import { clockTime } from '../model/time.ts'
import type { Mode } from '../../shared/gate/disposition.ts'
import type { Done } from '../model/wishes.ts'
import { strings } from '../strings.ts'
import { healthWords as health } from '../words/health.ts'
import { ModeSwitch } from './modeswitch.tsx'
import { Name, Said } from './outside.tsx'
import { Sparkline } from './sparkline.tsx'
import { StatusDetails, todayWords } from './statusdetails.tsx'

const words = strings.status

export interface StatusStripProps {
  readonly state: GateState | null
  readonly now: number
  /** Since when the console is blind (ms); null: it is not. */
  readonly blindSince?: number | null
  readonly outlook?: (mode: Mode) => React.ReactNode
  readonly onMode: (mode: Mode, forMs: number | null) => Promise<Done>
}

export function StatusStrip({ state, now, blindSince = null, outlook, onMode }: StatusStripProps) {
  if (state === null) return <div className="strip"><span className="dim">{words.waiting}</span></div>
  return (
    <div className="strip" data-blind={blindSince === null ? undefined : true}>
      <Gate state={state} now={now} blindSince={blindSince} />
      <ModeSwitch mode={state.mode} until={state.modeUntil} after={state.modeAfter} now={now} onSet={onMode} {...(outlook === undefined ? {} : { outlook })} />
      <span className="fact" title={strings.ruleSets[state.rules].does}>{strings.ruleSets[state.rules].name} <span className="dim">{words.rules}</span></span>
      <span className="fact addresses" title={`${words.listening}: ${state.addresses.join(', ')}`}><span className="unseen">{words.listening}</span>{state.addresses.map((address) => <Name key={address} text={address} />)}</span>
      <Backend state={state} />
      <Canary canary={state.canary} now={now} />
      <span className="grow" />
      <Health state={state} />
      <OwnHealth own={state.ownHealth} />
      <Limits state={state} />
      <span className="fact rate" title={`${words.perMinuteHelp}. ${words.today}: ${todayWords(state.today)}`}><Sparkline values={state.perMinute} /><span className="mono">{words.perMinute(state.perMinute.at(-1) ?? 0)}</span></span>
    </div>
  )
}

/** Whether it is open, and behind it everything in full. */
function Gate({ state, now, blindSince }: { readonly state: GateState; readonly now: number; readonly blindSince: number | null }) {
  const isOpen = state.addresses.length > 0
  const isKnown = blindSince === null
  const Icon = !isKnown ? IconHelpCircle : isOpen ? IconDoor : IconDoorOff
  const isPaused = isOpen && state.pausedUntil != null
  const text = !isKnown ? words.unknown : isPaused ? words.paused : isOpen ? words.open : words.closed
  return (
    <StatusDetails state={state} now={now}>
      <span className={isKnown && isOpen && !isPaused ? 'fact' : 'fact danger'}><Icon size={16} stroke={1.7} aria-hidden /><strong>{text}</strong></span>
      {isKnown ? null : <span className="fact danger">{words.asOf(clockTime(blindSince, now))}</span>}
    </StatusDetails>
  )
}

function Backend({ state }: { readonly state: GateState }) {
  const { backend } = state
  if (backend === null) return <span className="fact" title={words.noBackend}><IconMail size={16} stroke={1.7} aria-hidden />{words.practiceMailbox}</span>
  if (backend.up) return <span className="fact" title={backend.address}><IconMail size={16} stroke={1.7} aria-hidden />{words.backendUp(backend.latencyMs)}</span>
  return <span className="fact danger" title={`${backend.address} ${backend.why ?? ''}`}><IconMailX size={16} stroke={1.7} aria-hidden />{words.backendDown}</span>
}

function Canary({ canary, now }: { readonly canary: GateState['canary']; readonly now: number }) {
  const since = canary.since === null ? '' : words.canarySince(clockTime(Date.parse(canary.since), now))
  switch (canary.state) {
    case 'off': return <span className="fact dim" title={words.canaryOffHelp}><IconWorldOff size={16} stroke={1.7} aria-hidden />{words.canaryOff}</span>
    case 'green': return <span className="fact" title={`${canary.known === 0 ? words.canaryUnknownHelp : words.canaryGreenHelp} ${since}`}><IconWorldCheck size={16} stroke={1.7} aria-hidden />{words.canaryGreen}</span>
    case 'red': return <span className="fact danger red" title={`${words.canaryRedHelp} ${canary.why ?? ''}`}><IconWorldX size={16} stroke={1.7} aria-hidden />{words.canaryRed} {since}</span>
  }
}

/** The gate's own health: what it could not write down, what waits, how late it runs. */
function Health({ state }: { readonly state: GateState }) {
  const { journal, loopDelayMs } = state
  const danger = (text: string, title: string) => <span className="fact danger" title={title}><IconAlertTriangle size={16} aria-hidden />{text}</span>
  if (journal.trouble !== null) return danger(words.journalTrouble, journal.trouble)
  if (journal.dropped > 0) return danger(words.dropped(journal.dropped), words.droppedHelp)
  if (loopDelayMs >= SLOW_MS) return danger(words.slow(loopDelayMs), words.slowHelp)
  if (journal.queued >= MANY_QUEUED) return <span className="fact" title={words.queuedHelp}><IconActivityHeartbeat size={16} stroke={1.7} aria-hidden />{words.queued(journal.queued)}</span>
  return <span className="fact" title={words.healthyHelp(journal.queued, loopDelayMs)}><IconActivityHeartbeat size={16} stroke={1.7} aria-hidden />{words.healthy}</span>
}

/** The lamp of the doctor: whether the shop's own set-up is in order; leads to the page. */
function OwnHealth({ own }: { readonly own: GateState['ownHealth'] }) {
  if (own === undefined) return null
  const text = own.running ? health.lampRunning : own.at === null ? health.lampNone : own.troubles === 0 ? health.lampOk : health.lampTodo(own.troubles)
  const Icon = own.troubles > 0 ? IconAlertTriangle : IconStethoscope
  return <a className={own.troubles > 0 ? 'fact danger ownhealth' : own.at === null ? 'fact dim ownhealth' : 'fact ownhealth'} href="#/health" title={health.lampHelp}><Icon size={16} stroke={1.7} aria-hidden />{text}</a>
}

const SLOW_MS = 200
const MANY_QUEUED = 1000

function Limits({ state }: { readonly state: GateState }) {
  const { limits, openConnections } = state
  const limited = state.today.limited ?? 0
  return (
    <span className={limits.underLoad ? 'fact danger' : 'fact'} title={`${words.limitsHelp(limits.most, limits.perClient, limits.byDescriptors)}${limits.underLoad ? ` ${words.underLoadHelp}` : ''}`}>
      <IconUsers size={16} stroke={1.7} aria-hidden />{words.openOf(openConnections, limits.most)}{limits.underLoad ? `, ${words.underLoad}` : ''}{limited > 0 ? <span className="dim">{words.limited(limited)}</span> : null}
    </span>
  )
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
