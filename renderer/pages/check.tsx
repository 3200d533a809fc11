/** Check: DNS asked afresh for an address and an EHLO name, shown as it answers; also for the shop's own server. What is checked stands in the address bar. */
import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react'
import { Button, TextInput } from '@mantine/core'
import type { OwnServer } from '../../shared/api/check.ts'
import { useConsole, useLine } from '../console.ts'
import type { Route } from '../model/route.ts'
import { CheckReportView, VerdictWord } from '../parts/checkreport.tsx'
import { Name, Said } from '../parts/outside.tsx'
import { OwnServerView } from '../parts/ownserver.tsx'
import { useNow } from '../parts/usenow.ts'
import { Ago } from '../parts/when.tsx'
import { checks } from '../store/checks.ts'
import type { CheckInput, CheckRun } from '../store/checks.ts'
import { strings } from '../strings.ts'
import type { ChangeRoute } from '../useroute.ts'
import { checkWords as words } from '../words/check.ts'
import { healthWords } from '../words/health.ts'

type Own = { readonly kind: 'no' | 'loading' | 'failed' } | { readonly kind: 'loaded'; readonly own: OwnServer }

export function CheckPage({ route, change }: { readonly route: Route; readonly change: ChangeRoute }) {
  const { line } = useConsole()
  const up = useLine().kind === 'up'
  const runs = useSyncExternalStore(checks.subscribe, checks.runs)
  const [shown, setShown] = useState<number | null>(null)
  const [own, setOwn] = useState<Own>({ kind: 'no' })
  const run = runs.find(({ id }) => id === shown) ?? null
  const start = (input: CheckInput) => {
    setShown(checks.run(line.api(), input))
    change({ check: { client: input.client, ehlo: input.ehlo } })
  }
  const asked = useRef<string | null>(null)
  const [client, ehlo] = [route.check?.client, route.check?.ehlo]
  const inBar = useMemo(() => (client === undefined || ehlo === undefined ? null : { client, ehlo }), [client, ehlo])
  useEffect(() => {
    // Opened by its address: it runs once the gate is there; what the form started is in the address bar already.
    if (!up || inBar === null) return
    const key = JSON.stringify([inBar.client, inBar.ehlo])
    const last = checks.runs()[0]
    const known = last !== undefined && JSON.stringify([last.input.client, last.input.ehlo]) === key
    if (asked.current === key) return
    asked.current = key
    const id = known ? last.id : checks.run(line.api(), { ...inBar, as: 'sender' })
    queueMicrotask(() => setShown(id))
  }, [up, inBar, line])
  const showOwn = () => {
    // The verdict on another sender would read as that on our own server.
    setShown(null)
    setOwn({ kind: 'loading' })
    const asking = line.api()?.checks.own()
    if (asking === undefined) setOwn({ kind: 'failed' })
    else asking.then((loaded) => setOwn({ kind: 'loaded', own: loaded }), () => setOwn({ kind: 'failed' }))
  }
  return (
    <div className="checkpage">
      <CheckForm initial={inBar} run={run} onCheck={(client, ehlo) => { setOwn({ kind: 'no' }); start({ client, ehlo, as: 'sender' }) }} onOwn={showOwn} />
      <div className="checkbody">
        <div className="checkmain" role="region" aria-label={words.title} tabIndex={0}>
          <div className="unseen" role="status">{run === null ? '' : stateWords(run)}</div>
          {own.kind === 'no' ? null : own.kind === 'loaded' ? <OwnServerView own={own.own} onCheck={(client) => start({ client, ehlo: own.own.hostname, as: 'ourselves' })} /> : <p className="note dim">{own.kind === 'loading' ? words.ownLoading : words.ownFailed}</p>}
          {run === null ? own.kind === 'no' ? <p className="note dim">{words.intro}</p> : null : <Shown run={run} />}
        </div>
        <History runs={runs} shown={shown} onShow={(one) => { if (one.input.as === 'sender') setOwn({ kind: 'no' }); setShown(one.id); change({ check: { client: one.input.client, ehlo: one.input.ehlo } }); asked.current = JSON.stringify([one.input.client, one.input.ehlo]) }} />
      </div>
    </div>
  )
}

