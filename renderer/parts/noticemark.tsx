/** What became of a notice, as a line of a sender's timeline, with the way to the notice. */
import { IconMailForward } from '@tabler/icons-react'
import type { NoticeMark } from '../../shared/api/live.ts'
import { folderOf } from '../../shared/notice/board.ts'
import type { NoticeFolder } from '../../shared/notice/board.ts'
import { noticesWords as words } from '../words/notices.ts'
import { Name } from './outside.tsx'
import { Ago } from './when.tsx'

export function NoticeMarkLine({ mark, now }: { readonly mark: NoticeMark; readonly now: number }) {
  return (
    <>
      <span className="at"><Ago iso={mark.at} now={now} /></span>
      <span className="what strong"><IconMailForward size={14} aria-hidden /> {words.marks[mark.kind]} <Name text={mark.to} /> <a className="link" href={`#/notices?tab=${folderNow(mark)}&open=${mark.id}`}>{words.openNotice}</a></span>
    </>
  )
}

function folderNow({ state }: NoticeMark): NoticeFolder {
  return folderOf(state)
}
