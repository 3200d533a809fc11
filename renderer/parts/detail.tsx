/** One session, explained: the sentence, the facts, lookups, remedies, what was said, the log, the raw record. */
import type { SessionDetail } from '../../shared/api.ts'
import type { Answer } from '../../shared/dns/answer.ts'
import { digText, nslookupText } from '../../shared/dns/printed.ts'
import type { SessionRecord, TranscriptLine } from '../../shared/events.ts'
import type { Remedy } from '../../shared/notice/advice.ts'
import { exactTime, duration, offset } from '../model/time.ts'
import { byParty, zoneLine } from '../model/zonefile.ts'
import { strings } from '../strings.ts'
import { paneWords } from '../words/pane.ts'
import { CopyButton } from './copybutton.tsx'
import { Lookups, VerdictThen } from './lookups.tsx'
import { Name, Said } from './outside.tsx'
import { Term } from './term.tsx'
import { NowStatus, SideBySide, verdictNow, WhenSwitch } from './thennow.tsx'
import type { NowState, When } from './thennow.tsx'

const words = strings.detail

export interface DetailProps {
  readonly detail: SessionDetail
  readonly when: When
  readonly onWhen: (when: When) => void
  readonly now: NowState
  readonly clock: number
  readonly onAsk: () => void
  /** How the sender stands; above all else. */
  readonly standing: React.ReactNode
  readonly history: React.ReactNode
}

export function Detail({ detail, when, onWhen, now, clock, onAsk, standing, history }: DetailProps) {
  const { session } = detail
  const result = when === 'now' && now.kind === 'done' ? now.result : null
  return (
    <div className="detail">
      {standing}
      <p className="sentence"><Said text={(result ?? detail).sentence} className="plain" /></p>
      <Facts session={session} rules={detail.judgement.rules} />
      <Section title={words.lookups} aside={<WhenSwitch when={when} onChange={onWhen} />}>
        {when === 'then' ? <Then detail={detail} /> : <NowStatus now={now} clock={clock} onAsk={onAsk} />}
        {when === 'now' && now.kind === 'done' ? <Now result={now.result} /> : null}
        {when === 'both' && now.kind === 'done' ? <SideBySide session={session} evidence={detail.evidence} result={now.result} /> : null}
      </Section>
      <Remedies remedies={(result ?? detail).remedies} verdict={result === null ? session.verdict : result.verdict} />
      <Section title={words.transcript}><Transcript lines={detail.transcript} /></Section>
      <Section title={words.log} aside={<CopyButton label={words.copyLog} text={`${detail.log.join('\n')}\n`} />}>
        <pre className="block" tabIndex={0} aria-label={words.log}>{detail.log.map((line, index) => <div key={index}><Said text={line} /></div>)}</pre>
      </Section>
      {history}
      <details className="raw">
        <summary>{words.raw}</summary>
        <CopyButton label={words.copyRaw} text={JSON.stringify(session, null, 2)} />
        <pre className="block" tabIndex={0} aria-label={words.raw}>{JSON.stringify(session, null, 2).split('\n').map((line, index) => <div key={index}><Said text={line} /></div>)}</pre>
      </details>
    </div>
  )
}

function Then({ detail: { session, evidence } }: { readonly detail: SessionDetail }) {
  return (
    <>
      <p className="dim small">{words.asOf(exactTime(session.at))}</p>
      <Lookups session={session} evidence={evidence} verdict={<VerdictThen session={session} />} />
      <CopyEvidence evidence={evidence} at={session.at} />
    </>
  )
}

function Now({ result }: { readonly result: Extract<NowState, { kind: 'done' }>['result'] }) {
  return (
    <>
      <p className="dim small">{paneWords.asOfNow(exactTime(result.at))}</p>
      <Lookups session={result} evidence={result.evidence} verdict={<span className="strong">{verdictNow(result)}</span>} />
      <CopyEvidence evidence={result.evidence} at={result.at} />
    </>
  )
}

function CopyEvidence({ evidence, at }: { readonly evidence: readonly Answer[]; readonly at: string }) {
  if (evidence.length === 0) return null
  return <div className="copies"><CopyButton label={paneWords.copyNslookup} text={nslookupText(evidence)} /><CopyButton label={paneWords.copyDig} text={digText(evidence, Date.parse(at))} /></div>
}

