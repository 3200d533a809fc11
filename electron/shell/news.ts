/**
 * What is worth a notification of the system: the difference between two states of the gate, and of what the window shows.
 * Pure. Of a thing that comes and goes (our DNS, the mail server) both are news; of the rest only that it happened.
 */
import type { DesktopGate, DesktopPage, NotificationKind } from '../../shared/api/desktop.ts'
import type { GateState } from '../../shared/api.ts'
import { shellWords } from './words.ts'

export interface News {
  readonly kind: NotificationKind
  /** `event`: happened; `bad`, `good`: is so from now on. */
  readonly what: 'event' | 'bad' | 'good'
  readonly title: string
  readonly body: string
  /** Where a click leads. */
  readonly page: DesktopPage
}

const words = shellWords.told
/** Alarms that have a kind of their own here. */
const OWN_KIND = ['canary', 'backend-down', 'notice-fixed']
/** So many automatic bans in so long are a burst. */
const BURST = 10
const BURST_MS = 10 * 60_000
/** Systems cut longer ones, each in its own way. */
const MAX_BODY = 240

/** `before`: null at the start, when what is wrong already is news. */
export function newsOf(before: GateState | null, after: GateState): readonly News[] {
  const alarmsBefore = new Map((before?.alarms ?? []).map((alarm) => [alarm.code, alarm.text]))
  const found: News[] = []
  const wasRed = before?.canary.state === 'red'
  if (after.canary.state === 'red' && !wasRed) found.push(news('canary', 'bad', words.canary.title, words.canary.body, 'live'))
  if (after.canary.state !== 'red' && wasRed) found.push(news('canary', 'good', words.canary.over, '', 'live'))
  const down = after.alarms.find(({ code }) => code === 'backend-down')
  if (down !== undefined && !alarmsBefore.has('backend-down')) found.push(news('backend', 'bad', words.backend.title, down.text, 'live'))
  if (down === undefined && alarmsBefore.has('backend-down')) found.push(news('backend', 'good', words.backend.over, words.backend.overBody, 'live'))
  for (const { code, text, severity } of after.alarms) {
    if (code === 'notice-fixed' && alarmsBefore.get(code) !== text) found.push(news('fixed', 'event', words.fixed.title, text, 'notices'))
    if (severity === 'critical' && !OWN_KIND.includes(code) && !alarmsBefore.has(code)) found.push(news('trouble', 'event', words.trouble.title, text, code.startsWith('settings') ? 'settings' : 'live'))
  }
  return found
}

/** The window's gate: a service that stops, a gate that cannot start, and that it is there again. */
export function gateNews(before: DesktopGate, after: DesktopGate): News | null {
  if (after.kind === before.kind) return null
  const wasOff = before.kind === 'lost' || before.kind === 'off'
  switch (after.kind) {
    case 'lost': return news('gate', 'bad', words.gate.lost, words.gate.lostBody, 'live')
    case 'off': return news('gate', 'bad', words.gate.off, after.why, after.reason === 'settings' ? 'settings' : 'live')
    case 'own':
    case 'service': return wasOff ? news('gate', 'good', words.gate.back, '', 'live') : null
    case 'starting': return null
  }
}

/** Counts automatic bans, and tells of a burst once until it is over. Times on the monotonic clock, ms. */
export class BanWatch {
  #times: number[] = []
  #told = false

  banned(count: number, now: number): News | null {
    this.#times = [...this.#times.filter((at) => now - at < BURST_MS), ...new Array<number>(Math.min(count, 1000)).fill(now)].slice(-1000)
    if (this.#times.length < BURST) this.#told = false
    if (this.#told || this.#times.length < BURST) return null
    this.#told = true
    return news('bans', 'event', words.bans.title(this.#times.length), words.bans.body, 'rules')
  }
}

function news(kind: NotificationKind, what: News['what'], title: string, body: string, page: DesktopPage): News {
  return { kind, what, title, body: plain(body), page }
}

/** One line without control and bidirectional characters: parts of it may come from outside. */
function plain(text: string): string {
  const clean = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').replace(/ +/g, ' ').trim()
  return clean.length <= MAX_BODY ? clean : `${clean.slice(0, MAX_BODY - 1)}…`
}
