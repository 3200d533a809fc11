/** Notify…: to whom, in which words, and beside it the very message; it can be kept, copied or, after one more question, sent. */
import { useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { Button, Modal, NativeSelect } from '@mantine/core'
import type { NoticeContacts, NoticeRefusal, TemplateText, WriteRequest } from '../../shared/api/notices.ts'
import type { Notice } from '../../shared/notice/outbox.ts'
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
import { keepText, keptText } from '../store/unsaved.ts'
import { strings } from '../strings.ts'
import { noticesWords, templateKinds } from '../words/notices.ts'
import { usePreview } from './usepreview.ts'
import type { PreviewState } from './usepreview.ts'

const words = noticesWords.editor
/** Under which what is typed is kept over a reload. */
const FORM = 'notice-form'

export function NoticeEditor() {
  const { noticeActions } = useConsole()
  const subject = useSyncExternalStore(noticeActions.subscribe, noticeActions.subject)
  const [dirty, setDirty] = useState(false)
  const [leaving, setLeaving] = useState(false)
  if (subject === null) return null
  const close = () => {
    setDirty(false)
    setLeaving(false)
    keepText(FORM, null)
    noticeActions.write(null)
  }
  // What was typed is not lost by a slip of the finger.
  const ask = () => {
    if (dirty) setLeaving(!leaving)
    else close()
  }
  const { about, draft } = subject
  return (
    <Modal opened onClose={ask} title={words.title} size="min(1180px, 96vw)" centered lockScroll={false} closeOnClickOutside={false} transitionProps={{ duration: 0 }} closeButtonProps={{ 'aria-label': words.close }}>
      {leaving ? <Leaving onStay={() => setLeaving(false)} onDiscard={close} /> : null}
      <Loading key={`${about} ${draft ?? ''}`} subject={about} draft={draft} onDirty={setDirty} onClose={close} />
    </Modal>
  )
}

function Leaving({ onStay, onDiscard }: { readonly onStay: () => void; readonly onDiscard: () => void }) {
  return (
    <div className="sureness" role="alertdialog" aria-label={words.leave}>
      <span>{words.leave}</span>
      <Button size="xs" autoFocus onClick={onStay}>{words.leaveStay}</Button>
      <Button size="xs" variant="default" onClick={onDiscard}>{words.leaveDiscard}</Button>
    </div>
  )
}

interface LoadingProps {
  readonly subject: string
  readonly draft: string | null
  readonly onDirty: (dirty: boolean) => void
  readonly onClose: () => void
}

/** Contacts and templates first: the registries may take some seconds. */
function Loading({ subject, draft, onDirty, onClose }: LoadingProps) {
  const { line } = useConsole()
  const up = useLine().kind === 'up'
  const [found, setFound] = useState<{ readonly contacts: NoticeContacts; readonly templates: readonly TemplateText[]; readonly kept: Notice | null } | NoticeRefusal | null>(null)
  const [turn, setTurn] = useState(0)
  useEffect(() => {
    const api = line.api()
    if (!up || api === null || found !== null) return
    const stop = new AbortController()
    Promise.all([api.notices.contacts({ subject }, { signal: stop.signal }), api.notices.templates.list(undefined, { signal: stop.signal }), draft === null ? null : api.notices.get({ id: draft }, { signal: stop.signal })]).then(
      ([contacts, templates, full]) => {
        if (!stop.signal.aborted) setFound(contacts.ok ? { contacts, templates, kept: full?.notice.state === 'draft' ? full.notice : null } : contacts)
      },
      () => {
        if (!stop.signal.aborted) setFound({ ok: false, code: 'store', problem: words.failed })
      },
    )
    return () => stop.abort()
    // What was found once is not asked for again when the line comes back.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [line, up, subject, draft, turn])
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
  return <Editor subject={found.contacts.about.id} contacts={found.contacts} templates={found.templates} kept={found.kept} onDirty={onDirty} onClose={onClose} />
}

interface EditorProps {
  readonly subject: string
  readonly contacts: NoticeContacts
  readonly templates: readonly TemplateText[]
  /** The draft that is written on. */
  readonly kept: Notice | null
  readonly onDirty: (dirty: boolean) => void
  readonly onClose: () => void
}

function Editor({ subject, contacts, templates, kept, onDirty, onClose }: EditorProps) {
  const { noticeActions } = useConsole()
  const [opening] = useState(() => openingOf(subject, contacts, kept, keptText(FORM)))
  const [kind, setKind] = useState<TemplateKind | null>(opening.kind)
  const [recipient, setRecipient] = useState<Recipient | null>(opening.recipient)
  const [ticked, setTicked] = useState<string | null>(opening.ticked)
  const [text, setText] = useState<string | null>(opening.text)
  const first = useRef<HTMLSelectElement>(null)
  // The dialog has opened before there was anything to do in it.
  useEffect(() => first.current?.focus(), [])
  const request = requestOf({ subject, contacts, kind, recipient, ticked, text })
  const preview = usePreview(request, kept?.id ?? null)
  const dirty = text !== opening.text || opening.again
  useEffect(() => onDirty(dirty), [onDirty, dirty])
  useEffect(() => {
    if (dirty) keepText(FORM, JSON.stringify({ subject, kind, recipient, ticked, text } satisfies KeptForm))
  }, [dirty, subject, kind, recipient, ticked, text])
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
    if (request === null || written === null) return { ok: false, problem: words.nothingYet }
    const done = await noticeActions.send(request, written)
    if (done.ok) onClose()
    else preview.again()
    return done
  }
  return (
    <div className="noticeeditor">
      <div className="asked">
        {opening.again ? <p className="dim" role="status">{words.keptText}</p> : null}
        <p className="about"><span className="dim">{words.about}</span> <Name text={about.client} /> {about.ehlo === null ? <span className="dim">{strings.live.noEhlo}</span> : <><Name text={about.ehlo} /> <em className="claimed">{strings.claimed}</em></>}</p>
        <NativeSelect size="xs" label={words.kind} description={templateKinds[shown].does} ref={first} value={shown} data={TEMPLATE_KINDS.map((each) => ({ value: each, label: templateKinds[each].name }))} onChange={(event) => chooseKind(TEMPLATE_KINDS.find((each) => each === event.currentTarget.value) ?? 'isp')} />
        <RecipientChoice contacts={contacts} template={shown} value={recipient} ticked={ticked} problem={preview.answer?.ok === false && preview.answer.code === 'contact' && !preview.writing ? preview.answer.problem : null} onChange={setRecipient} onTick={setTicked} />
        <TemplateField text={text ?? templates.find((each) => each.kind === shown)?.text ?? ''} changed={text !== null} label={words.text} help={words.textHelp} problems={preview.answer?.ok === false ? (preview.answer.problems ?? []) : []} onChange={setText} onBack={() => setText(null)} />
      </div>
      <PreviewSide preview={preview} asked={request !== null} onSend={send} onClose={onClose} onDraft={async () => {
        if (request === null) return
        const drafted = await noticeActions.draft({ ...request, ...(written === null ? {} : { id: written.notice.id }) })
        if (!drafted.ok) return noticeActions.trouble(drafted.problem)
        noticeActions.tell(noticesWords.done.kept)
        onClose()
      }} />
    </div>
  )
}

function PreviewSide({ preview, asked, onSend, onDraft, onClose }: { readonly preview: PreviewState; readonly asked: boolean; readonly onSend: () => Promise<Done>; readonly onDraft: () => Promise<void>; readonly onClose: () => void }) {
  const { answer, last, writing } = preview
  const written = answer?.ok === true ? answer : null
  return (
    <section className="previewside" aria-label={words.preview}>
      <header><h3>{words.preview}</h3><span className="dim" role="status">{writing ? words.writing : written === null ? (asked && last !== null ? words.old : '') : words.octets(written.message.length)}</span></header>
      {!asked ? <p className="note dim">{words.nothingYet}</p> : answer === null ? null : answer.ok ? <MessageText message={answer.message} label={words.preview} />
        : <><p role="alert" className="problem"><Said text={answer.problem} className="plain" /></p>{last === null ? null : <MessageText message={last.message} label={words.preview} />}</>}
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

interface KeptForm {
  readonly subject: string
  readonly kind: TemplateKind | null
  readonly recipient: Recipient | null
  readonly ticked: string | null
  readonly text: string | null
}

/** As it opens: with what was typed before a reload (`again`), else with what the draft holds, else with the best contact. */
function openingOf(subject: string, contacts: NoticeContacts, draft: Notice | null, stored: string | null): Omit<KeptForm, 'subject'> & { readonly again: boolean } {
  const before = formFrom(stored)
  if (before?.subject === subject) return { ...before, again: true }
  const { best, candidates, customers } = contacts
  if (draft === null) return { kind: null, recipient: best === null ? null : { kind: 'contact', address: best.address }, ticked: null, text: null, again: false }
  const known = draft.template === 'customer' ? customers.includes(draft.to) : candidates.some(({ address }) => address === draft.to)
  return {
    kind: draft.template, ticked: draft.trust === 'claimed' ? draft.to : null, text: draft.text ?? null, again: false,
    recipient: known ? { kind: draft.template === 'customer' ? 'recipient' : 'contact', address: draft.to } : { kind: 'typed', address: draft.to },
  }
}

function formFrom(stored: string | null): KeptForm | null {
  try {
    const value = JSON.parse(stored ?? 'null') as Partial<KeptForm> | null
    if (typeof value?.subject !== 'string') return null
    const { subject, recipient } = value
    const isRecipient = typeof recipient?.address === 'string' && (recipient.kind === 'contact' || recipient.kind === 'recipient' || recipient.kind === 'typed')
    return { subject, kind: TEMPLATE_KINDS.find((kind) => kind === value.kind) ?? null, recipient: isRecipient ? recipient : null, ticked: typeof value.ticked === 'string' ? value.ticked : null, text: typeof value.text === 'string' ? value.text : null }
  } catch {
    return null
  }
}

/** What the gate is asked to write; null while something is missing: nobody chosen, nothing typed, no tick. */
function requestOf({ subject, contacts, kind, recipient, ticked, text }: { readonly subject: string; readonly contacts: NoticeContacts; readonly kind: TemplateKind | null; readonly recipient: Recipient | null; readonly ticked: string | null; readonly text: string | null }): WriteRequest | null {
  if (recipient === null || recipient.address.trim() === '') return null
  const isClaimed = recipient.kind === 'contact' && contacts.candidates.some(({ address, trust }) => address === recipient.address && trust === 'claimed')
  if (isClaimed && ticked !== recipient.address) return null
  return { subject, to: recipient.address.trim(), ...(isClaimed ? { claimed: true } : {}), ...(kind === null ? {} : { template: kind }), ...(text === null ? {} : { text }) }
}

/** Another kind of notice goes to other people; what was typed stays. */
function recipientFor(next: TemplateKind, { best, customers }: NoticeContacts, before: TemplateKind, chosen: Recipient | null): Recipient | null {
  if (chosen?.kind === 'typed' || (next === 'customer') === (before === 'customer')) return chosen
  if (next !== 'customer') return best === null ? null : { kind: 'contact', address: best.address }
  const [first] = customers
  return first === undefined ? null : { kind: 'recipient', address: first }
}
