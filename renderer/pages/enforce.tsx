/** After some days of observing: whom each set of rules would have refused, correspondents first, and the question whether to enforce. */
import { useEffect, useState, useSyncExternalStore } from 'react'
import { Button, Radio } from '@mantine/core'
import { IconEye, IconScale } from '@tabler/icons-react'
import type { Card, JudgedSender } from '../../shared/api/whatif.ts'
import type { Mode } from '../../shared/gate/disposition.ts'
import type { RuleSet } from '../../shared/gate/verdict.ts'
import { byWeight } from '../../shared/gate/whatiftally.ts'
import { useConsole, useLine } from '../console.ts'
import { exactTime } from '../model/time.ts'
import { EmptyState } from '../parts/emptystate.tsx'
import { Name, Said } from '../parts/outside.tsx'
import { CardStore } from '../store/card.ts'
import { strings } from '../strings.ts'
import { cardWords as words } from '../words/golive.ts'

const SETS: readonly RuleSet[] = ['house', 'standard', 'lenient']
const SIDES = ['accept', 'tempfail', 'reject'] as const
const FIRST_SHOWN = 30
const LATER_DAYS = 7

function useCard(): CardStore {
  const { line, toasts } = useConsole()
  const up = useLine().kind === 'up'
  const [store] = useState(() => new CardStore(line, toasts))
  useEffect(() => (up ? store.watch() : undefined), [store, up])
  return store
}

/** On top of the Live page while the gate observes: how far it is, or that it is time to look. */
export function EnforceBanner({ mode }: { readonly mode: Mode }) {
  return mode === 'observe' ? <Observing /> : null
}

function Observing() {
  const store = useCard()
  const view = useSyncExternalStore(store.subscribe, store.view)
  if (view.kind !== 'loaded') return null
  const { card } = view
  switch (card.kind) {
    case 'off': return null
    case 'looking': return <div className="observing"><IconEye size={16} aria-hidden /><span>{words.looking(card.done, card.total)}</span></div>
    case 'collecting': return (
      <div className="observing" title={words.progressHelp}>
        <IconEye size={16} aria-hidden /><span>{words.progress(card.days, card.senders, card.needed.days, card.needed.senders)}</span>
        <progress aria-label={words.progressHelp} max={1} value={Math.min(card.days / card.needed.days, card.senders / card.needed.senders, 1)} />
      </div>
    )
    case 'ready': return card.laterUntil !== null ? null : (
      <div className="observing ready"><IconScale size={16} aria-hidden /><span>{words.ready(card.days, card.senders)}</span><a className="action" href="#/enforce">{words.open}</a></div>
    )
  }
}

export function EnforcePage() {
  const store = useCard()
  const view = useSyncExternalStore(store.subscribe, store.view)
  if (view.kind === 'failed') return <EmptyState title={words.failed}><button type="button" className="action" onClick={() => void store.refresh()}>{words.again}</button></EmptyState>
  if (view.kind === 'loading') return <EmptyState title={words.looking(0, 0)} />
  const { card } = view
  switch (card.kind) {
    case 'off': return <EmptyState title={words.offTitle}><p>{words.off}</p></EmptyState>
    case 'looking': return <EmptyState title={words.looking(card.done, card.total)} />
    case 'collecting': return <EmptyState title={words.progress(card.days, card.senders, card.needed.days, card.needed.senders)}><p>{words.progressHelp}</p></EmptyState>
    case 'ready': return <Ready card={card} store={store} />
  }
}

type ReadyCard = Card & { readonly kind: 'ready' }

function Ready({ card, store }: { readonly card: ReadyCard; readonly store: CardStore }) {
  return (
    <div className="wizard enforce">
      <header className="wizardhead">
        <h2>{words.title}</h2>
        <p className="dim">{words.observed(card.days, card.sessions, card.senders)}</p>
      </header>
      <Outcomes card={card} />
      <Senders card={card} store={store} />
      <Question card={card} store={store} />
    </div>
  )
}

function Outcomes({ card }: { readonly card: ReadyCard }) {
  return (
    <table className="plaintable outcomes">
      <caption>{words.caption}</caption>
      <thead><tr><th scope="col">{words.outcome}</th>{SETS.map((set) => <th key={set} scope="col" title={strings.ruleSets[set].does}>{strings.ruleSets[set].name}</th>)}</tr></thead>
      <tbody>
        {SIDES.map((side) => <tr key={side}><th scope="row">{words.outcomes[side]}</th>{SETS.map((set) => <td key={set}>{words.counted(card.sets[set][side].sessions, card.sets[set][side].senders)}</td>)}</tr>)}
        <tr><th scope="row" title={words.correspondentsHelp}>{words.correspondents}</th>{SETS.map((set) => <td key={set}>{strings.number(card.sets[set].correspondents)}</td>)}</tr>
      </tbody>
    </table>
  )
}

