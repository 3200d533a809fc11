/** After the wizard: the gate starts anew, is looked at from outside, and what comes next is said. */
import { useCallback, useEffect, useRef, useState } from 'react'
import type { Applied } from '../../shared/api/golive.ts'
import type { Finding } from '../../shared/golive.ts'
import { useGate, useLine } from '../console.ts'
import { Findings } from '../parts/findings.tsx'
import { Said } from '../parts/outside.tsx'
import type { WizardStore } from '../store/golive.ts'
import { goLiveWords } from '../words/golive.ts'

const words = goLiveWords.applied
/** The gate has gone down for its restart by then. */
const SETTLED_MS = 2500

export function GoLiveApplied({ applied, store }: { readonly applied: Applied & { readonly ok: true }; readonly store: WizardStore }) {
  const gate = useGate()
  const up = useLine().kind === 'up'
  const [settled, setSettled] = useState(!applied.restarting)
  const [findings, setFindings] = useState<readonly Finding[] | null>(null)
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  useEffect(() => {
    const timer = setTimeout(() => setSettled(true), SETTLED_MS)
    return () => clearTimeout(timer)
  }, [])
  const live = up && gate?.practice === false && (settled || applied.restarting)
  const look = useCallback(async () => {
    setFindings(null)
    setFindings(await store.gateFindings())
  }, [store])
  useEffect(() => {
    if (live && applied.todo === null) void store.gateFindings().then(setFindings)
  }, [live, store, applied.todo])
  const title = live ? words.title : applied.todo !== null ? words.hand : settled && gate?.practice === true && up ? goLiveWords.states.bad : words.restarting
  return (
    <section className="stepform applied" aria-label={goLiveWords.title}>
      <h2 ref={heading} tabIndex={-1} aria-live="polite">{title}</h2>
      {applied.backup === null ? null : <p className="dim"><Said text={words.backup(applied.backup)} className="plain" /></p>}
      {applied.todo === null ? null : <p>{applied.todo}</p>}
      {live || applied.todo !== null ? null : <p role="status">{!settled ? '' : !up ? words.notBack : words.stillPractice}</p>}
      {!live || applied.todo !== null ? null : findings === null
        ? <p role="status">{words.checking}</p>
        : <><Findings findings={findings} label={goLiveWords.results} /><div><button type="button" className="action" onClick={() => void look()}>{words.check}</button></div></>}
      {live ? (
        <>
          <h3>{words.next}</h3>
          <ol className="whatnow">{words.steps.map((step) => <li key={step}>{step}</li>)}</ol>
          <div><a className="action" href="#/live">{words.toLive}</a></div>
        </>
      ) : null}
    </section>
  )
}
