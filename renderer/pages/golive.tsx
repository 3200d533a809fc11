/** The Go live wizard: one step at a time, each tested where it can be; nothing is changed before the last one. */
import { useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { Button } from '@mantine/core'
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react'
import type { Applied } from '../../shared/api/golive.ts'
import { STEPS, TESTED_STEPS, testedKey } from '../../shared/golive.ts'
import type { GoLiveStep, TestedStep } from '../../shared/golive.ts'
import { useConsole, useLine } from '../console.ts'
import { EmptyState } from '../parts/emptystate.tsx'
import { Findings } from '../parts/findings.tsx'
import { StepFields } from '../parts/golivesteps.tsx'
import { WizardStore } from '../store/golive.ts'
import type { WizardState } from '../store/golive.ts'
import type { ChangeRoute } from '../useroute.ts'
import { goLiveWords as words } from '../words/golive.ts'
import { GoLiveApplied } from './goliveapplied.tsx'
import { GoLiveSummary } from './golivesummary.tsx'

export type Loaded = WizardState & { readonly kind: 'loaded' }
export type StepState = 'done' | 'open' | 'troubled'

export function GoLivePage({ step, change }: { readonly step: GoLiveStep; readonly change: ChangeRoute }) {
  const { line } = useConsole()
  const up = useLine().kind === 'up'
  const [store] = useState(() => new WizardStore(line))
  const state = useSyncExternalStore(store.subscribe, store.state)
  const [applied, setApplied] = useState<(Applied & { readonly ok: true }) | null>(null)
  const shown = applied === null
  useEffect(() => {
    if (up && shown) void store.load()
  }, [store, up, shown])
  if (state.kind === 'loading') return <div className="wizard"><EmptyState title={words.loading} /></div>
  if (state.kind === 'failed') return <div className="wizard"><EmptyState title={words.loadFailed}><button type="button" className="action" onClick={() => void store.load()}>{words.again}</button></EmptyState></div>
  if (applied !== null) return <div className="wizard"><GoLiveApplied applied={applied} store={store} /></div>
  return (
    <div className="wizard">
      <header className="wizardhead">
        <h2>{words.title}</h2>
        <p className="dim">{state.view.practice ? words.lead : words.leadAgain}</p>
      </header>
      <div className="wizardbody">
        <Steps state={state} step={step} onStep={(next) => change({ step: next })} />
        {step === 'summary'
          ? <GoLiveSummary state={state} store={store} stateOf={(each) => stateOf(state, each)} onStep={(next) => change({ step: next })} onApplied={setApplied} />
          : <StepForm key={step} state={state} store={store} step={step} onStep={(next) => change({ step: next })} />}
      </div>
    </div>
  )
}

function Steps({ state, step, onStep }: { readonly state: Loaded; readonly step: GoLiveStep; readonly onStep: (step: GoLiveStep) => void }) {
  return (
    <nav aria-label={words.stepsLabel} className="steps">
      <ol>
        {STEPS.map((each, index) => {
          const known = stateOf(state, each)
          return (
            <li key={each}>
              <button type="button" aria-current={each === step ? 'step' : undefined} data-state={known ?? 'open'} onClick={() => onStep(each)}>
                <span className="number" aria-hidden>{known === 'done' ? <IconCheck size={14} /> : known === 'troubled' ? <IconAlertTriangle size={14} /> : index + 1}</span>
                <span>{words.steps[each]}</span>
                {known === null ? null : <span className="unseen">, {known === 'done' ? words.done : known === 'troubled' ? words.troubled : words.open}</span>}
              </button>
            </li>
          )
        })}
      </ol>
    </nav>
  )
}

function isTested(step: GoLiveStep): step is TestedStep {
  return (TESTED_STEPS as readonly GoLiveStep[]).includes(step)
}

/** Null: there is nothing to test. */
function stateOf(state: Loaded, step: GoLiveStep): StepState | null {
  if (!isTested(step)) return null
  const test = state.tests[step]
  if (test?.tested !== testedKey(step, state.draft)) return 'open'
  return test.findings.some((finding) => finding.state === 'bad' || finding.state === 'warning') ? 'troubled' : 'done'
}

interface StepFormProps {
  readonly state: Loaded
  readonly store: WizardStore
  readonly step: Exclude<GoLiveStep, 'summary'>
  readonly onStep: (step: GoLiveStep) => void
}

function StepForm({ state, store, step, onStep }: StepFormProps) {
  const at = STEPS.indexOf(step)
  const heading = useRef<HTMLHeadingElement>(null)
  // A new step is announced, and the keyboard starts at its top.
  useEffect(() => heading.current?.focus(), [])
  const go = (by: number) => {
    void store.keep()
    onStep(STEPS[at + by] ?? step)
  }
  const known = stateOf(state, step)
  const testing = state.testing !== null
  const test = isTested(step) ? state.tests[step] : undefined
  const old = test !== undefined && isTested(step) && test.tested !== testedKey(step, state.draft)
  const submit = async (event: React.SyntheticEvent) => {
    event.preventDefault()
    if (testing) return
    if (!isTested(step) || known === 'done') return go(1)
    const result = await store.test(step)
    if (result?.findings.every((finding) => finding.state === 'good' || finding.state === 'note') === true && result.others.length === 0) go(1)
  }
  const problemOf = (key: string) => state.check?.problems.find(({ path }) => path === key || path.startsWith(`${key}.`))?.message ?? null
  const troubled = known === 'troubled' && !testing
  return (
    <form className="stepform" aria-label={words.stepOf(at + 1, STEPS.length)} onSubmit={(event) => void submit(event)}>
      <div>
        <p className="dim">{words.stepOf(at + 1, STEPS.length)}</p>
        <h3 ref={heading} tabIndex={-1}>{words.steps[step]}</h3>
      </div>
      <StepFields step={step} draft={state.draft} onChange={(part) => store.change(part)} problemOf={problemOf} others={state.tests.domains?.others ?? []} />
      <div role="status" className="teststatus">{testing ? words.testing : state.testFailed ? words.failed : old ? words.old : troubled ? words.skipWarning : ''}</div>
      {test === undefined || testing ? null : <Findings findings={test.findings} label={words.results} />}
      <div className="buttons wizardbuttons">
        <Button size="sm" variant="default" disabled={at === 0} onClick={() => go(-1)}>{words.back}</Button>
        <span className="grow" />
        {known === 'open' ? <Button size="sm" variant="default" disabled={testing} onClick={() => go(1)}>{words.skip}</Button> : null}
        {troubled ? <Button size="sm" variant="default" onClick={() => go(1)}>{words.goOn}</Button> : null}
        {known === 'done' ? <Button size="sm" variant="default" onClick={() => { if (isTested(step)) void store.test(step) }}>{words.testAgain}</Button> : null}
        <Button size="sm" type="submit" disabled={testing}>{known === null || known === 'done' ? words.next : troubled ? words.testAgain : words.testNext}</Button>
      </div>
    </form>
  )
}
