/** The status strip, its alarms and the mode switch. */
import { number, plural, shortLength } from './format.ts'

export const statusWords = {
  label: 'Status of the gate',
  open: 'Gate open', closed: 'Gate closed', paused: 'Gate paused', unknown: 'Gate unknown', asOf: (time: string) => `as of ${time}`, waiting: 'Connecting…',
  mode: 'Mode', rules: 'rules', listening: 'Listening',
  backendUp: (ms: number | null) => (ms === null ? 'Mail server up' : `Mail server up, ${Math.round(ms)} ms`),
  backendDown: 'Mail server down', practiceMailbox: 'Practice mailbox', noBackend: 'no mail server behind it; mail goes to the practice mailbox',
  canaryOff: 'DNS canary off', canaryGreen: 'DNS', canaryRed: 'Our DNS is sick',
  canaryOffHelp: 'No known names are asked to see whether our own DNS is well.', canaryGreenHelp: 'Our own DNS is well',
  canaryUnknownHelp: 'Not yet known: our own DNS has not yet found any of the names by which its health is told',
  canaryRedHelp: 'Our own DNS is sick: nobody is refused for DNS until it is well.', canarySince: (time: string) => `since ${time}`,
  openOf: (count: number, most: number) => `${number(count)} of ${number(most)} open`,
  openNow: (count: number) => `${number(count)} open`,
  limitsHelp: (most: number, perClient: number, byDescriptors: boolean) => `At most ${number(most)} connections at once${byDescriptors ? ' (the system allows no more open files)' : ''}, ${number(perClient)} of one client.`,
  underLoad: 'under load', underLoadHelp: 'Over four fifths of the places are taken: deadlines are short until there is room again.', limited: (count: number) => `${number(count)} limited today`,
  healthy: 'Healthy', healthyHelp: (queued: number, delay: number) => `The journal keeps up (${number(queued)} waiting), and the gate runs in time (${number(delay)} ms late at worst).`,
  slow: (ms: number) => `Runs ${number(ms)} ms late`, slowHelp: 'The gate’s own work runs late: the machine is busy, or too small.', queued: (count: number) => `${number(count)} to write`, queuedHelp: 'Sessions that wait to be written to the journal; mail does not wait for it.',
  details: {
    title: 'The gate in full', host: 'Host', rules: 'Rules', backend: 'Mail server', dns: 'Our own DNS', limits: 'Connections', journal: 'Journal', loop: 'Own work',
    turnedAway: (full: number, perClient: number) => (full + perClient === 0 ? 'Nobody was turned away for a limit since the start.' : `Turned away since the start: ${number(full)} as all places were taken, ${number(perClient)} as one client had too many.`),
    journalWords: (queued: number, dropped: number) => `${plural(queued, 'session waits', 'sessions wait')} to be written${dropped === 0 ? '; none was lost' : `; ${number(dropped)} could not be kept`}.`,
    loopWords: (ms: number) => (ms === 0 ? 'runs in time' : `ran ${number(ms)} ms late at worst in the last seconds`),
  },
  perMinute: (count: number) => `${number(count)} / min`,
  perMinuteHelp: 'Finished sessions in each of the last 60 minutes',
  today: 'Today', nothingToday: 'nothing yet today',
  dropped: (count: number) => `${plural(count, 'session', 'sessions')} not written`,
  droppedHelp: 'The journal could not keep up; mail was not affected.',
  journalTrouble: 'Journal in trouble',
  blind: (since: string, ms: number) => `No connection to the gate since ${since} (${shortLength(ms)}). What you see is from then.`,
  lost: 'The connection to the gate is lost.', retry: 'Try now', retrying: (ms: number) => `next try in ${Math.max(1, Math.ceil(ms / 1000))} s`, tryingNow: 'trying…',
  refused: 'The gate does not know this browser any more. Open the address again that it printed at its start.',
  alarms: 'What needs you',
} as const

export const modeSwitchWords = {
  title: 'Change the mode', apply: 'Change', now: 'in force', length: 'For how long', forGood: 'For good', untilMorning: 'Until tomorrow morning, 8:00',
  already: 'It is in force, for good: there is nothing to do.',
  stays: 'It stays until it is changed again, and stands in the settings file.', returns: (mode: string) => `After that it returns to ${mode} by itself, also after a restart.`,
  returnsIn: (mode: string, left: string) => `back to ${mode} in ${left}`, returnsAt: (mode: string, time: string) => `It returns to ${mode} by itself: ${time}`, returnNow: 'Return now', returnNowHelp: (mode: string) => `Back to ${mode} at once`,
  panic: 'Panic', panicHelp: 'Observe for 1 hour: nothing is refused for its DNS', panicTitle: 'Panic: observe for 1 hour', panicGo: 'Observe for 1 hour',
  panicText: (mode: string) => `For one hour nothing is refused or deferred for its DNS, and automatic bans rest. Bans made by hand, limits and relay refusals hold. Then the gate returns to ${mode} by itself.`,
} as const
