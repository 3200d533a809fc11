/** What the detail pane loads: one session from the journal, and the history of its sender, kept fresh while it is shown. */
import { useEffect, useState, useSyncExternalStore } from 'react'
import type { SenderHistory } from '../../shared/api/live.ts'
import type { SessionDetail } from '../../shared/api.ts'
import { useConsole, useLine } from '../console.ts'

export type Loaded =
  | { readonly kind: 'loading' | 'failed' | 'gone' | 'offline' }
  | { readonly kind: 'loaded'; readonly detail: SessionDetail }

/** A session that has only just ended may not be written yet: it is asked for a few times. */
const TRIES = 4
const AGAIN_MS = 400

/** `open`: it is still under way. `attempt`: another number tries again. */
export function useDetail(id: string, open: boolean, attempt: number): Loaded {
  const { line } = useConsole()
  const up = useLine().kind === 'up'
  const [loaded, setLoaded] = useState<{ readonly id: string; readonly value: Loaded } | null>(null)
  useEffect(() => {
    if (open || !up) return
    const stop = new AbortController()
    const load = async (): Promise<Loaded> => {
      for (let tries = 0; tries < TRIES && !stop.signal.aborted; tries += 1) {
        const detail = await line.api()?.sessions.get({ id }, { signal: stop.signal })
        if (detail === undefined) return { kind: 'failed' }
        if (detail !== null) return { kind: 'loaded', detail }
        await new Promise((resolve) => setTimeout(resolve, AGAIN_MS))
      }
      return { kind: 'gone' }
    }
    load()
      .catch((): Loaded => ({ kind: 'failed' }))
      .then((value) => {
        if (!stop.signal.aborted) setLoaded({ id, value })
      }, () => undefined)
    return () => stop.abort()
  }, [id, open, up, attempt, line])
  if (loaded?.id === id) return loaded.value
  return { kind: up ? 'loading' : 'offline' }
}

export type LoadedHistory = { readonly kind: 'loading' | 'failed' } | { readonly kind: 'loaded'; readonly history: SenderHistory }

const FRESH_MS = 15_000

/** `client` null: nothing is asked. Loaded anew when rules change by our hand, after a check, and now and then. */
export function useHistory(client: string | null, verifiedName: string | null, stamp: unknown): LoadedHistory {
  const { line, rules } = useConsole()
  const up = useLine().kind === 'up'
  const known = useSyncExternalStore(rules.subscribe, rules.view)
  const [turn, setTurn] = useState(0)
  const [loaded, setLoaded] = useState<{ readonly client: string; readonly value: LoadedHistory } | null>(null)
  useEffect(() => {
    if (client === null) return
    const timer = setInterval(() => setTurn((before) => before + 1), FRESH_MS)
    return () => clearInterval(timer)
  }, [client])
  useEffect(() => {
    if (client === null || !up) return
    const stop = new AbortController()
    const load = async () => {
      const history = await line.api()?.live.history({ client, names: verifiedName === null ? [] : [verifiedName] }, { signal: stop.signal })
      if (stop.signal.aborted) return
      setLoaded({ client, value: history === undefined || history === null ? { kind: 'failed' } : { kind: 'loaded', history } })
    }
    load().catch(() => {
      // What is there stays: it is only a little older.
      if (!stop.signal.aborted) setLoaded((before) => (before?.client === client ? before : { client, value: { kind: 'failed' } }))
    })
    return () => stop.abort()
  }, [client, verifiedName, up, line, turn, known, stamp])
  return loaded !== null && loaded.client === client ? loaded.value : { kind: 'loading' }
}
