/** The message as it would be sent, written anew by the gate a moment after the last change; the one before stays meanwhile. */
import { useEffect, useState } from 'react'
import type { NoticePreview, NoticeRefusal, WriteRequest } from '../../shared/api/notices.ts'
import { useConsole, useLine } from '../console.ts'
import { strings } from '../strings.ts'

const TYPING_MS = 250

export interface PreviewState {
  /** Of the last request that was answered; null: none yet. */
  readonly answer: NoticePreview | NoticeRefusal | null
  /** A newer one is on its way: what is shown is not what would be sent. */
  readonly writing: boolean
}

/** `request` null: there is nothing to write yet. */
export function usePreview(request: WriteRequest | null): PreviewState {
  const { line } = useConsole()
  const up = useLine().kind === 'up'
  const key = request === null ? null : JSON.stringify(request)
  const [state, setState] = useState<{ readonly key: string; readonly answer: NoticePreview | NoticeRefusal } | null>(null)
  useEffect(() => {
    const api = line.api()
    if (key === null || !up || api === null) return
    const stop = new AbortController()
    const timer = setTimeout(() => {
      api.notices.preview(JSON.parse(key) as WriteRequest, { signal: stop.signal }).catch((): NoticeRefusal => ({ ok: false, code: 'store', problem: strings.trouble.notDone })).then((answer) => {
        if (!stop.signal.aborted) setState({ key, answer })
      }, () => undefined)
    }, TYPING_MS)
    return () => {
      clearTimeout(timer)
      stop.abort()
    }
  }, [key, up, line])
  return { answer: key === null ? null : (state?.answer ?? null), writing: key !== null && state?.key !== key }
}
