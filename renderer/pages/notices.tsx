/** Notices: whom to write to, what was written, and what became of it; list and detail side by side, all of it in the address bar. */
import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { Button, Tabs, TextInput } from '@mantine/core'
import { IconAlertTriangle, IconSearch, IconSend, IconTemplate, IconX } from '@tabler/icons-react'
import type { DeskState, NoticeInFull } from '../../shared/api/notices.ts'
import { useConsole, useLine } from '../console.ts'
import { NO_FILTER } from '../model/filter.ts'
import { clientOf, countsOf, itemsOf, matching, NOTICES_OPENING, NOTICES_TABS, sessionOf, sunkItems, tabOf } from '../model/noticesview.ts'
import type { NoticeItem, NoticesView } from '../model/noticesview.ts'
import { routeHash } from '../model/route.ts'
import type { Route } from '../model/route.ts'
import { EmptyState } from '../parts/emptystate.tsx'
import { NoticeDetail, ProposalDetail } from '../parts/noticedetail.tsx'
import { ItemState, NoticeTable } from '../parts/noticetable.tsx'
import { Name, Said } from '../parts/outside.tsx'
import { useKeys } from '../parts/usekeys.ts'
import { useNow } from '../parts/usenow.ts'
import { useCommands } from '../usecommands.ts'
import type { ChangeRoute } from '../useroute.ts'
import { noticesWords as words } from '../words/notices.ts'
import { openSender } from './opensender.ts'
import { TemplatesDialog } from './templatesdialog.tsx'
import { useNotices } from './usenotices.ts'
import { useDetail } from './usesession.ts'

export function NoticesPage({ route, change }: { readonly route: Route; readonly change: ChangeRoute }) {
  const { noticeActions } = useConsole()
  const view = route.notices ?? NOTICES_OPENING
  const { notices, proposals, kind, desk } = useNotices()
  const line = useLine()
  const now = useNow()
  const [sunkShown, setSunkShown] = useState(false)
  const list = useRef<HTMLElement | null>(null)
  const set = useCallback((next: Partial<NoticesView>) => change({ notices: { ...view, ...next } }), [change, view])
  const counts = countsOf(notices, proposals)
  const sunk = view.tab === 'worth' ? matching(sunkItems(proposals), view.q) : []
  const showsSunk = sunkShown || sunk.some(({ id }) => id === view.open)
  const items = [...matching(itemsOf(view.tab, notices, proposals), view.q), ...(showsSunk ? sunk : [])]
  const open = view.open === null ? null : (items.find(({ id }) => id === view.open) ?? itemsOf('all', notices, proposals).find(({ id }) => id === view.open) ?? null)
  const focusList = () => list.current?.focus({ preventScroll: true })
  const close = () => {
    set({ open: null })
    focusList()
  }
  const notify = () => {
    if (open === null) return false
    noticeActions.write(sessionOf(open), open.kind === 'notice' && open.notice.state === 'draft' ? open.notice.id : null)
    return true
  }
  useKeys({
    n: notify,
    Enter: () => {
      if (document.activeElement !== list.current || open !== null || items[0] === undefined) return false
      set({ open: items[0].id })
      return true
    },
    Escape: () => {
      if (view.open === null) return false
      close()
      return true
    },
  })
  useCommands(() => [
    { id: 'notice-templates', group: words.label, title: words.templatesButton, run: () => set({ template: 'isp' }) },
    ...(open === null ? [] : [{ id: 'notice-write', group: words.label, title: words.notifyOf(clientOf(open)), keys: 'n', run: () => void notify() }]),
  ])
  return (
    <Tabs value={view.tab} onChange={(value) => set({ tab: NOTICES_TABS.find((known) => known === value) ?? 'worth', open: null })} className="rules noticespage" keepMounted={false}>
      <div className="toolbar">
        <div className="tabline">
          <Tabs.List>{NOTICES_TABS.map((tab) => <Tabs.Tab key={tab} value={tab}>{words.tab(tab, kind === 'loaded' ? counts[tab] : null)}</Tabs.Tab>)}</Tabs.List>
          <div className="grow" />
          <TextInput id="search" type="search" size="xs" className="search" aria-label={words.search} placeholder={words.placeholder} autoComplete="off" maxLength={400} leftSection={<IconSearch size={14} aria-hidden />}
            value={view.q} onChange={(event) => set({ q: event.currentTarget.value })} onKeyDown={(event) => { if (event.key === 'Escape' || event.key === 'ArrowDown') { event.preventDefault(); focusList() } }} />
          <Button size="xs" variant="default" leftSection={<IconTemplate size={14} aria-hidden />} onClick={() => set({ template: 'isp' })}>{words.templatesButton}</Button>
        </div>
        {desk === null ? null : <Desk desk={desk} />}
      </div>
      <Tabs.Panel value={view.tab} className="rulespanel" tabIndex={-1}>
        <div className="split" data-detail={open !== null || undefined}>
          {kind !== 'loaded' ? <EmptyState title={kind === 'failed' ? words.failed : line.kind === 'up' ? words.loading : words.noLine} />
            : items.length > 0 || (sunk.length > 0 && view.q === '') ? <NoticeTable items={items} chosen={view.open} now={now} listRef={list} onChoose={(item) => set({ open: item.id })} foot={<Sunk count={sunk.length} shown={showsSunk} onShow={setSunkShown} />} />
              : <Nothing view={view} onClear={() => set({ q: '' })} />}
          {open === null ? null : <Pane key={open.id} item={open} now={now} onClose={close} onNotify={() => void notify()} onMoved={(next) => set({ tab: next })} />}
        </div>
      </Tabs.Panel>
      {view.template === null ? null : <TemplatesDialog kind={view.template} onKind={(template) => set({ template })} onClose={() => { set({ template: null }); requestAnimationFrame(focusList) }} />}
    </Tabs>
  )
}

