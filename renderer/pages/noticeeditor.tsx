/** The editor of a notice, over any page: what it is, whom it goes to, its text with a live preview of the very bytes; kept as a draft, copied, or sent. */
import { useState } from 'react'
import { Button, Modal, Radio } from '@mantine/core'
import type { NoticePreview } from '../../shared/api/notices.ts'
import { sourceText } from '../../shared/notice/contacts.ts'
import { TEMPLATE_KINDS } from '../../shared/notice/templates.ts'
import { useConsole, useLine } from '../console.ts'
import { chosenContact, withKind } from '../model/noticeform.ts'
import { ConfirmSend } from '../parts/confirmsend.tsx'
import { MessagePreview } from '../parts/messagepreview.tsx'
import { NoticeStateWord } from '../parts/noticestate.tsx'
import { Name, Said } from '../parts/outside.tsx'
import { RecipientChoice } from '../parts/recipientchoice.tsx'
import { TemplateText } from '../parts/templatetext.tsx'
import { useNow } from '../parts/usenow.ts'
import { Ago } from '../parts/when.tsx'
import { strings } from '../strings.ts'
import { editorWords as words } from '../words/noticeeditor.ts'
import { noticesWords, templateHelp, templateKinds } from '../words/notices.ts'
import { useEditor, useSubject } from './usenoticeeditor.ts'
import type { EditorState, Subject } from './usenoticeeditor.ts'

export interface NoticeEditorProps {
  readonly subject: string
  readonly draft: string | null
  readonly onClose: () => void
}

export function NoticeEditor({ subject, draft, onClose }: NoticeEditorProps) {
  const { loaded, again } = useSubject(subject, draft)
  /** Asks before it is closed over changes. */
  const [leaving, setLeaving] = useState(false)
  const [changed, setChanged] = useState(false)
  const close = () => {
    if (changed && !leaving) setLeaving(true)
    else if (changed) setLeaving(false)
    else onClose()
  }
  const ready = loaded.kind === 'ready'
  return (
    <Modal opened onClose={close} title={<>{words.title} {ready ? <span className="about"><Name text={loaded.contacts.about.client} /></span> : null}</>} size="1280px" centered lockScroll={false} transitionProps={{ duration: 0 }} closeButtonProps={{ 'aria-label': words.close }} classNames={{ content: 'noticeeditor' }} closeOnClickOutside={false}>
      {ready ? <Editor key={`${subject} ${draft ?? ''}`} ready={loaded} leaving={leaving} onChanged={setChanged} onStay={() => setLeaving(false)} onClose={onClose} /> : <Waiting loaded={loaded} onAgain={again} onClose={onClose} />}
    </Modal>
  )
}

function Waiting({ loaded, onAgain, onClose }: { readonly loaded: Exclude<Subject, { kind: 'ready' }>; readonly onAgain: () => void; readonly onClose: () => void }) {
  switch (loaded.kind) {
    case 'loading': return <p role="status" className="waiting" aria-busy>{words.loading} <span className="dim">{words.loadingHelp}</span></p>
    case 'offline': return <p role="status" className="waiting">{words.noLine}</p>
    case 'failed': return <p role="alert" className="waiting problem">{words.failed} <button type="button" className="link" onClick={onAgain}>{words.again}</button></p>
    case 'refused': return (
      <div className="confirm">
        <p role="alert"><strong>{words.refused.title}.</strong> <Said text={loaded.problem} className="plain" /></p>
        <div className="buttons"><Button size="xs" data-autofocus onClick={onClose}>{words.close}</Button></div>
      </div>
    )
  }
}

type Asking = { readonly kind: 'no' } | { readonly kind: 'sure'; readonly preview: NoticePreview; readonly again: boolean }

interface EditorProps {
  readonly ready: Extract<Subject, { kind: 'ready' }>
  readonly leaving: boolean
  readonly onChanged: (changed: boolean) => void
  readonly onStay: () => void
  readonly onClose: () => void
}

