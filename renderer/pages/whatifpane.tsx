/** "What if" on the Reports page: other rules over so many days, with progress and Cancel, and who would change sides. */
import { useEffect, useState, useSyncExternalStore } from 'react'
import { Button, NativeSelect } from '@mantine/core'
import type { JudgedSender, WhatIfReport } from '../../shared/api/whatif.ts'
import type { VerdictKind } from '../../shared/events.ts'
import type { RuleSet } from '../../shared/gate/verdict.ts'
import { RULE_SETS } from '../../shared/gate/whatif.ts'
import { csvText } from '../../shared/net/csv.ts'
import { useConsole } from '../console.ts'
import { WHAT_IF_DAYS } from '../model/reportsview.ts'
import type { ReportsView } from '../model/reportsview.ts'
import { exactTime } from '../model/time.ts'
import { Name, Said } from '../parts/outside.tsx'
import { saveText } from '../parts/save.ts'
import { WhatIfStore } from '../store/whatif.ts'
import type { WhatIfView } from '../store/whatif.ts'
import { strings } from '../strings.ts'
import { reportsWords } from '../words/reports.ts'

const words = reportsWords.whatIf
const SIDES: readonly VerdictKind[] = ['accept', 'tempfail', 'reject']
const FIRST_SHOWN = 25

export function WhatIfPane({ view, onView }: { readonly view: ReportsView; readonly onView: (change: Partial<ReportsView>) => void }) {
  const { line } = useConsole()
  const [store] = useState(() => new WhatIfStore(line))
  const state = useSyncExternalStore(store.subscribe, store.view)
  useEffect(() => () => store.cancel(), [store])
  const submit = (event: React.SyntheticEvent) => {
    event.preventDefault()
    if (state.kind === 'running') store.cancel()
    else void store.run({ rules: view.rules, days: view.days })
  }
  return (
    <section className="reportpart whatif" aria-label={words.title}>
      <h3>{words.title}</h3>
      <p className="dim">{words.lead}</p>
      <form className="tools" onSubmit={submit}>
        <NativeSelect size="xs" className="choice" aria-label={words.rules} value={view.rules} disabled={state.kind === 'running'} onChange={(event) => onView({ rules: RULE_SETS.find((set) => set === event.currentTarget.value) ?? view.rules })}
          data={RULE_SETS.map((set) => ({ value: set, label: strings.ruleSets[set].name }))} />
        <NativeSelect size="xs" className="choice" aria-label={words.days} value={String(view.days)} disabled={state.kind === 'running'} onChange={(event) => onView({ days: WHAT_IF_DAYS.find((days) => String(days) === event.currentTarget.value) ?? view.days })}
          data={WHAT_IF_DAYS.map((days) => ({ value: String(days), label: words.dayChoice(days) }))} />
        <Button size="xs" type="submit" variant={state.kind === 'running' ? 'default' : 'filled'}>{state.kind === 'running' ? words.cancel : words.run}</Button>
        <span className="dim">{strings.ruleSets[view.rules].does}</span>
      </form>
      <Outcome state={state} store={store} />
    </section>
  )
}

function Outcome({ state, store }: { readonly state: WhatIfView; readonly store: WhatIfStore }) {
  const said = state.kind === 'cancelled' ? words.cancelled : state.kind === 'failed' ? words.failed : ''
  return (
    <>
      <p role="status" className={said === '' ? 'unseen' : ''}>{said}</p>
      {state.kind === 'running' ? <div className="running"><progress aria-label={words.progress} max={Math.max(1, state.total)} value={state.done} /><span>{words.running(state.done, state.total)}</span></div> : null}
      {state.kind === 'done' ? <Judged report={state.report} store={store} /> : null}
    </>
  )
}

function Judged({ report, store }: { readonly report: WhatIfReport; readonly store: WhatIfStore }) {
  const { counts, rules, now } = report
  const apart = counts.sessions - counts.judged
  if (counts.sessions === 0) return <p>{words.none}</p>
  return (
    <>
      <div className="tablebox">
        <table className="plaintable figures">
          <caption>{words.caption(report.days)}</caption>
          <thead><tr><th scope="col">{words.outcome}</th><th scope="col">{words.then}</th>{RULE_SETS.map((set) => <th key={set} scope="col">{set === now.rules ? words.now(strings.ruleSets[set].name) : strings.ruleSets[set].name}</th>)}</tr></thead>
          <tbody>
            {SIDES.map((side) => (
              <tr key={side}><th scope="row">{words.outcomes[side]}</th>{[counts.then, ...RULE_SETS.map((set) => counts.sets[set])].map((by, at) => <td key={at}>{words.cell(by[side].sessions, by[side].senders)}</td>)}</tr>
            ))}
          </tbody>
        </table>
      </div>
      {apart === 0 ? null : <p className="dim">{words.apart(apart)}</p>}
      {counts.exact ? null : <p className="dim">{words.inexact}</p>}
      {now.mode === 'observe' ? <p className="dim">{words.observes}</p> : null}
      {counts.changing[rules] === 0 ? <p>{words.nobody(rules)}</p> : <Changes report={report} store={store} />}
    </>
  )
}

