/** The desktop program around the page: its gate, its preferences, and the pause. */
import type { NotificationKind } from '../../shared/api/desktop.ts'
import { shortLength } from './format.ts'

export const desktopWords = {
  starting: 'The gate is starting…',
  off: 'The gate is off.', offSettings: 'The gate is off: the settings file cannot be used. Mend it below, then save: the gate starts by itself.',
  denied: 'No gate is shown.',
  retry: 'Try again', openSettings: 'Open the settings',
  lost: (time: string, ms: number) => `The Porch service stopped at ${time} (${shortLength(ms)} ago). This window is blind since then, and comes back by itself when the service runs again.`,
  lostShort: 'The Porch service has stopped.',
  startOwn: 'Start a gate in this program', startOwnHelp: 'On the same data folder, with the same settings. It ends when Porch is quit; while it runs the service cannot start.',
  held: 'Another program has the data folder, so no gate can be started here.',
  notours: 'The data folder is the service’s: start it there (sudo systemctl start porch).',
  asking: 'Trying…',
  pausedUntil: (time: string) => `The gate is paused until ${time}: new senders are told to try again later (421), and keep their mail. Mail under way finishes.`,
  resume: 'Resume now',
  offTitle: 'The gate is off', offText: 'Nothing is let in, and nothing is refused: senders find nobody here, keep their mail and try again.',
  page: {
    title: 'This computer', gate: 'The gate', data: 'Data folder',
    kinds: {
      starting: 'is starting', own: 'Runs in this program. Closing the window leaves it running; “Quit Porch” (in the tray and the File menu) stops it.',
      service: 'Runs as a service on this computer, whether somebody is signed in or not. This window only looks at it.', lost: 'The service that was shown has stopped.', off: 'Is off.',
    },
    login: 'Start when I sign in', loginHelp: 'Hidden, with the icon in the tray. Without the service the gate runs only while somebody is signed in.', loginCannot: 'This system does not offer it.',
    notify: 'Tell me by a notification', notifyHelp: 'Rarely: what comes often is folded into one. Nothing is shown while you look at this window.', cannotNotify: 'This system shows no notifications.',
    kindsOfNews: {
      canary: ['Our own DNS is sick, or well again', 'Nobody is refused for DNS meanwhile.'],
      backend: ['The mail server does not answer, or answers again', 'Senders are told to try again later meanwhile.'],
      fixed: ['A sender whom you notified has repaired its DNS', 'It is released by itself.'],
      bans: ['Many senders are banned at once', 'Ten or more in ten minutes, automatically.'],
      trouble: ['Porch is in trouble', 'Such as a full disk, an expired certificate, or settings that cannot be used.'],
      gate: ['The gate or its service stops, or runs again', ''],
    } satisfies Record<NotificationKind, readonly [string, string]>,
    onlyDesktop: 'These are settings of the desktop program; this is a browser.',
  },
} as const