function Editor({ ready, leaving, onChanged, onStay, onClose }: EditorProps) {
  const { contacts } = ready
  const state = useEditor(ready)
  const { form, preview, problems } = state
  const { asking, busy, problem, ask, go, keep, back } = useDeeds(state, onClose)
  const edit = (next: typeof form) => {
    state.edit(next)
    onChanged(true)
  }
  const close = () => {
    state.forget()
    onClose()
  }
  const setText = (text: string) => edit({ ...form, texts: { ...form.texts, [form.kind]: text } })
  const reset = () => edit({ ...form, texts: Object.fromEntries(Object.entries(form.texts).filter(([kind]) => kind !== form.kind)) })
  const isOwn = state.text !== state.template
  return (
    <div className="noticeform">
      <div className="noticeside">
        <About ready={ready} />
        {state.keptFromBefore ? <p className="dim small">{words.kept}</p> : null}
        <Radio.Group label={words.kind} value={form.kind} onChange={(value) => edit(withKind(form, TEMPLATE_KINDS.find((kind) => kind === value) ?? form.kind, contacts))} className="kinds">
          {TEMPLATE_KINDS.map((kind) => <Radio key={kind} size="xs" className="scope" value={kind} label={templateKinds[kind]} description={templateHelp[kind]} />)}
        </Radio.Group>
        <RecipientChoice contacts={contacts} form={form} onChange={edit} />
      </div>
      <div className="noticemiddle">
        <TemplateText label={words.text} text={state.text} problems={problems} onChange={setText} aside={isOwn ? <><span className="tag">{words.changed}</span> <button type="button" className="link" onClick={reset}>{words.reset}</button></> : <a className="link" href={`#/notices?template=${form.kind}`}>{words.editTemplates}</a>} />
      </div>
      <MessagePreview message={preview.shown === null ? null : { ...preview.shown, subject: preview.shown.notice.subject }} loading={preview.loading} old={problems.length > 0 || chosenContact(form, contacts) === null} note={<p className="dim note">{words.noPreview}</p>} />
      <footer className="noticefoot">
        {leaving ? <Leave onKeep={() => void keep()} onDiscard={close} onStay={onStay} /> : asking.kind === 'sure' ? <ConfirmSend preview={asking.preview} again={asking.again} busy={busy} onGo={() => void go(asking.preview)} onBack={back} /> : (
          <Foot state={state} contacts={contacts} busy={busy} problem={problem} onKeep={() => void keep()} onAsk={() => void ask()} />
        )}
      </footer>
    </div>
  )
}

/** What can be done with it, one at a time; `problem`: why the last one did not go. */
function useDeeds(state: EditorState, onClose: () => void) {
  const { noticeActions } = useConsole()
  const [asking, setAsking] = useState<Asking>({ kind: 'no' })
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const alone = async (work: () => Promise<string | null>) => {
    if (busy) return
    setBusy(true)
    setProblem(null)
    try {
      setProblem(await work())
    } catch {
      setProblem(strings.trouble.notDone)
    } finally {
      setBusy(false)
    }
  }
  const done = () => {
    state.forget()
    onClose()
    return null
  }
  const ask = () => alone(async () => {
    const preview = await state.write()
    if (preview === null) return strings.trouble.noLine
    if (!preview.ok) return preview.problem
    setAsking({ kind: 'sure', preview, again: false })
    return null
  })
  const go = (shown: NoticePreview) => alone(async () => {
    const request = state.requestNow(shown.notice.createdAt)
    const draft = request === null ? null : await noticeActions.draft({ ...request, id: shown.notice.id }, false)
    if (draft?.ok !== true) {
      setAsking({ kind: 'no' })
      return draft?.problem ?? strings.trouble.noLine
    }
    // What was looked at is what is sent.
    if (draft.message !== shown.message) {
      setAsking({ kind: 'sure', preview: draft, again: true })
      return null
    }
    const sent = await noticeActions.send(draft.notice)
    if (sent.ok) return done()
    setAsking({ kind: 'no' })
    return sent.problem
  })
  const keep = () => alone(async () => {
    const request = state.requestNow(null)
    if (request === null) return words.chooseFirst
    const draft = await noticeActions.draft(request, true)
    return draft.ok ? done() : draft.problem
  })
  return { asking, busy, problem, ask, go, keep, back: () => setAsking({ kind: 'no' }) }
}

