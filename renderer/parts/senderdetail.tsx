/** One sender in full: what is the matter in a sentence, what repairs it, the days, its last sessions, the rules that touch it. */
import type { SenderDetail as Detail } from '../../shared/api/senders.ts'
import type { Rule, SessionRecord } from '../../shared/events.ts'
import { exactTime } from '../model/time.ts'
import { strings } from '../strings.ts'
import { sendersWords as words } from '../words/senders.ts'
import { Remedies, Section } from './detail.tsx'
import { DispositionWord, VerdictWords } from './disposition.tsx'
import { Name, Said } from './outside.tsx'
import { SenderDays } from './senderdays.tsx'
import { Standing } from './standing.tsx'
import { Ago } from './when.tsx'

export interface SenderDetailProps {
  readonly detail: Detail
  readonly now: number
  /** The address of a session, or of all of this sender, on the Live page. */
  readonly linkTo: (session: string | null) => string
  readonly onRemoveRule: (rule: Rule) => void
  /** The notices about it. */
  readonly notices: React.ReactNode
}

export function SenderDetail({ detail, now, linkTo, onRemoveRule, notices }: SenderDetailProps) {
  const { sender, days, sessions, found, explained, ban, allow } = detail
  const ago = (iso: string) => strings.ago(now - Date.parse(iso))
  const remedies = explained === null ? null : (
    <>
      <Section title={found ? words.explainedFound : words.explained} aside={<a className="link" href={linkTo(explained.id)}>{words.openExplained}</a>}>
        <p className="explained"><Said text={explained.sentence} className="plain" /></p>
      </Section>
      <Remedies remedies={explained.remedies} verdict="reject" />
    </>
  )
  const list = (
    <Section title={found ? words.sessionsFound : words.sessions} aside={<a className="link" href={linkTo(null)}>{words.openInLive}</a>}>
      {sessions.length === 0 ? <p className="dim">{words.noSessions}</p> : <ol className="sendersessions">{sessions.map((session) => <Line key={session.id} session={session} now={now} href={linkTo(session.id)} />)}</ol>}
    </Section>
  )
  return (
    <div className="detail">
      <p className="sentence">{words.sentence(sender, ago)}</p>
      {sender.reasons.length === 0 ? null : <Section title={words.worth}><ul className="reasons">{sender.reasons.map((text) => <li key={text}><Said text={text} className="plain" /></li>)}</ul></Section>}
      {notices}
      <Standing ban={ban} allow={allow} onRemove={onRemoveRule} />
      {found ? <>{list}{remedies}</> : remedies}
      <Section title={words.days} aside={<span className="dim">{words.daysHelp}</span>}><SenderDays days={days} /></Section>
      {found ? null : list}
      <Section title={words.rules} aside={<a className="link" href="#/rules">{words.manageRules}</a>}>
        {ban === null && allow === null ? <p className="dim">{words.noRules}</p> : <p>{[allow, ban].flatMap((rule) => (rule === null ? [] : [rule.scope])).map((scope) => <span key={scope}><Name text={scope} /> </span>)}</p>}
        {detail.strikes === 0 && detail.bansBefore === 0 ? null : <p className="dim">{words.strikes(detail.strikes, detail.strikesNeeded, detail.bansBefore)}</p>}
      </Section>
    </div>
  )
}

function Line({ session, now, href }: { readonly session: SessionRecord; readonly now: number; readonly href: string }) {
  const live = { ...session, open: false }
  const [first] = session.recipients
  return (
    <li>
      <a href={href} title={words.openSession(exactTime(session.at))}><Ago iso={session.at} now={now} /></a>
      <DispositionWord session={live} />
      <span className="clip dim"><VerdictWords session={live} /></span>
      <span className="clip path">
        {session.sender === null ? null : <><Name text={session.sender === '' ? strings.live.nullSender : session.sender} /><span aria-hidden> → </span></>}
        {first === undefined ? null : <Name text={first} />}{session.recipients.length > 1 ? <span className="dim"> {strings.live.moreRecipients(session.recipients.length - 1)}</span> : null}
      </span>
      {session.reply === null ? null : <Said text={session.reply} className="clip reply dim" />}
    </li>
  )
}
