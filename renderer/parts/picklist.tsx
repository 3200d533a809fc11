/** A windowed list of anything: one tab stop, arrows move, the chosen row is the one that is open beside it. */
import { useState } from 'react'
import { ROW_HEIGHT } from '../theme.ts'
import { useKeys } from './usekeys.ts'
import { reveal, useWindowed } from './windowed.ts'

export interface PickColumn<T> {
  readonly id: string
  readonly title: string
  readonly cell: (item: T) => React.ReactNode
}

export interface PickListProps<T> {
  readonly label: string
  readonly className: string
  readonly items: readonly T[]
  readonly columns: readonly PickColumn<T>[]
  readonly keyOf: (item: T) => string
  /** The key of the item that is open. */
  readonly chosen: string | null
  readonly listRef: React.RefObject<HTMLElement | null>
  readonly footer: React.ReactNode
  readonly onChoose: (item: T) => void
  /** Enter on the row that is open. */
  readonly onAct: (item: T) => void
}

export function PickList<T>({ label, className, items, columns, keyOf, chosen, listRef, footer, onChoose, onAct }: PickListProps<T>) {
  const [element, setElement] = useState<HTMLElement | null>(null)
  const view = useWindowed(element, items.length, ROW_HEIGHT)
  const index = chosen === null ? -1 : items.findIndex((item) => keyOf(item) === chosen)
  const move = (to: number) => {
    const next = Math.max(0, Math.min(items.length - 1, to))
    const item = items[next]
    if (item === undefined || element === null) return
    onChoose(item)
    reveal(element, next, ROW_HEIGHT)
    element.focus({ preventScroll: true })
  }
  const inList = (work: () => void) => () => {
    if (document.activeElement !== element && document.activeElement !== document.body) return false
    work()
    return true
  }
  const act = () => {
    const item = items[index]
    if (item === undefined) move(0)
    else onAct(item)
  }
  const page = Math.max(1, Math.floor(view.height / ROW_HEIGHT) - 2)
  useKeys({
    j: () => move(index + 1), k: () => move(Math.max(0, index - 1)), ArrowDown: inList(() => move(index + 1)), ArrowUp: inList(() => move(Math.max(0, index - 1))),
    PageDown: inList(() => move(index + page)), PageUp: inList(() => move(index - page)), Home: inList(() => move(0)), End: inList(() => move(items.length - 1)), Enter: inList(act),
  })
  const visible = index >= view.first && index < view.end
  return (
    <div className={`list ${className}`} ref={(made) => { setElement(made); listRef.current = made }} role="grid" tabIndex={0} aria-label={label} aria-rowcount={items.length + 1} aria-colcount={columns.length} aria-activedescendant={visible ? `pick-${index}` : undefined}>
      <div role="rowgroup" className="head" data-head>
        <div role="row" aria-rowindex={1} className="row headrow">{columns.map(({ id, title }) => <div key={id} role="columnheader" className={`n-${id}`}>{title}</div>)}</div>
      </div>
      <div role="rowgroup" className="rows" style={{ height: items.length * ROW_HEIGHT }}>
        {items.slice(view.first, view.end).map((item, offset) => {
          const at = view.first + offset
          return (
            <div key={at % view.slots} id={`pick-${at}`} role="row" aria-rowindex={at + 2} aria-selected={at === index} className="row" style={{ transform: `translateY(${at * ROW_HEIGHT}px)` }} onClick={() => move(at)} onDoubleClick={() => onAct(item)}>
              {columns.map(({ id, cell }) => <div key={id} role="gridcell" className={`n-${id}`}>{cell(item)}</div>)}
            </div>
          )
        })}
      </div>
      <div role="rowgroup"><div role="row"><div role="gridcell" aria-colspan={columns.length}>{footer}</div></div></div>
    </div>
  )
}
