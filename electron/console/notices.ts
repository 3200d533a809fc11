/** Part of the API: notices (shared/api/notices.ts), in a few lines over the desk. */
import type { DeskState, NoticeBoard, NoticeInFull, NoticeRefusal } from '../../shared/api/notices.ts'
import { countFolders, folderOf, lineOf, noticeMatches } from '../../shared/notice/board.ts'
import type { NoticeFolder } from '../../shared/notice/board.ts'
import { capReason, CAPS, sentWithinDay } from '../../shared/notice/outbox.ts'
import type { Notice } from '../../shared/notice/outbox.ts'
import type { TemplateKind } from '../../shared/notice/templates.ts'
import type { DeskDeps } from '../notice/desk.ts'
import { missingSettings, sendingProblem } from '../notice/mailer.ts'
import { messageOf } from '../settingsfile.ts'

export function listNotices({ outbox }: Pick<DeskDeps, 'outbox'>): readonly Notice[] {
  return [...outbox.list()].sort((a, b) => b.createdAt - a.createdAt)
}

export async function noticeOf({ outbox, settings, clock }: Pick<DeskDeps, 'outbox' | 'settings' | 'clock'>, id: string): Promise<NoticeInFull | null> {
  const notice = outbox.get(id)
  if (notice === null) return null
  const { notices } = settings()
  return { notice, message: (await outbox.message(id)) ?? '', cap: capReason(outbox.list(), notice.to, notices ?? CAPS, clock.now()), sending: sendingProblem(settings()) }
}

export function boardOf(deps: Pick<DeskDeps, 'outbox' | 'settings' | 'clock'>, { folder, text, limit }: { readonly folder?: NoticeFolder | undefined; readonly text?: string | undefined; readonly limit: number }): NoticeBoard {
  const all = listNotices(deps)
  const search = text?.trim() ?? ''
  const found = search === '' ? all : all.filter((notice) => noticeMatches(notice, search))
  const shown = folder === undefined ? found : found.filter(({ state }) => folderOf(state) === folder)
  return { notices: shown.slice(0, limit).map(lineOf), total: shown.length, counts: countFolders(all), desk: deskState(deps) }
}

function deskState({ outbox, settings, clock }: Pick<DeskDeps, 'outbox' | 'settings' | 'clock'>): DeskState {
  const current = settings()
  const { perContactDays, perDay } = current.notices ?? CAPS
  return { missing: missingSettings(current), sending: sendingProblem(current), perContactDays, perDay, today: sentWithinDay(outbox.list(), clock.now()) }
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
