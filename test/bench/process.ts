/** Programs under measurement: started on a core of their own, their CPU time and memory as the kernel counts them. */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'

export interface Started {
  readonly child: ChildProcess
  readonly pid: number
  /** Its first line of JSON. */
  readonly first: Record<string, unknown>
}

const pinned = existsSync('/usr/bin/taskset')
const children: ChildProcess[] = []

/** Starts a program on a core; settles with its first line of JSON. */
export async function start(core: number, args: readonly string[], env: NodeJS.ProcessEnv = {}, program = process.execPath): Promise<Started> {
  const [command, ...rest] = pinned ? ['taskset', '-c', String(core), program, ...args] : [program, ...args]
  const child = spawn(command ?? '', rest, { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, ...env } })
  children.push(child)
  const first = await new Promise<Record<string, unknown>>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', (line) => resolve(JSON.parse(line) as Record<string, unknown>))
    child.once('exit', (code) => reject(new Error(`${args[0]} ended with ${code}`)))
  })
  return { child, pid: child.pid ?? 0, first }
}

export async function stop({ child }: Pick<Started, 'child'>): Promise<void> {
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await gone
}

/** Whatever is still running ends. */
export function stopAll(): void {
  for (const child of children) if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
}

/** CPU seconds (user and system, all threads) that a process has used. */
export function cpu(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}

export function pssMegabytes(pid: number): number {
  return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1'))?.[1] ?? 0) / 1024
}

/** Once what a start leaves to be done is done: half a minute for a million rules. */
export async function settled(pid: number): Promise<void> {
  for (let quiet = 0, last = cpu(pid), second = 0; (quiet < 2 || second < 8) && second < 60; second++) {
    await new Promise((resolve) => setTimeout(resolve, 1000))
    const now = cpu(pid)
    quiet = now - last < 0.05 ? quiet + 1 : 0
    last = now
  }
}
