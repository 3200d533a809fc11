/** The report that the page shows: loaded anew now and then while it is of the present; what was there stays while the next is on its way. */
import { useCallback, useEffect, useState } from 'react'
import type { Kept, Report } from '../../shared/api/reports.ts'
import { useConsole, useLine } from '../console.ts'
import type { ReportsView } from '../model/reportsview.ts'

export type LoadedReport =
  | { readonly kind: 'loading' | 'failed' | 'offline' }
  | { readonly kind: 'loaded'; readonly report: Report; readonly stale: boolean }

const FRESH_MS = 30_000
const COUNTING_MS = 1000

export function useReport({ span, date }: Pick<ReportsView, 'span' | 'date'>): { readonly loaded: LoadedReport; readonly again: () => void } {
  const { line } = useConsole()
  const up = useLine().kind === 'up'
  const key = `${span} ${date ?? ''}`
  const [state, setState] = useState<{ readonly key: string; readonly report: Report } | null>(null)
  const [failed, setFailed] = useState<string | null>(null)
  const [turn, setTurn] = useState(0)
  const again = useCallback(() => {
    setFailed(null)
    setTurn((before) => before + 1)
  }, [])
  useEffect(() => {
    const api = line.api()
    if (!up || api === null) return
    const stop = new AbortController()
    let timer: ReturnType<typeof setTimeout> | null = null
    api.reports.get({ kind: span, ...(date === null ? {} : { date }) }, { signal: stop.signal }).then(
      (report) => {
        if (stop.signal.aborted) return
        setState({ key, report })
        setFailed(null)
        // What is over does not change any more.
        if (report.uncounted > 0 || report.now < report.until) timer = setTimeout(() => setTurn((before) => before + 1), report.uncounted > 0 ? COUNTING_MS : FRESH_MS)
      },
      () => {
        if (!stop.signal.aborted) setFailed(key)
      },
    )
    return () => {
      stop.abort()
      if (timer !== null) clearTimeout(timer)
    }
  }, [key, span, date, up, turn, line])
  if (failed === key && state?.key !== key) return { loaded: { kind: 'failed' }, again }
  if (state === null) return { loaded: { kind: up ? 'loading' : 'offline' }, again }
  return { loaded: { kind: 'loaded', report: state.report, stale: state.key !== key }, again }
}

export type LoadedKept = { readonly kind: 'loading' | 'failed' } | { readonly kind: 'loaded'; readonly kept: Kept }

/** `turn`: changes when it is to be looked at again. */
export function useKept(turn: number): LoadedKept {
  const { line } = useConsole()
  const up = useLine().kind === 'up'
  const [state, setState] = useState<LoadedKept>({ kind: 'loading' })
  useEffect(() => {
    const api = line.api()
    if (!up || api === null) return
    const stop = new AbortController()
    api.privacy.kept(undefined, { signal: stop.signal }).then(
      (kept) => {
        if (!stop.signal.aborted) setState({ kind: 'loaded', kept })
      },
      () => {
        if (!stop.signal.aborted) setState((before) => (before.kind === 'loaded' ? before : { kind: 'failed' }))
      },
    )
    return () => stop.abort()
  }, [line, up, turn])
  return state
}
