/** Senders: one row for each, refused correspondents first; the search field that understands a customer's sentence; one sender in full beside the list. */
import { useCallback, useRef, useState } from 'react'
import { IconBan, IconSend, IconShieldCheck, IconX } from '@tabler/icons-react'
import type { RuleKind, SessionRecord } from '../../shared/events.ts'
import type { SenderSummary } from '../../shared/api/senders.ts'
import { useConsole } from '../console.ts'
import { NO_FILTER } from '../model/filter.ts'
import { routeHash } from '../model/route.ts'
import type { Route } from '../model/route.ts'
import { isFiltered, SENDERS_OPENING } from '../model/sendersview.ts'
import type { SendersView } from '../model/sendersview.ts'
import { EmptyState } from '../parts/emptystate.tsx'
import { Name } from '../parts/outside.tsx'
import { RulePopover } from '../parts/rulepopover.tsx'
import { SenderDetail } from '../parts/senderdetail.tsx'
import { SendersBar } from '../parts/sendersbar.tsx'
import { SenderDomain, SenderStateWord, SenderTable } from '../parts/sendertable.tsx'
import { useKeys } from '../parts/usekeys.ts'
import { useNow } from '../parts/usenow.ts'
import { strings } from '../strings.ts'
import type { ChangeRoute } from '../useroute.ts'
import { sendersWords as words } from '../words/senders.ts'
import { NoticesAbout } from './noticesabout.tsx'
import { useSender, useSenders } from './usesenders.ts'
import type { LoadedList, LoadedSender } from './usesenders.ts'

type Spot = { readonly x: number; readonly y: number }
type Client = Pick<SessionRecord, 'client' | 'verifiedName' | 'ptrNames'>

export function SendersPage({ route, change }: { readonly route: Route; readonly change: ChangeRoute }) {
  const { actions, noticeActions } = useConsole()
  const view = route.senders ?? SENDERS_OPENING
  const { loaded, loadMore, again } = useSenders(view)
  const [dialog, setDialog] = useState<{ readonly kind: RuleKind; readonly client: Client; readonly at: Spot } | null>(null)
  const list = useRef<HTMLElement | null>(null)
  const set = (next: Partial<SendersView>) => change({ senders: { ...view, ...next } })
  const senders = loaded.kind === 'loaded' ? loaded.list.senders : []
  // What was searched for is shown at once: the first that was found, until another is chosen or it is closed.
  const [closed, setClosed] = useState<string | null>(null)
  const searched = view.q.trim() !== '' && loaded.kind === 'loaded' && !loaded.stale && closed !== view.q
  const open = view.sender ?? (searched ? (senders[0]?.key ?? null) : null)
  const one = useSender(open, view.q)
  const detail = one.loaded.kind === 'loaded' ? one.loaded.detail : null
  const focusList = useCallback(() => list.current?.focus({ preventScroll: true }), [])
  const close = () => {
    setClosed(view.q)
    set({ sender: null })
    focusList()
  }
  const rule = (kind: RuleKind, sender: SenderSummary, at: Spot) => {
    const [session] = detail?.sender.key === sender.key ? detail.sessions : []
    setDialog({ kind, client: session ?? { client: sender.address, verifiedName: null, ptrNames: [] }, at })
  }
  const told = detail?.sessions.find((session) => session.refusedFor.length > 0)?.id ?? null
  const notify = () => {
    if (told === null) return false
    noticeActions.write(told)
    return true
  }
  useKeys({
    n: notify,
    Enter: () => {
      if (document.activeElement !== list.current || open !== null) return false
      const [first] = senders
      if (first !== undefined) set({ sender: first.key })
      return true
    },
    Escape: () => {
      if (open === null) return false
      close()
      return true
    },
  })
  const linkTo = (session: string | null) => routeHash({ page: 'live', tab: 'ban', session, filter: { ...NO_FILTER, network: detail === null ? null : liveScope(detail.sender) } })
  return (
    <div className="live senders">
      <SendersBar view={view} understood={loaded.kind === 'loaded' && !loaded.stale ? loaded.list.understood : ''} instead={loaded.kind === 'loaded' && !loaded.stale && loaded.list.senders.length > 0 ? loaded.list.instead : ''} onChange={set} onLeave={focusList} />
      <div className="split" data-detail={open !== null || undefined}>
        <List loaded={loaded} view={view} open={open} listRef={list} onAgain={again} onClear={() => set(SENDERS_OPENING)} onMore={loadMore}
          onChoose={(sender) => set({ sender: sender.key })} onRule={rule} />
        {open === null ? null : (
          <Pane loaded={one.loaded} shown={senders.find((sender) => sender.key === open) ?? null} onAgain={one.again} onClose={close} onRule={rule} onNotify={told === null ? null : notify}>
            {detail === null ? null : <DetailNow detail={detail} linkTo={linkTo} />}
          </Pane>
        )}
      </div>
      {dialog === null ? null : (
        <RulePopover kind={dialog.kind} session={dialog.client} at={dialog.at} preview={actions.preview} onSubmit={actions.addRule} onClose={() => { setDialog(null); requestAnimationFrame(focusList) }} />
      )}
    </div>
  )
}

