/** The frame around the pages: rail, strip, banners, messages, keys that work everywhere. */
import { useState, useSyncExternalStore } from 'react'
import { MantineProvider, useMantineColorScheme } from '@mantine/core'
import { ConsoleContext, useConsole, useDesktop, useGate, useLine } from './console.ts'
import type { Console } from './console.ts'
import type { Page, Route } from './model/route.ts'
import { CheckPage } from './pages/check.tsx'
import { DesktopPage, GateOffPage } from './pages/desktop.tsx'
import { EnforceBanner, EnforcePage } from './pages/enforce.tsx'
import { GoLivePage } from './pages/golive.tsx'
import { CommandPalette } from './pages/commandpalette.tsx'
import { HealthPage } from './pages/health.tsx'
import { LivePage } from './pages/live.tsx'
import { MailboxPage } from './pages/mailbox.tsx'
import { NoticeEditor } from './pages/noticeeditor.tsx'
import { NoticesPage, useWorthCount } from './pages/notices.tsx'
import { ReportsPage } from './pages/reports.tsx'
import { RulesPage } from './pages/rules.tsx'
import { SendersPage } from './pages/senders.tsx'
import { SettingsPage } from './pages/settings.tsx'
import { DesktopBanner, PauseBanner } from './parts/desktopbanner.tsx'
import { KeysHelp } from './parts/keyshelp.tsx'
import { Rail } from './parts/rail.tsx'
import { Alarms, Blind, StatusStrip } from './parts/statusstrip.tsx'
import { ToastList } from './parts/toastlist.tsx'
import { WouldHave } from './parts/wouldhave.tsx'
import { useKeys } from './parts/usekeys.ts'
import { useNow } from './parts/usenow.ts'
import { strings } from './strings.ts'
import { theme } from './theme.ts'
import { useWouldHave } from './usewouldhave.ts'
import { goLiveWords } from './words/golive.ts'
import { useRoute } from './useroute.ts'
import type { ChangeRoute } from './useroute.ts'

export function App({ porch }: { readonly porch: Console }) {
  return (
    // Variables and classes come from theme.ts and the style sheets: style elements would need 'unsafe-inline'.
    <MantineProvider theme={theme} defaultColorScheme="auto" withCssVariables={false} withGlobalClasses={false}>
      <ConsoleContext value={porch}>
        <Frame />
      </ConsoleContext>
    </MantineProvider>
  )
}

function Frame() {
  const { actions } = useConsole()
  const gate = useGate()
  // Without transitions kept, Mantine would insert a style element, which the content policy forbids.
  const { colorScheme, setColorScheme } = useMantineColorScheme({ keepTransitions: true })
  const [route, change] = useRoute()
  const [help, setHelp] = useState(false)
  const desktop = useDesktop()
  const toasts = useConsole().toasts
  const practice = gate?.practice === true
  const worth = useWorthCount()
  useKeys({
    'g l': () => change({ page: 'live', session: null }),
    'g s': () => change({ page: 'senders' }),
    'g n': () => change({ page: 'notices' }),
    'g r': () => change({ page: 'rules' }),
    'g c': () => change({ page: 'check' }),
    'g t': () => change({ page: 'reports' }),
    'g e': () => change({ page: 'settings' }),
    'g m': () => change({ page: practice ? 'mailbox' : 'live', session: null }),
    '?': () => setHelp(true),
    u: () => toasts.undoLast(),
    '/': () => document.getElementById('search')?.focus(),
  })
  const page = route.page === 'mailbox' && gate !== null && !practice ? 'live' : route.page
  return (
    <div className="frame">
      <a className="skip" href="#content" onClick={(event) => { event.preventDefault(); document.getElementById('content')?.focus() }}>{strings.skip}</a>
      <Rail page={page} worth={worth} practice={practice} desktop={desktop !== null} scheme={colorScheme} onScheme={setColorScheme} onHelp={() => setHelp(true)} />
      <div className="main">
        <section aria-label={strings.status.label}>
          <Strip />
          <GateBanner />
          <LineBanner />
          <Alarms state={gate} />
          {gate !== null && !practice && page === 'live' ? <EnforceBanner mode={gate.mode} /> : null}
          {practice && desktop?.gate.kind !== 'off' ? <PracticeBanner playing={gate.practicePlaying} onPlay={() => void actions.play()} /> : null}
        </section>
        <main id="content" tabIndex={-1} aria-label={strings.pages[page]}>
          <h1 className="unseen">{strings.title(strings.pages[page])}</h1>
          {desktop?.gate.kind === 'off' && page !== 'settings' && page !== 'desktop' ? <GateOffPage /> : <PageOf page={page} route={route} change={change} />}
        </main>
      </div>
      <Messages />
      <CommandPalette change={change} onHelp={() => setHelp(true)} />
      <NoticeEditor />
      <KeysHelp opened={help} onClose={() => setHelp(false)} />
    </div>
  )
}

