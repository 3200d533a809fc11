/** The practice mailbox: what passed the gate, and each message as it was received. */
import { useEffect, useState } from 'react'
import type { PracticeMail } from '../../shared/api.ts'
import { useConsole, useLine } from '../console.ts'
import { CopyButton } from '../parts/copybutton.tsx'
import { EmptyState } from '../parts/emptystate.tsx'
import { Said } from '../parts/outside.tsx'
import { useNow } from '../parts/usenow.ts'
import { Ago } from '../parts/when.tsx'
import { strings } from '../strings.ts'

const words = strings.mailbox
const PACE_MS = 2000

type Mails = { readonly kind: 'loading' | 'failed' } | { readonly kind: 'loaded'; readonly mails: readonly PracticeMail[] }

export function MailboxPage() {
  const mails = useMailbox()
  const [file, setFile] = useState<string | null>(null)
  const now = useNow()
  if (mails.kind !== 'loaded') return <EmptyState title={mails.kind === 'loading' ? strings.detail.loading : words.failed} />
  if (mails.mails.length === 0) return <EmptyState title={strings.empty.mailboxTitle}><p>{strings.empty.mailbox}</p></EmptyState>
  return (
    <div className="mailbox">
      <ul aria-label={words.label}>
        {mails.mails.map((mail) => (
          <li key={mail.file}>
            <button type="button" aria-pressed={mail.file === file} onClick={() => setFile(mail.file)}>
              <span className="line"><strong className="clip">{mail.subject === '' ? words.noSubject : <Said text={mail.subject} className="plain" />}</strong><span className="dim"><Ago iso={mail.at} now={now} /></span></span>
              <span className="line dim"><span className="clip"><Said text={mail.from === '' ? strings.live.nullSender : mail.from} /> → <Said text={mail.to.join(', ')} /></span><span>{strings.detail.octets(mail.bytes)}</span></span>
            </button>
          </li>
        ))}
      </ul>
      <section className="message" aria-label={words.raw}>{file === null ? <p className="note dim">{words.choose}</p> : <Message key={file} file={file} />}</section>
    </div>
  )
}

function useMailbox(): Mails {
  const { line } = useConsole()
  const up = useLine().kind === 'up'
  const [mails, setMails] = useState<Mails>({ kind: 'loading' })
  useEffect(() => {
    if (!up) return
    const stop = new AbortController()
    let timer: ReturnType<typeof setTimeout> | null = null
    const round = async () => {
      try {
        const found = await line.api()?.practice.mailbox(undefined, { signal: stop.signal })
        if (found !== undefined) setMails({ kind: 'loaded', mails: found })
      } catch {
        if (!stop.signal.aborted) setMails((old) => (old.kind === 'loaded' ? old : { kind: 'failed' }))
      }
      if (!stop.signal.aborted) timer = setTimeout(() => void round(), PACE_MS)
    }
    void round()
    return () => {
      stop.abort()
      if (timer !== null) clearTimeout(timer)
    }
  }, [line, up])
  return mails
}

type Text = { readonly kind: 'loading' | 'gone' } | { readonly kind: 'loaded'; readonly text: string }

function Message({ file }: { readonly file: string }) {
  const { line } = useConsole()
  const [message, setMessage] = useState<Text>({ kind: 'loading' })
  useEffect(() => {
    let stale = false
    const load = async () => (await line.api()?.practice.message({ file })) ?? null
    load().then((found) => {
      if (!stale) setMessage(found === null ? { kind: 'gone' } : { kind: 'loaded', text: found.text })
    }, () => {
      if (!stale) setMessage({ kind: 'gone' })
    })
    return () => {
      stale = true
    }
  }, [file, line])
  if (message.kind !== 'loaded') return <p className="note dim">{message.kind === 'loading' ? strings.detail.loading : words.gone}</p>
  return (
    <>
      <header className="panehead"><h2>{words.raw}</h2><div className="grow" /><CopyButton label={words.copy} text={message.text} /></header>
      <pre className="block raw" tabIndex={0} aria-label={words.raw}>{message.text.split(/\r\n|\n/).slice(0, 5000).map((text, index) => <div key={index}><Said text={text.replaceAll('\t', '    ')} /></div>)}</pre>
    </>
  )
}
