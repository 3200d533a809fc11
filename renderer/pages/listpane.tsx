/** The list of the Live page with its empty, loading and searching states. Alone in drawing anew with the stream. */
import { useCallback, useMemo, useSyncExternalStore } from 'react'
import type { RefObject } from 'react'
import { IconPlayerPause, IconPointFilled } from '@tabler/icons-react'
import { useConsole, useGate, useLine } from '../console.ts'
import type { Item } from '../model/feed.ts'
import { isEmpty } from '../model/filter.ts'
import type { Filter } from '../model/filter.ts'
import { clockTime } from '../model/time.ts'
import { EmptyState } from '../parts/emptystate.tsx'
import { SessionList } from '../parts/sessionlist.tsx'
import type { SessionListProps } from '../parts/sessionlist.tsx'
import { useNow } from '../parts/usenow.ts'
import type { HoldReason, LiveView } from '../store/live.ts'
import { strings } from '../strings.ts'
import { indexOfCursor } from './listkeys.ts'

const words = strings.live
const ignore = () => undefined

function useView(): LiveView {
  const { live } = useConsole()
  return useSyncExternalStore(live.subscribe, live.view)
}

export interface ListPaneProps {
  readonly filter: Filter
  readonly cursor: Item | null
  readonly listRef: RefObject<HTMLElement | null>
  readonly onAction: SessionListProps['onAction']
  readonly onClearFilter: () => void
}

export function ListPane({ filter, cursor, listRef, onAction, onClearFilter }: ListPaneProps) {
  const { live, leads } = useConsole()
  const view = useView()
  const known = useSyncExternalStore(leads.subscribe, leads.view)
  const index = useMemo(() => indexOfCursor(view.items, cursor), [view.items, cursor])
  const setElement = useCallback((element: HTMLElement | null) => {
    listRef.current = element
  }, [listRef])
  const hold = useCallback((reason: HoldReason) => live.hold(reason), [live])
  const letGo = useCallback((reason: HoldReason) => live.letGo(reason), [live])
  const inView = useCallback((items: readonly Item[]) => leads.want(items.map(({ session }) => session)), [leads])
  const older = useCallback(() => void live.loadOlder(), [live])
  const room = useCallback((rows: number) => live.setRoom(rows), [live])
  if (view.items.length === 0) {
    return (
      <div className="list blank" ref={setElement} tabIndex={-1}>
        <Nothing view={view} filter={filter} onClearFilter={onClearFilter} />
      </div>
    )
  }
  return (
    <SessionList items={view.items} cursor={index} footer={<Footer view={view} onMore={older} />} onAction={onAction} onElement={setElement}
      leads={known} onHold={hold} onLetGo={letGo} onNearEnd={older} onRoom={room} onInView={view.flood ? ignore : inView} />
  )
}

function Nothing({ view, filter, onClearFilter }: { readonly view: LiveView; readonly filter: Filter; readonly onClearFilter: () => void }) {
  const gate = useGate()
  const line = useLine()
  if (!view.ready) return <EmptyState title={line.kind === 'up' ? words.loading : strings.empty.noLine} />
  if (!isEmpty(filter)) {
    return (
      <EmptyState title={view.history.kind === 'searching' ? words.loading : strings.empty.filteredTitle}>
        {view.history.kind === 'searching' ? <Footer view={view} onMore={() => undefined} /> : <p>{strings.empty.filtered}</p>}
        <button type="button" className="action" onClick={onClearFilter}>{strings.filter.clearAll}</button>
      </EmptyState>
    )
  }
  const address = gate?.addresses[0] ?? ''
  if (gate?.practice === true) {
    return (
      <EmptyState title={strings.empty.practiceTitle}>
        <ol>{strings.empty.practiceSteps(address).map((step) => <li key={step}>{step}</li>)}</ol>
      </EmptyState>
    )
  }
  return <EmptyState title={strings.empty.liveTitle}><p>{strings.empty.live(gate?.addresses.join(', ') ?? '')}</p></EmptyState>
}

/** Where history ends, and how to get on. */
function Footer({ view, onMore }: { readonly view: LiveView; readonly onMore: () => void }) {
  const now = useNow()
  const { history, end } = view
  if (history.kind === 'searching') return <p className="footer">{words.searching(history.backTo === null ? null : clockTime(Date.parse(history.backTo), now))}</p>
  if (history.kind === 'failed') return <p className="footer">{words.historyFailed} <button type="button" className="link" onClick={onMore}>{words.again}</button></p>
  if (end === 'more') return <p className="footer"><button type="button" className="link" onClick={onMore}>{words.loadOlder}</button></p>
  return <p className="footer">{end === 'all' ? words.allLoaded : words.full}</p>
}

/** Whether the list is live, and the way back to it. Not announced: it changes with every session. */
export function LiveIndicator({ onBackToLive }: { readonly onBackToLive: () => void }) {
  const { fresh } = useView()
  const line = useLine()
  if (fresh === null) return <span className="indicator" data-live={line.kind === 'up' || undefined}><IconPointFilled size={14} aria-hidden />{line.kind === 'up' ? words.streaming : words.stopped}</span>
  return (
    <button type="button" className="indicator paused" onClick={onBackToLive}>
      <IconPlayerPause size={14} aria-hidden />
      <span>{words.paused(fresh)}</span>
    </button>
  )
}
