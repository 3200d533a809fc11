/** One notice, or one sender that is worth one, in full: what it is about, to whom, what happened since, the very message. */
import { useState } from 'react'
import { Button } from '@mantine/core'
import type { SessionDetail } from '../../shared/api.ts'
import type { Notice, NoticeEvent } from '../../shared/notice/outbox.ts'
import { storyOf } from '../model/noticestory.ts'
import type { NoticeItem } from '../model/noticesview.ts'
import { exactTime } from '../model/time.ts'
import { strings } from '../strings.ts'
import { noticesWords as words, sourceWords, stateSentences, templateKinds, trusts } from '../words/notices.ts'
import { CopyButton } from './copybutton.tsx'
import { Remedies, Section } from './detail.tsx'
import { EhloName } from './noticetable.tsx'
import { Name, Said } from './outside.tsx'
import { Ago, In } from './when.tsx'

const iso = (ms: number) => new Date(ms).toISOString()

/** What is wrong with a proposed sender; `detail` null: not (yet) known. */
export function ProposalDetail({ item, detail, now }: { readonly item: Exclude<NoticeItem, { kind: 'notice' }>; readonly detail: SessionDetail | null; readonly now: number }) {
  const explained = detail === null ? null : (
    <>
      <Section title={words.explained}><p className="explained"><Said text={detail.sentence} className="plain" /></p></Section>
      <Remedies remedies={detail.remedies} verdict={detail.session.verdict} />
    </>
  )
  if (item.kind === 'stuck') return <div className="detail"><p className="sentence">{words.stuckSentence(item.stuck.attempts, strings.ago(now - item.stuck.since))}</p>{explained}</div>
  const speaksFor = item.due.reasons.filter(({ weight }) => weight > 0)
  const against = item.due.reasons.filter(({ weight }) => weight < 0)
  return (
    <div className="detail">
      <Section title={words.because}><ul className="reasons">{speaksFor.map(({ text }) => <li key={text}><Said text={text} className="plain" /></li>)}</ul></Section>
      {against.length === 0 ? null : <Section title={words.against}><ul className="reasons">{against.map(({ text }) => <li key={text}><Said text={text} className="plain" /></li>)}</ul></Section>}
      {explained}
    </div>
  )
}

export interface NoticeDetailProps {
  readonly notice: Notice
  /** Null: on its way, or could not be loaded (`messageFailed`). */
  readonly message: string | null
  readonly messageFailed: boolean
  readonly now: number
  readonly onSend: () => Promise<{ readonly ok: true } | { readonly ok: false; readonly problem: string }>
  readonly onCancel: () => void
  readonly onAnother: () => void
  readonly onEdit: () => void
  /** Makes a draft of it again. */
  readonly onReopen: () => void
  /** Why nothing can go to that contact now; null: it can. */
  readonly against: string | null
}

export function NoticeDetail({ notice, message, messageFailed, now, onSend, onCancel, onAnother, onEdit, onReopen, against }: NoticeDetailProps) {
  return (
    <div className="detail">
      <p className="sentence">{stateSentences[notice.state]}</p>
      <div className="noticebuttons">
        {notice.state === 'draft' ? <SendButton to={notice.to} disabled={against !== null} onSend={onSend} /> : null}
        {notice.state === 'draft' ? <button type="button" className="action" title={`${words.edit} (n)`} onClick={onEdit}>{words.edit}</button> : null}
        {notice.state === 'draft' ? <button type="button" className="action" onClick={onCancel}>{words.discard}</button> : null}
        {notice.state === 'queued' ? <button type="button" className="action" onClick={onReopen}>{words.takeBack}</button> : null}
        {notice.state === 'queued' ? <button type="button" className="action" onClick={onCancel}>{words.cancel}</button> : null}
        {notice.state === 'cancelled' ? <button type="button" className="action" onClick={onReopen}>{words.reopen}</button> : null}
        {notice.state === 'draft' || notice.state === 'queued' || notice.state === 'sending' || notice.state === 'fixed' ? null : <button type="button" className="action" onClick={onAnother}>{words.another}</button>}
      </div>
      {notice.state === 'queued' && notice.tries === 0 && notice.nextTryAt !== null ? <p className="dim">{notice.nextTryAt > now ? words.leavesIn(strings.shortLeft(notice.nextTryAt - now)) : words.leavesNow}</p> : null}
      {against === null || notice.state === 'queued' || notice.state === 'sending' || notice.state === 'fixed' ? null : <p className="against"><Said text={words.notAgain(against)} className="plain" /></p>}
      <Facts notice={notice} now={now} />
      <Section title={words.timeline}>
        <ol className="timeline">
          {notice.events.toReversed().map((event, index) => (
            <li key={index} data-kind={event.kind}><Event event={event} now={now} /></li>
          ))}
        </ol>
      </Section>
      {notice.thenAnswers.length === 0 ? null : <Section title={words.thenAnswers}><pre className="block" tabIndex={0} aria-label={words.thenAnswers}>{notice.thenAnswers.map((line, index) => <div key={index}><Said text={line} /></div>)}</pre></Section>}
      <Section title={words.message} aside={message === null ? null : <CopyButton label={words.copyMessage} text={message} />}>
        {message === null ? <p className="dim">{messageFailed ? words.messageGone : words.loading}</p> : <MessageText message={message} />}
      </Section>
    </div>
  )
}

