/** A gate's state as the console's double begins with it. */
import type { GateState } from '../../shared/api.ts'

export function sampleState(practice: boolean): GateState {
  return {
    version: '0.1.0', hostname: 'mx.shop.example', practice, addresses: practice ? ['127.0.0.1:2525'] : ['192.0.2.25:25', '[2001:db8::25]:25'], rules: 'house', mode: 'enforce', modeUntil: null, modeAfter: 'enforce',
    backend: practice ? null : { address: '127.0.0.1:2526', up: true, why: null, latencyMs: 3.4 }, canary: practice ? { state: 'off', since: null, why: null, known: 0 } : { state: 'green', since: '2026-11-23T15:00:00.000Z', why: null, known: 3 }, openConnections: 12,
    limits: { most: 2000, byDescriptors: false, perClient: 50, underLoad: false, turnedAway: { full: 0, perClient: 0 } }, loopDelayMs: 0,
    ownHealth: { at: '2026-11-25T08:00:00.000Z', troubles: 2, running: false },
    perMinute: Array.from({ length: 60 }, (_, minute) => Math.round(30 + 24 * Math.sin(minute / 5) + (minute % 7) * 4)), today: { rejected: 812, accepted: 403, deferred: 22, banned: 17 },
    journal: { queued: 0, dropped: 0, trouble: null }, alarms: [], practicePlaying: false, helpUrl: practice ? null : 'https://help.shop.example',
  }
}
