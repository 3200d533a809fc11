/** What is kept and how much of it; and the place where a person's mail address is forgotten, after a question. */
import { useState } from 'react'
import { Button, Modal, TextInput } from '@mantine/core'
import type { Forgotten, Kept } from '../../shared/api/reports.ts'
import { readForgettable } from '../../shared/net/forget.ts'
import { useConsole } from '../console.ts'
import { exactTime } from '../model/time.ts'
import { Said } from '../parts/outside.tsx'
import { strings } from '../strings.ts'
import { megabytes, reportsWords } from '../words/reports.ts'
import { useKept } from './usereport.ts'

const words = reportsWords.kept
const forgetWords = reportsWords.forget
const { number } = strings

export function KeptPane() {
  const [turn, setTurn] = useState(0)
  const loaded = useKept(turn)
  return (
    <>
      <section className="reportpart onscreen" aria-label={words.title}>
        <h3>{words.title}</h3>
        {loaded.kind === 'loaded' ? <Sizes kept={loaded.kept} /> : <p className="dim">{loaded.kind === 'failed' ? words.failed : words.loading}</p>}
      </section>
      <ForgetForm onForgotten={() => setTurn((before) => before + 1)} />
    </>
  )
}

function Sizes({ kept }: { readonly kept: Kept }) {
  const perSession = kept.sessions === 0 ? 0 : Math.max(0, kept.bytes - kept.freeBytes) / kept.sessions
  return (
    <>
      <p>{words.lead(kept.retentionDays, kept.reportYears)} <a href="#/settings">{words.change}</a></p>
      <div className="twotables">
        <dl className="keptfacts">
          <div><dt>{words.file}</dt><dd>{words.fileOf(kept.bytes, kept.freeBytes)}</dd></div>
          <div><dt>{words.sessions}</dt><dd>{number(kept.sessions)} {kept.oldest === null ? null : <span className="dim" title={exactTime(new Date(kept.oldest).toISOString())}>{words.since(new Date(kept.oldest).toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric' }))}</span>}</dd></div>
          <div><dt>{words.senders}</dt><dd>{number(kept.senders)}</dd></div>
          <div><dt>{words.rules}</dt><dd>{number(kept.rules)}</dd></div>
          <div><dt>{words.hours}</dt><dd>{number(kept.hours)}</dd></div>
        </dl>
        {kept.months.length === 0 ? null : (
          <table className="plaintable figures">
            <caption>{words.months}</caption>
            <thead><tr><th scope="col">{words.month}</th><th scope="col">{words.sessions}</th><th scope="col">{words.about}</th></tr></thead>
            <tbody>{kept.months.toReversed().map(({ month, sessions }) => <tr key={month}><th scope="row">{words.monthName(month)}</th><td>{number(sessions)}</td><td className="dim">{megabytes(sessions * perSession)}</td></tr>)}</tbody>
          </table>
        )}
      </div>
    </>
  )
}

type State =
  | { readonly kind: 'idle' | 'failed' }
  | { readonly kind: 'refused'; readonly problem: string }
  | { readonly kind: 'asked'; readonly address: string }
  | { readonly kind: 'running'; readonly done: number; readonly total: number }
  | { readonly kind: 'done'; readonly forgotten: Forgotten }

function ForgetForm({ onForgotten }: { readonly onForgotten: () => void }) {
  const { line } = useConsole()
  const [typed, setTyped] = useState('')
  const [state, setState] = useState<State>({ kind: 'idle' })
  const submit = (event: React.SyntheticEvent) => {
    event.preventDefault()
    if (state.kind === 'running') return
    const person = readForgettable(typed)
    setState(person.ok ? { kind: 'asked', address: person.address } : { kind: 'refused', problem: person.problem })
  }
  const close = () => {
    setState({ kind: 'idle' })
    requestAnimationFrame(() => document.getElementById('forget')?.focus())
  }
  const forget = async (address: string) => {
    setState({ kind: 'running', done: 0, total: 0 })
    requestAnimationFrame(() => document.getElementById('forget')?.focus())
    try {
      const api = line.api()
      if (api === null) return setState({ kind: 'failed' })
      for await (const event of await api.privacy.forget({ address })) {
        if (event.kind === 'progress') setState({ kind: 'running', done: event.done, total: event.total })
        else if (event.kind === 'refused') return setState({ kind: 'refused', problem: event.problem })
        else {
          setTyped('')
          setState({ kind: 'done', forgotten: event.forgotten })
          return onForgotten()
        }
      }
      setState({ kind: 'failed' })
    } catch {
      setState({ kind: 'failed' })
    }
  }
  return (
    <section className="reportpart onscreen" aria-label={forgetWords.title}>
      <h3>{forgetWords.title}</h3>
      <p className="dim prose">{forgetWords.lead}</p>
      <form className="tools" onSubmit={submit}>
        <TextInput id="forget" size="xs" className="search" aria-label={forgetWords.label} placeholder={forgetWords.placeholder} autoComplete="off" spellCheck={false} maxLength={400} value={typed} aria-invalid={state.kind === 'refused' || undefined} onChange={(event) => setTyped(event.currentTarget.value)} />
        <Button size="xs" type="submit" variant="default" disabled={typed.trim() === '' || state.kind === 'running'}>{forgetWords.start}</Button>
      </form>
      {state.kind === 'running' ? <div className="running"><progress aria-label={forgetWords.progress} max={Math.max(1, state.total)} value={state.done} /><span>{state.total > 0 && state.done >= state.total ? forgetWords.wiping : forgetWords.running(state.done, state.total)}</span></div> : null}
      <p role="status" className={state.kind === 'done' ? '' : 'unseen'}>{state.kind === 'done' ? <Said text={doneText(state.forgotten)} className="plain" /> : ''}</p>
      {state.kind === 'refused' || state.kind === 'failed' ? <p role="alert" className="problem">{state.kind === 'refused' ? state.problem : forgetWords.failed}</p> : null}
      {state.kind === 'asked' ? (
        <Modal opened onClose={close} title={forgetWords.confirmTitle(state.address)} size="md" centered lockScroll={false} transitionProps={{ duration: 0 }} closeButtonProps={{ 'aria-label': forgetWords.close }}>
          <form className="confirm" onSubmit={(event) => { event.preventDefault(); void forget(state.address) }}>
            <p>{forgetWords.confirm}</p>
            <div className="buttons"><Button size="xs" variant="default" data-autofocus onClick={close}>{forgetWords.no}</Button><Button size="xs" type="submit">{forgetWords.yes}</Button></div>
          </form>
        </Modal>
      ) : null}
    </section>
  )
}

function doneText({ address, sessions, notices, rules, values }: Forgotten): string {
  if (sessions + notices + rules + values === 0) return forgetWords.nowhere(address)
  const others = [notices > 0 ? forgetWords.notices(notices) : [], rules > 0 ? forgetWords.rules(rules) : [], values > 0 ? forgetWords.values(values) : []].flat()
  return forgetWords.done(address, sessions, others)
}
