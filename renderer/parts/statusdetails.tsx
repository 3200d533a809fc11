/** The state of the gate in full, behind the first word of the strip: for keyboards and narrow windows, where nothing can be hovered. */
import { useState } from 'react'
import { Popover } from '@mantine/core'
import type { GateState } from '../../shared/api.ts'
import { clockTime, exactTime } from '../model/time.ts'
import { strings } from '../strings.ts'
import { Name, Said } from './outside.tsx'

const words = strings.status
const details = words.details

export function StatusDetails({ state, now, children }: { readonly state: GateState; readonly now: number; readonly children: React.ReactNode }) {
  const [opened, setOpened] = useState(false)
  return (
    <Popover opened={opened} withRoles={false} onChange={setOpened} trapFocus returnFocus position="bottom-start" shadow="md" transitionProps={{ duration: 0 }}>
      <Popover.Target><button type="button" className="gatebutton" aria-haspopup="dialog" aria-expanded={opened} title={details.title} onClick={() => setOpened(!opened)}>{children}</button></Popover.Target>
      <Popover.Dropdown className="popover" role="dialog" tabIndex={-1} data-autofocus aria-label={details.title}><Facts state={state} now={now} /></Popover.Dropdown>
    </Popover>
  )
}

function Facts({ state, now }: { readonly state: GateState; readonly now: number }) {
  const { backend, canary, limits, journal } = state
  const canaryWords = canary.state === 'off' ? words.canaryOffHelp : canary.state === 'green' ? words.canaryGreenHelp : words.canaryRedHelp
  return (
    <div className="statusfacts">
      <h2>{details.title}</h2>
      <dl className="facts">
        <dt>{details.host}</dt><dd><Name text={state.hostname} /> <span className="dim">Porch {state.version}</span></dd>
        <dt>{words.listening}</dt><dd>{state.addresses.length === 0 ? words.closed : state.addresses.map((address) => <div key={address}><Name text={address} /></div>)}</dd>
        <dt>{words.mode}</dt><dd>{strings.modes[state.mode].name}: {strings.modes[state.mode].does}{state.modeUntil === null ? null : <div>{strings.modeSwitch.returnsAt(strings.modes[state.modeAfter].name, exactTime(state.modeUntil))}</div>}</dd>
        <dt>{details.rules}</dt><dd>{strings.ruleSets[state.rules].does}</dd>
        <dt>{details.backend}</dt><dd>{backend === null ? words.practiceMailbox : <><Name text={backend.address} /> {backend.up ? words.backendUp(backend.latencyMs) : words.backendDown}{backend.why === null ? null : <>: <Said text={backend.why} className="plain" /></>}</>}</dd>
        <dt>{details.dns}</dt><dd className={canary.state === 'red' ? 'problem' : undefined}>{canaryWords} {canary.since === null ? '' : words.canarySince(clockTime(Date.parse(canary.since), now))}{canary.why === null ? null : <div><Said text={canary.why} className="plain" /></div>}</dd>
        <dt>{details.limits}</dt><dd>{words.openOf(state.openConnections, limits.most)}. {words.limitsHelp(limits.most, limits.perClient, limits.byDescriptors)}{limits.underLoad ? <div className="problem">{words.underLoadHelp}</div> : null}<div>{details.turnedAway(limits.turnedAway.full, limits.turnedAway.perClient)}</div></dd>
        <dt>{details.journal}</dt><dd>{details.journalWords(journal.queued, journal.dropped)}{journal.trouble === null ? null : <div className="problem"><Said text={journal.trouble} className="plain" /></div>}</dd>
        <dt>{details.loop}</dt><dd>{details.loopWords(state.loopDelayMs)}</dd>
        <dt>{words.today}</dt><dd>{todayWords(state.today)}</dd>
      </dl>
    </div>
  )
}

export function todayWords(today: GateState['today']): string {
  const parts = Object.entries(today).map(([name, count]) => `${(strings.dispositions as Record<string, string>)[name] ?? name} ${strings.number(count)}`)
  return parts.length === 0 ? words.nothingToday : parts.join(', ')
}