/** What the Live page filters by to show a sender's sessions. */
function liveScope(sender: SenderSummary): string {
  return sender.hosts === 1 && !sender.key.includes('/') ? sender.key : sender.label
}

function DetailNow({ detail, linkTo }: Pick<React.ComponentProps<typeof SenderDetail>, 'detail' | 'linkTo'>) {
  const { actions } = useConsole()
  return <SenderDetail detail={detail} now={useNow()} linkTo={linkTo} onRemoveRule={(rule) => void actions.removeRule(rule)} notices={<NoticesAbout client={detail.sender.address} />} />
}

interface ListProps extends Pick<React.ComponentProps<typeof SenderTable>, 'listRef' | 'onChoose' | 'onRule'> {
  readonly loaded: LoadedList
  readonly view: SendersView
  readonly open: string | null
  readonly onAgain: () => void
  readonly onClear: () => void
  readonly onMore: () => void
}

function List({ loaded, view, open, listRef, onAgain, onClear, onMore, onChoose, onRule }: ListProps) {
  if (loaded.kind === 'failed') return <EmptyState title={words.failed}><button type="button" className="action" onClick={onAgain}>{words.again}</button></EmptyState>
  if (loaded.kind !== 'loaded') return <EmptyState title={loaded.kind === 'offline' ? words.noLine : words.loading} />
  const { list } = loaded
  const uncounted = list.uncounted > 0 ? <p>{words.uncounted(list.uncounted)}</p> : null
  if (list.senders.length === 0) {
    if (loaded.stale) return <EmptyState title={words.stale} />
    if (view.q.trim() === '' && !isFiltered(view)) return <EmptyState title={words.emptyTitle}><p>{words.empty}</p>{uncounted}</EmptyState>
    return <EmptyState title={words.nothingTitle}><p>{words.nothing}</p>{uncounted}<button type="button" className="action" onClick={onClear}>{words.clear}</button></EmptyState>
  }
  const footer = (
    <p className="footer">
      <span role="status">{words.counted(list.senders.length, list.total)}</span> {list.uncounted > 0 ? words.uncounted(list.uncounted) : null}{' '}
      {loaded.more === 'loading' ? words.loadingMore : loaded.more === 'no' ? null : <button type="button" className="link" onClick={onMore}>{loaded.more === 'failed' ? words.again : words.more}</button>}
    </p>
  )
  const nearEnd = loaded.more === 'some' && !loaded.stale ? onMore : nothing
  return <SenderTable senders={list.senders} chosen={open} listRef={listRef} footer={footer} onChoose={onChoose} onRule={onRule} onNearEnd={nearEnd} />
}

const nothing = () => undefined

interface PaneProps {
  readonly loaded: LoadedSender
  readonly shown: SenderSummary | null
  readonly onAgain: () => void
  readonly onClose: () => void
  readonly onRule: (kind: RuleKind, sender: SenderSummary, at: Spot) => void
  /** Null: nothing of it was refused. */
  readonly onNotify: (() => void) | null
  readonly children: React.ReactNode
}

function Pane({ loaded, shown, onAgain, onClose, onRule, onNotify, children }: PaneProps) {
  const sender = loaded.kind === 'loaded' ? loaded.detail.sender : shown
  const rule = (kind: RuleKind) => (event: React.MouseEvent) => {
    const box = event.currentTarget.getBoundingClientRect()
    if (sender !== null) onRule(kind, sender, { x: box.left, y: box.bottom })
  }
  return (
    <aside className="pane" aria-label={words.pane}>
      <header className="panehead">
        {sender === null ? null : <><h2><Name text={sender.label} /></h2><SenderDomain sender={sender} />{sender.hosts > 1 ? <span className="dim">{words.hosts(sender.hosts)}</span> : null}<SenderStateWord sender={sender} /></>}
        <div className="grow" />
        {sender === null ? null : (
          <div className="panebuttons">
            <button type="button" className="action" onClick={rule('ban')}><IconBan size={14} aria-hidden />{strings.live.actions.ban}</button>
            <button type="button" className="action" onClick={rule('allow')}><IconShieldCheck size={14} aria-hidden />{strings.live.actions.allow}</button>
            {onNotify === null ? null : <button type="button" className="action" title={`${strings.live.actions.notify} (n)`} onClick={onNotify}><IconSend size={14} aria-hidden />{strings.live.actions.notify}</button>}
          </div>
        )}
        <button type="button" className="plainbutton" aria-label={words.close} title={`${words.close} (Esc)`} onClick={onClose}><IconX size={16} aria-hidden /></button>
      </header>
      <div className="panebody" tabIndex={0} role="region" aria-label={words.body}>
        {loaded.kind === 'loaded' ? children : loaded.kind === 'failed' ? (
          <p className="note">{words.paneFailed} <button type="button" className="link" onClick={onAgain}>{words.again}</button></p>
        ) : <p className="note dim">{loaded.kind === 'gone' ? words.gone : words.paneLoading}</p>}
      </div>
    </aside>
  )
}
