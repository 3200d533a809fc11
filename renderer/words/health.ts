/** The page Own health: the shop's own server as the doctor found it. */
import type { Area, Level } from '../../shared/doctor/report.ts'
import { number, plural } from './format.ts'

export const healthWords = {
  title: 'Own health', about: 'The shop’s own name, mail records, server, certificate and blacklists, as others see them. Looked at once a day; a thing to do raises an alarm until it is repaired.',
  run: 'Look now', stop: 'Stop', running: (count: number) => `Looking… ${plural(count, 'finding', 'findings')} so far`, done: (summary: string) => `Done. ${summary}`, lost: 'The connection to the gate was lost while it looked.', failed: 'It could not be finished. Try again.',
  none: 'Nothing was looked at yet', noneText: 'It happens by itself some minutes after the start, or now.', loading: 'Loading…', loadFailed: 'The last findings could not be loaded.', again: 'Try again',
  at: (time: string, ms: number) => `Looked at ${time}, in ${number(Math.max(1, Math.round(ms / 1000)))} s.`, onlyTodo: 'Only what is not in order', nothingTodo: 'Nothing to do here.', evidence: 'What was asked and answered', copy: 'Copy', findings: 'Findings',
  check: 'Check a sender', lampSays: (says: string) => `Own health: ${says}`, lamp: { ok: 'in order', todo: (count: number) => `${number(count)} to do`, none: 'not looked at yet', running: 'looking…', practice: 'not in practice' },
  lampHelp: 'The shop’s own DNS, mail server, certificate and blacklists. Opens the page Own health.',
  lampPracticeHelp: 'In practice the shop’s own name, MX, blacklists, DNS, mail server and ports are not looked at, only this machine. Opens the page Own health.',
  levels: { ok: 'In order', todo: 'To do', bad: 'Bad', unknown: 'Could not tell' } satisfies Record<Level, string>,
  areas: {
    name: 'Own name', mx: 'Whose mail comes here', blacklist: 'Blacklists', dns: 'Own DNS', backend: 'Mail server', port: 'Ports', relay: 'Open relay', certificate: 'Certificate', disk: 'Disk', store: 'Store', clock: 'Clock', version: 'Version',
  } satisfies Record<Area, string>,
  palette: 'Go to Own health', paletteWords: 'doctor own server blacklist mx certificate check my own',
} as const