/** What the caps leave, or what is missing to send anything at all. */
function Desk({ desk: { missing, sending, perContactDays, perDay, today } }: { readonly desk: DeskState }) {
  if (sending === null) return <p className="dim allowance">{words.allowance(perContactDays, perDay, today)}</p>
  const why = missing.length > 0 ? words.missing(missing) : `${sending.charAt(0).toUpperCase()}${sending.slice(1)}.`
  return <p className="allowance"><IconAlertTriangle size={14} aria-hidden /> <strong>{words.off}</strong> <Said text={why} className="plain" /> {words.offStill} <a className="link" href="#/settings">{words.toSettings}</a></p>
}

function Sunk({ count, shown, onShow }: { readonly count: number; readonly shown: boolean; readonly onShow: (shown: boolean) => void }) {
  if (count === 0) return null
  return <span title={words.sunkHelp}> · {words.sunk(count)} <button type="button" className="link" aria-expanded={shown} onClick={() => onShow(!shown)}>{shown ? words.sunkHide : words.sunkShow}</button></span>
}

function Nothing({ view, onClear }: { readonly view: NoticesView; readonly onClear: () => void }) {
  if (view.q.trim() !== '') return <EmptyState title={words.nothing}><button type="button" className="action" onClick={onClear}>{words.clear}</button></EmptyState>
  const [title, text] = words.empty[view.tab]
  return <EmptyState title={title}><p>{text}</p></EmptyState>
}

interface PaneProps {
  readonly item: NoticeItem
  readonly now: number
  readonly onClose: () => void
  readonly onNotify: () => void
  /** What was done moved it to another tab. */
  readonly onMoved: (tab: NoticesView['tab']) => void
}

function Pane({ item, now, onClose, onNotify, onMoved }: PaneProps) {
  const client = clientOf(item)
  const session = sessionOf(item)
  return (
    <aside className="pane" aria-label={words.pane}>
      <header className="panehead">
        <h2><Name text={client} /></h2><ItemState item={item} />
        <div className="grow" />
        <div className="panebuttons">
          {item.kind === 'notice' ? null : <button type="button" className="action" onClick={onNotify} title={`${words.notify} (n)`}><IconSend size={14} aria-hidden />{words.notify}</button>}
          <a className="action" href={routeHash({ page: 'live', tab: 'ban', session, filter: { ...NO_FILTER, network: client } })}>{words.openSession}</a>
          <button type="button" className="action" onClick={() => openSender(client)}>{words.openSender}</button>
        </div>
        <button type="button" className="plainbutton" aria-label={words.close} title={`${words.close} (Esc)`} onClick={onClose}><IconX size={16} aria-hidden /></button>
      </header>
      <div className="panebody" tabIndex={0} role="region" aria-label={words.body}>
        {item.kind === 'notice' ? <NoticeNow item={item} now={now} onMoved={onMoved} /> : <ProposalNow item={item} now={now} />}
      </div>
    </aside>
  )
}

function ProposalNow({ item, now }: { readonly item: Exclude<NoticeItem, { kind: 'notice' }>; readonly now: number }) {
  const loaded = useDetail(sessionOf(item), false, 0)
  return <ProposalDetail item={item} detail={loaded.kind === 'loaded' ? loaded.detail : null} now={now} />
}

function NoticeNow({ item: { notice }, now, onMoved }: { readonly item: Extract<NoticeItem, { kind: 'notice' }>; readonly now: number; readonly onMoved: PaneProps['onMoved'] }) {
  const { line, noticeActions } = useConsole()
  const up = useLine().kind === 'up'
  const [full, setFull] = useState<NoticeInFull | null>(null)
  const [failed, setFailed] = useState(false)
  const stamp = JSON.stringify([notice.state, notice.nextCheckAt, notice.events.at(-1)])
  useEffect(() => {
    const api = line.api()
    if (!up || api === null) return
    const stop = new AbortController()
    api.notices.get({ id: notice.id }, { signal: stop.signal }).then(
      (found) => {
        if (stop.signal.aborted) return
        setFull(found)
        setFailed(found === null)
      },
      () => {
        if (!stop.signal.aborted) setFailed(true)
      },
    )
    return () => stop.abort()
    // The list has the notice anew with each change; what it leaves out is loaded for it.
  }, [line, up, notice.id, stamp])
  const send = async () => {
    const done = await noticeActions.sendDraft(notice)
    if (done.ok) onMoved(tabOf({ ...notice, state: 'queued' }))
    return done
  }
  const cancel = () => {
    void noticeActions.cancel(notice)
    onMoved('all')
  }
  const reopen = () => {
    void noticeActions.reopen(notice)
    onMoved('drafts')
  }
  return (
    <NoticeDetail notice={full?.notice.state === notice.state ? full.notice : notice} message={full?.message ?? null} messageFailed={failed} now={now} against={full === null ? null : (full.sending ?? full.cap)}
      onSend={send} onCancel={cancel} onReopen={reopen} onEdit={() => noticeActions.write(notice.session, notice.id)} onAnother={() => noticeActions.write(notice.session)} />
  )
}

/** How many are worth a notice, for the rail. */
export function useWorthCount(): number {
  const { notices } = useConsole()
  return useSyncExternalStore(notices.subscribe, notices.state).proposals.due.length
}
