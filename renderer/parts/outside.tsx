/** Text from outside, always as text: controls and direction marks made visible, names in ASCII, the whole of it on hover. */
import { asciiText, visibleText } from '../../shared/net/safetext.ts'

/** A name or address as a client or DNS gave it; look-alike letters are shown by number. */
export function Name({ text, className = '' }: { readonly text: string; readonly className?: string }) {
  const shown = asciiText(text, 600)
  return <span className={`mono ${className}`} dir="ltr" title={shown}>{shown}</span>
}

/** A line somebody said: letters of any script stay. */
export function Said({ text, className = '' }: { readonly text: string; readonly className?: string }) {
  return <span className={`mono ${className}`} dir="ltr">{visibleText(text, 4000)}</span>
}
