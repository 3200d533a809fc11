/** The figures of a span beside those of the span before, and what became of notices. */
import type { Report } from '../../shared/api/reports.ts'
import { banKey, dispositionKey, NOTICE_EVENTS, noticeKey } from '../../shared/report/count.ts'
import type { Counts } from '../../shared/report/count.ts'
import { median } from '../../shared/report/fold.ts'
import { changeOf, count, groupCount, sessionsIn } from '../model/reportrows.ts'
import { strings } from '../strings.ts'
import { reportsWords as words } from '../words/reports.ts'

const { number } = strings

const TILES = {
  sessions: sessionsIn,
  accepted: (counts) => groupCount(counts, 'accepted'),
  refused: (counts) => groupCount(counts, 'refused'),
  deferred: (counts) => groupCount(counts, 'deferred'),
  spared: (counts) => count(counts, banKey('spared')),
  bans: (counts) => count(counts, banKey('made-auto')) + count(counts, banKey('made-admin')),
  notices: (counts) => count(counts, noticeKey('sent')) + count(counts, noticeKey('unknown')),
  fixed: (counts) => count(counts, noticeKey('fixed')),
} satisfies Record<keyof typeof words.tiles, (counts: Counts) => number>

export function Tiles({ report }: { readonly report: Report }) {
  const { totals, before, oldest } = report
  const comparable = oldest !== null && oldest < before.until
  return (
    <dl className="tiles">
      {(Object.keys(TILES) as (keyof typeof TILES)[]).map((name) => {
        const [now, then] = [TILES[name](totals), TILES[name](before.totals)]
        const would = name === 'refused' ? count(totals, dispositionKey('would-reject')) : 0
        return (
          <div key={name} title={words.tileHelp[name]}>
            <dt>{words.tiles[name]}</dt>
            <dd><strong>{number(now)}</strong> {would > 0 ? <span className="dim">{words.counted(strings.dispositions['would-reject'], would)}</span> : null} {comparable ? <span className="dim">{words.change(changeOf(now, then), then)}</span> : null}</dd>
          </div>
        )
      })}
    </dl>
  )
}

export function NoticesPart({ report }: { readonly report: Report }) {
  const { totals, before, fixedAfter, fixedAfterBefore } = report
  const [middle, middleBefore] = [median(fixedAfter), median(fixedAfterBefore)]
  return (
    <section className="reportpart" aria-label={words.notices}>
      <h3>{words.notices}</h3>
      <table className="plaintable figures narrow">
        <thead><tr><th scope="col">{words.noticesEvents}</th><th scope="col">{words.noticesCount}</th><th scope="col">{words.column.before}</th></tr></thead>
        <tbody>{NOTICE_EVENTS.filter((event) => event !== 'unknown' || count(totals, noticeKey(event)) > 0).map((event) => <tr key={event}><th scope="row">{words.noticeNames[event]}</th><td>{number(count(totals, noticeKey(event)))}</td><td className="dim">{number(count(before.totals, noticeKey(event)))}</td></tr>)}</tbody>
      </table>
      <p>{middle === null ? words.noFix : words.timeToFix(middle, fixedAfter.length)}{middleBefore === null ? '' : words.timeToFixBefore(middleBefore)}</p>
    </section>
  )
}
