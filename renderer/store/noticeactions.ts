/** What the admin does with notices: each with its outcome in words, and with Undo where it can be undone. Which refusal a notice is being written about is kept here, too, over a reload. */
import type { NoticePreview, NoticeRefusal, TemplateText, WriteRequest } from '../../shared/api/notices.ts'
import type { Notice } from '../../shared/notice/outbox.ts'
import type { TemplateKind } from '../../shared/notice/templates.ts'
import type { Api, Line } from '../client.ts'
import type { Done } from '../model/wishes.ts'
import { strings } from '../strings.ts'
import { noticesWords as words, templateKinds } from '../words/notices.ts'
import type { NoticesStore } from './notices.ts'
import type { Toasts } from './toasts.ts'
import { keepText, keptText } from './unsaved.ts'
import { Observed } from './observed.ts'

/** What a notice is written about, and the draft that is written on. */
export interface Subject {
  readonly about: string
  readonly draft: string | null
}

/** A notice leaves after so long, as long as its message with Undo is shown: until then it can be taken back. */
const HOLD_MS = 10_000
const KEPT = 'notice'

function subjectFrom(text: string | null): Subject | null {
  try {
    const value = JSON.parse(text ?? 'null') as Partial<Subject> | null
    return typeof value?.about === 'string' ? { about: value.about, draft: typeof value.draft === 'string' ? value.draft : null } : null
  } catch {
    return null
  }
}

export class NoticeActions extends Observed {
  readonly #line: Line
  readonly #notices: NoticesStore
  readonly #toasts: Toasts
  #subject: Subject | null = subjectFrom(keptText(KEPT))

  constructor(line: Line, notices: NoticesStore, toasts: Toasts) {
    super()
    this.#line = line
    this.#notices = notices
    this.#toasts = toasts
  }

  /** Null: nothing is being written. */
  readonly subject = (): Subject | null => this.#subject

  /** A session's id or an address; `draft`: the id of the draft about it that is written on. */
  readonly write = (about: string | null, draft: string | null = null): void => {
    this.#subject = about === null ? null : { about, draft }
    keepText(KEPT, about === null ? null : JSON.stringify(this.#subject))
    this.changed()
  }

  /** Keeps what was shown as a draft, byte for byte, and queues it; if it has become another message meanwhile, it is not sent. */
  async send(request: WriteRequest, shown: NoticePreview): Promise<Done> {
    const draft = await this.draft({ ...request, id: shown.notice.id, at: shown.notice.createdAt })
    if (!draft.ok) return draft
    return draft.message === shown.message ? this.sendDraft(draft.notice) : { ok: false, problem: words.editor.hasChanged }
  }

  async draft(request: WriteRequest): Promise<NoticePreview | NoticeRefusal> {
    return this.#asked((api) => api.notices.draft(request))
  }

  async sendDraft({ id, to }: Pick<Notice, 'id' | 'to'>): Promise<Done> {
    const sent = await this.#asked((api) => api.notices.send({ id, holdMs: HOLD_MS }))
    if (sent.ok) this.#toasts.add('done', words.done.queued(to, HOLD_MS / 1000), () => this.reopen({ id, to }))
    return sent
  }

  /** A draft again, of what was cancelled or has not begun to leave. */
  async reopen({ id, to }: Pick<Notice, 'id' | 'to'>): Promise<void> {
    const outcome = await this.#asked((api) => api.notices.reopen({ id }))
    if (outcome.ok) this.#toasts.add('done', words.done.reopened(to))
    else this.#toasts.add('trouble', outcome.problem)
  }

  async cancel({ id, to }: Pick<Notice, 'id' | 'to'>): Promise<void> {
    const outcome = await this.#asked((api) => api.notices.cancel({ id }))
    if (outcome.ok) this.#toasts.add('done', words.done.cancelled(to), () => this.reopen({ id, to }))
    else this.#toasts.add('trouble', outcome.problem)
  }

  tell(text: string): void {
    this.#toasts.add('done', text)
  }

  trouble(text: string): void {
    this.#toasts.add('trouble', text)
  }

  /** Undo brings back what it replaces. */
  async keepTemplate({ kind, text: before }: TemplateText, text: string, onUndone: () => void): Promise<{ readonly ok: true } | NoticeRefusal> {
    const kept = await this.#asked((api) => api.notices.templates.set({ kind, text }))
    if (kept.ok) this.#toasts.add('done', words.done.template(templateKinds[kind].name), () => this.#putBack(kind, before, onUndone))
    return kept
  }

  /** The one that came with Porch; Undo brings back the admin's own. */
  async restoreTemplate({ kind, text }: TemplateText, onUndone: () => void): Promise<void> {
    const restored = await this.#asked((api) => api.notices.templates.restore({ kind }))
    if (!restored.ok) return this.#toasts.add('trouble', restored.problem)
    this.#toasts.add('done', words.done.restored(templateKinds[kind].name), () => this.#putBack(kind, text, onUndone))
  }

  async #putBack(kind: TemplateKind, text: string, onUndone: () => void): Promise<void> {
    const back = await this.#asked((api) => api.notices.templates.set({ kind, text }))
    if (!back.ok) return this.#toasts.add('trouble', back.problem)
    this.#toasts.add('done', words.done.undone)
    onUndone()
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
