/** The state of a gate in good order, for tables. */
import type { GateState } from '../../../shared/api.ts'

const SINCE = '2026-11-25T14:03:00.000Z'

export function gateState(change: Partial<GateState> = {}): GateState {
  return {
    version: '0.1.0', hostname: 'mx.shop.example', practice: false, addresses: ['0.0.0.0:25'], rules: 'house', mode: 'enforce', modeUntil: null, modeAfter: 'enforce',
    backend: { address: '127.0.0.1:2526', up: true, why: null, latencyMs: 3 }, canary: { state: 'green', since: SINCE, why: null, known: 3 }, openConnections: 0,
    limits: { most: 2000, byDescriptors: false, perClient: 50, underLoad: false, turnedAway: { full: 0, perClient: 0 } }, loopDelayMs: 0, perMinute: [], today: {},
    journal: { queued: 0, dropped: 0, trouble: null }, alarms: [], pausedUntil: null, practicePlaying: false, helpUrl: null, ...change,
  }
}
