/**
 * Draws only the rows in view of a list whose rows all have one height. Knowing the height makes this arithmetic: the
 * cost does not depend on how long the list is, even when it changes with every frame.
 */
import { useCallback, useEffect, useState } from 'react'

const OVERSCAN = 8
/** After a leap every row is another anyway: those out of sight can wait for the next move. */
const LEAP_OVERSCAN = 1

export interface Window {
  readonly first: number
  readonly end: number
  readonly scrollTop: number
  /** Height of the view, px. */
  readonly height: number
  /** How many rows are drawn at most: `index % slots` as key lets rows change their text instead of being made anew. */
  readonly slots: number
}

export function useWindowed(element: HTMLElement | null, count: number, rowHeight: number): Window {
  const [view, setView] = useState({ scrollTop: 0, height: 600, leapt: false })
  const read = useCallback(() => {
    if (element === null) return
    const { scrollTop, clientHeight } = element
    setView((old) => (old.scrollTop === scrollTop && old.height === clientHeight ? old : { scrollTop, height: clientHeight, leapt: Math.abs(scrollTop - old.scrollTop) > clientHeight }))
  }, [element])
  useEffect(() => {
    if (element === null) return
    const observer = new ResizeObserver(read)
    observer.observe(element)
    element.addEventListener('scroll', read, { passive: true })
    return () => {
      observer.disconnect()
      element.removeEventListener('scroll', read)
    }
  }, [element, read])
  const { scrollTop, height } = view
  const overscan = view.leapt && scrollTop > 0 ? LEAP_OVERSCAN : OVERSCAN
  const first = Math.max(0, Math.min(count, Math.floor(scrollTop / rowHeight)) - overscan)
  const end = Math.min(count, Math.ceil((scrollTop + height) / rowHeight) + overscan)
  return { first, end, slots: Math.ceil(height / rowHeight) + 2 * OVERSCAN + 1, scrollTop, height }
}

/** Scrolls just enough that the row is in view, below a header of that height. */
export function reveal(element: HTMLElement, index: number, rowHeight: number): void {
  const top = index * rowHeight
  const head = element.querySelector<HTMLElement>('[data-head]')?.offsetHeight ?? 0
  if (top < element.scrollTop) element.scrollTop = top
  else if (top + rowHeight + head > element.scrollTop + element.clientHeight) element.scrollTop = top + rowHeight + head - element.clientHeight
}
