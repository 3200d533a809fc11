/**
 * The commands of `porch` (CONTRACT): their arguments, flags and help. What a command does is elsewhere; each settles with
 * its exit code. The common flags are taken before and after the command.
 */
import { Command, CommanderError } from 'commander'
import { asciiText } from '../../shared/net/safetext.ts'
import { VERSION } from '../version.ts'
import { check } from './check.ts'
import { doctor } from './doctor.ts'
import { Failure } from './failure.ts'
import { forget } from './forget.ts'
import { DEFAULT_LIMIT } from './filters.ts'
import { defaultDataDir } from './flags.ts'
import { write } from './output.ts'
import { addRule, exportRules, importRules, listRules, removeRule } from './rules.ts'
import { serve } from './serve.ts'
import { notice } from './notice.ts'
import { installService, removeService, serviceStatus } from './service.ts'
import { log, sessions } from './sessions.ts'
import { backup, checkConfig, setMode } from './settings.ts'
import { whatIf } from './whatif.ts'

/** Runs one command line (without node and script); settles with the exit code. Rejects with Failure. */
export async function run(args: readonly string[]): Promise<number> {
  let exitCode = 0
  const program = build((code) => (exitCode = code))
  try {
    await program.parseAsync(args, { from: 'user' })
    return exitCode
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.exitCode === 0) return 0
    throw new Failure(error.code === 'commander.help' ? 'a command is missing; porch --help lists them' : usageOf(error.message))
  }
}

function usageOf(message: string): string {
  const text = message.replace(/^error: /, '').replace(/\s+/g, ' ').trim().replace(/\.$/, '')
  return `${asciiText(text, 200)}; porch --help tells more`
}

type Done = (exitCode: number) => void

function build(done: Done): Command {
  const program = new Command('porch')
  program
    .description('Porch, an SMTP gate: every sending host’s DNS is checked before it reaches the mail server.')
    .version(VERSION, '--version', 'print the version')
    .helpOption('-h, --help', 'explain a command')
    .helpCommand(false)
    .option('--config <file>', 'the settings file (default: porch.json in the data folder)')
    .option('--data <dir>', `the data folder (default: ${defaultDataDir()})`)
    .option('--json', 'print JSON, one object a line')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ writeOut: write, writeErr: () => undefined, outputError: () => undefined })
    .showSuggestionAfterError(false)
    .exitOverride()
    .addHelpText('after', examples([
      ['porch serve', 'run the gate (practice mode until a backend is set)'],
      ['porch check 216.33.111.150 www.americangreetings.com', 'would this sender be refused, and why?'],
      ['porch sessions --name acme.example', 'what became of mail from acme.example?'],
      ['porch log --client 192.0.2.1', 'the log of it, to paste into a mail'],
      ['porch ban 192.0.2.0/24 --for 4d --reason spam', ''],
      ['porch allow .outlook.com', ''],
    ], 'With a gate running on the data folder the commands talk to it; without one they work on what is stored there.'))
  addRunning(program, done)
  addReading(program, done)
  addWhatIf(program, done)
  addNotice(program, done)
  addRules(program, done)
  addSettings(program, done)
  addDoctor(program, done)
  addService(program, done)
  for (const group of [program, ...program.commands.filter(({ commands }) => commands.length > 0)]) addHelp(group)
  return program
}

/** Ours instead of the library's, which explains `rules` for `help rules import`, and of an unknown command says that one is missing. */
function addHelp(group: Command): void {
  group.command('help').description('explain a command').argument('[command...]').action((path: readonly string[]) => {
    const found = path.reduce<Command | undefined>((at, name) => at?.commands.find((command) => command.name() === name), group)
    if (found === undefined) throw new Failure(unknownCommand(path.join(' ')))
    found.outputHelp()
  })
}

function unknownCommand(name: string): string {
  return `unknown command '${asciiText(name, 60)}'; porch --help tells more`
}

