/** What the admin does to notices: each with its outcome in words, and with Undo where it can be undone. */
import type { NoticeLine } from '../../shared/notice/board.ts'
import type { NoticePreview, NoticeRefusal, WriteRequest } from '../../shared/api/notices.ts'
import type { TemplateKind } from '../../shared/notice/templates.ts'
import type { Api, Line } from '../client.ts'
import { strings } from '../strings.ts'
import { templateWords } from '../words/noticeeditor.ts'
import { noticesWords as words, templateKinds } from '../words/notices.ts'
import type { Toasts } from './toasts.ts'

/** A notice leaves after so long: until then it can be taken back. As long as the message with its Undo is shown. */
export const HOLD_MS = 10_000

type About = Pick<NoticeLine, 'id' | 'to'>
export type Problem = Pick<NoticeRefusal, 'ok' | 'problem' | 'problems'>
const NOT_DONE: Problem = { ok: false, problem: strings.trouble.notDone }
const NO_LINE: Problem = { ok: false, problem: strings.trouble.noLine }

export class NoticeActions {
  readonly #line: Line
  readonly #toasts: Toasts

  constructor(line: Line, toasts: Toasts) {
    this.#line = line
    this.#toasts = toasts
  }

  /** Keeps it as a draft; says so if `tell`. */
  async draft(request: WriteRequest, tell: boolean): Promise<NoticePreview | Problem> {
    const outcome = await this.#ask((api) => api.notices.draft(request))
    if (tell && outcome.ok) this.#toasts.add('done', words.said.drafted(outcome.notice.to))
    return outcome
  }

  /** Queues a draft, with Undo as long as it has not left. */
  async send(notice: About): Promise<{ readonly ok: true } | Problem> {
    const outcome = await this.#ask((api) => api.notices.send({ id: notice.id, holdMs: HOLD_MS }))
    if (outcome.ok) this.#toasts.add('done', words.said.queued(notice.to, HOLD_MS / 1000), () => this.reopen(notice))
    return outcome
  }

  async reopen(notice: About): Promise<void> {
    const outcome = await this.#ask((api) => api.notices.reopen({ id: notice.id }))
    if (outcome.ok) this.#toasts.add('done', words.said.takenBack(notice.to))
    else this.#toasts.add('trouble', outcome.problem)
  }

  /** A draft, or one that is queued; with Undo. */
  async cancel(notice: About & Pick<NoticeLine, 'state'>): Promise<void> {
    const outcome = await this.#ask((api) => api.notices.cancel({ id: notice.id }))
    if (outcome.ok) this.#toasts.add('done', notice.state === 'draft' ? words.said.removed(notice.to) : words.said.cancelled(notice.to), () => this.reopen(notice))
    else this.#toasts.add('trouble', outcome.problem)
  }

  /** Saves a template; Undo brings back what it replaces. */
  async saveTemplate(kind: TemplateKind, text: string, before: string, after: () => void): Promise<{ readonly ok: true } | Problem> {
    const outcome = await this.#ask((api) => api.notices.templates.set({ kind, text }))
    if (outcome.ok) this.#toasts.add('done', templateWords.saved(templateKinds[kind]), () => this.#putBack(kind, before, after))
    return outcome
  }

  async restoreTemplate(kind: TemplateKind, before: string, after: () => void): Promise<{ readonly ok: true; readonly text: string } | Problem> {
    const outcome = await this.#ask((api) => api.notices.templates.restore({ kind }))
    if (outcome.ok) this.#toasts.add('done', templateWords.restored(templateKinds[kind]), () => this.#putBack(kind, before, after))
    return outcome
  }

  async #putBack(kind: TemplateKind, text: string, after: () => void): Promise<void> {
    const outcome = await this.#ask((api) => api.notices.templates.set({ kind, text }))
    if (outcome.ok) this.#toasts.add('done', templateWords.putBack(templateKinds[kind]))
    else this.#toasts.add('trouble', outcome.problem)
    after()
  }

  async #ask<T>(work: (api: Api) => Promise<T>): Promise<T | Problem> {
    const api = this.#line.api()
    if (api === null) return NO_LINE
    try {
      return await work(api)
    } catch {
      return NOT_DONE
    }
  }
}
