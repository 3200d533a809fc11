/** Health: what the doctor found of the shop's own server, and a look at once, its findings shown as they come. */
import { useEffect, useState, useSyncExternalStore } from 'react'
import { Button, Switch } from '@mantine/core'
import { inOrder, summaryOf } from '../../shared/doctor/report.ts'
import type { CheckUp } from '../../shared/doctor/report.ts'
import { useConsole, useGate, useLine } from '../console.ts'
import { exactTime } from '../model/time.ts'
import { CheckUps } from '../parts/checkups.tsx'
import { EmptyState } from '../parts/emptystate.tsx'
import type { HealthView } from '../store/health.ts'
import { healthWords as words } from '../words/health.ts'

export function HealthPage() {
  const { health } = useConsole()
  const up = useLine().kind === 'up'
  const lookedAt = useGate()?.ownHealth?.at ?? null
  const view = useSyncExternalStore(health.subscribe, health.view)
  const [onlyTodo, setOnlyTodo] = useState(false)
  useEffect(() => {
    if (up) void health.load()
  }, [up, health, lookedAt])
  const { state } = view
  const running = state.kind === 'running'
  const checks = state.kind === 'running' ? inOrder(state.checks) : state.kind === 'done' ? inOrder(state.report.checks) : []
  return (
    <div className="checkpage">
      <div className="toolbar">
        <div className="tools">
          {running ? <Button size="xs" variant="default" onClick={() => health.stop()}>{words.stop}</Button> : <Button size="xs" disabled={!up} onClick={() => void health.run()}>{words.run}</Button>}
          <Switch size="xs" label={words.onlyTodo} checked={onlyTodo} onChange={(event) => setOnlyTodo(event.currentTarget.checked)} />
          <div className="grow" />
          <a className="action" href="#/check">{words.check}</a>
        </div>
      </div>
      <div className="healthbody" role="region" aria-label={words.title} tabIndex={0}>
        <div className="unseen" role="status">{statusWords(view)}</div>
        <p className="dim">{words.about}</p>
        {view.problem === null ? null : <p className="note problem">{words[view.problem]}</p>}
        <Body view={view} checks={onlyTodo ? checks.filter(({ level }) => level !== 'ok') : checks} onlyTodo={onlyTodo} onLoad={() => void health.load()} />
      </div>
    </div>
  )
}

function Body({ view: { state }, checks, onlyTodo, onLoad }: { readonly view: HealthView; readonly checks: readonly CheckUp[]; readonly onlyTodo: boolean; readonly onLoad: () => void }) {
  switch (state.kind) {
    case 'loading': return <p className="dim">{words.loading}</p>
    case 'loadfailed': return <EmptyState title={words.loadFailed}><button type="button" className="action" onClick={onLoad}>{words.again}</button></EmptyState>
    case 'none': return <EmptyState title={words.none}><p>{words.noneText}</p></EmptyState>
    case 'running': return <><h2>{words.running(state.checks.length)}</h2><CheckUps checks={checks} /></>
    case 'done': return (
      <>
        <h2>{summaryOf(state.report.checks)}</h2>
        <p className="dim">{words.at(exactTime(state.report.at), state.report.ms)}</p>
        {checks.length === 0 && onlyTodo ? <p>{words.nothingTodo}</p> : <CheckUps checks={checks} />}
      </>
    )
  }
}

function statusWords({ state, problem, fresh }: HealthView): string {
  if (problem !== null) return words[problem]
  if (state.kind === 'running') return words.running(0)
  return state.kind === 'done' && fresh ? words.done(summaryOf(state.report.checks)) : ''
}
