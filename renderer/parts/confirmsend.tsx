/** The last look before a notice is queued: to whom it goes and where that address comes from. */
import { useEffect, useRef } from 'react'
import { Button } from '@mantine/core'
import type { NoticePreview } from '../../shared/api/notices.ts'
import { sourceText } from '../../shared/notice/contacts.ts'
import { editorWords } from '../words/noticeeditor.ts'
import { trustWords } from '../words/notices.ts'
import { Name, Said } from './outside.tsx'

const words = editorWords.confirm

export interface ConfirmSendProps {
  readonly preview: NoticePreview
  /** It has become another message since it was shown. */
  readonly again: boolean
  readonly busy: boolean
  readonly onGo: () => void
  readonly onBack: () => void
}

export function ConfirmSend({ preview: { notice }, again, busy, onGo, onBack }: ConfirmSendProps) {
  const go = useRef<HTMLButtonElement | null>(null)
  useEffect(() => go.current?.focus(), [])
  return (
    <div role="group" aria-labelledby="confirm-send" className="confirmsend">
      <div>
        <h3 id="confirm-send">{words.title}</h3>
        {again ? <p role="alert" className="problem">{words.changed}</p> : null}
        <p>{words.to} <Name text={notice.to} className="strong" /> <span className="tag">{trustWords[notice.trust]}</span> <span className="dim"><Said text={sourceText(notice.source)} className="plain" /></span></p>
        <p className="dim">{words.subject}: <Said text={notice.subject} className="plain" /></p>
        <p className="dim">{words.undo}</p>
      </div>
      <div className="buttons">
        <Button size="xs" variant="default" disabled={busy} onClick={onBack}>{words.back}</Button>
        <Button size="xs" ref={go} loading={busy} onClick={onGo}>{words.go}</Button>
      </div>
    </div>
  )
}
