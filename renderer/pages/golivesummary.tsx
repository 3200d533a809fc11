/** The wizard's last step: the difference to the settings file, what is not tested or not in order, and the one button that changes anything. */
import { useEffect, useRef, useState } from 'react'
import { Button } from '@mantine/core'
import type { Applied } from '../../shared/api/golive.ts'
import { TESTED_STEPS } from '../../shared/golive.ts'
import type { GoLiveStep } from '../../shared/golive.ts'
import { Said } from '../parts/outside.tsx'
import type { WizardStore } from '../store/golive.ts'
import { strings } from '../strings.ts'
import { goLiveWords } from '../words/golive.ts'
import type { Loaded, StepState } from './golive.tsx'

const words = goLiveWords.summary

/** Where a key of the settings is asked for. */
const STEP_OF: Readonly<Record<string, GoLiveStep>> = { backend: 'server', backendIdentity: 'server', hostname: 'name', domains: 'domains', listen: 'listen', shop: 'shop', policy: 'rules' }

export interface SummaryProps {
  readonly state: Loaded
  readonly store: WizardStore
  readonly stateOf: (step: GoLiveStep) => StepState | null
  readonly onStep: (step: GoLiveStep) => void
  readonly onApplied: (applied: Applied & { readonly ok: true }) => void
}

export function GoLiveSummary({ state, store, stateOf, onStep, onApplied }: SummaryProps) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  const [going, setGoing] = useState(false)
  const [refused, setRefused] = useState<string | null>(null)
  const { view } = state
  // A check of what was typed a moment ago says nothing about what stands here now.
  const check = state.checked === state.draft ? state.check : null
  const untested = TESTED_STEPS.filter((step) => stateOf(step) !== 'done')
  const waits = check?.changes.some(({ applies }) => applies === 'start') === true
  const submit = async (event: React.SyntheticEvent) => {
    event.preventDefault()
    if (going) return
    setGoing(true)
    setRefused(null)
    const applied = await store.apply()
    setGoing(false)
    if (applied?.ok === true) return onApplied(applied)
    setRefused(applied === null ? strings.trouble.notDone : [applied.problem, ...applied.problems.map(({ path, message }) => `${path}: ${message}`)].join(' '))
    void store.load()
  }
  return (
    <form className="stepform" aria-label={goLiveWords.stepOf(7, 7)} onSubmit={(event) => void submit(event)}>
      <div>
        <p className="dim">{goLiveWords.stepOf(7, 7)}</p>
        <h3 ref={heading} tabIndex={-1}>{goLiveWords.steps.summary}</h3>
      </div>
      <p>{words.about0} {words.about(view.file)}</p>
      <Changes state={state} />
      {untested.length === 0 ? null : (
        <section className="untested" aria-label={words.untested}>
          <h4>{words.untested}</h4>
          <ul>{untested.map((step) => <li key={step}>{goLiveWords.steps[step]}: {stateOf(step) === 'open' ? goLiveWords.open : goLiveWords.troubled}. <button type="button" className="link" onClick={() => onStep(step)}>{words.toStep(goLiveWords.steps[step])}</button></li>)}</ul>
        </section>
      )}
      <Problems state={state} onStep={onStep} />
      <p>{words.observe}</p>
      <p className="dim">{!waits ? words.now : view.canRestart ? words.restart : words.restartByHand}</p>
      {refused === null ? null : <p role="alert" className="problem"><Said text={refused} className="plain" /></p>}
      <div className="buttons wizardbuttons">
        <Button size="sm" variant="default" onClick={() => onStep('rules')}>{goLiveWords.back}</Button>
        <span className="grow" />
        <Button size="sm" type="submit" disabled={going || (check !== null && check.problems.length > 0)}>{going ? words.going : words.go}</Button>
      </div>
    </form>
  )
}

function Changes({ state: { check } }: { readonly state: Loaded }) {
  if (check === null) return null
  if (check.changes.length === 0) return <p className="dim">{words.same}</p>
  return (
    <div className="tablebox" tabIndex={0} role="region" aria-label={words.changes}>
      <table className="plaintable">
        <caption className="unseen">{words.changes}</caption>
        <thead><tr><th scope="col">{words.key}</th><th scope="col">{words.before}</th><th scope="col">{words.after}</th></tr></thead>
        <tbody>{check.changes.map(({ key, before, after }) => <tr key={key}><th scope="row" className="mono">{key}</th><td><Value value={before} /></td><td><Value value={after} /></td></tr>)}</tbody>
      </table>
    </div>
  )
}

function Value({ value }: { readonly value: unknown }) {
  if (value === undefined) return <span className="dim">{words.unset}</span>
  const lines = Array.isArray(value) ? value.map((each) => (typeof each === 'string' ? each : JSON.stringify(each))) : [typeof value === 'string' ? value : JSON.stringify(value)]
  return <>{lines.slice(0, 30).map((line, index) => <div key={index}><Said text={line} /></div>)}{lines.length > 30 ? <div className="dim">{strings.more(lines.length - 30)}</div> : null}</>
}

function Problems({ state: { check }, onStep }: { readonly state: Loaded; readonly onStep: (step: GoLiveStep) => void }) {
  if (check === null || check.problems.length === 0) return null
  return (
    <section className="untested" aria-label={words.problems}>
      <h4 className="problem">{words.problems}</h4>
      <ul>
        {check.problems.map(({ path, message }) => {
          const step = STEP_OF[path.split('.')[0] ?? '']
          return <li key={`${path} ${message}`}><span className="mono">{path}</span>: <Said text={message} className="plain" /> {step === undefined ? null : <button type="button" className="link" onClick={() => onStep(step)}>{words.toStep(goLiveWords.steps[step])}</button>}</li>
        })}
      </ul>
    </section>
  )
}