function PageOf({ page, route, change }: { readonly page: Page; readonly route: Route; readonly change: ChangeRoute }) {
  switch (page) {
    case 'live': return <LivePage route={route} change={change} />
    case 'senders': return <SendersPage route={route} change={change} />
    case 'notices': return <NoticesPage route={route} change={change} />
    case 'rules': return <RulesPage route={route} change={change} />
    case 'check': return <CheckPage route={route} change={change} />
    case 'settings': return <SettingsPage />
    case 'mailbox': return <MailboxPage />
    case 'golive': return <GoLivePage step={route.step ?? 'server'} change={change} />
    case 'enforce': return <EnforcePage />
    case 'reports': return <ReportsPage route={route} change={change} />
    case 'health': return <HealthPage />
    case 'desktop': return <DesktopPage />
  }
}

function Strip() {
  const { actions } = useConsole()
  const line = useLine()
  const done = useWouldHave()
  const gate = useGate()
  const blindSince = line.kind === 'blind' || line.kind === 'refused' ? line.since : null
  return <StatusStrip state={gate} now={useNow()} blindSince={blindSince} outlook={(mode) => (done === null ? null : <WouldHave done={done} mode={mode} inForce={mode === gate?.mode} />)} onMode={(mode, forMs) => actions.setMode(mode, forMs)} />
}

/** What the desktop says of its gate, and a pause. */
function GateBanner() {
  const { desktop, actions } = useConsole()
  const shown = useDesktop()
  const gate = useGate()
  const up = useLine().kind === 'up'
  const now = useNow()
  return (
    <>
      {desktop === null || shown === null ? null : <DesktopBanner gate={shown.gate} now={now} onRetry={() => desktop.retry()} onStartOwn={() => desktop.startOwn()} />}
      {up && gate?.pausedUntil != null && shown?.gate.kind !== 'lost' && shown?.gate.kind !== 'off' ? <PauseBanner until={gate.pausedUntil} onResume={() => void actions.resume()} /> : null}
    </>
  )
}

function LineBanner() {
  const { line } = useConsole()
  const state = useLine()
  const desktop = useDesktop()
  const now = useNow()
  // What the desktop knows of the gate says more than that the line is down.
  const told = desktop !== null && (desktop.gate.kind === 'lost' || desktop.gate.kind === 'off' || desktop.gate.kind === 'starting')
  const down = (state.kind === 'blind' || state.kind === 'refused') && !told
  return (
    <>
      <div className="unseen" role="status">{down ? strings.status.lost : ''}</div>
      {down ? <Blind line={state} now={now} onRetry={() => line.retryNow()} /> : null}
    </>
  )
}

function PracticeBanner({ playing, onPlay }: { readonly playing: boolean; readonly onPlay: () => void }) {
  return (
    <div className="practice">
      <span>{strings.practice.banner}</span>
      <button type="button" className="action" disabled={playing} onClick={onPlay}>{playing ? strings.practice.playing : strings.practice.play}</button>
      <a className="action" href="#/golive" title={goLiveWords.enterHelp}>{goLiveWords.enter}</a>
    </div>
  )
}

function Messages() {
  const { toasts } = useConsole()
  const list = useSyncExternalStore(toasts.subscribe, toasts.list)
  return <ToastList toasts={list} onUndo={(toast) => toasts.undo(toast)} onDismiss={(id) => toasts.dismiss(id)} onStay={(id, stays) => (stays ? toasts.pause(id) : toasts.resume(id))} />
}
