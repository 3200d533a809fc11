/** The head of the Notices page: tabs with counts, search, and what can be begun; below it what the caps leave, or why nothing can be sent. */
import { useEffect, useRef, useState } from 'react'
import { Button, Tabs, TextInput } from '@mantine/core'
import { IconAlertTriangle, IconSearch } from '@tabler/icons-react'
import type { DeskState } from '../../shared/api/notices.ts'
import { NOTICE_TABS } from '../model/noticesview.ts'
import type { NoticesView, NoticeTab } from '../model/noticesview.ts'
import { noticesWords as words } from '../words/notices.ts'
import { Said } from './outside.tsx'

const TYPING_MS = 200

export interface NoticesBarProps {
  readonly view: NoticesView
  /** Null: not known yet. */
  readonly counts: Readonly<Record<NoticeTab, number>> | null
  readonly desk: DeskState | null
  readonly onSearch: (text: string) => void
  readonly onWrite: () => void
  readonly onTemplates: () => void
  readonly onLeave: () => void
}

export function NoticesBar({ view, counts, desk, onSearch, onWrite, onTemplates, onLeave }: NoticesBarProps) {
  const [draft, setDraft] = useState<string | null>(null)
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  const settle = (text: string) => {
    clearTimeout(timer.current)
    setDraft(null)
    if (text !== view.q) onSearch(text)
  }
  const type = (text: string) => {
    setDraft(text)
    clearTimeout(timer.current)
    timer.current = setTimeout(() => settle(text), TYPING_MS)
  }
  const onKey = (event: React.KeyboardEvent<HTMLInputElement>) => {
    if (event.key === 'Enter') settle(draft ?? view.q)
    else if (event.key === 'Escape' && (draft ?? view.q) !== '') settle('')
    else if (event.key !== 'ArrowDown' && event.key !== 'Escape') return
    if (event.key !== 'Escape' || (draft ?? view.q) === '') onLeave()
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <div className="toolbar">
      <div className="tools noticetools">
        <TextInput id="search" type="search" size="xs" className="search" aria-label={words.search} placeholder={words.placeholder} autoComplete="off" spellCheck={false} maxLength={500}
          leftSection={<IconSearch size={14} aria-hidden />} value={draft ?? view.q} onChange={(event) => type(event.currentTarget.value)} onKeyDown={onKey} />
        <div className="grow" />
        <Button size="xs" variant="default" title={words.writeHelp} onClick={onWrite}>{words.write}</Button>
        <Button size="xs" variant="default" onClick={onTemplates}>{words.templates}</Button>
      </div>
      <Tabs.List className="noticetabs">{NOTICE_TABS.map((tab) => <Tabs.Tab key={tab} value={tab} title={words.tabHelp[tab]}>{words.counted(words.tabs[tab], counts?.[tab] ?? null)}</Tabs.Tab>)}</Tabs.List>
      {desk === null ? null : <Desk desk={desk} />}
    </div>
  )
}

function Desk({ desk: { missing, sending, perContactDays, perDay, today } }: { readonly desk: DeskState }) {
  if (sending === null) return <p className="allowance dim">{words.allowance(perContactDays, perDay, today)}</p>
  return (
    <p className="allowance hindrance">
      <IconAlertTriangle size={14} aria-hidden /> <strong>{words.off}</strong> <Said text={missing.length > 0 ? words.missing(missing) : `${sending.charAt(0).toUpperCase()}${sending.slice(1)}.`} className="plain" /> {words.offStill}{' '}
      <a className="link" href="#/settings">{words.toSettings}</a>
    </p>
  )
}