function Senders({ card, store }: { readonly card: ReadyCard; readonly store: CardStore }) {
  const [all, setAll] = useState(false)
  const senders = [...new Map(SETS.flatMap((set) => card.sets[set].refused).map((sender) => [sender.lastId, sender])).values()].sort(byWeight)
  const leftOff = Math.max(...SETS.map((set) => card.sets[set].leftOff))
  if (senders.length === 0) return <p>{words.none}</p>
  const shown = all ? senders : senders.slice(0, FIRST_SHOWN)
  return (
    <section className="whomlist">
      <h3>{words.list}</h3>
      <div className="tablebox" tabIndex={0} role="region" aria-label={words.list}>
        <table className="plaintable whom">
          <thead><tr><th scope="col">{words.columns.sender}</th><th scope="col">{words.columns.mail}</th><th scope="col">{words.columns.seen}</th>{SETS.map((set) => <th key={set} scope="col">{strings.ruleSets[set].name}</th>)}<th scope="col">{words.columns.action}</th></tr></thead>
          <tbody>{shown.map((sender) => <SenderRow key={sender.lastId} sender={sender} store={store} />)}</tbody>
        </table>
      </div>
      {shown.length < senders.length ? <button type="button" className="action" onClick={() => setAll(true)}>{words.showAll(senders.length)}</button> : null}
      {leftOff > 0 ? <p className="dim">{words.more(leftOff)}</p> : null}
    </section>
  )
}

function SenderRow({ sender, store }: { readonly sender: JudgedSender; readonly store: CardStore }) {
  const { actions } = useConsole()
  const add = async () => {
    await actions.addRule({ kind: 'allow', scope: sender.allow, forMs: null, reason: words.reason })
    await store.refresh()
  }
  const why = sender.findings.map((finding) => strings.findings[finding]).join(', ')
  return (
    <tr data-accepted={sender.accepted || undefined}>
      <th scope="row">
        <Name text={sender.client} /> {sender.name === null ? null : <><Name text={sender.name} /> {sender.verified ? null : <span className="claimed">{words.claimed}</span>}</>}
        <div className="dim">{why}</div>
      </th>
      <td>{sender.sender === null ? null : <><Said text={sender.sender === '' ? '<>' : sender.sender} /> → <Said text={sender.recipient ?? ''} /></>}</td>
      <td><a href={`#/live?session=${sender.lastId}`} title={exactTime(sender.lastAt)}>{sender.accepted ? words.wasAccepted : sender.delivered > 0 ? words.wasDelivered(sender.delivered, sender.deliveredDays) : words.neverDelivered}</a></td>
      {SETS.map((set) => <td key={set}>{sender.under[set].reject > 0 ? <strong>{words.refusedTimes(sender.under[set].reject)}</strong> : sender.under[set].tempfail > 0 ? words.deferred : <span className="dim">{words.passes}</span>}</td>)}
      <td>{sender.allowed ? <span>{words.whitelisted}</span> : <button type="button" className="action" title={words.whitelistOf(sender.allow)} aria-label={words.whitelistOf(sender.allow)} onClick={() => void add()}>{words.whitelist}</button>}</td>
    </tr>
  )
}

function Question({ card, store }: { readonly card: ReadyCard; readonly store: CardStore }) {
  const [rules, setRules] = useState<RuleSet>(card.rules)
  const [problem, setProblem] = useState<string | null>(null)
  const enforce = async (event: React.SyntheticEvent) => {
    event.preventDefault()
    const done = await store.enforce(rules)
    setProblem(done.ok ? null : done.problem)
    if (done.ok) location.hash = '#/live'
  }
  return (
    <form className="question" onSubmit={(event) => void enforce(event)}>
      <Radio.Group label={words.ask} value={rules} onChange={(value) => setRules(SETS.find((set) => set === value) ?? rules)}>
        <div className="choices">{SETS.map((set) => <Radio key={set} size="xs" value={set} label={strings.ruleSets[set].name} description={strings.ruleSets[set].does} />)}</div>
      </Radio.Group>
      <p className="dim">{words.neverAutomatic}</p>
      {problem === null ? null : <p role="alert" className="problem"><Said text={problem} className="plain" /></p>}
      <div className="buttons">
        {card.laterUntil === null
          ? <Button size="sm" variant="default" onClick={() => void store.later(LATER_DAYS)}>{words.later}</Button>
          : <><span className="dim">{words.putOff(exactTime(card.laterUntil))}</span><Button size="sm" variant="default" onClick={() => void store.later(0)}>{words.askNow}</Button></>}
        <Button size="sm" type="submit">{words.enforce(rules)}</Button>
      </div>
    </form>
  )
}
