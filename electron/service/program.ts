/**
 * The program that the service runs. From a package it is what the package holds: built for it, owned by root, replaced by
 * upgrades alone. From a checkout it is a copy in a place of its own: a checkout may lie in a home (which the service cannot
 * see), is rebuilt while the service runs, and may be gone tomorrow.
 */
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, readdirSync, realpathSync, renameSync, rmSync } from 'node:fs'
import { dirname, join, sep } from 'node:path'
import { messageOf } from '../settingsfile.ts'

export interface Program {
  readonly node: string
  /** Where dist/node, dist/renderer and node_modules/better-sqlite3 are. */
  readonly root: string
  readonly packaged: boolean
}

/** What is beside the built parts in a package: outside the archive, for Node reads no archive. */
const UNPACKED = `${sep}app.asar.unpacked${sep}`
const SCRIPT = join('dist', 'node', 'cli.js')

/** The program this is; null if the command line runs from sources that were never built. `from`: a file of it. */
export function programOf(from: string, node: string): Program | null {
  for (let dir = dirname(from); dir !== dirname(dir); dir = dirname(dir)) {
    if (!existsSync(join(dir, 'package.json')) || dir.endsWith('node_modules')) continue
    return existsSync(join(dir, SCRIPT)) ? { node: realpathSync(node), root: dir, packaged: `${dir}${sep}`.includes(UNPACKED) } : null
  }
  return null
}

export function scriptOf(root: string): string {
  return join(root, SCRIPT)
}

/** Where the copy's Node is. */
export function nodeIn(dir: string): string {
  return join(dir, process.platform === 'win32' ? 'node.exe' : 'node')
}

/** Copies what is needed to run, and nothing else, over `to`: whole or not at all. False: the very same was there. Null or the problem. */
export function copyProgram(program: Program, to: string): { readonly ok: true; readonly changed: boolean } | { readonly ok: false; readonly problem: string } {
  const fresh = `${to}.new`
  const former = `${to}.old`
  try {
    const parts = partsOf(program)
    if (sameAlready(parts, to)) return { ok: true, changed: false }
    for (const rest of [fresh, former]) rmSync(rest, { recursive: true, force: true })
    for (const { from, path } of parts) {
      mkdirSync(dirname(join(fresh, path)), { recursive: true, mode: 0o755 })
      cpSync(from, join(fresh, path), { dereference: true })
      chmodSync(join(fresh, path), path === parts[0]?.path ? 0o755 : 0o644)
    }
    // Whatever umask root has: the account must be able to read it.
    for (const dir of [fresh, ...readdirSync(fresh, { recursive: true, withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name))]) chmodSync(dir, 0o755)
    if (existsSync(to)) renameSync(to, former)
    renameSync(fresh, to)
    rmSync(former, { recursive: true, force: true })
    return { ok: true, changed: true }
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true })
    return { ok: false, problem: `the program cannot be copied to ${to}: ${messageOf(error)}` }
  }
}

interface Part {
  readonly from: string
  /** Below the copy. */
  readonly path: string
}

/** The runtime comes first. */
function partsOf({ node, root }: Program): Part[] {
  const wanted = (path: string) => !path.endsWith('.map')
  const below = (dir: string, holds: (path: string) => boolean = wanted) =>
    readdirSync(join(root, dir), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
      .filter(holds)
  const native = new RegExp(`[\\\\/]${process.platform === 'linux' ? 'linux(musl)?' : process.platform}-${process.arch}\\.node$`)
  const sqlite = join('node_modules', 'better-sqlite3')
  const paths = [
    'package.json', 'LICENSE', ...below(join('dist', 'node')), ...below(join('dist', 'renderer')),
    join(sqlite, 'package.json'), join(sqlite, 'LICENSE'), ...below(join(sqlite, 'lib')), ...below(join(sqlite, 'prebuilds'), (path) => native.test(path)),
  ]
  return [{ from: node, path: nodeIn('') }, ...paths.filter((path) => existsSync(join(root, path))).map((path) => ({ from: join(root, path), path }))]
}

function sameAlready(parts: readonly Part[], to: string): boolean {
  if (!existsSync(to)) return false
  const there = readdirSync(to, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return there.length === parts.length && parts.every(({ from, path }) => existsSync(join(to, path)) && readFileSync(from).equals(readFileSync(join(to, path))))
}
