/** The message as it will be sent, octet by octet, or as its reader sees it. The last one stays while the next is written. */
import { useState } from 'react'
import { SegmentedControl } from '@mantine/core'
import { editorWords as words } from '../words/noticeeditor.ts'
import { RawMessage } from './noticedetail.tsx'

export interface MessagePreviewProps {
  /** Null: there is none yet. `body`: missing where only the raw one is known. */
  readonly message: { readonly message: string; readonly body?: string; readonly subject?: string } | null
  readonly loading: boolean
  /** It is older than the text beside it, which has mistakes. */
  readonly old: boolean
  /** Instead of a message that is not there. */
  readonly note: React.ReactNode
}

export function MessagePreview({ message, loading, old, note }: MessagePreviewProps) {
  const [how, setHow] = useState<'raw' | 'read'>('raw')
  const body = message?.body
  return (
    <section className="messagepreview" aria-label={words.preview} aria-busy={loading}>
      <header>
        <h3>{words.preview}</h3>
        <span className="dim small" role="status">{loading ? words.previewing : old ? words.stalePreview : message === null ? '' : words.bytes(message.message.length)}</span>
        <span className="grow" />
        {body === undefined ? null : <SegmentedControl size="xs" className="when" aria-label={words.preview} value={how} onChange={(value) => setHow(value === 'read' ? 'read' : 'raw')} data={[{ value: 'raw', label: words.raw }, { value: 'read', label: words.read }]} transitionDuration={0} />}
      </header>
      {message === null ? note : <RawMessage label={words.previewLabel} message={how === 'read' && body !== undefined ? `${message.subject ?? ''}\n\n${body}` : message.message} />}
    </section>
  )
}
