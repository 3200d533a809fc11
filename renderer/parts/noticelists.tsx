/** The lists of the Notices page: notices of one folder, senders worth a notice with why, senders whose DNS never answers. */
import type { Proposals } from '../../shared/api/notices.ts'
import type { NoticeLine } from '../../shared/notice/board.ts'
import { strings } from '../strings.ts'
import { noticesWords as words } from '../words/notices.ts'
import { NoticeStateWord } from './noticestate.tsx'
import { Name, Said } from './outside.tsx'
import { PickList } from './picklist.tsx'
import type { PickListProps } from './picklist.tsx'
import { useNow } from './usenow.ts'
import { Ago } from './when.tsx'

type Common<T> = Pick<PickListProps<T>, 'items' | 'chosen' | 'listRef' | 'footer' | 'onChoose' | 'onAct'>

export function NoticeList(props: Common<NoticeLine>) {
  const now = useNow()
  return (
    <PickList {...props} label={words.label} className="noticelist" keyOf={({ id }) => id} columns={[
      { id: 'state', title: words.columns.state, cell: ({ state }) => <NoticeStateWord state={state} /> },
      { id: 'to', title: words.columns.to, cell: ({ to }) => <Name text={to} className="clip strong" /> },
      { id: 'about', title: words.columns.about, cell: ({ client, ehlo }) => <><Name text={client} className="address" />{ehlo === null ? null : <Name text={ehlo} className="clip dim" />}</> },
      { id: 'what', title: words.columns.what, cell: ({ last }) => <span className="clip" title={last.text}><Said text={last.text} className="plain" /></span> },
      { id: 'when', title: words.columns.when, cell: ({ last }) => <Ago iso={iso(last.at)} now={now} /> },
    ]} />
  )
}

export type DueLine = Proposals['due'][number] & { readonly sunk: boolean }

export function DueList(props: Common<DueLine>) {
  const now = useNow()
  return (
    <PickList {...props} label={words.tabs.worth} className="noticelist duelist" keyOf={({ client }) => client} columns={[
      { id: 'client', title: words.columns.client, cell: ({ client }) => <Name text={client} className="clip strong" /> },
      { id: 'names', title: words.columns.names, cell: (each) => <Names {...each} /> },
      { id: 'reasons', title: words.columns.reasons, cell: ({ reasons, sunk }) => <>{sunk ? <span className="tag" title={words.sunkHelp}>{words.sunkTag}</span> : null}<span className="clip" title={reasonsText(reasons)}><Said text={reasonsText(reasons)} className="plain" /></span></> },
      { id: 'when', title: words.columns.last, cell: ({ lastAt }) => <Ago iso={iso(lastAt)} now={now} /> },
    ]} />
  )
}

export type StuckLine = Proposals['stuck'][number]

export function StuckList(props: Common<StuckLine>) {
  const now = useNow()
  return (
    <PickList {...props} label={words.tabs.stuck} className="noticelist stucklist" keyOf={({ client }) => client} columns={[
      { id: 'client', title: words.columns.client, cell: ({ client }) => <Name text={client} className="clip strong" /> },
      { id: 'names', title: words.columns.names, cell: (each) => <Names {...each} /> },
      { id: 'attempts', title: words.columns.attempts, cell: ({ attempts }) => <span className="mono">{strings.number(attempts)}</span> },
      { id: 'when', title: words.columns.since, cell: ({ since }) => <Ago iso={iso(since)} now={now} /> },
    ]} />
  )
}

function Names({ ehlo, sender }: { readonly ehlo: string | null; readonly sender: string | null }) {
  return <>{ehlo === null ? <span className="dim">{strings.live.noEhlo}</span> : <Name text={ehlo} className="clip" />}{sender === null || sender === '' ? null : <Name text={sender} className="clip dim" />}</>
}

export function reasonsText(reasons: readonly { readonly text: string }[]): string {
  return reasons.map(({ text }) => text).join('; ')
}

export function iso(ms: number): string {
  return new Date(ms).toISOString()
}
