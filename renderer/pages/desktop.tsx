/** This computer: which gate the window shows, starting at sign-in, and what the person wants to be told of. Kept by the desktop program, apart from the gate's settings. */
import { useState } from 'react'
import { NOTIFICATION_KINDS } from '../../shared/api/desktop.ts'
import type { DesktopOutcome } from '../../shared/api/desktop.ts'
import { useConsole, useDesktop } from '../console.ts'
import { EmptyState } from '../parts/emptystate.tsx'
import { Said } from '../parts/outside.tsx'
import { desktopWords } from '../words/desktop.ts'

const words = desktopWords.page

export function DesktopPage() {
  const { desktop } = useConsole()
  const state = useDesktop()
  const [problem, setProblem] = useState<string | null>(null)
  if (desktop === null || state === null) return <EmptyState title={words.onlyDesktop} />
  const told = (outcome: DesktopOutcome) => setProblem(outcome.ok ? null : outcome.problem)
  const { gate, notify, canNotify, login } = state
  return (
    <div className="desktoppage">
      <section aria-labelledby="desktop-gate">
        <h2 id="desktop-gate">{words.gate}</h2>
        <p>{words.kinds[gate.kind]}</p>
        <p className="dim">{words.data}: <code><Said text={gate.data} className="plain" /></code></p>
      </section>
      <section aria-labelledby="desktop-start">
        <h2 id="desktop-start">{words.title}</h2>
        <Tick label={words.login} help={login.can ? words.loginHelp : words.loginCannot} on={login.on} disabled={!login.can} onChange={(on) => void desktop.setLogin(on).then(told)} />
      </section>
      <fieldset>
        <legend>{words.notify}</legend>
        <p className="dim">{canNotify ? words.notifyHelp : words.cannotNotify}</p>
        {NOTIFICATION_KINDS.map((kind) => (
          <Tick key={kind} label={words.kindsOfNews[kind][0]} help={words.kindsOfNews[kind][1]} on={notify[kind]} disabled={!canNotify} onChange={(on) => void desktop.setNotify(kind, on).then(told)} />
        ))}
      </fieldset>
      <p role="status" className="problem">{problem === null ? '' : <Said text={problem} className="plain" />}</p>
    </div>
  )
}

function Tick({ label, help, on, disabled, onChange }: { readonly label: string; readonly help: string; readonly on: boolean; readonly disabled: boolean; readonly onChange: (on: boolean) => void }) {
  return (
    <label className="tick">
      <input type="checkbox" checked={on} disabled={disabled} onChange={(event) => onChange(event.currentTarget.checked)} />
      <span>{label}{help === '' ? null : <span className="dim"> {help}</span>}</span>
    </label>
  )
}

/** In place of pages that need a gate. */
export function GateOffPage() {
  return (
    <EmptyState title={desktopWords.offTitle}>
      <p>{desktopWords.offText}</p>
      <p><a className="action" href="#/settings">{desktopWords.openSettings}</a></p>
    </EmptyState>
  )
}
