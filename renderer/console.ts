/** All that the pages share: the line, the stores behind it, and what the admin can do. Made once. */
import { createContext, use, useSyncExternalStore } from 'react'
import { isDesktop, Line } from './client.ts'
import type { LineState } from './client.ts'
import type { GateState } from '../shared/api.ts'
import type { DesktopState } from '../shared/api/desktop.ts'
import { Actions } from './store/actions.ts'
import { Commands } from './store/commands.ts'
import { DesktopStore } from './store/desktop.ts'
import { GateStore } from './store/gate.ts'
import { HealthStore } from './store/health.ts'
import { LeadsStore } from './store/leads.ts'
import { LiveStore } from './store/live.ts'
import { NoticeActions } from './store/noticeactions.ts'
import { NoticesStore } from './store/notices.ts'
import { RuleActions } from './store/ruleactions.ts'
import { Rechecks } from './store/rechecks.ts'
import { RulesStore } from './store/rules.ts'
import type { RulesView } from './store/rules.ts'
import { Toasts } from './store/toasts.ts'

export interface Console {
  readonly line: Line
  readonly gate: GateStore
  readonly live: LiveStore
  readonly rules: RulesStore
  readonly toasts: Toasts
  readonly actions: Actions
  readonly ruleActions: RuleActions
  readonly rechecks: Rechecks
  readonly leads: LeadsStore
  readonly commands: Commands
  readonly notices: NoticesStore
  readonly noticeActions: NoticeActions
  readonly health: HealthStore
  /** Null in a browser. */
  readonly desktop: DesktopStore | null
}

export function createConsole(): Console {
  const line = new Line()
  const gate = new GateStore()
  const live = new LiveStore()
  const rules = new RulesStore()
  const toasts = new Toasts()
  const notices = new NoticesStore()
  line.whileUp(gate.task)
  line.whileUp(live.task)
  line.whileUp(rules.task)
  line.whileUp(notices.task)
  const ruleActions = new RuleActions(line, rules, toasts)
  return { line, gate, live, rules, toasts, ruleActions, actions: new Actions(line, ruleActions, toasts), rechecks: new Rechecks(line, toasts), leads: new LeadsStore(line), commands: new Commands(), notices, noticeActions: new NoticeActions(line, notices, toasts), health: new HealthStore(line), desktop: isDesktop() ? new DesktopStore(line) : null }
}

export const ConsoleContext = createContext<Console | null>(null)

export function useConsole(): Console {
  const porch = use(ConsoleContext)
  if (porch === null) throw new Error('useConsole outside of the console')
  return porch
}

export function useLine(): LineState {
  const { line } = useConsole()
  return useSyncExternalStore(line.subscribe, line.state)
}

/** What the desktop program says of the gate and itself; null in a browser, and before it has said anything. */
export function useDesktop(): DesktopState | null {
  const { desktop } = useConsole()
  return useSyncExternalStore(desktop?.subscribe ?? nothing, () => desktop?.state() ?? null)
}

const nothing = () => () => undefined

export function useGate(): GateState | null {
  const { gate } = useConsole()
  return useSyncExternalStore(gate.subscribe, gate.state)
}

/** Bans and whitelist; anew with each change. */
export function useRules(): RulesView {
  const { rules } = useConsole()
  return useSyncExternalStore(rules.subscribe, rules.view)
}
