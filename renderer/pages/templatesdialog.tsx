/** The shop's own templates of notices: edited beside the message that they would make of a real refusal, kept only without mistakes, restorable. */
import { useCallback, useEffect, useState } from 'react'
import type { TemplatePreview } from '../../shared/api/notices.ts'
import { Button, Modal, NativeSelect } from '@mantine/core'
import type { TemplateText } from '../../shared/api/notices.ts'
import { parseTemplate } from '../../shared/notice/template.ts'
import { DEFAULT_TEMPLATES, TEMPLATE_KINDS } from '../../shared/notice/templates.ts'
import type { TemplateKind } from '../../shared/notice/templates.ts'
import { useConsole, useLine } from '../console.ts'
import { MessageText } from '../parts/noticedetail.tsx'
import { Said } from '../parts/outside.tsx'
import { TemplateField } from '../parts/templatefield.tsx'
import { noticesWords, templateKinds } from '../words/notices.ts'
import { keepText, keptText } from '../store/unsaved.ts'

const words = noticesWords.templates
const TYPING_MS = 250
const NAME = (kind: TemplateKind) => `template-${kind}`

export interface TemplatesDialogProps {
  readonly kind: TemplateKind
  readonly onKind: (kind: TemplateKind) => void
  readonly onClose: () => void
}

export function TemplatesDialog({ kind, onKind, onClose }: TemplatesDialogProps) {
  const [dirty, setDirty] = useState(false)
  const [leaving, setLeaving] = useState(false)
  const discard = () => {
    for (const each of TEMPLATE_KINDS) keepText(NAME(each), null)
    onClose()
  }
  return (
    <Modal opened onClose={() => { if (dirty) setLeaving(!leaving); else onClose() }} title={words.title} size="min(1180px, 96vw)" centered lockScroll={false} closeOnClickOutside={false} transitionProps={{ duration: 0 }} closeButtonProps={{ 'aria-label': words.close }}>
      {leaving ? (
        <div className="sureness" role="alertdialog" aria-label={words.leave}>
          <span>{words.leave}</span>
          <Button size="xs" autoFocus onClick={() => setLeaving(false)}>{words.leaveStay}</Button>
          <Button size="xs" variant="default" onClick={discard}>{words.leaveDiscard}</Button>
        </div>
      ) : null}
      <Templates kind={kind} onKind={onKind} onDirty={setDirty} />
    </Modal>
  )
}

function Templates({ kind, onKind, onDirty }: Pick<TemplatesDialogProps, 'kind' | 'onKind'> & { readonly onDirty: (dirty: boolean) => void }) {
  const { line, noticeActions } = useConsole()
  const up = useLine().kind === 'up'
  const [kept, setKept] = useState<readonly TemplateText[] | null>(null)
  // Over a reload what was typed is here again.
  const [drafts, setDrafts] = useState<Partial<Record<TemplateKind, string>>>(() => Object.fromEntries(TEMPLATE_KINDS.flatMap((each) => {
    const typed = keptText(NAME(each))
    return typed === null ? [] : [[each, typed]]
  })))
  const [problem, setProblem] = useState<string | null>(null)
  const load = useCallback(() => {
    void line.api()?.notices.templates.list().then(setKept, () => undefined)
  }, [line])
  useEffect(() => {
    if (up) load()
  }, [up, load])
  const stored = kept?.find((each) => each.kind === kind) ?? null
  const text = drafts[kind] ?? stored?.text ?? ''
  const parsed = parseTemplate(text)
  const preview = useTemplatePreview(kind, stored === null || !parsed.ok ? null : text)
  const dirty = TEMPLATE_KINDS.some((each) => drafts[each] !== undefined && drafts[each] !== kept?.find((one) => one.kind === each)?.text)
  useEffect(() => onDirty(dirty), [onDirty, dirty])
  if (stored === null) return <p className="note dim" role="status">{up ? noticesWords.loading : noticesWords.noLine}</p>
  const isChanged = text !== stored.text
  const set = (next: string | undefined) => {
    setProblem(null)
    keepText(NAME(kind), next ?? null)
    setDrafts((before) => ({ ...before, [kind]: next }))
  }
  const keep = async () => {
    const done = await noticeActions.keepTemplate(stored, text, load)
    setProblem(done.ok ? null : done.problem)
    if (!done.ok) return
    set(undefined)
    load()
  }
  const restore = async () => {
    await noticeActions.restoreTemplate(stored, load)
    set(undefined)
    load()
  }
  return (
    <div className="noticeeditor">
      <div className="asked">
        <NativeSelect size="xs" label={words.kind} description={templateKinds[kind].does} data-autofocus value={kind} data={TEMPLATE_KINDS.map((each) => ({ value: each, label: `${templateKinds[each].name}${kept?.find((one) => one.kind === each)?.changed === true ? ` (${words.own})` : ''}` }))}
          onChange={(event) => onKind(TEMPLATE_KINDS.find((each) => each === event.currentTarget.value) ?? 'isp')} />
        <TemplateField text={text} label={words.text} help={words.help} changed={isChanged} rows={22} problems={parsed.ok ? [] : parsed.problems} onChange={set} onBack={() => set(undefined)} />
        {problem === null ? null : <p role="alert" className="problem"><Said text={problem} className="plain" /></p>}
        <div className="buttons">
          {text === DEFAULT_TEMPLATES[kind] && !stored.changed ? null : <Button size="xs" variant="default" onClick={() => (stored.changed ? void restore() : set(DEFAULT_TEMPLATES[kind]))}>{words.restore}</Button>}
          <Button size="xs" disabled={!isChanged || !parsed.ok} onClick={() => void keep()}>{words.keep}</Button>
        </div>
      </div>
      <section className="previewside" aria-label={words.preview}>
        <header><h3>{words.preview}</h3><span className="dim">{preview === null ? '' : preview.sample ? words.sample(preview.about) : words.previewOf(preview.about)}</span></header>
        {preview === null ? null : <MessageText message={preview.message} label={words.preview} />}
      </section>
    </div>
  )
}

/** The message that the gate would make of it, a moment after the last change; the one before stays meanwhile, and while there are mistakes (`text` null). */
function useTemplatePreview(kind: TemplateKind, text: string | null): Extract<TemplatePreview, { ok: true }> | null {
  const { line } = useConsole()
  const up = useLine().kind === 'up'
  const [shown, setShown] = useState<{ readonly kind: TemplateKind; readonly preview: Extract<TemplatePreview, { ok: true }> } | null>(null)
  useEffect(() => {
    const api = line.api()
    if (text === null || !up || api === null) return
    const stop = new AbortController()
    const timer = setTimeout(() => {
      api.notices.templates.preview({ kind, text }, { signal: stop.signal }).then((preview) => {
        if (!stop.signal.aborted && preview.ok) setShown({ kind, preview })
      }, () => undefined)
    }, TYPING_MS)
    return () => {
      clearTimeout(timer)
      stop.abort()
    }
  }, [line, up, kind, text])
  return shown?.kind === kind ? shown.preview : null
}
