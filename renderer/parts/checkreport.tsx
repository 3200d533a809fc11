/** One check: the lookups while they come in, then the verdict under each rule set, what the sender hears, and what repairs it. */
import { IconCheck, IconClock, IconX } from '@tabler/icons-react'
import type { CheckReport } from '../../shared/api/check.ts'
import type { Answer } from '../../shared/dns/answer.ts'
import type { VerdictKind } from '../../shared/events.ts'
import { strings } from '../strings.ts'
import { checkWords as words, verdicts } from '../words/check.ts'
import { CopyButton } from './copybutton.tsx'
import { CopyEvidence, Remedies, Section } from './detail.tsx'
import { Lookups } from './lookups.tsx'
import { Name, Said } from './outside.tsx'

const ICONS: Record<VerdictKind, typeof IconCheck> = { accept: IconCheck, reject: IconX, tempfail: IconClock }

export function VerdictWord({ verdict }: { readonly verdict: VerdictKind }) {
  const Icon = ICONS[verdict]
  return <span className="verdictword" data-verdict={verdict} title={verdicts[verdict].does}><Icon size={15} stroke={2.2} aria-hidden /> {verdicts[verdict].name}</span>
}

export interface CheckReportProps {
  readonly client: string
  readonly ehlo: string
  readonly as: 'sender' | 'ourselves'
  /** ISO. */
  readonly at: string
  readonly answers: readonly Answer[]
  /** Null while answers are coming in. */
  readonly report: CheckReport | null
}

export function CheckReportView({ client, ehlo, as, at, answers, report }: CheckReportProps) {
  const evidence = report?.evidence ?? answers
  const verdict = report === null ? <span className="dim">{words.asking(answers.length)}</span> : <><VerdictWord verdict={report.verdict} /> <span className="remark">{report.refusedFor.map((finding) => strings.findings[finding]).join(', ')}</span></>
  return (
    <article className="detail checkreport" aria-label={words.again(client, ehlo)}>
      <header className="checkhead"><h2><Name text={client} /> <span className="dim">EHLO</span> <Name text={ehlo} /></h2>{report === null ? null : <VerdictWord verdict={report.verdict} />}</header>
      {as === 'ourselves' ? <p className="dim">{words.asOurselves}</p> : null}
      {report === null ? null : <p className="sentence"><Said text={report.sentence} className="plain" /></p>}
      {report === null ? null : <Rules report={report} />}
      {report === null ? null : <Reply report={report} />}
      {report === null ? null : <Remedies remedies={report.remedies} verdict={report.verdict} />}
      <Section title={words.lookups} aside={report === null ? <span className="dim">{words.asking(answers.length)}</span> : null}>
        {evidence.length === 0 ? (report === null ? null : <p className="dim">{strings.detail.notGathered}</p>) : <Lookups session={{ client, ehlo, ptrNames: report?.ptrNames ?? [] }} evidence={evidence} verdict={verdict} />}
        {report === null ? null : <CopyEvidence evidence={evidence} at={at} />}
      </Section>
    </article>
  )
}

function Rules({ report }: { readonly report: CheckReport }) {
  const { findings } = report
  return (
    <Section title={words.rulesTitle}>
      <ul className="ruleverdicts">
        {report.byRules.map(({ rules, verdict, refusedFor }) => (
          <li key={rules} data-inforce={rules === report.rules || undefined}>
            <header title={strings.ruleSets[rules].does}><strong>{strings.ruleSets[rules].name}</strong>{rules === report.rules ? <span className="tag">{words.inForce}</span> : null}</header>
            <VerdictWord verdict={verdict} />
            <p className="dim">{refusedFor.length === 0 ? words.nothingRefused : `${words.refusedFor}: ${refusedFor.map((finding) => strings.findings[finding]).join(', ')}`}</p>
          </li>
        ))}
      </ul>
      <p><span className="dim">{words.findings}:</span> {findings.length === 0 ? words.noFindings : findings.map((finding) => strings.findings[finding]).join(', ')}</p>
    </Section>
  )
}

function Reply({ report: { reply } }: { readonly report: CheckReport }) {
  return (
    <Section title={words.reply} aside={reply === null ? null : <CopyButton label={words.copyReply} text={reply} />}>
      {reply === null ? <p className="dim">{words.replyNone}</p> : <><p className="dim">{words.replyMode}</p><p className="block wrap"><Said text={reply} /></p></>}
    </Section>
  )
}
