/** `porch serve`: the gate and its console without a window, until a signal asks it to stop. */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { problemText, unsafe } from '../../shared/config.ts'
import type { RunningGate } from '../compose.ts'
import type { KeptGate } from '../keeper.ts'
import { Failure } from './failure.ts'
import { placeOf } from './flags.ts'
import type { CommonFlags } from './flags.ts'
import { createLineWriter } from './output.ts'
import { sessionLine } from './sessions.ts'

/** What the reader of stdout has not taken by then is given up. */
const LAST_WORDS_MS = 500

export async function serve(flags: CommonFlags & { readonly demo?: boolean; readonly groupAccess?: boolean }): Promise<number> {
  const { StartError } = await import('../compose.ts')
  const { keepGate } = await import('../keeper.ts')
  const place = placeOf(flags)
  const asked = stopSignal()
  let gate: KeptGate
  try {
    gate = await keepGate({
      dataDir: place.dataDir,
      ...(place.named === undefined ? {} : { configFile: place.named }),
      page: consolePage(),
      demo: flags.demo === true,
      groupAccess: flags.groupAccess === true,
    })
  } catch (error) {
    if (error instanceof StartError) throw new Failure(error.message, 1)
    throw error
  }
  process.on('uncaughtException', (error) => gate.report(error))
  process.on('unhandledRejection', (reason) => gate.report(reason))
  process.stderr.on('error', () => undefined)
  for (const { text } of gate.now().alarms.list()) process.stderr.write(`porch: ${text}\n`)
  const warn = (running: RunningGate) => {
    for (const warning of unsafe(running.settings.current())) process.stderr.write(`porch: warning: ${problemText(warning)}\n`)
  }
  warn(gate.now())
  gate.onAlarm(({ text }) => void process.stderr.write(`porch: ${text}\n`))

  const out = createLineWriter()
  const greet = (running: RunningGate) => {
    if (flags.json === true) out.line(JSON.stringify(running.ready))
    else for (const line of welcome(running)) out.line(line)
  }
  greet(gate.now())
  // Started anew in place. The script's lines stay those of the contract: one "ready", then sessions.
  gate.onRelaunch((running) => {
    warn(running)
    if (flags.json === true) process.stderr.write(`porch: started anew, listening on ${running.ready.smtp.join(', ')}\n`)
    else greet(running)
  })
  const lost = new Promise<string>((resolve) => gate.onLost(resolve))
  const leave = gate.onSession((session) => {
    const dropped = out.takeDropped()
    if (dropped > 0) process.stderr.write(`porch: ${dropped} lines of output were dropped: the reader is too slow\n`)
    out.line(flags.json === true ? JSON.stringify(session) : sessionLine(session))
  })

  const why = await Promise.race([asked, lost])
  if (why !== undefined) throw new Failure(`the gate could not start again: ${why}`, 1)
  if (flags.json !== true) out.line('stopping: transactions under way may finish')
  await gate.stop()
  leave()
  await out.end(LAST_WORDS_MS)
  // Whatever still holds the process (a reader that never reads) is not waited for.
  setTimeout(() => process.exit(), LAST_WORDS_MS).unref()
  return 0
}

function welcome({ ready, settings }: RunningGate): string[] {
  const { policy, backend, hostname } = settings.current()
  const { mode, until } = settings.mode()
  return [
    `Porch ${ready.version} listens for mail on ${ready.smtp.join(', ')} as ${hostname}`,
    `rules:   ${policy.rules}, mode ${mode}${until === null ? '' : ` until ${new Date(until).toLocaleString()}`}`,
    `mail to: ${backend ?? 'the practice mailbox (no backend is set: nothing leaves this machine)'}`,
    `console: ${ready.console}`,
    `data:    ${ready.data}`,
  ]
}

/** A launcher (npm, a shell) passes on a signal that the terminal has sent to all of them: the same wish, heard twice. */
const SAME_WISH_MS = 1000
const ORPHAN_MS = 250

/** Heard from the first moment, so that a stop during the start is not lost. A second wish to stop ends the process at once. */
function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    let asked: number | null = null
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
      process.on(signal, () => {
        asked ??= performance.now()
        if (performance.now() - asked > SAME_WISH_MS && signal !== 'SIGHUP') process.exit(1)
        resolve()
      })
    }
    if (process.env.npm_command !== undefined) whenOrphaned(resolve)
  })
}

/** npm runs a command in a shell, which a signal to npm ends without passing it on: that the shell is gone is the wish to stop. */
function whenOrphaned(stop: () => void): void {
  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(watch)
    stop()
  }, ORPHAN_MS)
  watch.unref()
}

/** The built console: in dist when run from the sources; beside the bundle's folder, of which this may be a chunk. */
function consolePage(): string {
  const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))
  if (import.meta.url.endsWith('.ts')) return at('../../dist/renderer')
  return existsSync(at('../renderer')) ? at('../renderer') : at('../../renderer')
}