function Changes({ report, store }: { readonly report: WhatIfReport; readonly store: WhatIfStore }) {
  const { toasts } = useConsole()
  const [all, setAll] = useState(false)
  const { rules, counts, changes, leftOff } = report
  const shown = all ? changes : changes.slice(0, FIRST_SHOWN)
  const save = () => {
    const name = `porch-whatif-${rules}-${report.days}-days.csv`
    saveText(name, changesCsv(report))
    toasts.add('done', reportsWords.saved(name))
  }
  const title = words.changes(rules, counts.changing[rules])
  return (
    <>
      <header className="parthead"><h4>{title}</h4><div className="grow" /><button type="button" className="action" aria-label={reportsWords.csvOf(words.csv)} onClick={save}>{reportsWords.csv}</button></header>
      <div className="tablebox" tabIndex={0} role="region" aria-label={title}>
        <table className="plaintable whom">
          <thead><tr><th scope="col">{words.columns.sender}</th><th scope="col">{words.columns.mail}</th><th scope="col">{words.columns.change}</th><th scope="col">{words.columns.known}</th><th scope="col" className="onscreen">{words.columns.action}</th></tr></thead>
          <tbody>{shown.map((sender) => <ChangeRow key={sender.lastId} sender={sender} rules={rules} store={store} />)}</tbody>
        </table>
      </div>
      {shown.length < changes.length ? <button type="button" className="action" onClick={() => setAll(true)}>{words.showAll(changes.length)}</button> : null}
      {leftOff > 0 ? <p className="dim">{words.leftOff(leftOff)}</p> : null}
    </>
  )
}

function ChangeRow({ sender, rules, store }: { readonly sender: JudgedSender; readonly rules: RuleSet; readonly store: WhatIfStore }) {
  const { actions } = useConsole()
  const add = async () => {
    const done = await actions.addRule({ kind: 'allow', scope: sender.allow, forMs: null, reason: words.reason })
    if (done.ok) store.allowed(sender.lastId)
  }
  const why = sender.findings.map((finding) => strings.findings[finding]).join(', ')
  return (
    <tr data-accepted={sender.accepted || undefined}>
      <th scope="row">
        <Name text={sender.client} /> {sender.name === null ? null : <><Name text={sender.name} /> {sender.verified ? null : <span className="claimed">{strings.claimed}</span>}</>}
        <div className="dim">{why === '' ? strings.dnsInOrder : why}</div>
      </th>
      <td>{sender.sender === null ? null : <><Said text={sender.sender === '' ? '<>' : sender.sender} /> → <Said text={sender.recipient ?? ''} /></>}</td>
      <td>{SIDES.filter((side) => sender.changed[rules][side] > 0).map((side) => <div key={side}>{words.to[side](sender.changed[rules][side])}</div>)}</td>
      <td><a href={`#/live?session=${sender.lastId}`} title={exactTime(sender.lastAt)}>{sender.accepted ? words.wasAccepted : sender.delivered > 0 ? words.wasDelivered(sender.delivered) : words.never}</a></td>
      <td className="onscreen">{sender.allowed ? words.whitelisted : <button type="button" className="action" aria-label={words.whitelistOf(sender.allow)} title={words.whitelistOf(sender.allow)} onClick={() => void add()}>{words.whitelist}</button>}</td>
    </tr>
  )
}

function changesCsv({ rules, changes }: WhatIfReport): string {
  return csvText([
    ['client', 'name', 'verified', 'ehlo', 'sender', 'recipient', 'would pass', 'would be deferred', 'would be refused', 'mail accepted before', 'whitelisted', 'findings', 'last', 'last session'],
    ...changes.map((each) => [
      each.client, each.name ?? '', each.verified ? 'yes' : 'no', each.ehlo ?? '', each.sender ?? '', each.recipient ?? '', ...SIDES.map((side) => each.changed[rules][side]),
      each.accepted ? 'yes' : 'no', each.allowed ? 'yes' : 'no', each.findings.join(' '), each.lastAt, each.lastId,
    ]),
  ])
}
