/**
 * Draws only the rows in view of a list whose rows all have one height. Knowing the height makes this arithmetic: the
 * cost does not depend on how long the list is, even when it changes with every frame.
 */
import { useCallback, useEffect, useState } from 'react'

const OVERSCAN = 4

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
  const [view, setView] = useState({ scrollTop: 0, height: 600 })
  const read = useCallback(() => {
    if (element === null) return
    const { scrollTop, clientHeight } = element
    setView((old) => (old.scrollTop === scrollTop && old.height === clientHeight ? old : { scrollTop, height: clientHeight }))
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
  const first = Math.max(0, Math.min(count, Math.floor(view.scrollTop / rowHeight)) - OVERSCAN)
  const end = Math.min(count, Math.ceil((view.scrollTop + view.height) / rowHeight) + OVERSCAN)
  return { first, end, slots: Math.ceil(view.height / rowHeight) + 2 * OVERSCAN + 1, ...view }
}

/** Scrolls just enough that the row is in view, below a header of that height. */
export function reveal(element: HTMLElement, index: number, rowHeight: number): void {
  const top = index * rowHeight
  const head = element.querySelector<HTMLElement>('[data-head]')?.offsetHeight ?? 0
  if (top < element.scrollTop) element.scrollTop = top
  else if (top + rowHeight + head > element.scrollTop + element.clientHeight) element.scrollTop = top + rowHeight + head - element.clientHeight
}
