/** The keys of the Live list. The chosen row is where they act; with the detail pane open, it follows. */
import type { RefObject } from 'react'
import type { Item } from '../model/feed.ts'
import { rowId } from '../parts/sessionrow.tsx'
import type { RowAction } from '../parts/sessionrow.tsx'
import { useKeys } from '../parts/usekeys.ts'
import { reveal } from '../parts/windowed.ts'
import type { LiveStore } from '../store/live.ts'
import { ROW_HEIGHT } from '../theme.ts'

export interface ListKeys {
  readonly live: LiveStore
  readonly chosen: RefObject<Item | null>
  readonly list: RefObject<HTMLElement | null>
  readonly detailOpen: boolean
  readonly choose: (item: Item | null) => void
  readonly act: (action: RowAction, item: Item, at: { x: number; y: number }) => void
  readonly backToLive: () => void
  readonly openDetail: (id: string) => void
  readonly closeDetail: () => void
}

/** Where the chosen row is now: it may have moved, or been folded under a newer one. */
export function indexOfCursor(items: readonly Item[], cursor: Item | null): number {
  if (cursor === null) return -1
  const exact = items.findIndex((item) => item.row.id === cursor.row.id)
  return exact >= 0 ? exact : items.findIndex((item) => item.key === cursor.key && !item.child)
}

/** Where a dialog for a row opens: below it, or at a settled place if it is not drawn. */
export function spotOfRow(id: string): { readonly x: number; readonly y: number } {
  const box = document.getElementById(rowId(id))?.getBoundingClientRect()
  return { x: (box?.left ?? 200) + 120, y: box?.bottom ?? 200 }
}

export function useListKeys({ live, chosen, list, detailOpen, choose, act, backToLive, openDetail, closeDetail }: ListKeys): void {
  const moveTo = (index: number) => {
    const { items } = live.view()
    const item = items[Math.max(0, Math.min(items.length - 1, index))]
    if (item === undefined) return
    choose(item)
    if (list.current !== null) reveal(list.current, items.indexOf(item), ROW_HEIGHT)
    list.current?.focus({ preventScroll: true })
    if (detailOpen) openDetail(item.row.id)
  }
  const at = () => indexOfCursor(live.view().items, chosen.current)
  const next = () => moveTo(at() + 1)
  const previous = () => moveTo(Math.max(0, at() - 1))
  /** Arrows and paging scroll elsewhere (the detail pane); in the list they move. */
  const inList = (work: () => void) => () => {
    const active = document.activeElement
    if (active !== document.body && active !== list.current) return false
    work()
    return true
  }
  const page = () => Math.max(1, Math.floor((list.current?.clientHeight ?? 0) / ROW_HEIGHT) - 2)
  const onChosen = (action: RowAction) => () => {
    const item = live.view().items[at()]
    if (item === undefined) return false
    act(action, item, spotOfRow(item.row.id))
    return true
  }
  const onButton = () => document.activeElement instanceof HTMLElement && document.activeElement.closest('button, a, summary, input, select, [tabindex="0"]:not([role="grid"])') !== null
  useKeys({
    j: next,
    k: previous,
    ArrowDown: inList(next),
    ArrowUp: inList(previous),
    PageDown: inList(() => moveTo(at() + page())),
    PageUp: inList(() => moveTo(at() - page())),
    Home: inList(backToLive),
    Enter: () => (onButton() ? false : onChosen('open')()),
    ' ': () => {
      const item = live.view().items[at()]
      if (onButton() || item === undefined || item.count < 2) return false
      live.toggle(item.key)
      return true
    },
    Escape: () => {
      if (detailOpen) {
        closeDetail()
        list.current?.focus({ preventScroll: true })
      } else if (chosen.current !== null || live.view().fresh !== null) backToLive()
    },
    b: onChosen('ban'),
    w: onChosen('allow'),
    l: onChosen('lift'),
    n: onChosen('notify'),
    r: onChosen('recheck'),
    c: onChosen('copy'),
    s: onChosen('sender'),
  })
}
