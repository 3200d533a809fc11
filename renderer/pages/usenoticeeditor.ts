/** The state of the editor of a notice: contacts and templates as loaded, what was chosen and typed, and the preview of the very bytes. */
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { NoticeContacts, NoticePreview, NoticeRefusal, TemplateText } from '../../shared/api/notices.ts'
import type { Notice } from '../../shared/notice/outbox.ts'
import { parseTemplate } from '../../shared/notice/template.ts'
import { useConsole, useLine } from '../console.ts'
import { openingForm, readForm, requestOf } from '../model/noticeform.ts'
import type { NoticeForm } from '../model/noticeform.ts'
import { keepText, keptText } from '../store/unsaved.ts'

const TYPING_MS = 250

export type Subject =
  | { readonly kind: 'loading' | 'failed' | 'offline' }
  | { readonly kind: 'refused'; readonly problem: string }
  | { readonly kind: 'ready'; readonly contacts: NoticeContacts; readonly templates: readonly TemplateText[]; readonly draft: Notice | null }

export function useSubject(subject: string, draft: string | null): { readonly loaded: Subject; readonly again: () => void } {
  const { line } = useConsole()
  const up = useLine().kind === 'up'
  const of = JSON.stringify([subject, draft])
  const [state, setState] = useState<{ readonly of: string; readonly value: Subject } | null>(null)
  const [turn, setTurn] = useState(0)
  const known = state?.of === of && state.value.kind !== 'failed'
  useEffect(() => {
    const api = line.api()
    // What was typed must not be lost when the line breaks: once it is loaded, it stays.
    if (known || !up || api === null) return
    const stop = new AbortController()
    const { signal } = stop
    Promise.all([api.notices.contacts({ subject }, { signal }), api.notices.templates.list(undefined, { signal }), draft === null ? null : api.notices.get({ id: draft }, { signal })]).then(([contacts, templates, full]) => {
      if (signal.aborted) return
      const value: Subject = contacts.ok ? { kind: 'ready', contacts, templates, draft: full?.notice.state === 'draft' ? full.notice : null } : { kind: 'refused', problem: contacts.problem }
      setState({ of, value })
    }, () => {
      if (!signal.aborted) setState({ of, value: { kind: 'failed' } })
    })
    return () => stop.abort()
  }, [subject, draft, of, known, up, line, turn])
  const again = useCallback(() => setTurn((before) => before + 1), [])
  return { loaded: state?.of === of ? state.value : { kind: up ? 'loading' : 'offline' }, again }
}

export interface Preview {
  /** The last version that could be written. */
  readonly shown: NoticePreview | null
  readonly refusal: NoticeRefusal | null
  readonly loading: boolean
}

export interface EditorState {
  readonly form: NoticeForm
  readonly edit: (form: NoticeForm) => void
  /** As the template has it, and as it stands. */
  readonly template: string
  readonly text: string
  readonly problems: ReturnType<typeof problemsOf>
  readonly changed: boolean
  readonly keptFromBefore: boolean
  readonly preview: Preview
  /** A preview anew, of this moment; null: nobody is chosen, or there is no line. */
  readonly write: () => Promise<NoticePreview | NoticeRefusal | null>
  /** What is kept or sent is what was previewed: the same tag. */
  readonly requestNow: (at: number | null) => (NonNullable<ReturnType<typeof requestOf>> & { readonly id?: string; readonly at?: number }) | null
  readonly forget: () => void
}

function problemsOf(text: string) {
  const parsed = parseTemplate(text)
  return parsed.ok ? [] : parsed.problems
}

export function useEditor({ contacts, templates, draft }: Extract<Subject, { kind: 'ready' }>): EditorState {
  const { line } = useConsole()
  const up = useLine().kind === 'up'
  const { session } = contacts.about
  const storage = `notice ${draft?.id ?? session}`
  const [kept] = useState(() => readForm(keptText(storage)))
  const [form, setForm] = useState(() => kept ?? openingForm(contacts, draft))
  const [touched, setTouched] = useState(kept !== null)
  const template = templates.find(({ kind }) => kind === form.kind)?.text ?? ''
  const text = form.texts[form.kind] ?? template
  const problems = useMemo(() => problemsOf(text), [text])
  const id = useRef(draft?.id)
  const edit = useCallback((next: NoticeForm) => {
    setForm(next)
    setTouched(true)
    keepText(storage, JSON.stringify(next))
  }, [storage])
  const forget = useCallback(() => keepText(storage, null), [storage])
  const request = requestOf(form, contacts, session)
  const requestNow = useCallback((at: number | null) => {
    const base = requestOf(form, contacts, session)
    return base === null ? null : { ...base, ...(id.current === undefined ? {} : { id: id.current }), ...(at === null ? {} : { at }) }
  }, [form, contacts, session])
  const write = useCallback(async () => {
    const wanted = requestNow(null)
    const outcome = wanted === null ? null : ((await line.api()?.notices.preview(wanted)) ?? null)
    if (outcome?.ok === true) id.current ??= outcome.notice.id
    return outcome
  }, [line, requestNow])
  const preview = usePreview(request === null || problems.length > 0 ? null : JSON.stringify(request), up, write)
  return { form, edit, template, text, problems, changed: touched, keptFromBefore: kept !== null, preview, write, requestNow, forget }
}

/** `key` null: nothing can be written. The last one stays until the next is there. */
function usePreview(key: string | null, up: boolean, write: EditorState['write']): Preview {
  const [state, setState] = useState<{ readonly key: string; readonly shown: NoticePreview | null; readonly refusal: NoticeRefusal | null } | null>(null)
  const latest = useRef(write)
  useEffect(() => {
    latest.current = write
  })
  const first = state === null
  useEffect(() => {
    if (key === null || !up) return
    let gone = false
    const timer = setTimeout(() => {
      latest.current().then((outcome) => {
        if (gone || outcome === null) return
        setState((before) => (outcome.ok ? { key, shown: outcome, refusal: null } : { key, shown: before?.shown ?? null, refusal: outcome }))
      }, () => undefined)
    }, first ? 0 : TYPING_MS)
    return () => {
      gone = true
      clearTimeout(timer)
    }
  }, [key, up, first])
  return { shown: state?.shown ?? null, refusal: state?.key === key ? (state?.refusal ?? null) : null, loading: key !== null && up && state?.key !== key }
}
