/** Runs the real command line, unbundled, as scripts would. */
import { spawn } from 'node:child_process'
import type { ChildProcessByStdio } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'

export const MAIN = join(import.meta.dirname, '../../../electron/cli/main.ts')

export interface Ran {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

export type Child = ChildProcessByStdio<null, Readable, Readable>

export function start(args: readonly string[]): Child {
  return spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
}

export async function porch(...args: string[]): Promise<Ran> {
  const child = start(args)
  let out = ''
  let err = ''
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  return { code, out, err }
}

/** A data folder whose settings reach nothing beyond loopback; the name server is a closed port. */
export function dataFolder(settings: object = {}): { readonly dir: string; remove(): void } {
  const dir = mkdtempSync(join(tmpdir(), 'porch-cli-'))
  const base = { hostname: 'mx.shop.example', listen: ['127.0.0.1:0'], console: '127.0.0.1:0', dns: { servers: ['127.0.0.1:1'], timeoutMs: 50, tries: 1 } }
  writeFileSync(join(dir, 'porch.json'), JSON.stringify({ ...base, ...settings }))
  return { dir, remove: () => rmSync(dir, { recursive: true, force: true }) }
}

/** Resolves with the first whole line that a stream says. */
export function firstLine(stream: Readable): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    const take = (chunk: Buffer) => {
      text += chunk.toString()
      const end = text.indexOf('\n')
      if (end === -1) return
      stream.off('data', take)
      stream.pause()
      resolve(text.slice(0, end))
    }
    stream.on('data', take)
    stream.resume()
    stream.on('end', () => reject(new Error(`ended with ${text}`)))
  })
}

export function exitOf(child: Child): Promise<number | null> {
  return child.exitCode !== null || child.signalCode !== null ? Promise.resolve(child.exitCode) : new Promise((resolve) => child.on('exit', resolve))
}
