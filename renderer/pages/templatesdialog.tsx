/** The shop's own templates of notices: edited beside what they would make of a real refusal, kept only without mistakes, restorable. */
import { useCallback, useEffect, useState } from 'react'
import { Button, Modal, NativeSelect } from '@mantine/core'
import type { TemplateText } from '../../shared/api/notices.ts'
import { parseTemplate } from '../../shared/notice/template.ts'
import { DEFAULT_TEMPLATES, TEMPLATE_KINDS } from '../../shared/notice/templates.ts'
import type { TemplateKind } from '../../shared/notice/templates.ts'
import { useConsole, useLine } from '../console.ts'
import { clientOf, itemsOf, sessionOf } from '../model/noticesview.ts'
import { MessageText } from '../parts/noticedetail.tsx'
import { Said } from '../parts/outside.tsx'
import { TemplateField } from '../parts/templatefield.tsx'
import { noticesWords, templateKinds } from '../words/notices.ts'
import { useNotices } from './usenotices.ts'
import { usePreview } from './usepreview.ts'

const words = noticesWords.templates
/** Shown to nobody: only the text is of interest. */
const SAMPLE_CONTACT = 'postmaster@isp.example'

export function TemplatesDialog({ onClose }: { readonly onClose: () => void }) {
  return (
    <Modal opened onClose={onClose} title={words.title} size="min(1180px, 96vw)" centered lockScroll={false} closeOnClickOutside={false} transitionProps={{ duration: 0 }} closeButtonProps={{ 'aria-label': words.close }}>
      <Templates />
    </Modal>
  )
}

function Templates() {
  const { line, noticeActions } = useConsole()
  const up = useLine().kind === 'up'
  const [kept, setKept] = useState<readonly TemplateText[] | null>(null)
  const [kind, setKind] = useState<TemplateKind>('isp')
  const [drafts, setDrafts] = useState<Partial<Record<TemplateKind, string>>>({})
  const [problem, setProblem] = useState<string | null>(null)
  const load = useCallback(() => {
    void line.api()?.notices.templates.list().then(setKept, () => undefined)
  }, [line])
  useEffect(() => {
    if (up) load()
  }, [up, load])
  const { notices, proposals } = useNotices()
  const [sample] = [...itemsOf('worth', notices, proposals), ...itemsOf('all', notices, proposals)]
  const stored = kept?.find((each) => each.kind === kind) ?? null
  const text = drafts[kind] ?? stored?.text ?? ''
  const parsed = parseTemplate(text)
  const preview = usePreview(sample === undefined || stored === null || !parsed.ok ? null : { subject: sessionOf(sample), to: SAMPLE_CONTACT, template: kind, text })
  if (stored === null) return <p className="note dim" role="status">{up ? noticesWords.loading : noticesWords.noLine}</p>
  const isChanged = text !== stored.text
  const set = (next: string | undefined) => {
    setProblem(null)
    setDrafts((before) => ({ ...before, [kind]: next }))
  }
  const keep = async () => {
    const done = await noticeActions.keepTemplate(kind, text)
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
  const written = preview.answer?.ok === true ? preview.answer : null
  return (
    <div className="noticeeditor">
      <div className="asked">
        <NativeSelect size="xs" label={words.kind} description={templateKinds[kind].does} data-autofocus value={kind} data={TEMPLATE_KINDS.map((each) => ({ value: each, label: `${templateKinds[each].name}${kept?.find((one) => one.kind === each)?.changed === true ? ` (${words.own})` : ''}` }))}
          onChange={(event) => setKind(TEMPLATE_KINDS.find((each) => each === event.currentTarget.value) ?? 'isp')} />
        <TemplateField text={text} label={words.text} help={words.help} changed={isChanged} rows={22} problems={parsed.ok ? [] : parsed.problems} onChange={set} onBack={() => set(undefined)} />
        {problem === null ? null : <p role="alert" className="problem"><Said text={problem} className="plain" /></p>}
        <div className="buttons">
          {text === DEFAULT_TEMPLATES[kind] && !stored.changed ? null : <Button size="xs" variant="default" onClick={() => (stored.changed ? void restore() : set(DEFAULT_TEMPLATES[kind]))}>{words.restore}</Button>}
          <Button size="xs" disabled={!isChanged || !parsed.ok} onClick={() => void keep()}>{words.keep}</Button>
        </div>
      </div>
      <section className="previewside" aria-label={words.preview}>
        <header><h3>{words.preview}</h3><span className="dim">{sample === undefined ? '' : words.previewOf(clientOf(sample))}</span></header>
        {sample === undefined ? <p className="note dim">{words.noPreview}</p> : written === null ? null : <MessageText message={`Subject: ${written.notice.subject}\n\n${written.text}`} label={words.preview} />}
      </section>
    </div>
  )
}
