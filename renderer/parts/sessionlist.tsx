/**
 * The streaming list: a grid with one tab stop, whose chosen row is told by aria-activedescendant. It knows where it is
 * scrolled to and asks the page to pause, to go on, and for older rows.
 */
import { useCallback, useEffect, useRef, useState } from 'react'
import type { Leads } from '../../shared/api/live.ts'
import type { Item } from '../model/feed.ts'
import { strings } from '../strings.ts'
import { ROW_HEIGHT } from '../theme.ts'
import { rowId, SessionRow } from './sessionrow.tsx'
import type { RowAction } from './sessionrow.tsx'
import { useFocused } from './usefocused.ts'
import { useNow } from './usenow.ts'
import { useStill } from './usestill.ts'
import { useWindowed } from './windowed.ts'

export interface SessionListProps {
  readonly items: readonly Item[]
  /** Index of the chosen row, -1 if none. */
  readonly cursor: number
  readonly footer: React.ReactNode
  readonly onAction: (action: RowAction, item: Item, at: { readonly x: number; readonly y: number }) => void
  /** Where names lead, by session, as far as it is known. */
  readonly leads: ReadonlyMap<string, Leads>
  /** At the top the list is live; away from it, under the pointer, and with the focus on a row it stands still. */
  readonly onHold: (reason: 'scroll' | 'pointer' | 'focus') => void
  readonly onLetGo: (reason: 'scroll' | 'pointer' | 'focus') => void
  /** What is drawn now. */
  readonly onInView: (items: readonly Item[]) => void
  readonly onNearEnd: () => void
  readonly onRoom: (rows: number) => void
  /** Handed the element once it is there, for focus and scrolling. */
  readonly onElement: (element: HTMLElement | null) => void
}

const columns = strings.live.columns
const NEAR_END_ROWS = 30

export function SessionList({ items, cursor, footer, leads, onAction, onHold, onLetGo, onNearEnd, onRoom, onInView, onElement }: SessionListProps) {
  const [element, setElement] = useState<HTMLElement | null>(null)
  const view = useWindowed(element, items.length, ROW_HEIGHT)
  const now = useNow()
  const setBoth = useCallback((found: HTMLElement | null) => {
    setElement(found)
    onElement(found)
  }, [onElement])

  const atTop = view.scrollTop < 4
  const wasAtTop = useRef(true)
  useEffect(() => {
    if (atTop === wasAtTop.current) return
    wasAtTop.current = atTop
    if (atTop) onLetGo('scroll')
    else onHold('scroll')
  }, [atTop, onHold, onLetGo])

  useEffect(() => onRoom(Math.floor(view.height / ROW_HEIGHT) - 1), [view.height, onRoom])

  const nearEnd = view.end >= items.length - NEAR_END_ROWS && items.length > 0
  useEffect(() => {
    if (nearEnd) onNearEnd()
  }, [nearEnd, items.length, onNearEnd])

  useEffect(() => onInView(items.slice(view.first, view.end)), [items, view.first, view.end, onInView])

  const still = useStill(onHold, onLetGo)
  const chosen = items[cursor]
  const isChosen = chosen !== undefined
  // Only the list itself: the rows' buttons are not in the tab order.
  const focused = useFocused(element)
  useEffect(() => {
    if (!focused || !isChosen) return
    onHold('focus')
    return () => onLetGo('focus')
  }, [focused, isChosen, onHold, onLetGo])

  const visible = cursor >= view.first && cursor < view.end
  const openMenu = (event: React.MouseEvent) => {
    // The menu key: the event is on the grid itself, the row is the chosen one.
    const row = chosen === undefined ? null : document.getElementById(rowId(chosen.row.id))
    if (chosen === undefined || row === null) return
    event.preventDefault()
    const box = row.getBoundingClientRect()
    onAction('menu', chosen, { x: box.left + 120, y: box.bottom })
  }
  return (
    <div className="list" ref={setBoth} role="grid" tabIndex={0} aria-label={strings.live.title} aria-rowcount={items.length + 1} aria-colcount={8}
      aria-activedescendant={chosen !== undefined && visible ? rowId(chosen.row.id) : undefined} onContextMenu={openMenu}>
      <div role="rowgroup" className="head" data-head>
        <div role="row" aria-rowindex={1} className="row headrow">
          <div role="columnheader" className="c-time">{columns.time}</div>
          <div role="columnheader" className="c-client">{columns.client}</div>
          <div role="columnheader" className="c-ehlo">{columns.ehlo} <em className="claimed">{strings.claimed}</em></div>
          <div role="columnheader" className="c-path">{columns.path}</div>
          <div role="columnheader" className="c-verdict">{columns.verdict}</div>
          <div role="columnheader" className="c-disposition">{columns.disposition}</div>
          <div role="columnheader" className="c-ms">{columns.ms}</div>
          <div role="columnheader" className="c-actions"><span className="unseen">{columns.actions}</span></div>
        </div>
      </div>
      <div role="rowgroup" className="rows" style={{ height: items.length * ROW_HEIGHT }} {...still}>
        {items.slice(view.first, view.end).map((item, offset) => (
          <SessionRow key={(view.first + offset) % view.slots} item={item} session={item.session} count={item.count} expanded={item.expanded} child={item.child} index={view.first + offset}
            selected={view.first + offset === cursor} now={now} leads={leads.get(item.session.id)} onAction={onAction} />
        ))}
      </div>
      {footer}
    </div>
  )
}

