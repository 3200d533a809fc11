/** The templates of the notices, edited with a live preview; what is wrong is said with its line; the shipped one can be restored, with Undo. */
import { useCallback, useEffect, useMemo, useState } from 'react'
import { Button, Modal, SegmentedControl } from '@mantine/core'
import type { TemplatePreview, TemplateText as Template } from '../../shared/api/notices.ts'
import { parseTemplate } from '../../shared/notice/template.ts'
import { TEMPLATE_KINDS } from '../../shared/notice/templates.ts'
import type { TemplateKind } from '../../shared/notice/templates.ts'
import { useConsole, useLine } from '../console.ts'
import { MessagePreview } from '../parts/messagepreview.tsx'
import { Said } from '../parts/outside.tsx'
import { TemplateText } from '../parts/templatetext.tsx'
import { strings } from '../strings.ts'
import { keepText, keptText } from '../store/unsaved.ts'
import { templateWords as words } from '../words/noticeeditor.ts'
import { templateHelp, templateKinds } from '../words/notices.ts'

const TYPING_MS = 250

export interface TemplateEditorProps {
  readonly kind: TemplateKind
  readonly onKind: (kind: TemplateKind) => void
  readonly onClose: () => void
}

export function TemplateEditor({ kind, onKind, onClose }: TemplateEditorProps) {
  const { templates, failed, again } = useTemplates()
  const template = templates?.find((each) => each.kind === kind)
  const [leaving, setLeaving] = useState(false)
  const [typed, setTyped] = useState<Partial<Record<TemplateKind, string>>>(() => Object.fromEntries(TEMPLATE_KINDS.flatMap((each) => {
    const kept = keptText(`template ${each}`)
    return kept === null ? [] : [[each, kept]]
  })))
  const type = useCallback((of: TemplateKind, text: string | null) => {
    keepText(`template ${of}`, text)
    setTyped((before) => ({ ...Object.fromEntries(Object.entries(before).filter(([each]) => each !== of)), ...(text === null ? {} : { [of]: text }) }))
  }, [])
  const isDirty = (each: TemplateKind) => typed[each] !== undefined && typed[each] !== templates?.find((one) => one.kind === each)?.text
  const discard = () => {
    for (const each of TEMPLATE_KINDS) type(each, null)
    onClose()
  }
  const close = () => {
    if (leaving) setLeaving(false)
    else if (TEMPLATE_KINDS.some(isDirty)) setLeaving(true)
    else onClose()
  }
  return (
    <Modal opened onClose={close} title={words.title} size="1280px" centered lockScroll={false} transitionProps={{ duration: 0 }} closeButtonProps={{ 'aria-label': strings.keys.close }} classNames={{ content: 'noticeeditor' }} closeOnClickOutside={false}>
      {template === undefined ? <p role="status" className="waiting">{failed ? <>{words.failed} <button type="button" className="link" onClick={again}>{words.again}</button></> : words.loading}</p> : (
        <div className="templateform">
          <div className="templatehead">
            <SegmentedControl size="xs" className="when" aria-label={words.kind} value={kind} transitionDuration={0} onChange={(value) => onKind(TEMPLATE_KINDS.find((each) => each === value) ?? kind)}
              data={TEMPLATE_KINDS.map((each) => ({ value: each, label: `${templateKinds[each]}${isDirty(each) ? ' *' : ''}` }))} />
            <span className="dim">{templateHelp[kind]}</span>
          </div>
          <Form key={kind} template={template} text={typed[kind] ?? template.text} dirty={isDirty(kind)} onType={(text) => type(kind, text)} onSaved={() => { type(kind, null); again() }} onChanged={again} leaving={leaving} onStay={() => setLeaving(false)} onDiscard={discard} />
        </div>
      )}
    </Modal>
  )
}

function useTemplates(): { readonly templates: readonly Template[] | null; readonly failed: boolean; readonly again: () => void } {
  const { line } = useConsole()
  const up = useLine().kind === 'up'
  const [templates, setTemplates] = useState<readonly Template[] | null>(null)
  const [failed, setFailed] = useState(false)
  const [turn, setTurn] = useState(0)
  useEffect(() => {
    const api = line.api()
    if (!up || api === null) return
    const stop = new AbortController()
    api.notices.templates.list(undefined, { signal: stop.signal }).then((list) => {
      if (stop.signal.aborted) return
      setTemplates(list)
      setFailed(false)
    }, () => {
      if (!stop.signal.aborted) setFailed(true)
    })
    return () => stop.abort()
  }, [line, up, turn])
  return { templates, failed, again: useCallback(() => setTurn((before) => before + 1), []) }
}

