/** The palette: its groups, and what its commands are called. */

export const paletteWords = {
  title: 'Commands', placeholder: 'Type a command, an address, a name or a session id', nothing: 'No command is called this.', results: (count: number) => (count === 1 ? '1 command' : `${count} commands`),
  groups: { jump: 'Go to what you typed', row: 'Chosen row', list: 'List', pages: 'Pages', mode: 'Mode', look: 'Look', practice: 'Practice' },
  page: (name: string) => `Go to ${name}`, pageWords: 'page open show',
  openSession: (id: string) => `Open session ${id}`, openSender: (client: string) => `Open the sender ${client}`, showSessions: (what: string) => `Show the sessions of ${what}`, search: (text: string) => `Search for ${text}`,
  row: { open: 'Open the row', ban: 'Ban…', allow: 'Whitelist…', notify: 'Notify…', recheck: 'Check again', copy: 'Copy log', sender: 'Open sender' }, rowOf: (title: string, client: string) => `${title} (${client})`,
  backToLive: 'Back to live', clearFilters: 'Clear all filters', onlyRefused: 'Show only what was rejected',
  panic: 'Panic: observe for 1 hour, then back', panicWords: 'stop refusing let everything through emergency', mode: (name: string) => `Mode: ${name}`, modeHour: (name: string) => `Mode: ${name} for 1 hour`,
  scheme: { auto: 'Colours as the system', light: 'Light colours', dark: 'Dark colours' }, schemeWords: 'theme dark light mode colour color scheme',
  play: 'Play sample senders', help: 'Keys and help', undo: 'Undo the last change', hint: 'Commands (Ctrl-K)',
} as const
