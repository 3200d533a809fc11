/** A report counted in the plainest way, from all sessions at once: what the store's figures are checked against. Sessions only. */
import { FINDINGS } from '../../shared/events.ts'
import type { SessionRecord } from '../../shared/events.ts'
import { neighbourhood, parseAddress } from '../../shared/net/ip.ts'
import type { ReportFigures } from '../../shared/report/fold.ts'
import { comparedUntil } from '../../shared/report/fold.ts'
import { before, boundsOf, slicesOf } from '../../shared/report/span.ts'
import type { Span } from '../../shared/report/span.ts'
import type { TopList } from '../../shared/report/top.ts'
import { identityOf } from '../../shared/search/sender.ts'

export function directReport(sessions: readonly SessionRecord[], span: Span, zone: string, now: number): Omit<ReportFigures, 'uncounted'> {
  const bounds = boundsOf(zone, span)
  const within = (from: number, until: number) => sessions.filter(({ at }) => Date.parse(at) >= from && Date.parse(at) < until)
  const mine = within(bounds.from, bounds.until)
  const earlier = boundsOf(zone, before(span))
  const compared = { from: earlier.from, until: comparedUntil(bounds, earlier, now) }
  const oldest = sessions.reduce((least, { at }) => Math.min(least, Date.parse(at)), Number.POSITIVE_INFINITY)
  return {
    span, zone, ...bounds, totals: countsOf(mine),
    slices: slicesOf(zone, span).map((slice) => ({ ...slice, counts: countsOf(within(slice.from, slice.until)) })),
    before: { span: before(span), ...compared, totals: countsOf(within(compared.from, compared.until)) },
    senders: topOf(mine, (session) => {
      const identity = identityOf(session)
      return identity?.domain == null ? '' : `${identity.verified ? 'v' : 'c'} ${identity.domain}`
    }),
    networks: topOf(mine, ({ client }) => neighbourhood(parseAddress(client)!).text),
    fixedAfter: [], fixedAfterBefore: [], oldest: sessions.length === 0 ? null : Math.floor(oldest / 3_600_000) * 3_600_000,
  }
}

function countsOf(sessions: readonly SessionRecord[]): Record<string, number> {
  const counts: Record<string, number> = {}
  const add = (key: string) => (counts[key] = (counts[key] ?? 0) + 1)
  for (const { disposition, findings } of sessions) {
    add(`d:${disposition}`)
    for (const finding of FINDINGS) if (findings.includes(finding)) add(`f:${finding}`)
    const [ptr, ehlo] = [findings.some((each) => each.startsWith("ptr-")), findings.some((each) => each.startsWith("ehlo-"))]
    if (findings.length > 0) add(ptr && ehlo ? 's:both' : ptr ? 's:ptr' : ehlo ? 's:ehlo' : 's:temporary')
  }
  return counts
}

function topOf(sessions: readonly SessionRecord[], keyOf: (session: SessionRecord) => string): TopList {
  const rows = new Map<string, SessionRecord[]>()
  for (const session of sessions) {
    const row = rows.get(keyOf(session))
    if (row === undefined) rows.set(keyOf(session), [session])
    else row.push(session)
  }
  const counted = (all: readonly SessionRecord[]) => ({
    sessions: all.length, refused: all.filter(({ disposition }) => /^(rejected|would-reject)$/.test(disposition)).length,
    accepted: all.filter(({ disposition }) => /^(accepted|whitelisted|exempt)$/.test(disposition)).length,
  })
  const sorted = [...rows].map(([key, all]) => ({ key, ...counted(all), atMost: 0 })).sort((a, b) => b.sessions - a.sessions || (a.key < b.key ? -1 : 1))
  return { entries: sorted.slice(0, 25), rest: counted(sorted.slice(25).flatMap(({ key }) => rows.get(key) ?? [])) }
}