function About({ ready: { contacts: { about, earlier } } }: Pick<EditorProps, 'ready'>) {
  const now = useNow()
  return (
    <div className="noticeabout">
      <p><Said text={about.problem} className="plain" /></p>
      <p className="dim small">{words.about(strings.ago(now - Date.parse(about.at)))}{about.ehlo === null ? null : <> · <Name text={about.ehlo} /></>}{about.sender === null ? null : <> · <Name text={about.sender === '' ? strings.live.nullSender : about.sender} /></>}{about.recipients[0] === undefined ? null : <> → <Name text={about.recipients[0]} /></>}</p>
      {earlier.length === 0 ? null : (
        <div className="earlier">
          <p className="small">{words.earlier}</p>
          <ul>{earlier.slice(0, 3).map((line) => <li key={line.id}><NoticeStateWord state={line.state} /> <Name text={line.to} className="clip" /> <Ago iso={new Date(line.last.at).toISOString()} now={now} /></li>)}</ul>
        </div>
      )}
    </div>
  )
}

interface FootProps {
  readonly state: EditorState
  readonly contacts: Extract<Subject, { kind: 'ready' }>['contacts']
  readonly busy: boolean
  readonly problem: string | null
  readonly onKeep: () => void
  readonly onAsk: () => void
}

function Foot({ state: { form, problems, preview }, contacts, busy, problem, onKeep, onAsk }: FootProps) {
  const { toasts } = useConsole()
  const up = useLine().kind === 'up'
  const chosen = chosenContact(form, contacts)
  const shown = preview.shown
  const unticked = chosen?.trust === 'claimed' && !form.ticked
  const current = shown?.notice.to === chosen?.address ? shown : null
  const forbidden = current?.sending ?? current?.cap ?? null
  const why = chosen === null ? words.chooseFirst : problems.length > 0 ? words.fixText : unticked ? words.tickFirst : !up ? words.noLine : preview.refusal?.problem ?? (forbidden === null ? null : words.cannotSend(forbidden))
  const copy = () => {
    if (shown === null) return
    navigator.clipboard.writeText(`${shown.notice.subject}\n\n${shown.body}\n`).then(() => toasts.add('done', noticesWords.said.copied), () => toasts.add('trouble', noticesWords.said.copyFailed))
  }
  const canKeep = chosen !== null && problems.length === 0 && !unticked && up && !busy
  return (
    <>
      <p role="status" id="notice-why" className={problem === null ? 'dim' : 'problem'}>
        <Said text={problem ?? why ?? sourceText(chosen?.source ?? { kind: 'typed' })} className="plain" />{' '}
        {current?.sending == null ? null : <a className="link" href="#/settings">{words.toSettings}</a>}
      </p>
      <div className="buttons">
        <Button size="xs" variant="default" disabled={shown === null} onClick={copy}>{words.copy}</Button>
        <Button size="xs" variant="default" disabled={!canKeep} onClick={onKeep}>{words.draft}</Button>
        <Button size="xs" disabled={why !== null || busy || current === null || preview.loading} aria-describedby="notice-why" onClick={onAsk}>{words.send}</Button>
      </div>
    </>
  )
}

function Leave({ onKeep, onDiscard, onStay }: { readonly onKeep: () => void; readonly onDiscard: () => void; readonly onStay: () => void }) {
  return (
    <>
      <p role="alert">{words.leave.title}</p>
      <div className="buttons">
        <Button size="xs" variant="default" onClick={onDiscard}>{words.leave.discard}</Button>
        <Button size="xs" variant="default" onClick={onKeep}>{words.leave.keep}</Button>
        <Button size="xs" autoFocus onClick={onStay}>{words.leave.stay}</Button>
      </div>
    </>
  )
}
