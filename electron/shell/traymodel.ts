/**
 * What the tray shows, from what is known of the gate. Pure: values in, a menu as data out; the shell turns it into the
 * system's own. The icon has three states: all is well; something needs the admin; no gate is open.
 */
import type { DesktopGate, DesktopPage } from '../../shared/api/desktop.ts'
import type { GateState } from '../../shared/api.ts'
import type { Mode } from '../../shared/gate/disposition.ts'
import { shellWords } from './words.ts'

export type TrayIcon = 'ok' | 'attention' | 'off'

/** What a click wants. Lengths in ms. */
export type ShellCommand =
  | { readonly do: 'open'; readonly page: DesktopPage | null }
  | { readonly do: 'pause'; readonly forMs: number }
  | { readonly do: 'resume' }
  | { readonly do: 'mode'; readonly mode: Mode; readonly forMs: number | null }
  | { readonly do: 'retry' }
  | { readonly do: 'start-own' }
  | { readonly do: 'quit' }
  | { readonly do: 'quit-now' }

export type MenuEntry =
  | { readonly kind: 'line' }
  /** Only to be read. */
  | { readonly kind: 'text'; readonly label: string }
  | { readonly kind: 'command'; readonly label: string; readonly command: ShellCommand }
  | { readonly kind: 'choice'; readonly label: string; readonly chosen: boolean; readonly command: ShellCommand }
  | { readonly kind: 'menu'; readonly label: string; readonly entries: readonly MenuEntry[] }

export interface TrayView {
  readonly gate: DesktopGate
  /** As last told; null while no gate answers. */
  readonly state: GateState | null
  /** While the program ends: how many transactions it waits for. */
  readonly finishing: number | null
  /** A time of day as this person reads it. */
  readonly clock: (iso: string) => string
}

const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000
const words = shellWords.tray
const LINE: MenuEntry = { kind: 'line' }
const MODES: readonly Mode[] = ['observe', 'grace', 'enforce']
/** Turned away by us: 5xx, a ban, a limit, or told to come again. */
const REFUSED = ['rejected', 'deferred', 'banned', 'limited'] as const
/** The mail server has taken it. */
const ACCEPTED = ['accepted', 'whitelisted', 'exempt', 'would-reject', 'would-defer'] as const

export function trayIcon({ gate, state }: Pick<TrayView, 'gate' | 'state'>): TrayIcon {
  if (state === null || !isRunning(gate)) return 'off'
  return isPaused(state) || needsAdmin(state) ? 'attention' : 'ok'
}

/** One or two short lines; Windows cuts at 127 characters. */
export function trayTip(view: TrayView): string {
  const { state } = view
  const counts = state === null || !isRunning(view.gate) ? [] : [todayWords(state)]
  return [`${shellWords.product}: ${headline(view)}`, ...counts].join('\n').slice(0, 127)
}

export function trayMenu(view: TrayView): readonly MenuEntry[] {
  const { gate, state, finishing } = view
  if (finishing !== null) return [text(words.finishing(finishing)), LINE, command(words.quitNow, { do: 'quit-now' })]
  const running = isRunning(gate) && state !== null ? runningEntries(state, view) : offEntries(gate)
  const note = gate.kind === 'service' ? [text(words.serviceNote)] : []
  return [text(headline(view)), ...note, ...running, LINE, command(words.console, { do: 'open', page: null }), LINE, command(words.quit, { do: 'quit' })]
}

function runningEntries(state: GateState, { clock }: TrayView): readonly MenuEntry[] {
  const many = state.alarms.length
  return [
    ...(state.practice ? [text(words.practice)] : []),
    text(todayWords(state)),
    ...(many === 0 ? [] : [command(words.alarms(many), { do: 'open', page: 'live' as const })]),
    LINE,
    isPaused(state)
      ? command(words.resume, { do: 'resume' })
      : { kind: 'menu', label: words.pause, entries: [text(words.pauseHelp), command(words.forMinutes(15), { do: 'pause', forMs: 15 * MINUTE_MS }), command(words.forHour, { do: 'pause', forMs: HOUR_MS })] },
    {
      kind: 'menu',
      label: state.modeUntil === null ? `${words.mode}: ${shellWords.modes[state.mode]}` : `${words.mode}: ${words.modeUntil(shellWords.modes[state.mode], clock(state.modeUntil))}`,
      entries: [
        ...MODES.map((mode): MenuEntry => ({ kind: 'choice', label: shellWords.modes[mode], chosen: state.mode === mode && state.modeUntil === null, command: { do: 'mode', mode, forMs: null } })),
        LINE,
        { kind: 'choice', label: words.observeHour, chosen: state.mode === 'observe' && state.modeUntil !== null, command: { do: 'mode', mode: 'observe', forMs: HOUR_MS } },
      ],
    },
  ]
}

function offEntries(gate: DesktopGate): readonly MenuEntry[] {
  if (gate.kind === 'lost' && gate.offer === 'own') return [LINE, command(words.startOwn, { do: 'start-own' })]
  return gate.kind === 'off' || gate.kind === 'lost' ? [LINE, command(words.retry, { do: 'retry' })] : []
}

function headline({ gate, state, clock }: TrayView): string {
  switch (gate.kind) {
    case 'starting': return words.starting
    case 'off': return words.off
    case 'lost': return words.lost(clock(gate.since))
    case 'own':
    case 'service':
      if (state === null) return words.starting
      if (state.pausedUntil != null) return words.paused(clock(state.pausedUntil))
      return state.addresses.length === 0 ? words.off : words.open(shellWords.modes[state.mode])
  }
}

function isRunning(gate: DesktopGate): boolean {
  return gate.kind === 'own' || gate.kind === 'service'
}

function isPaused(state: GateState): boolean {
  return state.pausedUntil != null
}

/** Red things only: a warning stands in the console and does not colour the tray all day. */
function needsAdmin(state: GateState): boolean {
  return state.canary.state === 'red' || state.backend?.up === false || state.journal.trouble !== null || state.alarms.some(({ severity }) => severity === 'critical')
}

function todayWords({ today }: GateState): string {
  const sum = (names: readonly string[]) => names.reduce((total, name) => total + (today[name] ?? 0), 0)
  return words.today(sum(REFUSED), sum(ACCEPTED))
}

function text(label: string): MenuEntry {
  return { kind: 'text', label }
}

function command(label: string, wanted: ShellCommand): MenuEntry {
  return { kind: 'command', label, command: wanted }
}
