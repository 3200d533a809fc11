/** Reports: a span and the one before it in figures, plots and lists; "what if"; and what is kept. All of it in the address bar, as files and on paper. */
import { useCallback, useMemo } from 'react'
import { useMantineColorScheme } from '@mantine/core'
import type { Report } from '../../shared/api/reports.ts'
import { localDate } from '../../shared/report/zone.ts'
import { banKey } from '../../shared/report/count.ts'
import { useConsole } from '../console.ts'
import { GROUPS, groupCount, isEmpty, findingsCsv, slicesCsv, topCsv } from '../model/reportrows.ts'
import type { Group } from '../model/reportrows.ts'
import { NO_FILTER } from '../model/filter.ts'
import { closer, REPORTS_OPENING, step } from '../model/reportsview.ts'
import type { ReportsView } from '../model/reportsview.ts'
import { routeHash } from '../model/route.ts'
import type { Route } from '../model/route.ts'
import { EmptyState } from '../parts/emptystate.tsx'
import { Plot } from '../parts/plot.tsx'
import type { Texture } from '../parts/plotpaint.ts'
import { ReportBar } from '../parts/reportbar.tsx'
import { NoticesPart, Tiles } from '../parts/reportfigures.tsx'
import { dispositionColumns, FindingsTable, SliceTable, TopTable } from '../parts/reporttables.tsx'
import { saveText } from '../parts/save.ts'
import { useKeys } from '../parts/usekeys.ts'
import { useLightPaper } from '../parts/usepaper.ts'
import type { ChangeRoute } from '../useroute.ts'
import { reportsWords as words } from '../words/reports.ts'
import { KeptPane } from './keptpane.tsx'
import { useReport } from './usereport.ts'
import { WhatIfPane } from './whatifpane.tsx'

const TEXTURES: Readonly<Record<Group, Texture>> = { accepted: 'rising', refused: 'solid', deferred: 'dots', banned: 'falling', other: 'pale' }

export function ReportsPage({ route, change }: { readonly route: Route; readonly change: ChangeRoute }) {
  const view = route.reports ?? REPORTS_OPENING
  const { loaded, again } = useReport(view)
  useLightPaper()
  const set = useCallback((next: Partial<ReportsView>) => change({ reports: { ...view, ...next } }), [change, view])
  const report = loaded.kind === 'loaded' ? loaded.report : null
  const move = (way: 1 | -1) => {
    if (report !== null) set({ date: step(report.span, way, localDate(report.zone, Date.now())) })
  }
  useKeys({ '[': () => move(-1), ']': () => move(1) })
  const exportAll = useSaver()
  return (
    <div className="reports">
      <ReportBar kind={view.span} from={report?.span.from ?? null} onKind={(span) => set({ span })} onStep={move} onDate={(date) => set({ date })}
        onCsv={report === null ? null : () => exportAll(`${fileOf(report)}.csv`, slicesCsv(report))} />
      <div className="reportbody" tabIndex={-1} aria-busy={loaded.kind === 'loaded' && loaded.stale ? true : undefined}>
        {loaded.kind === 'failed' ? <EmptyState title={words.failed}><button type="button" className="action" onClick={again}>{words.again}</button></EmptyState>
          : report === null ? <EmptyState title={loaded.kind === 'offline' ? words.noLine : words.loading} />
            : <Sheet report={report} view={view} set={set} />}
        <WhatIfPane view={view} onView={set} />
        <KeptPane />
      </div>
    </div>
  )
}

function useSaver(): (name: string, text: string) => void {
  const { toasts } = useConsole()
  return (name, text) => {
    saveText(name, text)
    toasts.add('done', words.saved(name))
  }
}

const fileOf = ({ span }: Report) => `porch-${span.kind}-${span.from}`

interface SheetProps {
  readonly report: Report
  readonly view: ReportsView
  readonly set: (next: Partial<ReportsView>) => void
}