function stateWords({ state, answers }: CheckRun): string {
  switch (state.kind) {
    case 'running': return answers.length === 0 ? words.asking(0) : ''
    case 'done': return words.done(state.report.verdict)
    case 'refused': return state.problem
    case 'lost': return words.lost
    case 'failed': return words.failed
    case 'stopped': return ''
  }
}

function Shown({ run: { input, at, answers, state } }: { readonly run: CheckRun }) {
  if (state.kind === 'refused') return null
  return (
    <>
      {state.kind === 'failed' || state.kind === 'lost' ? <p className="note problem">{words[state.kind]}</p> : null}
      <CheckReportView client={state.kind === 'done' ? state.report.client : input.client} ehlo={input.ehlo} as={input.as} at={at} answers={answers} report={state.kind === 'done' ? state.report : null} />
    </>
  )
}

interface FormProps {
  readonly initial: { readonly client: string; readonly ehlo: string } | null
  readonly run: CheckRun | null
  readonly onCheck: (client: string, ehlo: string) => void
  readonly onOwn: () => void
}

function CheckForm({ initial, run, onCheck, onOwn }: FormProps) {
  const [client, setClient] = useState(initial?.client ?? '')
  const [ehlo, setEhlo] = useState(initial?.ehlo ?? '')
  const [missing, setMissing] = useState(false)
  const [taken, setTaken] = useState(initial)
  // Another check was chosen, or the address bar changed: the fields follow, and keep the focus.
  if (initial !== taken) {
    setTaken(initial)
    setClient(initial?.client ?? '')
    setEhlo(initial?.ehlo ?? '')
  }
  const refused = run?.state.kind === 'refused' && run.input.client === client && run.input.ehlo === ehlo ? run.state : null
  const running = run?.state.kind === 'running'
  const submit = (event: React.SyntheticEvent) => {
    event.preventDefault()
    setMissing(ehlo === '')
    if (ehlo !== '' && client.trim() !== '') onCheck(client.trim(), ehlo)
    else if (client.trim() === '') document.getElementById('search')?.focus()
  }
  return (
    <form className="toolbar" onSubmit={submit} aria-label={words.title}>
      <div className="tools checkform">
        <TextInput id="search" size="xs" className="checkclient typed" label={words.client} placeholder={words.clientPlaceholder} value={client} autoComplete="off" spellCheck={false} maxLength={200}
          error={refused?.field === 'client' ? <Said text={refused.problem} className="plain" /> : null} onChange={(event) => setClient(event.currentTarget.value)} />
        <TextInput size="xs" className="checkehlo typed" label={words.ehlo} placeholder={words.ehloPlaceholder} value={ehlo} autoComplete="off" spellCheck={false} maxLength={4096}
          error={refused?.field === 'ehlo' ? <Said text={refused.problem} className="plain" /> : missing && ehlo === '' ? words.noEhlo : null} onChange={(event) => setEhlo(event.currentTarget.value)} />
        <Button size="xs" type="submit">{words.run}</Button>
        {running ? <Button size="xs" variant="default" onClick={() => checks.stop()}>{words.stop}</Button> : null}
        <div className="grow" />
        <Button size="xs" variant="default" onClick={onOwn}>{words.own}</Button>
        <Button size="xs" variant="default" component="a" href="#/health">{healthWords.title}</Button>
      </div>
    </form>
  )
}

function History({ runs, shown, onShow }: { readonly runs: readonly CheckRun[]; readonly shown: number | null; readonly onShow: (run: CheckRun) => void }) {
  const now = useNow()
  return (
    <nav className="checkhistory" aria-label={words.history}>
      <h3>{words.history}</h3>
      {runs.length === 0 ? <p className="dim">{words.historyEmpty}</p> : (
        <ul>
          {runs.map((run) => (
            <li key={run.id}>
              <button type="button" aria-pressed={run.id === shown} onClick={() => onShow(run)}>
                <span className="line"><Name text={run.input.client} className="clip strong" /><span className="dim"><Ago iso={run.at} now={now} /></span></span>
                <span className="line"><Name text={run.input.ehlo} className="clip" />{run.state.kind === 'done' ? <VerdictWord verdict={run.state.report.verdict} /> : <span className="dim">{run.state.kind === 'running' ? strings.underWay : '–'}</span>}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </nav>
  )
}
