/** Notices as a board: which folder each stands in, what a line of a list shows of it, what a search finds. Pure. */
import { NOTICE_STATES } from './outbox.ts'
import type { Notice, NoticeEvent, NoticeState } from './outbox.ts'

/** `sent`: queued, under way, or sent and without an answer so far. `unsent`: refused for good, or cancelled. */
export const NOTICE_FOLDERS = ['drafts', 'sent', 'answered', 'bounced', 'fixed', 'quiet', 'unsent'] as const
export type NoticeFolder = (typeof NOTICE_FOLDERS)[number]

export function folderOf(state: NoticeState): NoticeFolder {
  switch (state) {
    case 'draft': return 'drafts'
    case 'queued': case 'sending': case 'sent': case 'unknown': return 'sent'
    case 'answered': return 'answered'
    case 'bounced': return 'bounced'
    case 'fixed': return 'fixed'
    case 'quiet': return 'quiet'
    case 'failed': case 'cancelled': return 'unsent'
  }
}

/** A notice without what only its own page shows; `last`: the newest event of its timeline. */
export interface NoticeLine extends Omit<Notice, 'thenAnswers' | 'events' | 'text'> {
  readonly last: NoticeEvent
}

export function lineOf(notice: Notice): NoticeLine {
  const { id, state, template, session, client, ehlo, refusedFor, from, to, source, trust, subject, createdAt, queuedAt, sentAt, tries, nextTryAt, checks, nextCheckAt, events } = notice
  return { id, state, template, session, client, ehlo, refusedFor, from, to, source, trust, subject, createdAt, queuedAt, sentAt, tries, nextTryAt, checks, nextCheckAt, last: events.at(-1) ?? { at: createdAt, kind: 'drafted', text: '' } }
}

export type FolderCounts = Readonly<Record<NoticeFolder, number>>

export function countFolders(notices: Iterable<Pick<Notice, 'state'>>): FolderCounts {
  const byState = new Map<NoticeState, number>()
  for (const { state } of notices) byState.set(state, (byState.get(state) ?? 0) + 1)
  const of = (folder: NoticeFolder) => NOTICE_STATES.reduce((sum, state) => sum + (folderOf(state) === folder ? (byState.get(state) ?? 0) : 0), 0)
  return { drafts: of('drafts'), sent: of('sent'), answered: of('answered'), bounced: of('bounced'), fixed: of('fixed'), quiet: of('quiet'), unsent: of('unsent') }
}

/** Every word of the search stands somewhere in whom it went to, whom it is about, or its subject. */
export function noticeMatches({ to, client, ehlo, subject, session, id }: Pick<Notice, 'to' | 'client' | 'ehlo' | 'subject' | 'session' | 'id'>, search: string): boolean {
  const all = [to, client, ehlo ?? '', subject, session, id].join('\n').toLowerCase()
  return search.toLowerCase().split(/\s+/).every((word) => all.includes(word))
}