function addRunning(program: Command, done: Done): void {
  program.command('serve').description('run the gate and its console, without a window')
    .option('--demo', 'practice mode: the sample senders play')
    .option('--group-access', 'members of the data folder’s group may use the console (the service does this)')
    .addHelpText('after', examples([
      ['porch serve', 'prints where mail is taken and the console’s address'],
      ['porch serve --json', 'first a "ready" line, then a line per finished session'],
    ], 'SIGTERM or Ctrl-C: nothing new is taken, transactions under way get 30 s.\nExit: 0; 1 if it cannot start (port taken, bad settings).'))
    .action(async (_options: unknown, command: Command) => done(await serve(command.optsWithGlobals())))
  program.command('check').description('look up a sender’s DNS now and judge it by the rules')
    .argument('<address>', 'the sender’s address')
    .argument('<ehlo-name>', 'the name it says in EHLO')
    // A name that begins with a hyphen is what some senders say, not a flag of ours.
    .allowUnknownOption()
    .allowExcessArguments()
    .addHelpText('after', examples([
      ['porch check 216.33.111.150 www.americangreetings.com', ''],
      ['porch check 2001:db8::25 mail.acme.example --json', 'the same with every answer, for scripts'],
    ], 'Asked of DNS now, judged by the rules alone: bans, whitelist and exempt networks play no part. Needs no running gate.\nExit: 0 accept, 1 reject, 3 tempfail, 2 anything else.'))
    .action(async (address: string, name: string, _options: unknown, command: Command) => {
      const [, , excess] = command.args
      if (excess !== undefined) throw new Failure(`check takes an address and a name; unexpected "${asciiText(excess, 60)}"; porch check --help tells more`)
      done(await check(address, name, command.optsWithGlobals()))
    })
}

function addReading(program: Command, done: Done): void {
  filters(program.command('sessions').description('finished sessions, newest first'))
    .option('--follow', 'go on with each session as it finishes (oldest first)')
    .addHelpText('after', examples([
      ['porch sessions --rcpt joe@shop.example --since 2026-11-20', 'what Joe got, or did not get'],
      ['porch sessions --disposition rejected --client 192.0.2.0/24 --json', ''],
      ['porch sessions --follow', 'watch'],
    ], 'All filters given must hold.'))
    .action(async (_options: unknown, command: Command) => done(await sessions(command.optsWithGlobals())))
  filters(program.command('log').description('the classic text log of sessions, oldest first, ready to paste into a mail'))
    .addHelpText('after', examples([['porch log --client 216.33.111.150 --since 2026-11-20', '']], 'All filters given must hold. Times are local.'))
    .action(async (_options: unknown, command: Command) => done(await log(command.optsWithGlobals())))
}

function addWhatIf(program: Command, done: Done): void {
  program.command('whatif').description('judge the stored sessions by other rules: who would change sides?')
    .option('--rules <rules>', 'house, standard or lenient')
    .option('--days <count>', 'so many days back', '30')
    .addHelpText('after', examples([
      ['porch whatif --rules standard', 'whose mail would fare otherwise under standard rules?'],
      ['porch whatif --rules house --days 7 --json', 'one JSON object, for scripts'],
    ], `house      what the shop’s own policy asks: the EHLO name must lead to the client
standard   a reverse name that leads back, and a qualified EHLO name that is not forged
lenient    a reverse name, no more

Each session of the last days is judged again from the DNS answers that were kept with it; nothing is looked up and
nothing is changed. Sides are those of the rules, whatever the mode did about them. Senders whose mail was accepted
before stand first. Works beside a running gate. Exit: 0.`))
    .action(async (_options: unknown, command: Command) => done(await whatIf(command.optsWithGlobals())))
}

function addDoctor(program: Command, done: Done): void {
  program.command('doctor').description('the shop’s own name, MX, mail server, ports, certificate and blacklists: is all in order?')
    .option('--verbose', 'what was asked and answered also where all is well')
    .addHelpText('after', examples([
      ['porch doctor', 'what is wrong, whose job it is, and the record or setting to change'],
      ['porch doctor --json', 'one object a finding, with all that was asked'],
    ], `Without a running gate the ports are not tried. Nothing is delivered, and nobody is asked to be taken off a list.
Exit: 0 in order (what could not be told does not count), 1 not, 2 anything else.`))
    .action(async (_options: unknown, command: Command) => done(await doctor(command.optsWithGlobals())))
}

function addNotice(program: Command, done: Done): void {
  program.command('notice').description('write to those who can repair a refused sender’s DNS')
    .argument('<session-or-address>', 'a session’s id, or an address, for its last refused session')
    .option('--to <mail>', 'to whom (default: the most fitting contact that DNS and registries name)')
    .option('--send', 'queue it and send it')
    .addHelpText('after', examples([
      ['porch notice 216.33.111.150', 'the whole message, to be read before it is sent'],
      ['porch notice 216.33.111.150 --send', 'send it; Porch looks at the sender’s DNS for 30 days'],
      ['porch notice 216.33.111.150 --to noc@isp.example --send', ''],
    ], 'Nothing is sent without --send, never twice, and within the caps of notices.perContactDays and notices.perDay.\nExit: 0; 1 unknown session, no contact, or a cap.'))
    .action(async (subject: string, _options: unknown, command: Command) => done(await notice(subject, command.optsWithGlobals())))
}