function Sheet({ report, view, set }: SheetProps) {
  const { span, totals, before, now, until, zone, oldest, uncounted } = report
  const earlier = words.titleOf(before.span)
  const future = report.from > now
  const told = future ? words.future : now < until ? words.soFar(new Date(now).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: zone }), earlier) : words.whole(earlier)
  return (
    <>
      <header className="reporthead">
        <h2>{words.titleOf(span)}</h2>
        <p className="dim"><span title={words.zoneHelp}>{words.zone(zone)}.</span> {told} {oldest !== null && oldest > before.from ? words.notKept(new Date(oldest).toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: zone })) : ''}</p>
        <p role="status" className={uncounted > 0 ? '' : 'unseen'}>{uncounted > 0 ? words.uncounted(uncounted) : ''}</p>
      </header>
      {isEmpty(totals) ? (
        <EmptyState title={words.emptyTitle}><p>{words.empty}</p>{now >= report.from && now < until ? null : <button type="button" className="action" onClick={() => set({ date: null })}>{words.emptyNow}</button>}</EmptyState>
      ) : <><Tiles report={report} /><Parts report={report} view={view} set={set} /></>}
    </>
  )
}

function Parts({ report, view, set }: SheetProps) {
  const { toasts } = useConsole()
  const { colorScheme } = useMantineColorScheme({ keepTransitions: true })
  const save = useSaver()
  const { span, slices, totals, senders, networks } = report
  const title = words.titleOf(span)
  const file = fileOf(report)
  const ticks = useMemo(() => slices.map(({ key }) => words.tick(span.kind, key)), [slices, span])
  const names = useMemo(() => slices.map(({ key }) => words.slice(span.kind, key)), [slices, span])
  const outcomes = useMemo(() => ({ ticks, parts: GROUPS.map((group) => ({ name: words.groups[group], texture: TEXTURES[group], values: slices.map(({ counts }) => groupCount(counts, group)) })) }), [ticks, slices])
  const spared = useMemo(() => ({ ticks, parts: [{ name: words.sparedParts.spared, texture: 'falling' as const, values: slices.map(({ counts }) => counts[banKey('spared')] ?? 0) }] }), [ticks, slices])
  const closerHash = (key: string) => {
    const next = closer(span, key)
    return next === null ? null : routeHash({ page: 'reports', filter: NO_FILTER, session: null, tab: 'ban', reports: { ...view, ...next } })
  }
  const choose = span.kind === 'day' ? null : (at: number) => {
    const next = closer(span, slices[at]?.key ?? span.from)
    if (next !== null) set(next)
  }
  const common = {
    title, slices: names, scheme: colorScheme, tables: view.tables, onTables: (tables: boolean) => set({ tables }), csv: () => slicesCsv(report), onChoose: choose,
    onSaid: (text: string, ok: boolean) => toasts.add(ok ? 'done' : 'trouble', text),
  }
  const bans = (['made-auto', 'made-admin', 'expired', 'lifted', 'spared'] as const).map((event) => ({ key: banKey(event), name: words.banNames[event] }))
  return (
    <>
      <Plot {...common} what={words.outcomes} nothing={words.nobody} data={outcomes} file={`${file}-sessions`} sums={GROUPS.map((group) => groupCount(totals, group))}>
        <SliceTable report={report} caption={words.outcomes} columns={dispositionColumns(report)} sum hashOf={closerHash} />
      </Plot>
      <section className="reportpart" aria-label={words.findings}>
        <PartHead what={words.findings} onCsv={() => save(`${file}-findings.csv`, findingsCsv(report))} />
        <FindingsTable report={report} />
      </section>
      <div className="twoparts">
        <section className="reportpart" aria-label={words.senders}>
          <PartHead what={words.senders} onCsv={() => save(`${file}-senders.csv`, topCsv('senders', senders, { none: words.noDomain, rest: words.rest }))} />
          <TopTable kind="senders" list={senders} />
        </section>
        <section className="reportpart" aria-label={words.networks}>
          <PartHead what={words.networks} onCsv={() => save(`${file}-networks.csv`, topCsv('networks', networks, { none: words.noDomain, rest: words.rest }))} />
          <TopTable kind="networks" list={networks} />
        </section>
      </div>
      <Plot {...common} what={words.spared} nothing={words.nothingSpared} data={spared} file={`${file}-bans`} sums={[totals[banKey('spared')] ?? 0]}>
        <SliceTable report={report} caption={words.spared} columns={bans} sum={false} hashOf={closerHash} />
      </Plot>
      <NoticesPart report={report} />
    </>
  )
}



function PartHead({ what, onCsv }: { readonly what: string; readonly onCsv: () => void }) {
  return <header className="parthead"><h3>{what}</h3><div className="grow" /><button type="button" className="action" aria-label={words.csvOf(what)} onClick={onCsv}>{words.csv}</button></header>
}
