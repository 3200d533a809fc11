/** The status strip, its alarms and the mode switch. */
import { number, plural, shortLeft, shortLength } from './format.ts'

export const statusWords = {
  label: 'Status of the gate',
  open: 'Gate open', closed: 'Gate closed', waiting: 'Connecting…',
  mode: 'Mode', until: (ms: number) => `for another ${shortLeft(ms)}`, rules: 'rules', listening: 'Listening',
  backendUp: (ms: number | null) => (ms === null ? 'Mail server up' : `Mail server up, ${Math.round(ms)} ms`),
  backendDown: 'Mail server down', practiceMailbox: 'Practice mailbox', noBackend: 'no mail server behind it; mail goes to the practice mailbox',
  canaryOff: 'DNS canary off', canaryGreen: 'DNS', canaryRed: 'Our DNS is sick',
  canaryOffHelp: 'No known names are asked to see whether our own DNS is well.', canaryGreenHelp: 'Our own DNS is well,',
  canaryUnknownHelp: 'Not yet known: our own DNS has not yet found any of the names by which its health is told,',
  canaryRedHelp: 'Nobody is refused for DNS until it is well, sick', canarySince: (time: string) => `since ${time}`,
  openNow: (count: number) => `${number(count)} open`,
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
  title: 'Change the mode', forAnHour: 'For 1 hour only, then back', apply: 'Change', now: 'in force',
} as const