function filters(command: Command): Command {
  return command
    .option('--client <address>', 'sent from this address or network')
    .option('--name <name>', 'EHLO, reverse or verified name: this one, or one below it')
    .option('--rcpt <address>', 'any recipient; a domain alone finds all of it')
    .option('--sender <address>', 'any reverse-path; a domain alone finds all of it, <> the null one')
    .option('--disposition <word>', 'what the gate did, such as rejected or accepted')
    .option('--since <time>', 'began at or after this time (ISO 8601)')
    .option('--limit <count>', 'at most so many, the newest', String(DEFAULT_LIMIT))
}

function addRules(program: Command, done: Done): void {
  program.command('ban').description('refuse an address or network whatever its DNS says')
    .argument('<scope>', 'an address (of IPv6: its /64) or a network')
    .option('--for <duration>', '30s, 2h, 4d or ever (default: 4d)')
    .option('--reason <text>', 'why, for those who come after you')
    .addHelpText('after', examples([['porch ban 192.0.2.1 --reason "retries all day"', ''], ['porch ban 192.0.2.16/28 --for ever', '']], 'A whitelist entry always beats a ban. The same scope again replaces the rule.'))
    .action(async (scope: string, _options: unknown, command: Command) => done(await addRule('ban', scope, command.optsWithGlobals())))
  program.command('unban').description('lift a ban').argument('<scope>')
    .addHelpText('after', examples([['porch unban 192.0.2.1', '']], 'Exit: 1 if there is no such ban; a network around the address is named.'))
    .action(async (scope: string, _options: unknown, command: Command) => done(await removeRule('ban', scope, command.optsWithGlobals())))
  program.command('allow').description('let an address, network or verified name pass')
    .argument('<scope>', 'an address, a network, a name (mail.acme.example), or the names below one (.outlook.com)')
    .option('--for <duration>', '30s, 2h, 30d or ever (default: ever)')
    .option('--reason <text>', 'why, for those who come after you')
    .addHelpText('after', examples([['porch allow 192.0.2.1 --for 30d --reason "fixes DNS soon"', ''], ['porch allow .outlook.com', 'by verified name: one that leads back to the address']], 'A name is matched only when it was verified, never because a sender claims it.'))
    .action(async (scope: string, _options: unknown, command: Command) => done(await addRule('allow', scope, command.optsWithGlobals())))
  program.command('disallow').description('take back a whitelist entry').argument('<scope>')
    .addHelpText('after', examples([['porch disallow .outlook.com', '']], 'Exit: 1 if there is no such entry.'))
    .action(async (scope: string, _options: unknown, command: Command) => done(await removeRule('allow', scope, command.optsWithGlobals())))
  const rules = program.command('rules').description('all bans and whitelist entries in force, newest first')
    .addHelpText('after', examples([['porch rules', ''], ['porch rules --json', 'for scripts'], ['porch rules export > rules.csv', ''], ['porch rules import rules.csv', '']], ''))
    .action(async (_options: unknown, command: Command) => {
      const [excess] = command.args
      if (excess !== undefined) throw new Failure(unknownCommand(`rules ${excess}`))
      done(await listRules(command.optsWithGlobals()))
    })
  rules.command('import').description('add the rules of a file').argument('<file>', 'a plain list, CSV, or what nft list set and fail2ban-client print; - for standard input')
    .option('--format <format>', 'plain, csv, nftables or fail2ban (default: told from its first line)')
    .option('--kind <kind>', 'what a plain list is of: ban (default) or allow')
    .addHelpText('after', examples([['porch rules import blocklist.txt', ''], ['porch rules import partners.txt --kind allow', ''], ['porch rules import rules.csv', ''], ['nft list set inet filter banned | porch rules import -', ''], ['fail2ban-client status sshd | porch rules import -', '']],
      'A plain list has a scope on each line; what follows # or ; is the reason. CSV begins with a line that names its columns:\nscope,kind,reason,until. The same scope again replaces the rule. If one line is wrong, nothing is imported.'))
    .action(async (file: string, _options: unknown, command: Command) => done(await importRules(file, command.optsWithGlobals())))
  rules.command('export').description('print the rules as a file')
    .option('--format <format>', 'csv (default), plain, nftables or fail2ban')
    .option('--kind <kind>', 'ban or allow only (other than csv: ban unless said)')
    .addHelpText('after', examples([['porch rules export > rules.csv', ''], ['porch rules export --format plain --kind allow', ''], ['porch rules export --format nftables | nft -f -', '']], 'For nftables the addresses and networks of the whitelist are cut out of the bans; its names cannot be, the file tells which.\nIn CSV a text that a spreadsheet would take for a formula begins with an apostrophe.'))
    .action(async (_options: unknown, command: Command) => done(await exportRules(command.optsWithGlobals())))
  // Only now: the commands below it would take it over.
  rules.allowExcessArguments()
}

