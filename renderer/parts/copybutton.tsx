/** Copies a text and says that it did (in the button, and to a screen reader), or that it could not. */
import { useEffect, useState } from 'react'
import { IconCheck, IconCopy, IconX } from '@tabler/icons-react'
import { strings } from '../strings.ts'

export function CopyButton({ text, label }: { readonly text: string; readonly label: string }) {
  const [said, setSaid] = useState<'nothing' | 'copied' | 'failed'>('nothing')
  useEffect(() => {
    if (said === 'nothing') return
    const timer = setTimeout(() => setSaid('nothing'), 2000)
    return () => clearTimeout(timer)
  }, [said])
  const copy = () => {
    navigator.clipboard.writeText(text).then(() => setSaid('copied'), () => setSaid('failed'))
  }
  const word = said === 'nothing' ? label : said === 'copied' ? strings.detail.copied : strings.detail.copyFailed
  return (
    <button type="button" className="copy" onClick={copy}>
      {said === 'copied' ? <IconCheck size={14} aria-hidden /> : said === 'failed' ? <IconX size={14} aria-hidden /> : <IconCopy size={14} aria-hidden />}
      <span aria-live="polite">{word}</span>
    </button>
  )
}
