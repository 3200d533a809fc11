/** Notices: who is worth one, and what became of those that were written; list and detail side by side, all of it by keyboard. */
import { useCallback, useRef, useState } from 'react'
import { Tabs } from '@mantine/core'
import type { Proposals } from '../../shared/api/notices.ts'
import type { NoticeLine } from '../../shared/notice/board.ts'
import { useConsole } from '../console.ts'
import { NOTICES_OPENING, NOTICE_TABS } from '../model/noticesview.ts'
import type { NoticesView, NoticeTab } from '../model/noticesview.ts'
import type { Route } from '../model/route.ts'
import { EmptyState } from '../parts/emptystate.tsx'
import { canAgain } from '../parts/noticedetail.tsx'
import { DueList, NoticeList, reasonsText, StuckList } from '../parts/noticelists.tsx'
import type { DueLine, StuckLine } from '../parts/noticelists.tsx'
import { NoticesBar } from '../parts/noticesbar.tsx'
import { useKeys } from '../parts/usekeys.ts'
import { WriteDialog } from '../parts/writedialog.tsx'
import { useCommands } from '../usecommands.ts'
import type { ChangeRoute } from '../useroute.ts'
import { noticesWords as words } from '../words/notices.ts'
import { paletteWords } from '../words/palette.ts'
import { DuePane, NoticePane, StuckPane } from './noticepanes.tsx'
import { TemplateEditor } from './templateeditor.tsx'
import { useBoard, useProposals } from './usenotices.ts'
import type { Loading } from './usenotices.ts'

export function NoticesPage({ route, change }: { readonly route: Route; readonly change: ChangeRoute }) {
  const view = route.notices ?? NOTICES_OPENING
  const { tab, q, open } = view
  const board = useBoard(tab, q)
  const proposals = useProposals()
  const [asking, setAsking] = useState(false)
  const [sunkShown, setSunkShown] = useState(false)
  const list = useRef<HTMLElement | null>(null)
  const set = useCallback((next: Partial<NoticesView>) => change({ notices: { ...view, ...next } }), [change, view])
  const focusList = () => list.current?.focus({ preventScroll: true })
  const close = () => {
    set({ open: null })
    focusList()
  }
  const write = (subject: string, draft: string | null = null) => change({ write: { subject, draft } })
  const dues = dueLines(proposals.loaded, q, sunkShown || (tab === 'worth' && open !== null && isSunk(proposals.loaded, open)))
  const stucks = stuckLines(proposals.loaded, q)
  const notices = board.loaded.kind === 'loaded' && !board.loaded.stale ? board.loaded.value.notices : []
  /** The session that n writes about: of a draft, that draft. */
  const subject = open === null ? null : tab === 'worth' ? ofClient(dues, open) : tab === 'stuck' ? ofClient(stucks, open) : ofNotice(notices, open)
  const notify = () => {
    if (subject === null) return false
    write(subject.session, subject.draft)
    return true
  }
  useKeys({
    n: () => (open === null ? setAsking(true) : notify()),
    Escape: () => {
      if (open === null) return false
      close()
      return true
    },
  })
  useCommands(() => [
    ...(subject === null ? [] : [{ id: 'notice-write', group: paletteWords.groups.row, title: words.notify, keys: 'n', run: () => void notify() }]),
    { id: 'notice-any', group: paletteWords.groups.list, title: words.writeTitle, run: () => setAsking(true) },
    { id: 'notice-templates', group: paletteWords.groups.list, title: words.templates, run: () => set({ template: 'isp' }) },
  ])
  const counts = board.loaded.kind === 'loaded' ? { ...board.loaded.value.counts, ...(proposals.loaded.kind === 'loaded' ? { worth: proposals.loaded.value.due.length, stuck: proposals.loaded.value.stuck.length } : { worth: 0, stuck: 0 }) } : null
  const shared = { chosen: open, listRef: list }
  const empty = <Nothing tab={tab} searched={q.trim() !== ''} onClear={() => set({ q: '' })} />
  return (
    <Tabs value={tab} onChange={(value) => set({ tab: NOTICE_TABS.find((known) => known === value) ?? 'worth', open: null })} className="live notices" keepMounted={false}>
      <NoticesBar view={view} counts={counts} desk={board.loaded.kind === 'loaded' ? board.loaded.value.desk : null} onSearch={(text) => set({ q: text, open: null })} onWrite={() => setAsking(true)} onTemplates={() => set({ template: 'isp' })} onLeave={focusList} />
      <Tabs.Panel value={tab} className="noticepanel">
        <div className="split" data-detail={open !== null || undefined}>
          {tab === 'worth' ? (
            <Listed loaded={proposals.loaded} onAgain={proposals.again}>
              {dues.length === 0 && sunkCount(proposals.loaded, q) === 0 ? empty : (
                <DueList {...shared} items={dues} onChoose={(due) => set({ open: due.client })} onAct={(due) => write(due.session)} footer={<SunkFooter due={dues.filter(({ sunk }) => !sunk).length} sunk={sunkCount(proposals.loaded, q)} shown={sunkShown} onShow={setSunkShown} />} />
              )}
            </Listed>
          ) : tab === 'stuck' ? (
            <Listed loaded={proposals.loaded} onAgain={proposals.again}>
              {stucks.length === 0 ? empty : <StuckList {...shared} items={stucks} onChoose={(stuck) => set({ open: stuck.client })} onAct={(stuck) => write(stuck.session)} footer={<p className="footer" role="status">{words.proposals(stucks.length)}</p>} />}
            </Listed>
          ) : (
            <Listed loaded={board.loaded} onAgain={board.again}>
              {board.loaded.kind !== 'loaded' || board.loaded.stale ? <EmptyState title={words.stale} /> : notices.length === 0 ? empty : (
                <NoticeList {...shared} items={notices} onChoose={(notice) => set({ open: notice.id })} onAct={(notice) => { if (notice.state === 'draft') write(notice.session, notice.id) }} footer={<Footer shown={notices.length} total={board.loaded.value.total} onMore={board.more} />} />
              )}
            </Listed>
          )}
          {open === null ? null : tab === 'worth' ? <DuePane due={dues.find(({ client }) => client === open) ?? null} loading={proposals.loaded.kind !== 'loaded'} onNotify={write} onClose={close} />
            : tab === 'stuck' ? <StuckPane stuck={stucks.find(({ client }) => client === open) ?? null} loading={proposals.loaded.kind !== 'loaded'} onNotify={write} onClose={close} />
              : <NoticePane id={open} onWrite={write} onClose={close} />}
        </div>
      </Tabs.Panel>
      {asking ? <WriteDialog onGo={(text) => { setAsking(false); write(text) }} onClose={() => { setAsking(false); requestAnimationFrame(focusList) }} /> : null}
      {view.template === null ? null : <TemplateEditor kind={view.template} onKind={(kind) => set({ template: kind })} onClose={() => { set({ template: null }); requestAnimationFrame(focusList) }} />}
    </Tabs>
  )
}

