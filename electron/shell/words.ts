/** Every word that the desktop says outside the page: menus, tray, notifications, questions. In one place, ready to be translated; whole sentences, so that word order is the translator's. */
import type { Mode } from '../../shared/gate/disposition.ts'

const count = (value: number) => value.toLocaleString('en')
const some = (value: number, one: string, many: string) => `${count(value)} ${value === 1 ? one : many}`

export const shellWords = {
  product: 'Porch',
  modes: { enforce: 'Enforce', observe: 'Observe', grace: 'Grace' } satisfies Record<Mode, string>,
  tray: {
    starting: 'The gate is starting…',
    open: (mode: string) => `The gate is open: ${mode.toLowerCase()}`,
    paused: (time: string) => `Paused until ${time}: new senders are told to try again later`,
    off: 'The gate is off', lost: (time: string) => `The Porch service stopped at ${time}`,
    serviceNote: 'Shows the Porch service on this computer',
    practice: 'Practice mode: nothing leaves this machine',
    today: (refused: number, accepted: number) => `Today: ${count(refused)} refused, ${count(accepted)} accepted`,
    alarms: (many: number) => some(many, 'thing needs you', 'things need you'),
    console: 'Open the console', pause: 'Pause', pauseHelp: 'New senders try again later; it ends by itself', forMinutes: (minutes: number) => `For ${minutes} minutes`, forHour: 'For 1 hour',
    resume: 'Resume now', mode: 'Mode', modeUntil: (mode: string, time: string) => `${mode} until ${time}`, observeHour: 'Observe for 1 hour, then return', retry: 'Try again to start the gate', startOwn: 'Start the gate in this program', quit: 'Quit Porch', quitNow: 'Quit now',
    finishing: (transactions: number) => (transactions === 0 ? 'Stopping…' : `Stopping: ${some(transactions, 'message is', 'messages are')} still passing`),
  },
  menu: {
    file: '&File', edit: '&Edit', view: '&View', go: '&Go', help: '&Help',
    preferences: 'This Computer…', settings: 'Settings…', startAtLogin: 'Start When I Sign In', closeWindow: 'Close Window', quit: 'Quit Porch',
    undo: 'Undo', redo: 'Redo', cut: 'Cut', copy: 'Copy', paste: 'Paste', selectAll: 'Select All',
    reload: 'Reload', actualSize: 'Actual Size', zoomIn: 'Zoom In', zoomOut: 'Zoom Out', fullScreen: 'Full Screen', developer: 'Developer Tools',
    pages: { live: 'Live', senders: 'Senders', notices: 'Notices', rules: 'Rules', reports: 'Reports', check: 'Check', settings: 'Settings', desktop: 'This Computer' },
    dataFolder: 'Open the Data Folder', about: 'About Porch',
    aboutText: (version: string) => `Porch ${version}\nAn SMTP gate with a console.`,
  },
  close: {
    title: 'Porch goes on working',
    own: 'The gate stays open in the background. Open the console again from the icon in the tray, or by starting Porch again. To stop the gate, choose “Quit Porch”.',
    service: 'This icon goes on showing the Porch service, which runs by itself. Open the console again from the icon, or by starting Porch again.',
    ok: 'OK',
  },
  quit: {
    title: 'Mail is passing through the gate',
    message: (transactions: number) => `${some(transactions, 'message is', 'messages are')} passing through the gate right now.`,
    detail: 'Waiting takes at most 30 seconds; nobody new is let in. What is cut off now is sent again by its sender: no mail is lost either way.',
    wait: 'Finish and Quit', now: 'Quit Now', stay: 'Don’t Quit',
    waiting: (transactions: number) => (transactions === 0 ? 'Porch is stopping…' : `Porch waits for ${some(transactions, 'message', 'messages')} to finish (at most 30 seconds).`),
  },
  told: {
    canary: { title: 'Our own DNS is sick', body: 'Nobody is refused for DNS until it is well. Senders are told to try again later.', over: 'Our own DNS is well again' },
    backend: { title: 'The mail server does not answer', over: 'The mail server answers again', overBody: 'Mail passes again.' },
    fixed: { title: 'A sender has repaired its DNS', many: (many: number) => `${count(many)} senders have repaired their DNS` },
    bans: { title: (many: number) => `${some(many, 'sender was', 'senders were')} banned in ten minutes`, body: 'Automatically, for refused attempts again and again. Look whether one of them is wanted.' },
    trouble: { title: 'Porch needs you', many: (many: number) => `Porch needs you: ${some(many, 'thing', 'things')}` },
    gate: { lost: 'The Porch service has stopped', lostBody: 'This window is blind until it runs again.', off: 'The gate is off', back: 'The gate runs again' },
    flapped: (many: number) => `It changed ${many} times meanwhile.`,
  },
  off: {
    denied: (account: string, group: string) => `The Porch service is installed on this computer, but the account “${account}” may not look at it: an administrator adds it to the group “${group}” (sudo usermod -aG ${group} ${account}); then sign out and in again.`,
    deniedWindows: (account: string) => `The Porch service is installed on this computer, but the account “${account}” may not read its data folder: an administrator adds it to the group “porch”; then sign out and in again.`,
    held: (folder: string) => `Another Porch has the data folder ${folder}, and its console does not answer.`,
    notOurs: (folder: string) => `The data folder ${folder} is another account’s (the Porch service’s, as a rule), and no gate runs on it. Start the service: sudo systemctl start porch`,
  },
  problems: {
    notLost: 'A gate runs: there is nothing to start.',
    held: 'Another program has the data folder: there must never be two gates on one.',
    login: (why: string) => `It could not be set up: ${why}`,
    preferences: (why: string) => `It holds until Porch is quit, but could not be kept: ${why}`,
    blind: 'There is no connection to the gate.',
  },
} as const
