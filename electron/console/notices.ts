/** Part of the API: notices (shared/api/notices.ts), in a few lines over the desk. */
import type { NoticeRefusal } from '../../shared/api/notices.ts'
import type { Notice } from '../../shared/notice/outbox.ts'
import type { TemplateKind } from '../../shared/notice/templates.ts'
import type { DeskDeps } from '../notice/desk.ts'
import { messageOf } from '../settingsfile.ts'

export function listNotices({ outbox }: Pick<DeskDeps, 'outbox'>): readonly Notice[] {
  return [...outbox.list()].sort((a, b) => b.createdAt - a.createdAt)
}

export async function noticeOf({ outbox }: Pick<DeskDeps, 'outbox'>, id: string): Promise<{ readonly notice: Notice; readonly message: string } | null> {
  const notice = outbox.get(id)
  return notice === null ? null : { notice, message: (await outbox.message(id)) ?? '' }
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
