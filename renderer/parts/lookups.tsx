/** The lookups as a tree from the client to the verdict; every node with what was asked, what came, and from whom. */
import { IconCheck, IconMinus, IconQuestionMark, IconX } from '@tabler/icons-react'
import type { Answer } from '../../shared/dns/answer.ts'
import type { SessionRecord } from '../../shared/events.ts'
import { otherReason } from '../../shared/notice/otherwise.ts'
import { lookupTree } from '../model/tree.ts'
import type { Mark, TreeNode } from '../model/tree.ts'
import { duration } from '../model/time.ts'
import { strings } from '../strings.ts'
import { Name } from './outside.tsx'
import { Term } from './term.tsx'
import type { TermName } from '../words/terms.ts'

const words = strings.detail
const MARKS: Record<Mark, typeof IconCheck> = { good: IconCheck, bad: IconX, unknown: IconQuestionMark, plain: IconMinus }

export interface LookupsProps {
  readonly session: Pick<SessionRecord, 'client' | 'ehlo' | 'ptrNames'>
  readonly evidence: readonly Answer[]
  /** The tree's last node: what the rules made of it. */
  readonly verdict: React.ReactNode
}

export function Lookups({ session, evidence, verdict }: LookupsProps) {
  if (evidence.length === 0) return <p className="dim">{words.notGathered}</p>
  const tree = lookupTree(session, evidence)
  return (
    <>
      <ul className="tree">
        <li>
          <div className="node"><Name text={session.client} className="strong" /></div>
          <ul>
            {tree.reverse === null ? null : <Side title={words.reverse} node={tree.reverse} />}
            {tree.forward === null ? <li className="dim">{words.noEhlo}</li> : <Side title={words.forward} node={tree.forward} />}
            <li><div className="side">{words.verdictNode}</div><div className="node">{verdict}</div></li>
          </ul>
        </li>
      </ul>
      <Legend evidence={evidence} />
    </>
  )
}

function Side({ title, node }: { readonly title: string; readonly node: TreeNode }) {
  return (
    <li>
      <div className="side">{title}</div>
      <ul><Node node={node} /></ul>
    </li>
  )
}

function Node({ node }: { readonly node: TreeNode }) {
  const Icon = MARKS[node.mark]
  return (
    <li>
      <div className="node" data-mark={node.mark}>
        <Icon size={14} stroke={2.2} aria-hidden className="mark" />
        <span className="question"><Name text={node.subject} /> {node.type === null ? null : <span className="type">{node.type}</span>}</span>
        <span className="remark">{strings.remarks[node.remark]}</span>
      </div>
      {node.answer === null ? null : <AnswerLine answer={node.answer} />}
      {node.children.length === 0 ? null : <ul>{node.children.map((child) => <Node key={child.id} node={child} />)}</ul>}
    </li>
  )
}

function AnswerLine({ answer }: { readonly answer: Answer }) {
  return (
    <div className="answer">
      {answer.chain.map((target) => <div key={target} className="record dim">{words.via} <Name text={target} /></div>)}
      {answer.records.length === 0 ? <div className="record">{strings.statuses[answer.status]}</div> : answer.records.map((record, index) => <div key={index} className="record"><Name text={record} /></div>)}
      <div className="meta">
        {answer.ttl === null ? words.noTtl : words.ttl(answer.ttl)} · {answer.ms === 0 ? words.cached : duration(answer.ms)} · {answer.server === null ? words.unanswered : words.by(answer.server)}
      </div>
    </div>
  )
}

/** The verdict of a session as it was. */
export function VerdictThen({ session }: { readonly session: SessionRecord }) {
  const { refusedFor, findings } = session
  const other = otherReason(session)
  const list = refusedFor.length > 0 ? refusedFor : findings
  return (
    <>
      <span className="strong">{strings.dispositions[session.disposition]}</span>
      <span className="remark">
        {other === null ? '' : `${other.short}; `}
        {list.length === 0 ? (session.verdict === null ? strings.notJudged : strings.dnsInOrder) : list.map((finding) => strings.findings[finding]).join(', ')}
        {refusedFor.length === 0 && findings.length > 0 ? ` (${strings.tolerated})` : ''}
      </span>
    </>
  )
}

const TERMS: readonly { readonly term: TermName; readonly word: string; readonly stands: (answer: Answer) => boolean }[] = [
  { term: 'ptr', word: 'PTR', stands: ({ question }) => question.type === 'PTR' },
  { term: 'a', word: 'A', stands: ({ question }) => question.type === 'A' },
  { term: 'aaaa', word: 'AAAA', stands: ({ question }) => question.type === 'AAAA' },
  { term: 'mx', word: 'MX', stands: ({ question }) => question.type === 'MX' },
  { term: 'via', word: 'CNAME', stands: ({ chain }) => chain.length > 0 },
  { term: 'ttl', word: 'TTL', stands: ({ ttl }) => ttl !== null },
  { term: 'resolver', word: words.resolver, stands: ({ server }) => server !== null },
]

/** The jargon of these lookups, each word once. */
function Legend({ evidence }: { readonly evidence: readonly Answer[] }) {
  const used = TERMS.filter(({ stands }) => evidence.some(stands))
  return <div className="legend"><span className="dim">{words.legend}</span> {used.map(({ term, word }) => <Term key={term} of={term}>{word}</Term>)}</div>
}
