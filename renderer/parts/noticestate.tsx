/** The state of a notice, by icon and word. */
import { IconArrowBackUp, IconCheck, IconClock, IconMailCheck, IconMailForward, IconMailOff, IconMoon, IconPencil, IconQuestionMark, IconMessage2, IconX } from '@tabler/icons-react'
import type { NoticeState } from '../../shared/notice/outbox.ts'
import { noticeStates } from '../words/notices.ts'

const ICONS: Record<NoticeState, typeof IconCheck> = {
  draft: IconPencil, queued: IconClock, sending: IconMailForward, sent: IconMailForward, unknown: IconQuestionMark, failed: IconMailOff, cancelled: IconX, bounced: IconArrowBackUp, answered: IconMessage2, fixed: IconMailCheck, quiet: IconMoon,
}

export function NoticeStateWord({ state }: { readonly state: NoticeState }) {
  const Icon = ICONS[state]
  return <span className="disposition noticestate" data-state={state}><Icon size={15} stroke={1.8} aria-hidden /><span>{noticeStates[state]}</span></span>
}
