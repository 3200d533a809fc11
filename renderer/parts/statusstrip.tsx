/** The strip on top that is always true: the gate, its mode and rules, where it listens, the mail server, DNS, how full and how well it is. While the console is blind it says so. */
import { IconActivityHeartbeat, IconAlertTriangle, IconDoor, IconDoorOff, IconHelpCircle, IconMail, IconMailX, IconPlugConnectedX, IconStethoscope, IconUsers, IconWorldCheck, IconWorldOff, IconWorldX } from '@tabler/icons-react'
import type { GateState } from '../../shared/api.ts'
import { clockTime } from '../model/time.ts'
import type { Mode } from '../../shared/gate/disposition.ts'
import type { Done } from '../model/wishes.ts'
import { strings } from '../strings.ts'
import { healthWords as health } from '../words/health.ts'
import { Fits } from './fits.tsx'
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
      <span className="fact addresses" data-many={state.addresses.length > 1 || undefined} title={`${words.listening}: ${state.addresses.join(', ')}`}><span className="unseen">{words.listening}</span>{state.addresses.map((address) => <Name key={address} text={address} />)}{state.addresses.length > 1 ? <span className="andmore dim" aria-hidden>{strings.more(state.addresses.length - 1)}</span> : null}</span>
      <Backend state={state} />
      <Canary canary={state.canary} now={now} />
      <span className="grow" />
      <div className="stripend">
        <Health state={state} />
        <OwnHealth own={state.ownHealth} practice={state.practice} />
        <Limits state={state} />
        <span className="fact rate" title={`${words.perMinuteHelp}. ${words.today}: ${todayWords(state.today)}`}><span className="spark"><Sparkline values={state.perMinute} /></span><span className="mono">{words.perMinute(state.perMinute.at(-1) ?? 0)}</span></span>
      </div>
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
  if (backend.up) return <span className="fact" title={backend.address}><IconMail size={16} stroke={1.7} aria-hidden /><Fits full={words.backendUp(backend.latencyMs)} short={words.backendUp(null)} at="tight" /></span>
  return <span className="fact danger" title={`${backend.address} ${backend.why ?? ''}`}><IconMailX size={16} stroke={1.7} aria-hidden />{words.backendDown}</span>
}

function Canary({ canary, now }: { readonly canary: GateState['canary']; readonly now: number }) {
  const since = canary.since === null ? '' : words.canarySince(clockTime(Date.parse(canary.since), now))
  switch (canary.state) {
    case 'off': return <span className="fact dim" title={words.canaryOffHelp}><IconWorldOff size={16} stroke={1.7} aria-hidden />{words.canaryOff}</span>
    case 'green': return <span className="fact" title={`${canary.known === 0 ? words.canaryUnknownHelp : words.canaryGreenHelp} ${since}`}><IconWorldCheck size={16} stroke={1.7} aria-hidden />{words.canaryGreen}</span>
    case 'red': return <span className="fact danger red" title={`${words.canaryRedHelp} ${canary.why ?? ''}`}><IconWorldX size={16} stroke={1.7} aria-hidden /><Fits full={`${words.canaryRed} ${since}`} short={words.canaryRed} at="tight" /></span>
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
  return <span className="fact" title={words.healthyHelp(journal.queued, loopDelayMs)}><IconActivityHeartbeat size={16} stroke={1.7} aria-hidden /><Fits full={words.healthy} short="" at="snug" /></span>
}

/** The lamp of the doctor: whether the shop's own set-up is in order; leads to the page. In practice only the machine is looked at, which says nothing of the shop. */
function OwnHealth({ own, practice }: { readonly own: GateState['ownHealth']; readonly practice: boolean }) {
  if (own === undefined) return null
  const idle = own.troubles === 0 && (practice || own.at === null)
  const says = own.running ? health.lamp.running : own.troubles > 0 ? health.lamp.todo(own.troubles) : practice ? health.lamp.practice : own.at === null ? health.lamp.none : health.lamp.ok
  const Icon = own.troubles > 0 ? IconAlertTriangle : IconStethoscope
  return (
    <a className={own.troubles > 0 ? 'fact danger ownhealth' : idle ? 'fact dim ownhealth' : 'fact ownhealth'} href="#/health" title={practice ? health.lampPracticeHelp : health.lampHelp}>
      <Icon size={16} stroke={1.7} aria-hidden />{health.lampSays(says)}
    </a>
  )
}

const SLOW_MS = 200
const MANY_QUEUED = 1000

function Limits({ state }: { readonly state: GateState }) {
  const { limits, openConnections } = state
  const limited = state.today.limited ?? 0
  const load = limits.underLoad ? `, ${words.underLoad}` : ''
  return (
    <span className={limits.underLoad ? 'fact danger' : 'fact'} title={`${words.limitsHelp(limits.most, limits.perClient, limits.byDescriptors)}${limits.underLoad ? ` ${words.underLoadHelp}` : ''}`}>
      <IconUsers size={16} stroke={1.7} aria-hidden /><Fits full={`${words.openOf(openConnections, limits.most)}${load}`} short={`${words.openNow(openConnections)}${load}`} at="snug" />{limited > 0 ? <span className="dim">{words.limited(limited)}</span> : null}
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
