/** The list of notices or proposals, windowed: one tab stop, j k and arrows move, the chosen one is the one that is open beside it. */
import { IconAlertTriangle, IconArrowDown, IconCheck, IconClock, IconClockPause, IconEdit, IconMailForward, IconMailOff, IconMailOpened, IconMoon, IconQuestionMark, IconSparkles, IconX } from '@tabler/icons-react'
import type { NoticeState } from '../../shared/notice/outbox.ts'
import { clientOf, ehloOf, timeOf } from '../model/noticesview.ts'
import type { NoticeItem } from '../model/noticesview.ts'
import { strings } from '../strings.ts'
import { ROW_HEIGHT } from '../theme.ts'
import { noticeStates, noticesWords as words } from '../words/notices.ts'
import { Name, Said } from './outside.tsx'
import { useGridRows } from './usegridrows.ts'
import { Ago } from './when.tsx'

export interface NoticeTableProps {
  readonly items: readonly NoticeItem[]
  readonly chosen: string | null
  readonly now: number
  readonly listRef: React.RefObject<HTMLElement | null>
  readonly onChoose: (item: NoticeItem) => void
  /** Below the count. */
  readonly foot?: React.ReactNode
}

const COLUMNS = ['when', 'client', 'name', 'what', 'state'] as const

export function NoticeTable({ items, chosen, now, listRef, onChoose, foot }: NoticeTableProps) {
  const index = items.findIndex((item) => item.id === chosen)
  const { setElement, view, move, visible } = useGridRows(items, index, onChoose)
  return (
    <div className="list noticetable" ref={(made) => { setElement(made); listRef.current = made }} role="grid" tabIndex={0} aria-label={words.label} aria-rowcount={items.length + 1} aria-colcount={COLUMNS.length} aria-activedescendant={visible ? `notice-${index}` : undefined}>
      <div role="rowgroup" className="head" data-head>
        <div role="row" aria-rowindex={1} className="row headrow">{COLUMNS.map((column) => <div key={column} role="columnheader" className={`n-${column}`}>{words.columns[column]}</div>)}</div>
      </div>
      <div role="rowgroup" className="rows" style={{ height: items.length * ROW_HEIGHT }}>
        {items.slice(view.first, view.end).map((item, offset) => {
          const at = view.first + offset
          return (
            <div key={at % view.slots} id={`notice-${at}`} role="row" aria-rowindex={at + 2} aria-selected={at === index} className="row" style={{ transform: `translateY(${at * ROW_HEIGHT}px)` }} onClick={() => move(at)}>
              <div role="gridcell" className="n-when"><Ago iso={new Date(timeOf(item)).toISOString()} now={now} /></div>
              <div role="gridcell" className="n-client"><Name text={clientOf(item)} className="strong" /></div>
              <div role="gridcell" className="n-name"><EhloName ehlo={ehloOf(item)} /></div>
              <div role="gridcell" className="n-what"><What item={item} /></div>
              <div role="gridcell" className="n-state"><ItemState item={item} /></div>
            </div>
          )
        })}
      </div>
      <div role="rowgroup"><div role="row"><div role="gridcell" aria-colspan={COLUMNS.length}><p className="footer"><span role="status">{words.counted(items.length)}</span> {foot}</p></div></div></div>
    </div>
  )
}

export function EhloName({ ehlo }: { readonly ehlo: string | null }) {
  return ehlo === null ? <span className="dim">{strings.live.noEhlo}</span> : <Name text={ehlo} className="clip" />
}

function What({ item }: { readonly item: NoticeItem }) {
  switch (item.kind) {
    case 'due': {
      // Of those who sank, what speaks against them.
      const text = item.due.reasons.filter(({ weight }) => (item.sunk ? weight < 0 : weight > 0)).map((reason) => reason.text).join('; ')
      return <span className="clip" title={text}><Said text={text} className="plain" /></span>
    }
    case 'stuck': return item.stuck.sender === null ? null : <Name text={item.stuck.sender === '' ? strings.live.nullSender : item.stuck.sender} className="clip dim" />
    case 'notice': return <Name text={item.notice.to} className="clip" />
  }
}

const ICONS: Record<NoticeState, typeof IconCheck> = {
  draft: IconEdit, queued: IconClock, sending: IconMailForward, sent: IconMailForward, unknown: IconQuestionMark, failed: IconMailOff, cancelled: IconX, bounced: IconMailOff, answered: IconMailOpened, fixed: IconCheck, quiet: IconMoon,
}

export function ItemState({ item }: { readonly item: NoticeItem }) {
  if (item.kind === 'due' && item.sunk) return <span className="noticestate dim" title={words.sunkHelp}><IconArrowDown size={15} stroke={1.8} aria-hidden />{words.sunkState}</span>
  if (item.kind === 'due') return <span className="noticestate"><IconSparkles size={15} stroke={1.8} aria-hidden />{words.worth}</span>
  if (item.kind === 'stuck') return <span className="noticestate"><IconClockPause size={15} stroke={1.8} aria-hidden />{words.stuckState}</span>
  const Icon = ICONS[item.notice.state]
  return (
    <span className="noticestate" data-state={item.notice.state}>
      <Icon size={15} stroke={1.8} aria-hidden />{noticeStates[item.notice.state]}
      {item.notice.state === 'queued' && item.notice.tries > 0 ? <IconAlertTriangle size={13} aria-hidden /> : null}
    </span>
  )
}
