/** Part of the API: notices (shared/api/notices.ts), in a few lines over the desk. */
import type { DeskState, NoticeInFull, NoticeRefusal } from '../../shared/api/notices.ts'
import { capReason, countedToday } from '../../shared/notice/outbox.ts'
import type { Notice } from '../../shared/notice/outbox.ts'
import type { TemplateKind } from '../../shared/notice/templates.ts'
import { NO_CAPS, unsendable } from '../notice/desk.ts'
import type { DeskDeps } from '../notice/desk.ts'
import { missingSettings, sendingProblem } from '../notice/mailer.ts'
import { messageOf } from '../settingsfile.ts'

export function listNotices({ outbox }: Pick<DeskDeps, 'outbox'>): readonly Notice[] {
  return [...outbox.list()].sort((a, b) => b.createdAt - a.createdAt).map((notice) => ({ ...notice, thenAnswers: [], events: notice.events.slice(-1), text: null }))
}

export async function noticeOf({ outbox, settings, clock }: Pick<DeskDeps, 'outbox' | 'settings' | 'clock'>, id: string): Promise<NoticeInFull | null> {
  const notice = outbox.get(id)
  if (notice === null) return null
  const current = settings()
  return { notice, message: (await outbox.message(id)) ?? '', cap: capReason(outbox.list(), notice.to, current.notices ?? NO_CAPS, clock.now()), sending: unsendable(current, notice.session) }
}

export function deskState({ outbox, settings, clock }: Pick<DeskDeps, 'outbox' | 'settings' | 'clock'>): DeskState {
  const current = settings()
  const { perContactDays, perDay } = current.notices ?? NO_CAPS
  return { missing: missingSettings(current), sending: sendingProblem(current), perContactDays, perDay, today: countedToday(outbox.list(), clock.now()) }
}

export async function setTemplate({ templates }: Pick<DeskDeps, 'templates'>, kind: TemplateKind, text: string): Promise<{ readonly ok: true } | NoticeRefusal> {
  try {
    const problems = await templates.set(kind, text)
    const [first] = problems
    return first === undefined ? { ok: true } : { ok: false, code: 'template', problem: `Line ${first.line}: ${first.problem}`, problems }
  } catch (error) {
    return { ok: false, code: 'store', problem: `The template could not be kept: ${messageOf(error)}` }
  }
}

export async function restoreTemplate({ templates }: Pick<DeskDeps, 'templates'>, kind: TemplateKind): Promise<{ readonly ok: true; readonly text: string } | NoticeRefusal> {
  try {
    return { ok: true, text: await templates.restore(kind) }
  } catch (error) {
    return { ok: false, code: 'store', problem: `The template could not be restored: ${messageOf(error)}` }
  }
}
