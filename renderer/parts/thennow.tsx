/** Then and now: the answers of the session beside those of just now, what differs said in a word and marked; which of them is shown is chosen here. */
import { SegmentedControl } from '@mantine/core'
import { IconEqual, IconExchange, IconMinus, IconPlus, IconRefresh } from '@tabler/icons-react'
import type { Recheck } from '../../shared/api/recheck.ts'
import type { Answer } from '../../shared/dns/answer.ts'
import type { SessionRecord } from '../../shared/events.ts'
import { compareAnswers, countChanges, newRecords } from '../model/compare.ts'
import type { Change, Compared } from '../model/compare.ts'
import { duration } from '../model/time.ts'
import { strings } from '../strings.ts'
import { paneWords as words } from '../words/pane.ts'
import { Name, Said } from './outside.tsx'

export type When = 'then' | 'now' | 'both'

/** What is known of now. `since`: ms since 1970. */
export type NowState =
  | { readonly kind: 'none' }
  | { readonly kind: 'running'; readonly since: number }
  | { readonly kind: 'done'; readonly result: Recheck }
  | { readonly kind: 'failed'; readonly problem: string }

export function WhenSwitch({ when, onChange }: { readonly when: When; readonly onChange: (when: When) => void }) {
  return (
    <SegmentedControl size="xs" aria-label={words.view} className="when" value={when} transitionDuration={0} onChange={(value) => onChange(value === 'now' || value === 'both' ? value : 'then')}
      data={[{ value: 'then', label: words.then }, { value: 'now', label: words.now }, { value: 'both', label: words.both }]} />
  )
}

export interface NowProps {
  readonly now: NowState
  /** The time of day, ms. */
  readonly clock: number
  readonly onAsk: () => void
}

/** Where the check stands: asking, failed, or what came of it. Announced: it follows from what the admin did. */
export function NowStatus({ now, clock, onAsk }: NowProps) {
  return (
    <div className="nowstatus">
      <div role="status" className="unseen">{now.kind === 'running' ? words.askingNow : now.kind === 'done' ? outcomeText(now.result) : ''}</div>
      {now.kind === 'none' ? <p className="dim">{words.notAsked} <button type="button" className="link" onClick={onAsk}>{words.ask}</button></p> : null}
      {now.kind === 'running' ? <p className="dim busy"><IconRefresh size={14} aria-hidden className="turning" /> {words.asking(Math.max(0, Math.floor((clock - now.since) / 1000)))}</p> : null}
      {now.kind === 'failed' ? <p role="alert" className="problem">{words.failed} <Said text={now.problem} className="plain" /> <button type="button" className="link" onClick={onAsk}>{words.askAgain}</button></p> : null}
      {now.kind === 'done' ? <p className="outcome"><Said text={outcomeText(now.result)} className="plain" /></p> : null}
    </div>
  )
}

function outcomeText({ client, verdict, release }: Recheck): string {
  switch (release.kind) {
    case 'only-looked': return words.passesLook
    case 'not-yet': return verdict === 'tempfail' ? words.passesTemporary : words.passesNot
    case 'released': return words.released(client, release)
    case 'failed': return words.releaseFailed(release.problem)
  }
}

const ICONS: Record<Change, typeof IconEqual> = { same: IconEqual, changed: IconExchange, 'asked-now': IconPlus, 'not-asked-now': IconMinus }

export function SideBySide({ session, evidence, result }: { readonly session: SessionRecord; readonly evidence: readonly Answer[]; readonly result: Recheck }) {
  const lines = compareAnswers(evidence, result.evidence)
  return (
    <>
      <p className="dim">{words.changeCount(countChanges(lines))}</p>
      <div className="tablewrap" tabIndex={0} role="region" aria-label={words.compare}>
        <table className="compare">
          <thead><tr><th scope="col">{words.question}</th><th scope="col">{words.then}</th><th scope="col">{words.now}</th></tr></thead>
          <tbody>
            {lines.map((line) => <Line key={line.key} line={line} />)}
            <tr className="total"><th scope="row">{words.verdict}</th><td>{verdictThen(session)}</td><td>{verdictNow(result)}</td></tr>
          </tbody>
        </table>
      </div>
    </>
  )
}

function Line({ line }: { readonly line: Compared }) {
  const Icon = ICONS[line.change]
  return (
    <tr data-change={line.change}>
      <th scope="row">
        <Name text={line.name} /> <span className="type">{line.type}</span>
        <span className="change"><Icon size={12} aria-hidden /> {words.changes[line.change]}</span>
      </th>
      <td><Side answer={line.then} other={line.now} mark={words.isGone} /></td>
      <td><Side answer={line.now} other={line.then} mark={words.isNew} /></td>
    </tr>
  )
}

function Side({ answer, other, mark }: { readonly answer: Answer | null; readonly other: Answer | null; readonly mark: string }) {
  if (answer === null) return <span className="dim">{words.notAskedThen}</span>
  const differing = newRecords(answer.records, other)
  return (
    <>
      {answer.chain.map((target) => <div key={target} className="dim">{strings.detail.via} <Name text={target} /></div>)}
      {answer.records.length === 0 ? <div>{strings.statuses[answer.status]}</div> : answer.records.map((record, index) => (
        <div key={index} className={differing.has(record) ? 'differs' : ''}><Name text={record} />{differing.has(record) ? <span className="tag">{mark}</span> : null}</div>
      ))}
      <div className="meta">{answer.ttl === null ? strings.detail.noTtl : strings.detail.ttl(answer.ttl)} · {answer.ms === 0 ? strings.detail.cached : duration(answer.ms)}</div>
    </>
  )
}

function verdictThen(session: SessionRecord): string {
  const said = strings.dispositions[session.disposition].toLowerCase()
  return session.refusedFor.length === 0 ? said : `${said}: ${session.refusedFor.map((finding) => strings.findings[finding]).join(', ')}`
}

export function verdictNow({ verdict, refusedFor }: Pick<Recheck, 'verdict' | 'refusedFor'>): string {
  const said = verdict === 'accept' ? words.wouldPass : verdict === 'reject' ? words.wouldReject : words.wouldDefer
  return refusedFor.length === 0 ? said : `${said}: ${refusedFor.map((finding) => strings.findings[finding]).join(', ')}`
}
