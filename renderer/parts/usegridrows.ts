/**
 * A windowed list with one tab stop, in which the chosen row is the one that is open beside it: what is in view, and the keys that
 * move (j, k, arrows, paging, Home, End). The list has the focus after each move.
 */
import { useState } from 'react'
import { ROW_HEIGHT } from '../theme.ts'
import { useKeys } from './usekeys.ts'
import { reveal, useWindowed } from './windowed.ts'

export interface GridRows {
  readonly setElement: (element: HTMLElement | null) => void
  readonly view: ReturnType<typeof useWindowed>
  /** To a row, or to the nearest there is. */
  readonly move: (to: number) => void
  /** Whether the chosen row is drawn. */
  readonly visible: boolean
}

/** `index`: the chosen row; -1: none. */
export function useGridRows<T>(items: readonly T[], index: number, onChoose: (item: T) => void): GridRows {
  const [element, setElement] = useState<HTMLElement | null>(null)
  const view = useWindowed(element, items.length, ROW_HEIGHT)
  const move = (to: number) => {
    const next = Math.max(0, Math.min(items.length - 1, to))
    const item = items[next]
    if (item === undefined || element === null) return
    onChoose(item)
    reveal(element, next, ROW_HEIGHT)
    element.focus({ preventScroll: true })
  }
  /** Arrows and paging scroll elsewhere (the pane beside it); in the list they move. */
  const inList = (work: () => void) => () => {
    if (document.activeElement !== element && document.activeElement !== document.body) return false
    work()
    return true
  }
  const page = Math.max(1, Math.floor(view.height / ROW_HEIGHT) - 2)
  useKeys({
    j: () => move(index + 1), k: () => move(Math.max(0, index - 1)), ArrowDown: inList(() => move(index + 1)), ArrowUp: inList(() => move(Math.max(0, index - 1))),
    PageDown: inList(() => move(index + page)), PageUp: inList(() => move(index - page)), Home: inList(() => move(0)), End: inList(() => move(items.length - 1)),
  })
  return { setElement, view, move, visible: index >= view.first && index < view.end }
}
