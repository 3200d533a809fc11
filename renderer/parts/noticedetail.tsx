/** One notice in full: how it stands, whom it went to, what happened since, the very message, what DNS said then. */
import type { NoticeInFull } from '../../shared/api/notices.ts'
import { sourceText } from '../../shared/notice/contacts.ts'
import type { Notice, NoticeEvent } from '../../shared/notice/outbox.ts'
import { storyOf } from '../model/noticestory.ts'
import { exactTime } from '../model/time.ts'
import { strings } from '../strings.ts'
import { noticesWords as words, templateKinds, trustWords } from '../words/notices.ts'
import { CopyButton } from './copybutton.tsx'
import { Section } from './detail.tsx'
import { iso } from './noticelists.tsx'
import { Name, Said } from './outside.tsx'
import { Ago } from './when.tsx'

export interface NoticeDetailProps {
  readonly full: NoticeInFull
  readonly now: number
}

export function NoticeDetail({ full, now }: NoticeDetailProps) {
  const { notice, message } = full
  return (
    <div className="detail">
      <p className="sentence">{sentenceOf(notice, now)}</p>
      <Outlook full={full} now={now} />
      <Section title={notice.state === 'draft' || notice.state === 'queued' ? words.sections.whoDraft : words.sections.who}>
        <p><Name text={notice.to} className="strong" /> <span className="tag">{trustWords[notice.trust]}</span></p>
        <p className="dim"><Said text={sourceText(notice.source)} className="plain" /></p>
        <dl className="facts">
          <dt>{words.about.client}</dt><dd><Name text={notice.client} /></dd>
          {notice.ehlo === null ? null : <><dt>{words.about.ehlo}</dt><dd><Name text={notice.ehlo} /></dd></>}
          <dt>{words.about.refusedFor}</dt><dd>{notice.refusedFor.map((finding) => strings.findings[finding]).join(', ')}</dd>
          <dt>{words.about.kind}</dt><dd>{templateKinds[notice.template]}</dd>
        </dl>
      </Section>
      <Section title={words.sections.story}>
        <ol className="timeline noticestory">{notice.events.map((event, index) => <li key={index} data-kind={event.kind}><Event event={event} now={now} /></li>)}</ol>
      </Section>
      <Section title={words.sections.message} aside={<CopyButton label={words.copyMessage} text={message} />}><RawMessage message={message} label={words.sections.message} /></Section>
      {notice.thenAnswers.length === 0 ? null : <Section title={words.sections.then}><pre className="block" tabIndex={0} aria-label={words.sections.then}>{notice.thenAnswers.map((line, index) => <div key={index}><Said text={line} /></div>)}</pre></Section>}
    </div>
  )
}

function sentenceOf({ state, tries, nextTryAt }: Notice, now: number): string {
  return state === 'queued' ? words.sentence.queued(nextTryAt === null ? null : nextTryAt - now, tries) : words.sentence[state]
}

/** What comes next, and what forbids sending it once more. */
function Outlook({ full: { notice, cap, sending }, now }: NoticeDetailProps) {
  const again = notice.state === 'draft' || canAgain(notice)
  const why = again ? (sending ?? cap) : null
  return (
    <div className="outlook">
      {notice.nextCheckAt === null ? null : <p className="dim">{words.nextLook(notice.nextCheckAt - now)} {words.looked(notice.checks)}</p>}
      {why === null ? null : <p className="hindrance"><Said text={words.cannotAgain(why)} className="plain" /> {sending === null ? null : <a className="link" href="#/settings">{words.toSettings}</a>}</p>}
    </div>
  )
}

/** Written anew to the same contact, or another one. */
export function canAgain({ state }: Pick<Notice, 'state'>): boolean {
  return state !== 'draft' && state !== 'queued' && state !== 'sending'
}

function Event({ event, now }: { readonly event: NoticeEvent; readonly now: number }) {
  const { sentence, changes } = storyOf(event.text)
  return (
    <>
      <span className="at"><Ago iso={iso(event.at)} now={now} /></span>
      <div className="what">
        <strong>{words.events[event.kind]}</strong> <Said text={sentence} className="plain" />
        {changes.length === 0 ? null : (
          <div className="tablewrap">
            <table className="compare changes">
              <thead><tr><th scope="col">{words.changes.question}</th><th scope="col">{words.changes.then}</th><th scope="col">{words.changes.now}</th></tr></thead>
              <tbody>{changes.map(({ question, then, now: answer }, index) => <tr key={index}><th scope="row"><Name text={question} /></th><td>{then === null ? <span className="dim">{words.changes.none}</span> : <Name text={then} />}</td><td><Name text={answer} className="differs" /></td></tr>)}</tbody>
            </table>
          </div>
        )}
        <span className="unseen">{exactTime(iso(event.at))}</span>
      </div>
    </>
  )
}

/** The bytes as they are sent, nothing hidden. */
export function RawMessage({ message, label }: { readonly message: string; readonly label: string }) {
  return <pre className="block message" tabIndex={0} role="region" aria-label={label}>{message.replace(/\r?\n$/, '').split(/\r?\n/).map((line, index) => <div key={index}><Said text={line} /></div>)}</pre>
}
