/** What the admin does with notices: each with its outcome in words. Which refusal a notice is being written about is kept here, too. */
import type { NoticePreview, NoticeRefusal, TemplateText, WriteRequest } from '../../shared/api/notices.ts'
import type { Notice } from '../../shared/notice/outbox.ts'
import type { TemplateKind } from '../../shared/notice/templates.ts'
import type { Api, Line } from '../client.ts'
import type { Done } from '../model/wishes.ts'
import { strings } from '../strings.ts'
import { noticesWords as words, templateKinds } from '../words/notices.ts'
import type { NoticesStore } from './notices.ts'
import type { Toasts } from './toasts.ts'

export class NoticeActions {
  readonly #line: Line
  readonly #notices: NoticesStore
  readonly #toasts: Toasts
  readonly #listeners = new Set<() => void>()
  #subject: string | null = null

  constructor(line: Line, notices: NoticesStore, toasts: Toasts) {
    this.#line = line
    this.#notices = notices
    this.#toasts = toasts
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** A session's id or an address; null: nothing is being written. */
  readonly subject = (): string | null => this.#subject

  readonly write = (subject: string | null): void => {
    this.#subject = subject
    for (const listener of this.#listeners) listener()
  }

  /** Keeps a draft and queues it. */
  async send(request: WriteRequest): Promise<Done> {
    const draft = await this.draft(request)
    return draft.ok ? this.sendDraft(draft.notice) : draft
  }

  async draft(request: WriteRequest): Promise<NoticePreview | NoticeRefusal> {
    return this.#asked((api) => api.notices.draft(request))
  }

  async sendDraft({ id, to }: Pick<Notice, 'id' | 'to'>): Promise<Done> {
    const sent = await this.#asked((api) => api.notices.send({ id }))
    if (sent.ok) this.#toasts.add('done', words.done.queued(to))
    return sent
  }

  async cancel({ id, to }: Pick<Notice, 'id' | 'to'>): Promise<void> {
    const outcome = await this.#asked((api) => api.notices.cancel({ id }))
    if (outcome.ok) this.#toasts.add('done', words.done.cancelled(to))
    else this.#toasts.add('trouble', outcome.problem)
  }

  tell(text: string): void {
    this.#toasts.add('done', text)
  }

  async keepTemplate(kind: TemplateKind, text: string): Promise<{ readonly ok: true } | NoticeRefusal> {
    const kept = await this.#asked((api) => api.notices.templates.set({ kind, text }))
    if (kept.ok) this.#toasts.add('done', words.done.template(templateKinds[kind].name))
    return kept
  }

  /** The one that came with Porch; Undo brings back the admin's own. */
  async restoreTemplate({ kind, text }: TemplateText, onUndone: () => void): Promise<void> {
    const restored = await this.#asked((api) => api.notices.templates.restore({ kind }))
    if (!restored.ok) return this.#toasts.add('trouble', restored.problem)
    this.#toasts.add('done', words.done.restored(templateKinds[kind].name), async () => {
      const back = await this.#asked((api) => api.notices.templates.set({ kind, text }))
      if (!back.ok) return this.#toasts.add('trouble', back.problem)
      this.#toasts.add('done', words.done.undone)
      onUndone()
    })
  }

  async #asked<T extends { readonly ok: boolean }>(work: (api: Api) => Promise<T>): Promise<T | NoticeRefusal> {
    const api = this.#line.api()
    if (api === null) return { ok: false, code: 'store', problem: strings.trouble.noLine }
    try {
      const outcome = await work(api)
      this.#notices.refresh()
      return outcome
    } catch {
      return { ok: false, code: 'store', problem: strings.trouble.notDone }
    }
  }
}
