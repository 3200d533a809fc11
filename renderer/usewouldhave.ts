/** What each rule set would have done yesterday: asked when the line comes up, and now and then anew. */
import { useEffect, useState } from 'react'
import type { WouldHaveDone } from '../shared/api/whatif.ts'
import { useConsole, useLine } from './console.ts'

const FRESH_MS = 120_000

/** Null while it is not known. */
export function useWouldHave(): WouldHaveDone | null {
  const { line } = useConsole()
  const up = useLine().kind === 'up'
  const [done, setDone] = useState<WouldHaveDone | null>(null)
  useEffect(() => {
    if (!up) return
    const ended = new AbortController()
    const ask = () => {
      line.api()?.whatIf.wouldHave(undefined, { signal: ended.signal }).then((next) => {
        if (!ended.signal.aborted) setDone(next)
      }, () => undefined)
    }
    ask()
    const timer = setInterval(ask, FRESH_MS)
    return () => {
      clearInterval(timer)
      ended.abort()
    }
  }, [line, up])
  return done
}
