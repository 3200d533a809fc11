/** Whether the page is being printed: plots are drawn anew then, in light colours and as wide as paper is. Known before the browser lays out the pages. */
import { useEffect, useState } from 'react'
import { flushSync } from 'react-dom'

const SCHEME = 'data-mantine-color-scheme'

export function usePaper(): boolean {
  const [paper, setPaper] = useState(false)
  useEffect(() => {
    const media = window.matchMedia('print')
    const change = (is: boolean) => flushSync(() => setPaper(is))
    const begin = () => change(true)
    const end = () => change(false)
    const onMedia = () => change(media.matches)
    window.addEventListener('beforeprint', begin)
    window.addEventListener('afterprint', end)
    media.addEventListener('change', onMedia)
    return () => {
      window.removeEventListener('beforeprint', begin)
      window.removeEventListener('afterprint', end)
      media.removeEventListener('change', onMedia)
    }
  }, [])
  return paper
}

/** While the page is being printed its colours are the light ones. For the page itself, once. */
export function useLightPaper(): void {
  const paper = usePaper()
  useEffect(() => {
    if (!paper) return
    const root = document.documentElement
    const before = root.getAttribute(SCHEME)
    root.setAttribute(SCHEME, 'light')
    return () => {
      if (before !== null) root.setAttribute(SCHEME, before)
    }
  }, [paper])
}