/** One line of the timeline; what has changed in DNS as then and now. */
function Event({ event, now }: { readonly event: NoticeEvent; readonly now: number }) {
  const { sentence, changes } = storyOf(event.text)
  return (
    <>
      <span className="at"><Ago iso={iso(event.at)} now={now} /></span>
      <div className="story">
        <strong>{words.events[event.kind]}.</strong> <Said text={sentence} className="plain" />
        {changes.length === 0 ? null : (
          <div className="tablewrap">
            <table className="compare">
              <thead><tr><th scope="col">{words.change.question}</th><th scope="col">{words.change.then}</th><th scope="col">{words.change.now}</th></tr></thead>
              <tbody>{changes.map(({ question, then, now: answer }, index) => <tr key={index}><th scope="row"><Name text={question} /></th><td>{then === null ? <span className="dim">{words.change.none}</span> : <Name text={then} />}</td><td><Name text={answer} className="differs" /></td></tr>)}</tbody>
            </table>
          </div>
        )}
      </div>
    </>
  )
}

function Facts({ notice, now }: { readonly notice: Notice; readonly now: number }) {
  const { facts } = words
  return (
    <dl className="facts">
      <dt>{facts.to}</dt><dd><Name text={notice.to} /></dd>
      <dt>{facts.source}</dt><dd><Said text={sourceWords(notice.source)} className="plain" /> <span className="tag" title={trusts[notice.trust].means}>{trusts[notice.trust].name}</span></dd>
      <dt>{facts.about}</dt><dd><Name text={notice.client} /> <EhloName ehlo={notice.ehlo} /></dd>
      <dt>{words.refusedFor}</dt><dd>{notice.refusedFor.map((finding) => strings.findings[finding]).join(', ')}</dd>
      <dt>{facts.kind}</dt><dd>{templateKinds[notice.template].name}</dd>
      <dt>{facts.subject}</dt><dd><Said text={notice.subject} className="plain" /></dd>
      {notice.state !== 'queued' || notice.nextTryAt === null || notice.tries === 0 ? null : <><dt>{facts.nextTry}</dt><dd><In iso={iso(notice.nextTryAt)} now={now} /> <span className="dim">{exactTime(iso(notice.nextTryAt))}</span></dd></>}
      {notice.nextCheckAt === null ? null : <><dt>{facts.next}</dt><dd><In iso={iso(notice.nextCheckAt)} now={now} /> <span className="dim">{exactTime(iso(notice.nextCheckAt))}</span></dd></>}
    </dl>
  )
}

/** The bytes of a message as they are, long lines folded by the screen. */
export function MessageText({ message, label = words.message }: { readonly message: string; readonly label?: string }) {
  return <pre className="block messagetext" tabIndex={0} aria-label={label}>{message.replace(/(?:\r?\n)+$/, '').split(/\r?\n/).map((line, index) => <div key={index}>{line === '' ? '\u00a0' : <Said text={line} />}</div>)}</pre>
}

/** Asks once more before it sends, and says to whom. */
export function SendButton({ to, disabled = false, onSend }: { readonly to: string; readonly disabled?: boolean; readonly onSend: NoticeDetailProps['onSend'] }) {
  const [asking, setAsking] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const send = async () => {
    setBusy(true)
    const done = await onSend()
    setBusy(false)
    setAsking(null)
    setProblem(done.ok ? null : done.problem)
  }
  if (asking !== to || disabled) {
    return (
      <>
        <Button size="xs" disabled={disabled} onClick={() => setAsking(to)}>{words.sendTo(to)}</Button>
        {problem === null ? null : <p role="alert" className="problem"><Said text={problem} className="plain" /></p>}
      </>
    )
  }
  return (
    <div className="sureness" role="alertdialog" aria-label={words.reallySend(to)} onKeyDown={(event) => { if (event.key === 'Escape') { event.stopPropagation(); setAsking(null) } }}>
      <span>{words.reallySend(to)}</span>
      <Button size="xs" autoFocus loading={busy} onClick={() => void send()}>{words.sendNow}</Button>
      <Button size="xs" variant="default" disabled={busy} onClick={() => setAsking(null)}>{words.back}</Button>
    </div>
  )
}
