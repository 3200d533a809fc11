/**
 * Keys for the whole page: single ones ("j") and sequences ("g l"). They rest while someone types, while a dialog or
 * menu is open, and with Ctrl, Alt or Meta held. A handler that returns false lets the key through. The second key of a
 * sequence is never taken for a single one, whoever's they are.
 */
import { useLayoutEffect, useRef } from 'react'

export type KeyMap = Readonly<Record<string, (event: KeyboardEvent) => boolean | void>>

const SEQUENCE_MS = 1200
/** Keys with which a sequence begins ("g"): they mean nothing by themselves. */
const LEADERS: ReadonlySet<string> = new Set(['g'])
const BUSY = 'input, textarea, select, [contenteditable], [role="dialog"], [role="menu"]'

export function useKeys(keys: KeyMap): void {
  const latest = useRef(keys)
  useLayoutEffect(() => {
    latest.current = keys
  })
  // As soon as the page is seen, its keys work.
  useLayoutEffect(() => {
    let first: { key: string; at: number } | null = null
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented || isBusy(event.target)) return
      const follows = first !== null && LEADERS.has(first.key) && event.timeStamp - first.at < SEQUENCE_MS
      const name = follows ? `${first?.key ?? ''} ${event.key}` : event.key
      // The end of a sequence begins no other.
      first = follows ? null : { key: event.key, at: event.timeStamp }
      const handler = latest.current[name]
      if (handler !== undefined && handler(event) !== false) event.preventDefault()
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [])
}

function isBusy(target: EventTarget | null): boolean {
  return (target instanceof Element && target.closest(BUSY) !== null) || document.querySelector('[role="dialog"], [role="menu"]') !== null
}