interface Subject {
  readonly session: string
  readonly draft: string | null
}

function ofClient(lines: readonly { readonly client: string; readonly session: string }[], client: string): Subject | null {
  const line = lines.find((each) => each.client === client)
  return line === undefined ? null : { session: line.session, draft: null }
}

function ofNotice(notices: readonly NoticeLine[], id: string): Subject | null {
  const notice = notices.find((each) => each.id === id)
  if (notice === undefined || (notice.state !== 'draft' && !canAgain(notice))) return null
  return { session: notice.session, draft: notice.state === 'draft' ? notice.id : null }
}

function fits(search: string, line: { readonly client: string; readonly ehlo: string | null; readonly sender: string | null; readonly reasons?: Proposals['due'][number]['reasons'] }): boolean {
  const text = [line.client, line.ehlo ?? '', line.sender ?? '', reasonsText(line.reasons ?? [])].join('\n').toLowerCase()
  return search.toLowerCase().split(/\s+/).every((word) => text.includes(word))
}

function dueLines(loaded: Loading<Proposals>, search: string, withSunk: boolean): readonly DueLine[] {
  if (loaded.kind !== 'loaded') return []
  const of = (lines: Proposals['due'], sunk: boolean) => lines.filter((line) => fits(search, line)).map((line) => ({ ...line, sunk }))
  return [...of(loaded.value.due, false), ...(withSunk ? of(loaded.value.sunk, true) : [])]
}

function sunkCount(loaded: Loading<Proposals>, search: string): number {
  return loaded.kind === 'loaded' ? loaded.value.sunk.filter((line) => fits(search, line)).length : 0
}

function isSunk(loaded: Loading<Proposals>, client: string): boolean {
  return loaded.kind === 'loaded' && loaded.value.sunk.some((line) => line.client === client)
}

function stuckLines(loaded: Loading<Proposals>, search: string): readonly StuckLine[] {
  return loaded.kind === 'loaded' ? loaded.value.stuck.filter((line) => fits(search, line)) : []
}

function Listed({ loaded, onAgain, children }: { readonly loaded: Loading<unknown>; readonly onAgain: () => void; readonly children: React.ReactNode }) {
  if (loaded.kind === 'loaded') return children
  if (loaded.kind === 'failed') return <EmptyState title={words.failed}><button type="button" className="action" onClick={onAgain}>{words.again}</button></EmptyState>
  return <EmptyState title={loaded.kind === 'offline' ? words.noLine : words.loading} />
}

function Nothing({ tab, searched, onClear }: { readonly tab: NoticeTab; readonly searched: boolean; readonly onClear: () => void }) {
  const [title, text] = words.empty[tab]
  if (searched) return <EmptyState title={words.nothing}><button type="button" className="action" onClick={onClear}>{words.clear}</button></EmptyState>
  return <EmptyState title={title}><p>{text}</p></EmptyState>
}

function SunkFooter({ due, sunk, shown, onShow }: { readonly due: number; readonly sunk: number; readonly shown: boolean; readonly onShow: (shown: boolean) => void }) {
  return (
    <p className="footer">
      <span role="status">{words.proposals(due)}</span>{' '}
      {sunk === 0 ? null : <span title={words.sunkHelp}>{words.sunk(sunk)}. <button type="button" className="link" aria-expanded={shown} onClick={() => onShow(!shown)}>{shown ? words.sunkHide : words.sunkShow}</button></span>}
    </p>
  )
}

function Footer({ shown, total, onMore }: { readonly shown: number; readonly total: number; readonly onMore: () => void }) {
  const { line } = useConsole()
  const more = shown < total
  return <p className="footer"><span role="status">{words.shown(shown, total)}</span> {more && shown < 5000 && line.api() !== null ? <button type="button" className="link" onClick={onMore}>{words.more}</button> : more ? words.narrow : null}</p>
}
