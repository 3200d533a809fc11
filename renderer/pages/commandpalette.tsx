/** The palette with the commands of the whole console (Ctrl-K or Cmd-K), and where a typed address, name or session id leads. */
import { useCallback, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { useMantineColorScheme } from '@mantine/core'
import { useConsole, useGate } from '../console.ts'
import { jumpsOf } from '../model/commands.ts'
import type { Command, Jump } from '../model/commands.ts'
import { NO_FILTER } from '../model/filter.ts'
import type { Page } from '../model/route.ts'
import { Palette } from '../parts/palette.tsx'
import { strings } from '../strings.ts'
import { useCommands } from '../usecommands.ts'
import type { ChangeRoute } from '../useroute.ts'
import { cardWords, goLiveWords } from '../words/golive.ts'
import { healthWords } from '../words/health.ts'
import { noticesWords } from '../words/notices.ts'
import { paletteWords as words } from '../words/palette.ts'
import { reportsWords } from '../words/reports.ts'
import { openForget } from './openforget.ts'
import { openSender } from './opensender.ts'

const HOUR_MS = 3_600_000
const forgetWords = reportsWords.forget
const PAGES: readonly (readonly [Page, string])[] = [['live', 'g l'], ['senders', 'g s'], ['notices', 'g n'], ['rules', 'g r'], ['reports', 'g t'], ['check', 'g c'], ['settings', 'g e']]
const MODES = ['enforce', 'grace', 'observe'] as const
const SCHEMES = ['auto', 'light', 'dark'] as const

export interface CommandPaletteProps {
  readonly change: ChangeRoute
  readonly onHelp: () => void
}

export function CommandPalette({ change, onHelp }: CommandPaletteProps) {
  const { commands, live } = useConsole()
  const [opened, setOpened] = useState(false)
  useFrameCommands(change, onHelp)
  const { noticeActions } = useConsole()
  const before = useRef<HTMLElement | null>(null)
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return
      event.preventDefault()
      // Another dialog keeps what was typed into it; the palette's own key closes it.
      if (document.querySelector('[role="dialog"]:not(.palette), [role="menu"]') !== null && document.querySelector('.palette') === null) return
      setOpened((is) => {
        if (!is && document.activeElement instanceof HTMLElement) before.current = document.activeElement
        return !is
      })
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [])
  const jumps = useCallback((typed: string) => {
    const found = jumpsOf(typed, (id) => live.find(id) !== null)
    const of = (mere: boolean) => found.filter(({ kind }) => (kind === 'text') === mere).flatMap((jump) => [...jumpCommands(jump, change), ...notifyCommands(jump, noticeActions.write)])
    return { first: of(false), last: of(true) }
  }, [live, change, noticeActions])
  const all = useMemo(() => (opened ? commands.all() : []), [opened, commands])
  if (!opened) return null
  const close = () => {
    setOpened(false)
    // Where it was, or the content if that is gone: a command may have taken it elsewhere by then.
    requestAnimationFrame(() => {
      if (document.activeElement !== null && document.activeElement !== document.body) return
      const back = before.current
      if (back !== null && back.isConnected && back !== document.body) back.focus({ preventScroll: true })
      else document.getElementById('content')?.focus({ preventScroll: true })
    })
  }
  return <Palette commands={all} jumps={jumps} onClose={close} />
}

function useFrameCommands(change: ChangeRoute, onHelp: () => void): void {
  const { actions, toasts } = useConsole()
  const gate = useGate()
  const { setColorScheme } = useMantineColorScheme({ keepTransitions: true })
  const practice = gate?.practice === true
  const pages: readonly (readonly [Page, string])[] = practice ? [...PAGES, ['mailbox', 'g m']] : PAGES
  useCommands(() => [
    ...pages.map(([page, keys]) => ({ id: `page-${page}`, group: words.groups.pages, title: words.page(strings.pages[page]), words: words.pageWords, keys, run: () => change({ page, session: null }) })),
    { id: 'help', group: words.groups.pages, title: words.help, keys: '?', run: onHelp },
    { id: 'undo', group: words.groups.pages, title: words.undo, keys: 'u', run: () => void toasts.undoLast() },
    { id: 'mode-panic', group: words.groups.mode, title: words.panic, words: words.panicWords, run: () => void actions.setMode('observe', HOUR_MS) },
    ...MODES.filter((mode) => mode !== gate?.mode || gate.modeUntil !== null).map((mode) => ({ id: `mode-${mode}`, group: words.groups.mode, title: words.mode(strings.modes[mode].name), run: () => void actions.setMode(mode, null) })),
    ...MODES.filter((mode) => mode !== gate?.mode && mode !== 'observe').map((mode) => ({ id: `mode-${mode}-hour`, group: words.groups.mode, title: words.modeHour(strings.modes[mode].name), run: () => void actions.setMode(mode, HOUR_MS) })),
    ...(practice ? [{ id: 'play', group: words.groups.practice, title: words.play, run: () => void actions.play() }] : []),
    { id: 'forget', group: words.groups.pages, title: forgetWords.command, words: forgetWords.commandWords, run: () => openForget(change) },
    { id: 'health', group: words.groups.pages, title: healthWords.palette, words: healthWords.paletteWords, run: () => change({ page: 'health', session: null }) },
    { id: 'golive', group: words.groups.mode, title: goLiveWords.enter, words: goLiveWords.enterHelp, run: () => change({ page: 'golive' }) },
    ...(gate?.mode === 'observe' && !practice ? [{ id: 'enforce', group: words.groups.mode, title: cardWords.title, words: cardWords.list, run: () => change({ page: 'enforce' }) }] : []),
    ...SCHEMES.map((scheme) => ({ id: `scheme-${scheme}`, group: words.groups.look, title: words.scheme[scheme], words: words.schemeWords, run: () => setColorScheme(scheme) })),
  ], 'frame')
}

/** A notice about the typed address or session. */
function notifyCommands(jump: Jump, write: (about: string) => void): readonly Command[] {
  const about = jump.kind === 'session' ? jump.id : jump.kind === 'network' && jump.single ? jump.network : null
  return about === null ? [] : [{ id: 'jump-notify', group: words.groups.jump, title: noticesWords.editor.writeTo(about), run: () => write(about) }]
}

function jumpCommands(jump: Jump, change: ChangeRoute): readonly Command[] {
  const group = words.groups.jump
  const show = (id: string, title: string, filter: Partial<typeof NO_FILTER>): Command => ({ id, group, title, run: () => change({ page: 'live', filter: { ...NO_FILTER, ...filter } }) })
  switch (jump.kind) {
    case 'session': return [{ id: 'jump-session', group, title: words.openSession(jump.id), run: () => change({ page: 'live', session: jump.id }) }]
    case 'network': return [
      ...(jump.single ? [{ id: 'jump-sender', group, title: words.openSender(jump.network), run: () => openSender(jump.network) }] : []),
      show('jump-sessions', words.showSessions(jump.network), { network: jump.network }),
    ]
    case 'name': return [show('jump-sessions', words.showSessions(jump.name), { text: jump.name })]
    case 'text': return [show('jump-search', words.search(jump.text), { text: jump.text })]
  }
}
