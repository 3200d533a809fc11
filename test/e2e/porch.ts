/**
 * Runs a real `porch serve` from the sources in a process of its own, as an outsider would: settings file, data folder,
 * the ready line, one line per finished session; and `porch …` commands against it.
 */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { SettingsInput } from '../../shared/config.ts'
import type { SessionRecord } from '../../shared/events.ts'

const CLI = fileURLToPath(new URL('../../electron/cli/main.ts', import.meta.url))

export interface Finished {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface Porch {
  readonly process: ChildProcess
  readonly dir: string
  readonly data: string
  readonly config: string
  readonly port: number
  readonly ready: { readonly smtp: readonly string[]; readonly console: string; readonly metrics: string }
  /** All sessions told so far. */
  readonly sessions: readonly SessionRecord[]
  /** The first session, told already or later, for which this holds. */
  session(matches: (session: SessionRecord) => boolean): Promise<SessionRecord>
  /** Runs `porch … --data … --config …`. */
  cli(...args: string[]): Promise<Finished>
  kill(signal: NodeJS.Signals): Promise<number | null>
  /** Ends the process and removes its folder. */
  stop(): Promise<void>
}

export async function runCli(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Finished> {
  const child = spawn(process.execPath, [CLI, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { code, stdout, stderr }
}

export interface StartOptions {
  /** The system's limit of open files for this process (Linux). */
  readonly openFiles?: number
  /** SIGUSR2 then puts its wall clock ahead by an hour and a second. */
  readonly laterClock?: boolean
}

/** `keep`: the folder of an earlier instance, for restarts. */
export async function startPorch(settings: SettingsInput, keep?: string, options: StartOptions = {}): Promise<Porch> {
  const dir = keep ?? mkdtempSync(join(tmpdir(), 'porch-e2e-'))
  const config = join(dir, 'porch.json')
  const data = join(dir, 'data')
  writeFileSync(config, JSON.stringify({ listen: ['127.0.0.1:0'], console: '127.0.0.1:0', ...settings }))
  const command = [process.execPath, ...(options.laterClock === true ? ['--import', join(import.meta.dirname, 'laterclock.ts')] : []), CLI, 'serve', '--json', '--config', config, '--data', data]
  const [program = '', ...args] = options.openFiles === undefined ? command : ['sh', '-c', `ulimit -n ${options.openFiles}; exec "$@"`, 'sh', ...command]
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let stderr = ''
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  const sessions: SessionRecord[] = []
  const waiting = new Set<(session: SessionRecord) => void>()
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve))
  const ready = await new Promise<Porch['ready']>((resolve, reject) => {
    void exited.then((code) => reject(new Error(`porch serve ended with ${code}: ${stderr}`)))
    createInterface({ input: child.stdout }).on('line', (line) => {
      const told = JSON.parse(line) as SessionRecord & { event?: string }
      if (told.event === 'ready') return resolve(told as unknown as Porch['ready'])
      sessions.push(told)
      for (const look of waiting) look(told)
    })
  })
  const porch: Porch = {
    process: child,
    dir,
    data,
    config,
    port: Number(ready.smtp[0]?.split(':').at(-1)),
    ready,
    sessions,
    session(matches) {
      const known = sessions.find(matches)
      if (known !== undefined) return Promise.resolve(known)
      return new Promise((resolve, reject) => {
        const look = (session: SessionRecord) => {
          if (!matches(session)) return
          waiting.delete(look)
          resolve(session)
        }
        waiting.add(look)
        void exited.then((code) => reject(new Error(`porch serve ended with ${code}: ${stderr}`)))
      })
    },
    cli: (...args) => runCli([...args, '--config', config, '--data', data]),
    kill(signal) {
      child.kill(signal)
      return exited
    },
    async stop() {
      if (child.exitCode === null && child.signalCode === null) await porch.kill('SIGTERM')
      rmSync(dir, { recursive: true, force: true })
    },
  }
  return porch
}
