/** `porch serve`: the gate and its console without a window, until a signal asks it to stop. */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { RunningGate } from '../compose.ts'
import { Failure } from './failure.ts'
import { placeOf } from './flags.ts'
import type { CommonFlags } from './flags.ts'
import { createLineWriter } from './output.ts'
import { sessionLine } from './sessions.ts'

/** What the reader of stdout has not taken by then is given up. */
const LAST_WORDS_MS = 500

export async function serve(flags: CommonFlags & { readonly demo?: boolean }): Promise<number> {
  const { StartError, startGate } = await import('../compose.ts')
  const place = placeOf(flags)
  const asked = stopSignal()
  let gate: RunningGate
  try {
    gate = await startGate({
      dataDir: place.dataDir,
      ...(place.named === undefined ? {} : { configFile: place.named }),
      page: consolePage(),
      demo: flags.demo === true,
    })
  } catch (error) {
    if (error instanceof StartError) throw new Failure(error.message, 1)
    throw error
  }
  process.on('uncaughtException', (error) => gate.report(error))
  process.on('unhandledRejection', (reason) => gate.report(reason))
  process.stderr.on('error', () => undefined)

  const out = createLineWriter()
  if (flags.json === true) out.line(JSON.stringify(gate.ready))
  else for (const line of welcome(gate)) out.line(line)
  const leave = gate.onSession((session) => {
    const dropped = out.takeDropped()
    if (dropped > 0) process.stderr.write(`porch: ${dropped} lines of output were dropped: the reader is too slow\n`)
    out.line(flags.json === true ? JSON.stringify(session) : sessionLine(session))
  })

  await asked
  if (flags.json !== true) out.line('stopping: transactions under way may finish')
  await gate.stop()
  leave()
  await out.end(LAST_WORDS_MS)
  // Whatever still holds the process (a reader that never reads) is not waited for.
  setTimeout(() => process.exit(), LAST_WORDS_MS).unref()
  return 0
}

function welcome({ ready }: RunningGate): string[] {
  return [
    `Porch ${ready.version} listens for mail on ${ready.smtp.join(', ')}`,
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
