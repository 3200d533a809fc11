/** The list of senders, windowed: one tab stop, arrows move, the chosen row is the one that is open beside it. */
import { useEffect } from 'react'
import { IconAlertTriangle, IconBan, IconCheck, IconClockPause, IconHandStop, IconMinus, IconShieldCheck } from '@tabler/icons-react'
import type { RuleKind } from '../../shared/events.ts'
import type { SenderSummary } from '../../shared/api/senders.ts'
import { strings } from '../strings.ts'
import { ROW_HEIGHT } from '../theme.ts'
import { sendersWords as words, senderStates } from '../words/senders.ts'
import { Name } from './outside.tsx'
import { useGridRows } from './usegridrows.ts'
import { useKeys } from './usekeys.ts'
import { useNow } from './usenow.ts'
import { Ago } from './when.tsx'

type Spot = { readonly x: number; readonly y: number }

export interface SenderTableProps {
  readonly senders: readonly SenderSummary[]
  /** The key of the sender that is open. */
  readonly chosen: string | null
  readonly listRef: React.RefObject<HTMLElement | null>
  readonly footer: React.ReactNode
  readonly onChoose: (sender: SenderSummary) => void
  readonly onRule: (kind: RuleKind, sender: SenderSummary, at: Spot) => void
  readonly onNearEnd: () => void
}

const COLUMNS = ['sender', 'domain', 'attempts', 'since', 'seen', 'retry', 'finding', 'state'] as const
const NEAR_END = 30

export function SenderTable({ senders, chosen, listRef, footer, onChoose, onRule, onNearEnd }: SenderTableProps) {
  const now = useNow()
  const index = senders.findIndex((sender) => sender.key === chosen)
  const { setElement, view, move, visible } = useGridRows(senders, index, onChoose)
  const nearEnd = view.end >= senders.length - NEAR_END
  useEffect(() => {
    if (nearEnd) onNearEnd()
  }, [nearEnd, senders.length, onNearEnd])
  const rule = (kind: RuleKind) => () => {
    const sender = senders[index]
    if (sender === undefined) return false
    const box = document.getElementById(`sender-${index}`)?.getBoundingClientRect()
    onRule(kind, sender, { x: (box?.left ?? 200) + 120, y: box?.bottom ?? 200 })
    return true
  }
  useKeys({ b: rule('ban'), w: rule('allow') })
  return (
    <div className="list sendertable" ref={(made) => { setElement(made); listRef.current = made }} role="grid" tabIndex={0} aria-label={words.label} aria-rowcount={senders.length + 1} aria-colcount={COLUMNS.length} aria-activedescendant={visible ? `sender-${index}` : undefined}>
      <div role="rowgroup" className="head" data-head>
        <div role="row" aria-rowindex={1} className="row headrow">
          {COLUMNS.map((column) => <div key={column} role="columnheader" className={`s-${column}`} title={column === 'since' || column === 'retry' ? words.columnHelp[column] : undefined}>{words.columns[column]}</div>)}
        </div>
      </div>
      <div role="rowgroup" className="rows" style={{ height: senders.length * ROW_HEIGHT }}>
        {senders.slice(view.first, view.end).map((sender, offset) => {
          const at = view.first + offset
          return (
            <div key={at % view.slots} id={`sender-${at}`} role="row" aria-rowindex={at + 2} aria-selected={at === index} className="row" style={{ transform: `translateY(${at * ROW_HEIGHT}px)` }} onClick={() => move(at)}>
              <div role="gridcell" className="s-sender"><Name text={sender.label} className="clip strong" />{sender.isNew ? <span className="tag" title={words.newHelp}>{words.isNew}</span> : null}</div>
              <div role="gridcell" className="s-domain"><SenderDomain sender={sender} /></div>
              <div role="gridcell" className="s-attempts mono">{strings.number(sender.attempts)}</div>
              <div role="gridcell" className="s-since">{sender.refusedSince === null ? <span className="dim">–</span> : <Ago iso={sender.refusedSince} now={now} />}</div>
              <div role="gridcell" className="s-seen"><Ago iso={sender.lastSeen} now={now} /></div>
              <div role="gridcell" className="s-retry">{sender.refusedSince === null ? <span className="dim">–</span> : <span className="clip" title={words.retry(sender.retry)}>{words.retry(sender.retry)}</span>}</div>
              <div role="gridcell" className="s-finding">{sender.findings[0] === undefined ? <span className="dim">–</span> : <span className="clip" title={sender.findings.map((each) => strings.findings[each]).join(', ')}>{strings.findings[sender.findings[0]]}</span>}</div>
              <div role="gridcell" className="s-state"><SenderStateWord sender={sender} /></div>
            </div>
          )
        })}
      </div>
      <div role="rowgroup"><div role="row"><div role="gridcell" aria-colspan={COLUMNS.length}>{footer}</div></div></div>
    </div>
  )
}

export function SenderDomain({ sender }: { readonly sender: SenderSummary }) {
  if (sender.domain === null) return <span className="dim">–</span>
  return sender.verified ? <Name text={sender.domain} className="clip" /> : <><Name text={sender.domain} className="clip dim" /><em className="claimed">{strings.claimed}</em></>
}

const ICONS = { refused: IconHandStop, deferred: IconClockPause, accepted: IconCheck, banned: IconBan, whitelisted: IconShieldCheck, undecided: IconMinus }

export function SenderStateWord({ sender }: { readonly sender: SenderSummary }) {
  const Icon = ICONS[sender.state]
  return (
    <span className="disposition" data-disposition={sender.state === 'refused' ? 'rejected' : sender.state}>
      <Icon size={15} stroke={1.8} aria-hidden />
      <span>{senderStates[sender.state]}</span>
      {sender.notice === null ? null : <span className="tag">{words.notices[sender.notice]}</span>}
      {sender.state === 'refused' && sender.accepted > 0 ? <span className="tag" title={words.correspondentHelp}><IconAlertTriangle size={11} aria-hidden /> {words.correspondent}</span> : null}
    </span>
  )
}
