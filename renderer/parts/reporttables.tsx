/** The tables of a report: parts of the span, findings, senders and networks. Each figure is a number, whatever else it is drawn as. */
import { dispositionKey, SIDES, sideKey } from '../../shared/report/count.ts'
import type { ReportFigures } from '../../shared/report/fold.ts'
import type { TopEntry, TopList } from '../../shared/report/top.ts'
import { count, dispositionsIn, findingsIn, senderOf, sessionsIn } from '../model/reportrows.ts'
import { strings } from '../strings.ts'
import { reportsWords as words } from '../words/reports.ts'
import { Name } from './outside.tsx'

const { number } = strings

/** Slices as rows, with a column for each of these counts. `hashOf`: where a slice leads, null: nowhere. */
export function SliceTable({ report, caption, columns, sum, hashOf }: { readonly report: ReportFigures; readonly caption: string; readonly columns: readonly { readonly key: string; readonly name: string }[]; readonly sum: boolean; readonly hashOf: (key: string) => string | null }) {
  const { kind } = report.span
  return (
    <div className="tablebox" tabIndex={0} role="region" aria-label={words.tableOf(caption)}>
      <table className="plaintable figures">
        <caption className="unseen">{caption}</caption>
        <thead><tr><th scope="col">{words.sliceColumn[kind]}</th>{sum ? <th scope="col">{words.column.sessions}</th> : null}{columns.map(({ key, name }) => <th key={key} scope="col">{name}</th>)}</tr></thead>
        <tbody>
          {report.slices.map(({ key, counts }) => {
            const hash = hashOf(key)
            const name = words.slice(kind, key)
            return (
              <tr key={key}>
                <th scope="row">{hash === null ? name : <a href={hash}>{name}</a>}</th>
                {sum ? <td>{number(sessionsIn(counts))}</td> : null}
                {columns.map((column) => <td key={column.key}>{number(count(counts, column.key))}</td>)}
              </tr>
            )
          })}
        </tbody>
        <tfoot><tr><th scope="row">{words.total}</th>{sum ? <td>{number(sessionsIn(report.totals))}</td> : null}{columns.map((column) => <td key={column.key}>{number(count(report.totals, column.key))}</td>)}</tr></tfoot>
      </table>
    </div>
  )
}

export function dispositionColumns(report: ReportFigures) {
  return dispositionsIn(report.totals).map((disposition) => ({ key: dispositionKey(disposition), name: strings.dispositions[disposition] }))
}

export function FindingsTable({ report }: { readonly report: ReportFigures }) {
  const found = findingsIn(report.totals)
  const most = Math.max(1, ...found.map(([, times]) => times))
  if (found.length === 0) return <p className="dim">{words.noFindings}</p>
  return (
    <div className="twotables">
      <table className="plaintable figures bars">
        <thead><tr><th scope="col">{words.findingColumn}</th><th scope="col">{words.column.sessions}</th><td aria-hidden /><th scope="col">{words.column.before}</th></tr></thead>
        <tbody>
          {found.map(([finding, times]) => {
            const name = words.findingName(strings.findings, finding)
            return (
              <tr key={finding}>
                <th scope="row"><a href={`#/live?finding=${finding}`} aria-label={words.findingLink(name)}>{name}</a></th>
                <td>{number(times)}</td>
                <td className="barcell" aria-hidden><Bar share={times / most} /></td>
                <td className="dim">{number(count(report.before.totals, `f:${finding}`))}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
      <table className="plaintable figures">
        <caption>{words.sides}</caption>
        <thead><tr><th scope="col">{words.sideColumn}</th><th scope="col">{words.column.sessions}</th><th scope="col">{words.column.before}</th></tr></thead>
        <tbody>{SIDES.map((side) => <tr key={side}><th scope="row">{words.sideNames[side]}</th><td>{number(count(report.totals, sideKey(side)))}</td><td className="dim">{number(count(report.before.totals, sideKey(side)))}</td></tr>)}</tbody>
      </table>
    </div>
  )
}

function Bar({ share }: { readonly share: number }) {
  return <svg className="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden><rect width={Math.max(1, share * 100)} height="8" /></svg>
}

export function TopTable({ kind, list }: { readonly kind: 'senders' | 'networks'; readonly list: TopList }) {
  if (list.entries.length === 0) return <p className="dim">{words.nobody}</p>
  const { rest } = list
  return (
    <div className="tablebox">
      <table className="plaintable figures">
        <thead><tr><th scope="col">{kind === 'senders' ? words.senderColumn : words.networkColumn}</th><th scope="col">{words.column.sessions}</th><th scope="col">{words.column.refused}</th><th scope="col">{words.column.accepted}</th><th scope="col" className="onscreen">{words.linkColumn}</th></tr></thead>
        <tbody>{list.entries.map((entry) => <TopRow key={entry.key} kind={kind} entry={entry} />)}</tbody>
        {rest.sessions === 0 ? null : <tfoot><tr><th scope="row">{words.rest}</th><td>{number(rest.sessions)}</td><td>{number(rest.refused)}</td><td>{number(rest.accepted)}</td><td className="onscreen" /></tr></tfoot>}
      </table>
    </div>
  )
}

function TopRow({ kind, entry }: { readonly kind: 'senders' | 'networks'; readonly entry: TopEntry }) {
  const { domain, verified } = kind === 'senders' ? senderOf(entry.key) : { domain: entry.key, verified: true }
  const figure = (value: number) => (entry.atMost === 0 ? number(value) : <span title={words.atLeastHelp(entry.atMost)}>{words.atLeast(value)}</span>)
  return (
    <tr>
      <th scope="row">
        {domain === null ? <span className="dim" title={words.noDomainHelp}>{words.noDomain}</span> : <a href={`#/senders?q=${encodeURIComponent(kind === 'senders' ? `.${domain}` : domain)}`} aria-label={words.inSenders(domain)}><Name text={domain} /></a>}
        {domain === null || verified ? null : <span className="claimed"> {strings.claimed}</span>}
      </th>
      <td>{figure(entry.sessions)}</td><td>{figure(entry.refused)}</td><td>{figure(entry.accepted)}</td>
      <td className="onscreen">{domain === null ? null : <a href={`#/live?${kind === 'senders' ? 'domain' : 'network'}=${encodeURIComponent(domain)}`} aria-label={words.inLive(domain)}>{words.live}</a>}</td>
    </tr>
  )
}
