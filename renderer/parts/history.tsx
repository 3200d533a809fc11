/** The history of one sender as a timeline, newest first: attempts with their fate, strikes, bans, whitelist entries. */
import { useState } from 'react'
import { IconBan, IconCalendarOff, IconMessageQuestion, IconShieldCheck } from '@tabler/icons-react'
import type { SenderHistory } from '../../shared/api/live.ts'
import { exactTime } from '../model/time.ts'
import { timelineOf } from '../model/timeline.ts'
import type { TimelineLine } from '../model/timeline.ts'
import { strings } from '../strings.ts'
import { paneWords as words } from '../words/pane.ts'
import { DispositionWord } from './disposition.tsx'
import { Name } from './outside.tsx'
import { Term } from './term.tsx'
import { Ago } from './when.tsx'

export interface HistoryProps {
  readonly history: SenderHistory
  /** The session that is open. */
  readonly current: string
  readonly now: number
  readonly onOpen: (id: string) => void
  readonly onShowInList: (network: string) => void
}

const SHOWN = 8

export function History({ history, current, now, onOpen, onShowInList }: HistoryProps) {
  const [all, setAll] = useState(false)
  const lines = timelineOf(history)
  const { attempts, more, strikes, needed, windowMinutes, bansBefore } = history
  return (
    <>
      <div className="historyfacts">
        {words.attempts(attempts.length, more)} · <Term of="strike">{strikes.length === 0 ? words.noStrikes : words.strikes(strikes.length, needed, windowMinutes)}</Term>
        {bansBefore === 0 ? null : ` · ${words.bansBefore(bansBefore)}`}
      </div>
      <ol className="timeline">
        {(all ? lines : lines.slice(0, SHOWN)).map((line, index) => <li key={index} data-kind={line.kind}><Line line={line} current={current} now={now} onOpen={onOpen} /></li>)}
      </ol>
      <p className="historyfoot">
        {lines.length > SHOWN ? <button type="button" className="link" aria-expanded={all} onClick={() => setAll(!all)}>{all ? words.showFewer : words.showAll(lines.length)}</button> : null}
        <button type="button" className="link" onClick={() => onShowInList(history.scope)}>{words.showInList}</button>
      </p>
    </>
  )
}

function Line({ line, current, now, onOpen }: { readonly line: TimelineLine; readonly current: string; readonly now: number; readonly onOpen: (id: string) => void }) {
  switch (line.kind) {
    case 'attempts': return <Attempts line={line} current={current} now={now} onOpen={onOpen} />
    case 'ban': return <Event icon={IconBan} at={line.at} now={now} text={words.banBegan(line.rule)} />
    case 'allow': return <Event icon={IconShieldCheck} at={line.at} now={now} text={words.allowBegan(line.rule)} />
    case 'ends': return <Event icon={IconCalendarOff} at={line.at} now={now} text={words.ends(line.rule)} />
    case 'suggested': return <Event icon={IconMessageQuestion} at={line.at} now={now} text={words.suggested} />
  }
}

function Event({ icon: Icon, at, now, text }: { readonly icon: typeof IconBan; readonly at: string; readonly now: number; readonly text: string }) {
  const ahead = Date.parse(at) > now
  return (
    <>
      <span className="at">{ahead ? <time dateTime={at} title={exactTime(at)}>{strings.shortLeft(Date.parse(at) - now)}</time> : <Ago iso={at} now={now} />}</span>
      <span className="what strong"><Icon size={14} aria-hidden /> {text}</span>
    </>
  )
}

function Attempts({ line, current, now, onOpen }: { readonly line: Extract<TimelineLine, { kind: 'attempts' }>; readonly current: string; readonly now: number; readonly onOpen: (id: string) => void }) {
  const { latest, count, strikes } = line
  const here = line.ids.includes(current)
  return (
    <>
      <span className="at"><Ago iso={line.at} now={now} /></span>
      <span className="what">
        <DispositionWord session={{ disposition: latest.disposition, open: false }} />
        {count === 1 ? null : <span title={`${exactTime(line.from)} – ${exactTime(line.at)}`}>{words.times(count)}</span>}
        {latest.ehlo === null ? <span className="dim">{strings.live.noEhlo}</span> : <Name text={latest.ehlo} className="clip" />}
        {latest.refusedFor[0] === undefined ? null : <span className="dim">{strings.findings[latest.refusedFor[0]]}</span>}
        {strikes.length === 0 ? null : <span className="tag">{words.strike(strikes)}</span>}
        {here ? <span className="dim">({words.thisOne})</span> : <button type="button" className="link" aria-label={`${words.openAttempt}, ${exactTime(line.at)}`} onClick={() => onOpen(latest.id)}>{strings.live.actions.open}</button>}
      </span>
    </>
  )
}
