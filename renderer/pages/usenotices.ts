/** What the Notices page loads, fresh with each edition that the gate tells of. What was there stays while the next is on its way. */
import { useCallback, useEffect, useState } from 'react'
import type { NoticeBoard, NoticeInFull, Proposals } from '../../shared/api/notices.ts'
import { NOTICE_FOLDERS } from '../../shared/notice/board.ts'
import type { Api } from '../client.ts'
import { useConsole, useLine, useNoticeNews } from '../console.ts'
import type { NoticeTab } from '../model/noticesview.ts'

export type Loading<T> = { readonly kind: 'loading' | 'failed' | 'offline' } | { readonly kind: 'loaded'; readonly value: T; readonly stale: boolean }

/** Asks `load` under `key`, anew with each `stamp`; what it answered for another key is stale. */
function useLoaded<T>(key: string | null, stamp: unknown, load: (api: Api, signal: AbortSignal) => Promise<T>): { readonly loaded: Loading<T>; readonly again: () => void } {
  const { line } = useConsole()
  const up = useLine().kind === 'up'
  const [state, setState] = useState<{ readonly key: string; readonly value: T } | null>(null)
  const [failed, setFailed] = useState<string | null>(null)
  const [turn, setTurn] = useState(0)
  const again = useCallback(() => setTurn((before) => before + 1), [])
  useEffect(() => {
    const api = line.api()
    if (key === null || !up || api === null) return
    const stop = new AbortController()
    load(api, stop.signal).then((value) => {
      if (stop.signal.aborted) return
      setState({ key, value })
      setFailed(null)
    }, () => {
      if (!stop.signal.aborted) setFailed(key)
    })
    return () => stop.abort()
    // `load` is made anew by each render; the key stands for it.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [key, stamp, up, line, turn])
  if (state === null || (failed === key && state.key !== key)) return { loaded: { kind: failed === key ? 'failed' : up ? 'loading' : 'offline' }, again }
  return { loaded: { kind: 'loaded', value: state.value, stale: state.key !== key }, again }
}

const PAGE = 500
/** More than the gate gives at once. */
const MOST = 5000

export function useBoard(tab: NoticeTab, text: string): { readonly loaded: Loading<NoticeBoard>; readonly again: () => void; readonly more: () => void } {
  const { edition } = useNoticeNews()
  const folder = NOTICE_FOLDERS.find((known) => known === tab)
  const view = JSON.stringify([folder, text])
  const [size, setSize] = useState({ view, limit: PAGE })
  const limit = size.view === view ? size.limit : PAGE
  const { loaded, again } = useLoaded(view, `${edition} ${limit}`, (api, signal) =>
    api.notices.board({ limit: folder === undefined ? 1 : limit, ...(folder === undefined ? {} : { folder }), ...(text.trim() === '' ? {} : { text }) }, { signal }))
  const more = useCallback(() => setSize((before) => ({ view, limit: Math.min(MOST, (before.view === view ? before.limit : PAGE) + PAGE) })), [view])
  return { loaded, again, more }
}

export function useProposals(): { readonly loaded: Loading<Proposals>; readonly again: () => void } {
  const { edition } = useNoticeNews()
  return useLoaded('proposals', edition, (api, signal) => api.notices.proposals(undefined, { signal }))
}

/** `id` null: none is open. A value of null: there is no such notice. */
export function useNotice(id: string | null): { readonly loaded: Loading<NoticeInFull | null>; readonly again: () => void } {
  const { edition } = useNoticeNews()
  return useLoaded(id, edition, (api, signal) => api.notices.get({ id: id ?? '' }, { signal }))
}
