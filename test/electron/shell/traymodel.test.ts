/** What the tray shows for each state of the gate: icon, tip and menu. */
import { describe, expect, test } from 'vitest'
import type { GateState } from '../../../shared/api.ts'
import type { DesktopGate } from '../../../shared/api/desktop.ts'
import { trayIcon, trayMenu, trayTip } from '../../../electron/shell/traymodel.ts'
import type { MenuEntry, TrayView } from '../../../electron/shell/traymodel.ts'
import { gateState } from './gatestate.ts'

const SINCE = '2026-11-25T14:03:00.000Z'
const OWN: DesktopGate = { kind: 'own', data: '/data' }
const LOST = (offer: 'own' | 'held' | 'notours'): DesktopGate => ({ kind: 'lost', data: '/data', since: SINCE, offer })
const OFF: DesktopGate = { kind: 'off', data: '/data', since: SINCE, reason: 'other', why: 'the port is taken' }

const view = (gate: DesktopGate, state: GateState | null = gateState(), finishing: number | null = null): TrayView => ({ gate, state, finishing, clock: (iso) => iso.slice(11, 16) })
const labels = (entries: readonly MenuEntry[]): unknown[] => entries.map((entry) => (entry.kind === 'line' ? '-' : entry.kind === 'menu' ? [entry.label, ...labels(entry.entries)] : entry.kind === 'choice' && entry.chosen ? `${entry.label} *` : entry.label))
const alarm = (severity: 'critical' | 'warning') => [{ code: 'x', severity, text: 'x', since: SINCE }]

describe('the icon', () => {
  test.each<[string, DesktopGate, GateState | null, string]>([
    ['all well', OWN, gateState(), 'ok'],
    ['a service, all well', { kind: 'service', data: '/data', since: SINCE }, gateState(), 'ok'],
    ['a warning', OWN, gateState({ alarms: alarm('warning') }), 'ok'],
    ['a critical alarm', OWN, gateState({ alarms: alarm('critical') }), 'attention'],
    ['our DNS is sick', OWN, gateState({ canary: { state: 'red', since: SINCE, why: null, known: 3 } }), 'attention'],
    ['the mail server is down', OWN, gateState({ backend: { address: 'x', up: false, why: 'x', latencyMs: null } }), 'attention'],
    ['no mail server in practice', OWN, gateState({ backend: null }), 'ok'],
    ['the journal is in trouble', OWN, gateState({ journal: { queued: 0, dropped: 0, trouble: 'disk full' } }), 'attention'],
    ['paused', OWN, gateState({ pausedUntil: SINCE }), 'attention'],
    ['a gate that does not know of pauses', OWN, gateState({ pausedUntil: undefined }), 'ok'],
    ['nothing heard yet', OWN, null, 'off'],
    ['starting', { kind: 'starting', data: '/data' }, null, 'off'],
    ['the service is gone, its last state known', LOST('own'), gateState(), 'off'],
    ['could not start', OFF, null, 'off'],
  ])('%s', (_what, gate, state, icon) => expect(trayIcon({ gate, state })).toBe(icon))
})

describe('the menu', () => {
  test('while the gate runs', () => {
    const today = { rejected: 1200, deferred: 30, banned: 4, limited: 1, accepted: 500, whitelisted: 3, exempt: 1, 'would-reject': 1, 'would-defer': 1, aborted: 99, 'bounced-by-backend': 7 }
    expect(labels(trayMenu(view(OWN, gateState({ today, alarms: alarm('critical') }))))).toEqual([
      'The gate is open: enforce', 'Today: 1,235 refused, 506 accepted', '1 thing needs you', '-',
      ['Pause', 'New senders try again later; it ends by itself', 'For 15 minutes', 'For 1 hour'],
      ['Mode: Enforce', 'Observe', 'Grace', 'Enforce *', '-', 'Observe for 1 hour, then return'],
      '-', 'Open the console', '-', 'Quit Porch',
    ])
  })
  test('a mode for a while is none of the lasting ones', () => {
    expect(labels(trayMenu(view(OWN, gateState({ mode: 'observe', modeUntil: SINCE })))).at(-5)).toEqual(['Mode: Observe until 14:03', 'Observe', 'Grace', 'Enforce', '-', 'Observe for 1 hour, then return *'])
  })
  test('paused: only the way back', () => {
    const shown = labels(trayMenu(view(OWN, gateState({ pausedUntil: SINCE }))))
    expect([shown[0], shown.includes('Resume now'), shown.flat().includes('For 1 hour')]).toEqual(['Paused until 14:03: new senders are told to try again later', true, false])
  })
  test.each<[string, TrayView, unknown[]]>([
    ['a service', view({ kind: 'service', data: '/data', since: SINCE }), ['The gate is open: enforce', 'Shows the Porch service on this computer', 'Today: 0 refused, 0 accepted']],
    ['lost, the folder free', view(LOST('own'), null), ['The Porch service stopped at 14:03', '-', 'Start the gate in this program', '-', 'Open the console', '-', 'Quit Porch']],
    ['lost, the folder held', view(LOST('held'), null), ['The Porch service stopped at 14:03', '-', 'Try again to start the gate', '-', 'Open the console', '-', 'Quit Porch']],
    ['lost, the folder another’s', view(LOST('notours'), null), ['The Porch service stopped at 14:03', '-', 'Try again to start the gate', '-', 'Open the console', '-', 'Quit Porch']],
    ['off', view(OFF, null), ['The gate is off', '-', 'Try again to start the gate', '-', 'Open the console', '-', 'Quit Porch']],
    ['starting', view({ kind: 'starting', data: '/data' }, null), ['The gate is starting…', '-', 'Open the console', '-', 'Quit Porch']],
    ['ending', view(OWN, gateState(), 2), ['Stopping: 2 messages are still passing', '-', 'Quit now']],
  ])('%s', (_what, shown, expected) => expect(labels(trayMenu(shown)).slice(0, expected.length)).toEqual(expected))
})

test('the tip fits where Windows shows it, and counts only what is known', () => {
  expect(trayTip(view(OWN, gateState({ today: { rejected: 3, accepted: 2 } })))).toBe('Porch: The gate is open: enforce\nToday: 3 refused, 2 accepted')
  expect(trayTip(view(LOST('own'), gateState({ today: { rejected: 3 } })))).toBe('Porch: The Porch service stopped at 14:03')
  expect(trayTip(view(OWN, gateState({ pausedUntil: SINCE, today: { rejected: 10 ** 12, accepted: 10 ** 12 } }))).length).toBeLessThanOrEqual(127)
})
