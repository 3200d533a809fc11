/** The message as it would be sent, written anew by the gate a moment after the last change; the one before stays meanwhile. */
import { useCallback, useEffect, useRef, useState } from 'react'
import type { NoticePreview, NoticeRefusal, WriteRequest } from '../../shared/api/notices.ts'
import { useConsole, useLine } from '../console.ts'
import { strings } from '../strings.ts'

const TYPING_MS = 250

export interface PreviewState {
  /** Of the last request that was answered; null: none yet. */
  readonly answer: NoticePreview | NoticeRefusal | null
  /** The last message that could be written; the text may have mistakes since. */
  readonly last: NoticePreview | null
  /** A newer one is on its way: what is shown is not what would be sent. */
  readonly writing: boolean
  /** Writes it anew, of this moment. */
  readonly again: () => void
}

/** `request` null: there is nothing to write yet. `draft`: the id of the draft that is written on; one message keeps its tag from preview to preview, so that what was looked at is what is sent. */
export function usePreview(request: WriteRequest | null, draft: string | null): PreviewState {
  const { line } = useConsole()
  const up = useLine().kind === 'up'
  const key = request === null ? null : JSON.stringify(request)
  const [state, setState] = useState<{ readonly key: string; readonly answer: NoticePreview | NoticeRefusal; readonly last: NoticePreview | null } | null>(null)
  const id = useRef(draft)
  const [turn, setTurn] = useState(0)
  const again = useCallback(() => setTurn((before) => before + 1), [])
  useEffect(() => {
    const api = line.api()
    if (key === null || !up || api === null) return
    const stop = new AbortController()
    const timer = setTimeout(() => {
      api.notices.preview({ ...(JSON.parse(key) as WriteRequest), ...(id.current === null ? {} : { id: id.current }) }, { signal: stop.signal }).catch((): NoticeRefusal => ({ ok: false, code: 'store', problem: strings.trouble.notDone })).then((answer) => {
        if (stop.signal.aborted) return
        if (answer.ok) id.current ??= answer.notice.id
        setState((before) => ({ key, answer, last: answer.ok ? answer : (before?.last ?? null) }))
      }, () => undefined)
    }, TYPING_MS)
    return () => {
      clearTimeout(timer)
      stop.abort()
    }
  }, [key, up, line, turn])
  return { answer: key === null ? null : (state?.answer ?? null), last: state?.last ?? null, writing: key !== null && state?.key !== key, again }
}