export function Section({ title, aside, children }: { readonly title: string; readonly aside?: React.ReactNode; readonly children: React.ReactNode }) {
  return (
    <section className="section" aria-label={title}>
      <header><h3>{title}</h3>{aside}</header>
      {children}
    </section>
  )
}

export function Facts({ session, rules }: { readonly session: SessionRecord; readonly rules: string | null }) {
  const claimed = session.verifiedName === null ? session.ptrNames[0] : undefined
  return (
    <dl className="facts">
      <dt>{words.facts.client}</dt>
      <dd><Name text={session.client} /> <span className="dim mono">:{session.port}</span></dd>
      {session.verifiedName === null ? null : <><dt>{words.facts.name}</dt><dd><Name text={session.verifiedName} /> <span className="dim"><Term of="verified">{strings.verified}</Term></span></dd></>}
      {claimed === undefined ? null : <><dt>{words.facts.name}</dt><dd><Name text={claimed} /> <em className="claimed"><Term of="claimed">{strings.claimed}</Term></em></dd></>}
      <dt><Term of="ehlo">{words.facts.ehlo}</Term></dt>
      <dd>{session.ehlo === null ? <span className="dim">{strings.live.noEhlo}</span> : <><Name text={session.ehlo} /> <em className="claimed">{strings.claimed}</em></>}</dd>
      {session.sender === null ? null : <><dt><Term of="reversePath">{words.facts.from}</Term></dt><dd><Name text={session.sender === '' ? strings.live.nullSender : session.sender} /></dd></>}
      {session.recipients.length === 0 ? null : <><dt>{words.facts.to}</dt><dd>{session.recipients.map((address, index) => <div key={index}><Name text={address} /></div>)}</dd></>}
      {session.reply === null ? null : <><dt>{words.facts.reply}</dt><dd><Said text={session.reply} /></dd></>}
      <dt>{words.facts.at}</dt>
      <dd><time dateTime={session.at}>{exactTime(session.at)}</time><span className="dim">, {words.facts.lasted.toLowerCase()} {duration(session.ms)}, {session.tls ?? words.noTls}{session.bytes > 0 ? `, ${words.octets(session.bytes)}` : ''}</span></dd>
      {rules === null ? null : <><dt>{words.facts.rules}</dt><dd>{ruleWords(rules)}</dd></>}
    </dl>
  )
}

function ruleWords(rules: string): string {
  return Object.entries(strings.ruleSets).find(([name]) => name === rules)?.[1].name ?? rules
}

export function Remedies({ remedies, verdict }: { readonly remedies: readonly Remedy[]; readonly verdict: SessionRecord['verdict'] }) {
  if (remedies.length === 0) {
    return verdict === 'tempfail' ? <Section title={words.remedies}><p className="dim">{words.noRemediesTemporary}</p></Section> : null
  }
  return (
    <Section title={words.remedies} aside={remedies.length > 1 ? <span className="dim">{words.anyOne}</span> : null}>
      <ol className="remedies">
        {remedies.map((remedy, index) => (
          <li key={index}>
            <header><h4><Said text={remedy.title} className="plain" /></h4><CopyButton label={words.copyRecords} text={`${remedy.steps.map(zoneLine).join('\n')}\n`} /></header>
            {byParty(remedy).map(({ who, steps }) => (
              <div key={who} className="party">
                <div className="dim">{words.who[who]}</div>
                <pre className="block" tabIndex={0} aria-label={words.who[who]}>{steps.map((step, at) => <div key={at}>{step.do === 'set-ehlo' ? <Said text={words.setEhlo(step.value)} /> : <Said text={zoneLine(step)} />}</div>)}</pre>
              </div>
            ))}
          </li>
        ))}
      </ol>
    </Section>
  )
}

function Transcript({ lines }: { readonly lines: readonly TranscriptLine[] }) {
  if (lines.length === 0) return <p className="dim">{words.noTranscript}</p>
  return (
    <ol className="transcript">
      {lines.map((line, index) => (
        <li key={index} data-who={line.who}>
          <span className="at mono">{offset(line.ms)}</span>
          <span className="who">{words.speakers[line.who]}</span>
          <Said text={line.text} className="said" />
        </li>
      ))}
    </ol>
  )
}
