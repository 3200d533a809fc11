/** The panes beside the lists of the Notices page, with what can be done there. */
import { IconArrowBackUp, IconListSearch, IconMailForward, IconTrash, IconUserSearch, IconX } from '@tabler/icons-react'
import type { Notice } from '../../shared/notice/outbox.ts'
import { useConsole } from '../console.ts'
import { NO_FILTER } from '../model/filter.ts'
import { routeHash } from '../model/route.ts'
import { canAgain, NoticeDetail } from '../parts/noticedetail.tsx'
import type { DueLine, StuckLine } from '../parts/noticelists.tsx'
import { NoticeStateWord } from '../parts/noticestate.tsx'
import { Name } from '../parts/outside.tsx'
import { DueDetail, StuckDetail } from '../parts/proposaldetail.tsx'
import { useNow } from '../parts/usenow.ts'
import { noticesWords as words } from '../words/notices.ts'
import { openSender } from './opensender.ts'
import { useNotice } from './usenotices.ts'

type Write = (subject: string, draft?: string | null) => void

function Pane({ label, title, buttons, onClose, children }: { readonly label: string; readonly title: React.ReactNode; readonly buttons: React.ReactNode; readonly onClose: () => void; readonly children: React.ReactNode }) {
  return (
    <aside className="pane" aria-label={label}>
      <header className="panehead">
        {title}
        <div className="grow" />
        {buttons === null ? null : <div className="panebuttons">{buttons}</div>}
        <button type="button" className="plainbutton" aria-label={words.close} title={`${words.close} (Esc)`} onClick={onClose}><IconX size={16} aria-hidden /></button>
      </header>
      <div className="panebody" tabIndex={0} role="region" aria-label={words.body}>{children}</div>
    </aside>
  )
}

/** The refused session on the Live page, and the sender. */
function Links({ session, client }: { readonly session: string; readonly client: string }) {
  return (
    <>
      <a className="action" href={routeHash({ page: 'live', tab: 'ban', session, filter: { ...NO_FILTER, network: client } })}><IconListSearch size={14} aria-hidden />{words.openSession}</a>
      <button type="button" className="action" onClick={() => openSender(client)}><IconUserSearch size={14} aria-hidden />{words.openSender}</button>
    </>
  )
}

export function NoticePane({ id, onWrite, onClose }: { readonly id: string; readonly onWrite: Write; readonly onClose: () => void }) {
  const { loaded, again } = useNotice(id)
  const now = useNow()
  const full = loaded.kind === 'loaded' && !loaded.stale ? loaded.value : null
  const note = loaded.kind === 'failed' ? <p className="note">{words.paneFailed} <button type="button" className="link" onClick={again}>{words.again}</button></p> : <p className="note dim">{loaded.kind === 'loaded' && !loaded.stale ? words.gone : loaded.kind === 'offline' ? words.noLine : words.paneLoading}</p>
  return (
    <Pane label={words.pane.notice} onClose={onClose}
      title={full === null ? null : <><h2><Name text={full.notice.to} /></h2><NoticeStateWord state={full.notice.state} /></>}
      buttons={full === null ? null : <><Deeds notice={full.notice} onWrite={onWrite} /><Links session={full.notice.session} client={full.notice.client} /></>}>
      {full === null ? note : <NoticeDetail full={full} now={now} />}
    </Pane>
  )
}

function Deeds({ notice, onWrite }: { readonly notice: Notice; readonly onWrite: Write }) {
  const { noticeActions } = useConsole()
  if (notice.state === 'draft') {
    return (
      <>
        <button type="button" className="action primary" title={`${words.edit} (n)`} onClick={() => onWrite(notice.session, notice.id)}><IconMailForward size={14} aria-hidden />{words.edit}</button>
        <button type="button" className="action" onClick={() => void noticeActions.cancel(notice)}><IconTrash size={14} aria-hidden />{words.remove}</button>
      </>
    )
  }
  if (notice.state === 'queued') return <button type="button" className="action" onClick={() => void noticeActions.reopen(notice)}><IconArrowBackUp size={14} aria-hidden />{words.takeBack}</button>
  return (
    <>
      {notice.state === 'cancelled' ? <button type="button" className="action" onClick={() => void noticeActions.reopen(notice)}><IconArrowBackUp size={14} aria-hidden />{words.reopen}</button> : null}
      {canAgain(notice) ? <button type="button" className="action" title={`${words.again2} (n)`} onClick={() => onWrite(notice.session)}><IconMailForward size={14} aria-hidden />{words.again2}</button> : null}
    </>
  )
}

function NotifyButton({ onClick }: { readonly onClick: () => void }) {
  return <button type="button" className="action primary" title={`${words.notify} (n)`} onClick={onClick}><IconMailForward size={14} aria-hidden />{words.notify}</button>
}

export function DuePane({ due, loading, onNotify, onClose }: { readonly due: DueLine | null; readonly loading: boolean; readonly onNotify: Write; readonly onClose: () => void }) {
  const now = useNow()
  return (
    <Pane label={words.pane.proposal} onClose={onClose} title={due === null ? null : <h2><Name text={due.client} /></h2>}
      buttons={due === null ? null : (
        <>
          <NotifyButton onClick={() => onNotify(due.session)} />
          <Links session={due.session} client={due.client} />
        </>
      )}>
      {due === null ? <p className="note dim">{loading ? words.paneLoading : words.goneProposal}</p> : <DueDetail due={due} now={now} />}
    </Pane>
  )
}

export function StuckPane({ stuck, loading, onNotify, onClose }: { readonly stuck: StuckLine | null; readonly loading: boolean; readonly onNotify: Write; readonly onClose: () => void }) {
  const now = useNow()
  return (
    <Pane label={words.pane.proposal} onClose={onClose} title={stuck === null ? null : <h2><Name text={stuck.client} /></h2>} 
      buttons={stuck === null ? null : <><NotifyButton onClick={() => onNotify(stuck.session)} /><Links session={stuck.session} client={stuck.client} /></>}>
      {stuck === null ? <p className="note dim">{loading ? words.paneLoading : words.goneProposal}</p> : <StuckDetail stuck={stuck} now={now} />}
    </Pane>
  )
}
