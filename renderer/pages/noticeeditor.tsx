/** Notify…: to whom, in which words, and beside it the very message; it can be kept, copied or, after one more question, sent. */
import { useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { Button, Modal, NativeSelect } from '@mantine/core'
import type { NoticeContacts, NoticeRefusal, TemplateText, WriteRequest } from '../../shared/api/notices.ts'
import type { Done } from '../model/wishes.ts'
import type { TemplateKind } from '../../shared/notice/templates.ts'
import { TEMPLATE_KINDS } from '../../shared/notice/templates.ts'
import { useConsole, useLine } from '../console.ts'
import { CopyButton } from '../parts/copybutton.tsx'
import { MessageText, SendButton } from '../parts/noticedetail.tsx'
import { Name, Said } from '../parts/outside.tsx'
import { RecipientChoice } from '../parts/recipientchoice.tsx'
import type { Recipient } from '../parts/recipientchoice.tsx'
import { TemplateField } from '../parts/templatefield.tsx'
import { strings } from '../strings.ts'
import { noticesWords, templateKinds } from '../words/notices.ts'
import { usePreview } from './usepreview.ts'
import type { PreviewState } from './usepreview.ts'

const words = noticesWords.editor

export function NoticeEditor() {
  const { noticeActions } = useConsole()
  const subject = useSyncExternalStore(noticeActions.subscribe, noticeActions.subject)
  if (subject === null) return null
  const close = () => noticeActions.write(null)
  return (
    <Modal opened onClose={close} title={words.title} size="min(1180px, 96vw)" centered lockScroll={false} closeOnClickOutside={false} transitionProps={{ duration: 0 }} closeButtonProps={{ 'aria-label': words.close }}>
      <Loading key={subject} subject={subject} onClose={close} />
    </Modal>
  )
}

/** Contacts and templates first: the registries may take some seconds. */
function Loading({ subject, onClose }: { readonly subject: string; readonly onClose: () => void }) {
  const { line } = useConsole()
  const up = useLine().kind === 'up'
  const [found, setFound] = useState<{ readonly contacts: NoticeContacts; readonly templates: readonly TemplateText[] } | NoticeRefusal | null>(null)
  const [turn, setTurn] = useState(0)
  useEffect(() => {
    const api = line.api()
    if (!up || api === null || found !== null) return
    const stop = new AbortController()
    Promise.all([api.notices.contacts({ subject }, { signal: stop.signal }), api.notices.templates.list(undefined, { signal: stop.signal })]).then(
      ([contacts, templates]) => {
        if (!stop.signal.aborted) setFound(contacts.ok ? { contacts, templates } : contacts)
      },
      () => {
        if (!stop.signal.aborted) setFound({ ok: false, code: 'store', problem: words.failed })
      },
    )
    return () => stop.abort()
    // What was found once is not asked for again when the line comes back.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [line, up, subject, turn])
  if (found === null) return <p className="note dim" role="status">{up ? words.looking : noticesWords.noLine}</p>
  if ('ok' in found) {
    return (
      <div className="lists">
        <p role="alert" className="problem"><Said text={found.problem} className="plain" /></p>
        <div className="buttons">
          {found.code === 'store' ? <Button size="xs" variant="default" onClick={() => { setFound(null); setTurn(turn + 1) }}>{noticesWords.again}</Button> : null}
          <Button size="xs" data-autofocus onClick={onClose}>{words.close}</Button>
        </div>
      </div>
    )
  }
  return <Editor subject={subject} contacts={found.contacts} templates={found.templates} onClose={onClose} />
}

interface EditorProps {
  readonly subject: string
  readonly contacts: NoticeContacts
  readonly templates: readonly TemplateText[]
  readonly onClose: () => void
}

function Editor({ subject, contacts, templates, onClose }: EditorProps) {
  const { noticeActions } = useConsole()
  const [kind, setKind] = useState<TemplateKind | null>(null)
  const [recipient, setRecipient] = useState<Recipient | null>(contacts.best === null ? null : { kind: 'contact', address: contacts.best.address })
  const [ticked, setTicked] = useState<string | null>(null)
  const [text, setText] = useState<string | null>(null)
  const first = useRef<HTMLSelectElement>(null)
  // The dialog has opened before there was anything to do in it.
  useEffect(() => first.current?.focus(), [])
  const request = requestOf({ subject, contacts, kind, recipient, ticked, text })
  const preview = usePreview(request)
  const written = preview.answer?.ok === true ? preview.answer : null
  // Until one is chosen the gate takes the one that suits the contact.
  const shown = kind ?? written?.notice.template ?? 'isp'
  const chooseKind = (next: TemplateKind) => {
    setKind(next)
    setText(null)
    setRecipient(recipientFor(next, contacts, shown, recipient))
  }
  const { about } = contacts
  const send = async (): Promise<Done> => {
    if (request === null) return { ok: false, problem: words.nothingYet }
    const done = await noticeActions.send(request)
    if (done.ok) onClose()
    return done
  }
  return (
    <div className="noticeeditor">
      <div className="asked">
        <p className="about"><span className="dim">{words.about}</span> <Name text={about.client} /> {about.ehlo === null ? <span className="dim">{strings.live.noEhlo}</span> : <><Name text={about.ehlo} /> <em className="claimed">{strings.claimed}</em></>}</p>
        <NativeSelect size="xs" label={words.kind} description={templateKinds[shown].does} ref={first} value={shown} data={TEMPLATE_KINDS.map((each) => ({ value: each, label: templateKinds[each].name }))} onChange={(event) => chooseKind(TEMPLATE_KINDS.find((each) => each === event.currentTarget.value) ?? 'isp')} />
        <RecipientChoice contacts={contacts} template={shown} value={recipient} ticked={ticked} problem={preview.answer?.ok === false && preview.answer.code === 'contact' && !preview.writing ? preview.answer.problem : null} onChange={setRecipient} onTick={setTicked} />
        <TemplateField text={text ?? templates.find((each) => each.kind === shown)?.text ?? ''} changed={text !== null} label={words.text} help={words.textHelp} problems={preview.answer?.ok === false ? (preview.answer.problems ?? []) : []} onChange={setText} onBack={() => setText(null)} />
      </div>
      <PreviewSide preview={preview} asked={request !== null} onSend={send} onClose={onClose} onDraft={async () => {
        if (request === null) return
        const kept = await noticeActions.draft(request)
        if (!kept.ok) return
        noticeActions.tell(noticesWords.done.kept)
        onClose()
      }} />
    </div>
  )
}

function PreviewSide({ preview, asked, onSend, onDraft, onClose }: { readonly preview: PreviewState; readonly asked: boolean; readonly onSend: () => Promise<Done>; readonly onDraft: () => Promise<void>; readonly onClose: () => void }) {
  const { answer, writing } = preview
  const written = answer?.ok === true ? answer : null
  return (
    <section className="previewside" aria-label={words.preview}>
      <header><h3>{words.preview}</h3><span className="dim" role="status">{writing ? words.writing : ''}</span></header>
      {!asked ? <p className="note dim">{words.nothingYet}</p> : answer === null ? null : answer.ok ? <MessageText message={answer.message} label={words.preview} />
        : <p role="alert" className="problem"><Said text={answer.problem} className="plain" /></p>}
      {written?.sending != null ? <p className="note"><Said text={words.cannotSend(written.sending)} className="plain" /> <a className="link" href="#/settings" onClick={onClose}>{words.settings}</a></p> : null}
      {written?.cap != null && written.sending === null ? <p className="note problem"><Said text={words.cap(written.cap)} className="plain" /></p> : null}
      <div className="buttons">
        {written === null ? null : <CopyButton label={words.copy} text={written.text} />}
        <Button size="xs" variant="default" disabled={written === null || writing} onClick={() => void onDraft()}>{words.draft}</Button>
        {written === null ? <Button size="xs" disabled>{noticesWords.send}</Button> : <SendButton to={written.notice.to} disabled={writing || written.sending !== null || written.cap !== null} onSend={onSend} />}
      </div>
    </section>
  )
}

/** What the gate is asked to write; null while something is missing: nobody chosen, nothing typed, no tick. */
function requestOf({ subject, contacts, kind, recipient, ticked, text }: { readonly subject: string; readonly contacts: NoticeContacts; readonly kind: TemplateKind | null; readonly recipient: Recipient | null; readonly ticked: string | null; readonly text: string | null }): WriteRequest | null {
  if (recipient === null || recipient.address.trim() === '') return null
  const isClaimed = recipient.kind === 'contact' && contacts.candidates.some(({ address, trust }) => address === recipient.address && trust === 'claimed')
  if (isClaimed && ticked !== recipient.address) return null
  return { subject, to: recipient.address.trim(), ...(isClaimed ? { claimed: true } : {}), ...(kind === null ? {} : { template: kind }), ...(text === null ? {} : { text }) }
}

/** Another kind of notice goes to other people; what was typed stays. */
function recipientFor(next: TemplateKind, { best, about }: NoticeContacts, before: TemplateKind, chosen: Recipient | null): Recipient | null {
  if (chosen?.kind === 'typed' || (next === 'customer') === (before === 'customer')) return chosen
  if (next !== 'customer') return best === null ? null : { kind: 'contact', address: best.address }
  const [first] = about.recipients
  return first === undefined ? null : { kind: 'recipient', address: first }
}
