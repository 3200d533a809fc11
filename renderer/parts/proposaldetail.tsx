/** A sender that is proposed for a notice: what speaks for and against it, and what was refused; or one whose DNS never answers. */
import { strings } from '../strings.ts'
import { noticesWords as words } from '../words/notices.ts'
import { Section } from './detail.tsx'
import { iso } from './noticelists.tsx'
import type { DueLine, StuckLine } from './noticelists.tsx'
import { Name, Said } from './outside.tsx'
import { Ago } from './when.tsx'

export function DueDetail({ due, now }: { readonly due: DueLine; readonly now: number }) {
  return (
    <div className="detail">
      <Section title={due.sunk ? words.sections.reasonsSunk : words.sections.reasons}>
        {due.sunk ? <p className="dim">{words.sunkHelp}</p> : null}
        <ul className="reasons">
          {due.reasons.map(({ text, weight }, index) => <li key={index} data-for={weight > 0}><span className="sign" aria-hidden>{weight > 0 ? '+' : '–'}</span><Said text={text} className="plain" /><span className="unseen"> ({weight > 0 ? words.speaksFor : words.speaksAgainst})</span></li>)}
        </ul>
      </Section>
      <About line={due} now={now} />
    </div>
  )
}

export function StuckDetail({ stuck, now }: { readonly stuck: StuckLine; readonly now: number }) {
  return (
    <div className="detail">
      <Section title={words.sections.stuck}><p>{words.stuckSince(strings.ago(now - stuck.since), stuck.attempts)}</p></Section>
      <About line={stuck} now={now} />
    </div>
  )
}

function About({ line: { client, ehlo, sender, lastAt }, now }: { readonly line: Pick<DueLine, 'client' | 'ehlo' | 'sender' | 'lastAt'>; readonly now: number }) {
  return (
    <Section title={words.sections.about}>
      <dl className="facts">
        <dt>{words.about.client}</dt><dd><Name text={client} /></dd>
        {ehlo === null ? null : <><dt>{words.about.ehlo}</dt><dd><Name text={ehlo} /></dd></>}
        {sender === null ? null : <><dt>{words.about.sender}</dt><dd><Name text={sender === '' ? strings.live.nullSender : sender} /></dd></>}
        <dt>{words.about.when}</dt><dd><Ago iso={iso(lastAt)} now={now} /></dd>
      </dl>
    </Section>
  )
}
