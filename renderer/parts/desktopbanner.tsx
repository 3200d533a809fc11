/** Banners of the desktop window: which gate is missing and what can be done about it; and of any console, that the gate is paused. */
import { useState } from 'react'
import { IconDoorOff, IconPlayerPause, IconPlugConnectedX } from '@tabler/icons-react'
import type { DesktopGate, DesktopOutcome } from '../../shared/api/desktop.ts'
import { clockTime } from '../model/time.ts'
import { desktopWords as words } from '../words/desktop.ts'
import { Said } from './outside.tsx'

export interface DesktopBannerProps {
  readonly gate: DesktopGate
  readonly now: number
  readonly onRetry: () => Promise<DesktopOutcome>
  readonly onStartOwn: () => Promise<DesktopOutcome>
}

export function DesktopBanner({ gate, now, onRetry, onStartOwn }: DesktopBannerProps) {
  const [problem, setProblem] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const ask = (call: () => Promise<DesktopOutcome>) => () => {
    setBusy(true)
    setProblem(null)
    void call().then((outcome) => setProblem(outcome.ok ? null : outcome.problem)).finally(() => setBusy(false))
  }
  if (gate.kind === 'own' || gate.kind === 'service') return null
  if (gate.kind === 'starting') return <div className="practice" role="status">{words.starting}</div>
  const why = gate.kind === 'off' ? gate.why : null
  return (
    // The running time of `lost` is not announced again and again.
    <div className="blind desktopbanner" role={gate.kind === 'off' ? 'alert' : undefined}>
      {gate.kind === 'lost' ? <span className="unseen" role="status">{words.lostShort}</span> : null}
      {gate.kind === 'lost' ? <IconPlugConnectedX size={16} aria-hidden /> : <IconDoorOff size={16} aria-hidden />}
      <div className="desktoptext">
        <strong>{gate.kind === 'lost' ? words.lost(clockTime(Date.parse(gate.since), now), now - Date.parse(gate.since)) : gate.reason === 'settings' ? words.offSettings : gate.reason === 'denied' ? words.denied : words.off}</strong>
        {why === null ? null : <ul>{why.split(/; (?=\/|[A-Z]:\\|the last settings)/).map((line) => <li key={line}><Said text={line} className="plain" /></li>)}</ul>}
        {gate.kind === 'lost' && gate.offer !== 'own' ? <span>{words[gate.offer]}</span> : null}
        {problem === null || problem === why ? null : <span role="status"><Said text={problem} className="plain" /></span>}
      </div>
      {gate.kind === 'lost' && gate.offer === 'own' ? <button type="button" className="action" disabled={busy} title={words.startOwnHelp} onClick={ask(onStartOwn)}>{busy ? words.asking : words.startOwn}</button> : null}
      <button type="button" className="action" disabled={busy} onClick={ask(onRetry)}>{busy ? words.asking : words.retry}</button>
    </div>
  )
}

export function PauseBanner({ until, onResume }: { readonly until: string; readonly onResume: () => void }) {
  return (
    <div className="blind desktopbanner" role="status">
      <IconPlayerPause size={16} aria-hidden />
      <span className="desktoptext">{words.pausedUntil(clockTime(Date.parse(until), Date.parse(until)))}</span>
      <button type="button" className="action" onClick={onResume}>{words.resume}</button>
    </div>
  )
}