function addSettings(program: Command, done: Done): void {
  program.command('mode').description('observe (refuse nothing for DNS), enforce, or grace (defer at first)')
    .argument('<mode>', 'observe, enforce or grace')
    .option('--for <duration>', '30s, 2h, 4d: afterwards it returns by itself (ever: as without --for)')
    .addHelpText('after', examples([['porch mode observe --for 1h', 'while a customer’s mail is looked into'], ['porch mode enforce', '']], ''))
    .action(async (mode: string, _options: unknown, command: Command) => done(await setMode(mode, command.optsWithGlobals())))
  const config = program.command('config').description('the settings file')
    .addHelpText('after', examples([['porch config check', '']], ''))
  config.command('check').description('validate the settings file')
    .addHelpText('after', examples([['porch config check --config /etc/porch.json', '']], 'One problem a line. Exit: 0 in order, 1 not.'))
    .action(async (_options: unknown, command: Command) => done(await checkConfig(command.optsWithGlobals())))
  program.command('forget').description('take a person’s mail address out of all that is stored').argument('<address>', 'such as joe@shop.example; its case does not matter, and joe+anything@ goes along')
    .addHelpText('after', examples([['porch forget joe@shop.example', ''], ['porch forget joe@shop.example --json', 'in how many sessions, notices and rules it was named']],
      'Sessions, transcripts, notices and reasons of rules keep their place, with "(forgotten)" for the name before the @, and the\naddress cannot be found in the files any more. Figures by domain stay. Not touched are backups, damaged databases that\nwere moved aside (journal.sqlite.torn-…, named if there are any), messages in the practice mailbox and your mail\nserver’s own logs. It cannot be undone. Exit: 0; 1 if it was named nowhere.'))
    .action(async (address: string, _options: unknown, command: Command) => done(await forget(address, command.optsWithGlobals())))
  program.command('backup').description('a consistent copy of store and settings, also of a running gate').argument('<file>')
    .addHelpText('after', examples([['porch backup /backup/porch-monday.sqlite', '']],
      'The settings go beside it, as FILE.settings.json. To restore: copy FILE to journal.sqlite in an empty data folder,\nand the settings to porch.json. An older backup of that name is replaced when the copy is whole, any other file is kept. Exit: 0, 1.'))
    .action(async (file: string, _options: unknown, command: Command) => done(await backup(file, command.optsWithGlobals())))
}

function addService(program: Command, done: Done): void {
  const service = program.command('service').description('the gate when nobody is logged in: a systemd unit, or a scheduled task on Windows')
    .addHelpText('after', examples([['sudo porch service install', ''], ['porch service status', ''], ['sudo porch service remove', 'the data stays']], ''))
  service.command('install').description('run the gate with the machine, as an account of its own')
    .option('--take-data <dir>', 'begin with a copy of this data folder (of a gate that does not run)')
    .addHelpText('after', examples([['sudo porch service install', ''], [`sudo porch service install --take-data ${defaultDataDir()}`, 'go on with what is there']],
      'Asks nothing; says what it did and how to undo it. Again: brings it up to date. Exit: 0; 2 if it cannot be done.'))
    .action(async (_options: unknown, command: Command) => done(await installService(command.optsWithGlobals())))
  service.command('remove').description('stop it and take it away; the data stays')
    .option('--purge', 'delete the data and the account too')
    .addHelpText('after', examples([['sudo porch service remove', ''], ['sudo porch service remove --purge', 'for good: rules, sessions, settings']], ''))
    .action(async (_options: unknown, command: Command) => done(await removeService(command.optsWithGlobals())))
  service.command('status').description('is it installed, enabled, running; where is its console?')
    .addHelpText('after', examples([['porch service status', ''], ['porch service status --json', '']], 'The console’s address is told to root and to members of the group porch. Exit: 0 running, 1 not.'))
    .action(async (_options: unknown, command: Command) => done(await serviceStatus(command.optsWithGlobals())))
}

function examples(lines: readonly (readonly [string, string])[], more: string): string {
  const width = Math.max(...lines.map(([command]) => command.length))
  const shown = lines.map(([command, what]) => `  ${command.padEnd(width)}${what === '' ? '' : `   ${what}`}`.trimEnd())
  return `\nExamples:\n${shown.join('\n')}\n${more === '' ? '' : `\n${more}\n`}`
}
