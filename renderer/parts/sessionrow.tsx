/** One row of the Live list. Plain elements and memoised: at full stream every visible row is new twenty times a second. */
import { memo } from 'react'
import { IconBan, IconChevronDown, IconChevronRight, IconCopy, IconLockOpen, IconRefresh, IconSend, IconShieldCheck, IconUserSearch } from '@tabler/icons-react'
import type { Leads } from '../../shared/api/live.ts'
import { wasRefused } from '../../shared/notice/heard.ts'
import type { Item, LiveSession } from '../model/feed.ts'
import { ROW_HEIGHT } from '../theme.ts'
import { strings } from '../strings.ts'
import { DispositionWord, VerdictWords } from './disposition.tsx'
import { Name } from './outside.tsx'
import { Ago } from './when.tsx'

export type RowAction = 'open' | 'ban' | 'allow' | 'recheck' | 'copy' | 'lift' | 'sender' | 'notify' | 'toggle' | 'menu'

export interface SessionRowProps {
  readonly item: Item
  /** Given apart from the item, which is made anew by each snapshot. */
  readonly session: LiveSession
  readonly count: number
  readonly expanded: boolean
  readonly child: boolean
  readonly index: number
  readonly selected: boolean
  /** What the rules say of the client now, whatever they said then. */
  readonly standing: 'banned' | 'allowed' | null
  readonly now: number
  /** Where its names lead, once that is known. */
  readonly leads: Leads | undefined
  readonly onAction: (action: RowAction, item: Item, at: { readonly x: number; readonly y: number }) => void
}

const words = strings.live

export const SessionRow = memo(function SessionRow({ item, session, count, expanded, child, index, selected, standing, now, leads, onAction }: SessionRowProps) {
  const act = (action: RowAction) => (event: React.MouseEvent) => {
    event.stopPropagation()
    event.preventDefault()
    onAction(action, item, { x: event.clientX, y: event.clientY })
  }
  return (
    <div
      id={rowId(session.id)} role="row" aria-rowindex={index + 2} aria-selected={selected} className={child ? 'row child' : 'row'} data-open={session.open || undefined}
      style={{ transform: `translateY(${index * ROW_HEIGHT}px)` }} onClick={act('open')} onContextMenu={act('menu')}
    >
      <div role="gridcell" className="c-time"><Ago iso={session.at} now={now} /></div>
      <div role="gridcell" className="c-client">
        {count > 1 ? (
          <button type="button" tabIndex={-1} className="fold" aria-expanded={expanded} title={expanded ? words.collapse : words.expand(count)} onClick={act('toggle')}>
            {expanded ? <IconChevronDown size={13} aria-hidden /> : <IconChevronRight size={13} aria-hidden />}
            <span aria-label={words.repeats(count)}>{strings.number(count)}</span>
          </button>
        ) : null}
        <Name text={session.client} className="address" />
        <ClientName session={session} />
        {standing === null ? null : <StandingNote standing={standing} />}
      </div>
      <div role="gridcell" className="c-ehlo">{session.ehlo === null ? <span className="dim">{words.noEhlo}</span> : <Name text={session.ehlo} className="clip" />}</div>
      <div role="gridcell" className="c-path"><Path session={session} /></div>
      <div role="gridcell" className="c-verdict"><VerdictWords session={session} leads={leads} /></div>
      <div role="gridcell" className="c-disposition"><DispositionWord session={session} /></div>
      <div role="gridcell" className="c-ms mono">{session.open ? '' : strings.number(session.ms)}</div>
      <div role="gridcell" className="c-actions">
        {standing === 'banned'
          ? <button type="button" tabIndex={-1} className="lift" aria-label={words.actions.lift} title={`${words.actions.lift} (l)`} onClick={act('lift')}><IconLockOpen size={15} aria-hidden /><span>{words.actions.lift}</span></button>
          : <button type="button" tabIndex={-1} aria-label={words.actions.ban} title={`${words.actions.ban} (b)`} onClick={act('ban')}><IconBan size={15} aria-hidden /></button>}
        <button type="button" tabIndex={-1} aria-label={words.actions.allow} title={`${words.actions.allow} (w)`} onClick={act('allow')}><IconShieldCheck size={15} aria-hidden /></button>
        <button type="button" tabIndex={-1} aria-label={words.actions.notify} title={`${words.actions.notify} (n)`} disabled={!canNotify(session)} onClick={act('notify')}><IconSend size={15} aria-hidden /></button>
        <button type="button" tabIndex={-1} aria-label={words.actions.recheck} title={`${words.actions.recheck} (r)`} disabled={session.open} onClick={act('recheck')}><IconRefresh size={15} aria-hidden /></button>
        <button type="button" tabIndex={-1} aria-label={words.actions.copyLog} title={`${words.actions.copyLog} (c)`} onClick={act('copy')}><IconCopy size={15} aria-hidden /></button>
        <button type="button" tabIndex={-1} aria-label={words.actions.sender} title={`${words.actions.sender} (s)`} onClick={act('sender')}><IconUserSearch size={15} aria-hidden /></button>
      </div>
    </div>
  )
}, (before, after) => (Object.keys(after) as (keyof SessionRowProps)[]).every((key) => key === 'item' || before[key] === after[key]))

/** Only of what was refused, or would have been, is there anything to tell. */
export function canNotify(session: Pick<LiveSession, 'open' | 'refusedFor' | 'disposition'>): boolean {
  return !session.open && wasRefused(session)
}

export function rowId(session: string): string {
  return `session-${session}`
}

/** Where the list is too narrow for the column of EHLO names, who has no verified name is told by the one it claims. */
function ClientName({ session }: { readonly session: LiveSession }) {
  if (session.verifiedName !== null) return <Name text={session.verifiedName} className="clip verified" />
  const [reverse] = session.ptrNames
  if (session.ehlo === null) return reverse === undefined ? null : <Claimed name={reverse} />
  return (
    <>
      {reverse === undefined ? null : <span className="ifehlo"><Claimed name={reverse} /></span>}
      <span className="ifnoehlo"><Claimed name={session.ehlo} /></span>
    </>
  )
}

function Claimed({ name }: { readonly name: string }) {
  return (
    <>
      <Name text={name} className="clip dim" />
      <em className="claimed">{strings.claimed}</em>
    </>
  )
}

/** By icon and word; where the row is narrow, the word is for hovering and screen readers, and the name keeps its place. */
function StandingNote({ standing }: { readonly standing: 'banned' | 'allowed' }) {
  const Icon = standing === 'banned' ? IconBan : IconShieldCheck
  return <em className="standingnote" data-standing={standing} title={words.standing[standing]}><Icon size={12} stroke={2} aria-hidden /><span>{words.standing[standing]}</span></em>
}

function Path({ session }: { readonly session: LiveSession }) {
  if (session.sender === null) return null
  const [first, ...rest] = session.recipients
  return (
    <>
      <Name text={session.sender === '' ? words.nullSender : session.sender} className="clip" />
      {first === undefined ? null : (
        <>
          <span className="dim" aria-hidden> → </span>
          <Name text={first} className="clip" />
          {rest.length > 0 ? <span className="dim" title={session.recipients.length.toString()}> {words.moreRecipients(rest.length)}</span> : null}
        </>
      )}
    </>
  )
}