interface FormProps {
  readonly template: Template
  readonly text: string
  readonly dirty: boolean
  readonly onType: (text: string) => void
  readonly onSaved: () => void
  readonly onChanged: () => void
  readonly leaving: boolean
  readonly onStay: () => void
  readonly onDiscard: () => void
}

function Form({ template, text, dirty, onType, onSaved, onChanged, leaving, onStay, onDiscard }: FormProps) {
  const { noticeActions } = useConsole()
  const problems = useMemo(() => {
    const parsed = parseTemplate(text)
    return parsed.ok ? [] : parsed.problems
  }, [text])
  const { shown, loading } = useTemplatePreview(template.kind, problems.length > 0 ? null : text)
  const [trouble, setTrouble] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const done = async (work: Promise<{ readonly ok: true } | { readonly ok: false; readonly problem: string }>) => {
    setBusy(true)
    const outcome = await work
    setBusy(false)
    setTrouble(outcome.ok ? null : outcome.problem)
    if (outcome.ok) onSaved()
  }
  const save = () => void done(noticeActions.saveTemplate(template.kind, text, template.text, onChanged))
  const restore = () => void done(noticeActions.restoreTemplate(template.kind, template.text, onChanged))
  return (
    <>
      <TemplateText label={words.text} text={text} problems={problems} onChange={onType} aside={<span className="tag">{template.changed ? words.own : words.shipped}</span>} />
      <div className="templatepreview">
        <MessagePreview message={shown} loading={loading} old={problems.length > 0} note={<p className="dim note">{words.loading}</p>} />
        {shown === null ? null : <p className="dim small">{shown.sample ? words.sample(shown.about) : words.of(shown.about)}</p>}
      </div>
      <footer className="noticefoot">
        {leaving ? (
          <>
            <p role="alert">{words.leave}</p>
            <div className="buttons"><Button size="xs" variant="default" onClick={onDiscard}>{words.discard}</Button><Button size="xs" autoFocus onClick={onStay}>{words.stay}</Button></div>
          </>
        ) : (
          <>
            <p role="status" className={trouble === null ? 'dim' : 'problem'}><Said text={trouble ?? (dirty ? words.unsaved : words.unchanged)} className="plain" /></p>
            <div className="buttons">
              <Button size="xs" variant="default" disabled={!template.changed || busy} onClick={restore}>{words.restore}</Button>
              <Button size="xs" variant="default" disabled={!dirty || busy} onClick={() => onType(template.text)}>{words.revert}</Button>
              <Button size="xs" disabled={!dirty || problems.length > 0 || busy} onClick={save}>{words.save}</Button>
            </div>
          </>
        )}
      </footer>
    </>
  )
}

/** `text` null: it has mistakes. The last one stays. */
function useTemplatePreview(kind: TemplateKind, text: string | null): { readonly shown: Extract<TemplatePreview, { ok: true }> | null; readonly loading: boolean } {
  const { line } = useConsole()
  const up = useLine().kind === 'up'
  const [state, setState] = useState<{ readonly of: string; readonly shown: Extract<TemplatePreview, { ok: true }> | null } | null>(null)
  const of = text
  const first = state === null
  useEffect(() => {
    const api = line.api()
    if (of === null || !up || api === null) return
    const stop = new AbortController()
    const timer = setTimeout(() => {
      api.notices.templates.preview({ kind, text: of }, { signal: stop.signal }).then((outcome) => {
        if (!stop.signal.aborted) setState((before) => ({ of, shown: outcome.ok ? outcome : (before?.shown ?? null) }))
      }, () => undefined)
    }, first ? 0 : TYPING_MS)
    return () => {
      clearTimeout(timer)
      stop.abort()
    }
  }, [line, up, kind, of, first])
  return { shown: state?.shown ?? null, loading: of !== null && up && state?.of !== of }
}
