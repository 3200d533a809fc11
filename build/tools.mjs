// What the set-up scripts share: run on any Node from 20 on, before anything is installed. Installs and builds only what is stale.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))
const windows = process.platform === 'win32'

/** The carried runtime, or this one where it is new enough (better-sqlite3 needs 22.15). */
export function runtime() {
  const carried = join(root, 'node_modules', '.bin', windows ? 'node.exe' : 'node')
  if (existsSync(carried)) return carried
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > 22 || (major === 22 && minor >= 15)) return process.execPath
  fail(`Porch needs Node 22.15 or later, and the runtime it carries does not exist for ${process.platform}-${process.arch}. This is Node ${process.versions.node}.`)
}

export function say(text) {
  console.error(`porch: ${text}`)
}

export function fail(text) {
  say(text)
  process.exit(1)
}

/** Runs a program in the project; ends this one with its exit code if it fails. */
export function run(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: root, stdio: 'inherit', shell: windows && command === 'npm', ...options })
  if (result.error) fail(`${command}: ${result.error.message}`)
  if (result.status !== 0) process.exit(result.status ?? 1)
}

/** Node modules by name, run with the carried runtime. */
export function runModule(path, args = [], options = {}) {
  run(runtime(), [join(root, 'node_modules', path), ...args], options)
}

export function install() {
  const lock = hash([join(root, 'package-lock.json'), join(root, 'package.json')])
  const stamp = join(root, 'node_modules', '.porch-installed')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return
  say('installing dependencies (npm ci) …')
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'])
  writeFileSync(stamp, lock)
}

const SOURCES = ['shared', 'electron', 'renderer', 'build', 'package.json', 'package-lock.json']

/** Builds all parts unless what is there was built from these very sources. */
export function build() {
  const sources = hash(SOURCES.flatMap((name) => filesBelow(join(root, name))))
  const stamp = join(root, 'dist', '.porch-built')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === sources) return
  say('building …')
  for (const config of ['vite.node.ts', 'vite.preload.ts', 'vite.renderer.ts']) {
    runModule('vite/bin/vite.js', ['build', '--logLevel', 'warn', '-c', join('build', config)])
  }
  cpSync(join(root, 'build', 'icons', 'tray'), join(root, 'dist', 'desktop', 'tray'), { recursive: true })
  writeFileSync(stamp, sources)
}

function filesBelow(path) {
  if (!statSync(path).isDirectory()) return [path]
  return readdirSync(path, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => filesBelow(join(path, entry.name)))
}

function hash(files) {
  const sum = createHash('sha256')
  for (const file of files) sum.update(file.slice(root.length)).update('\0').update(readFileSync(file)).update('\0')
  return sum.digest('hex')
}
