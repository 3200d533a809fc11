// npm start: installs and builds what is stale, then opens the desktop window where an Electron runtime and a display
// are there; otherwise, or with --headless, runs the same gate in Node and prints the console's address.
// Other arguments go to `porch serve` (--config, --data, --json); --demo plays the sample senders.
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { build, install, root, runtime, say } from './tools.mjs'

const args = process.argv.slice(2)
const headless = args.includes('--headless')
const rest = args.filter((arg) => arg !== '--headless')

install()
build()

const desktop = headless ? null : electronBinary()
if (desktop === null && !headless) say('no desktop here (it needs an Electron runtime and a display): the console opens in a browser instead')
const child = desktop === null
  // The flags: see build/porch.
  ? spawn(runtime(), ['--max-semi-space-size=16', '--expose-gc', join(root, 'dist', 'node', 'cli.js'), 'serve', ...rest], { stdio: 'inherit' })
  : spawn(desktop, [root, ...rest], { stdio: 'inherit' })
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
child.on('error', (error) => {
  say(error.message)
  process.exit(1)
})
child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 143)))

/** The runtime is never fetched behind the admin's back: it counts only if it is there already. */
function electronBinary() {
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return null
  const dist = process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(root, 'node_modules', 'electron', 'dist')
  const binary = join(dist, process.platform === 'win32' ? 'electron.exe' : 'electron')
  const version = join(dist, 'version')
  return existsSync(binary) && existsSync(version) && readFileSync(version, 'utf8').trim() !== '' ? binary : null
}
