// npm start: installs and builds what is stale, then opens the desktop window where an Electron runtime and a display are there
// (a missing runtime is fetched, for some seconds at most); otherwise, or with --headless, runs the same gate in Node, prints the
// console's address, and opens it in a browser where that is wanted (not as root, in CI, without a display, with --headless or
// --no-open). --no-fetch fetches nothing, --fetch tries again. Other arguments go to the gate (--config, --data, --json, --demo).
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { browserCommand, consoleAddress, electronBinary, fetchRuntime, noBrowser, noWindow } from './desktop.mjs'
import { build, install, root, runtime, say } from './tools.mjs'

const OURS = ['--headless', '--no-open', '--no-fetch', '--fetch']
/** A window that ends so soon with a failure never opened. */
const NEVER_OPENED_MS = 5000

const { env, platform } = process
const args = process.argv.slice(2)
const rest = args.filter((arg) => !OURS.includes(arg))
const uid = process.getuid?.()
/** Machine-readable output is the command line's. */
const headless = args.includes('--headless') || args.includes('--json')
let child = null

install()
build()

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child?.kill(signal))
const desktop = headless ? null : await desktopProgram()
if (desktop === null) serve()
else openWindow(desktop)

async function desktopProgram() {
  const why = noWindow(env, platform, uid)
  if (why !== null) {
    say(`no desktop window: ${why}`)
    return null
  }
  const found = electronBinary(root, env, platform)
  if (found !== null) return found
  return (await fetchRuntime({ root, env, node: runtime(), args, say })) ? electronBinary(root, env, platform) : null
}

function openWindow(program) {
  const began = performance.now()
  child = spawn(program, [root, ...rest], { stdio: 'inherit' })
  child.on('error', (error) => {
    say(`the desktop window does not open: ${error.message}`)
    serve()
  })
  child.on('exit', (code, signal) => {
    if (code === 0 || signal === 'SIGINT' || signal === 'SIGTERM' || signal === 'SIGHUP' || performance.now() - began > NEVER_OPENED_MS) return leave(code, signal)
    say('the desktop window did not open (what Electron said stands above): the console runs without it')
    serve()
  })
}

function serve() {
  const silent = headless || noBrowser(env, platform, uid, args) !== null
  // The flags and the variable: see build/porch.
  child = spawn(runtime(), ['--max-semi-space-size=16', '--expose-gc', join(root, 'dist', 'node', 'cli.js'), 'serve', ...rest], { stdio: ['inherit', silent ? 'inherit' : 'pipe', 'inherit'], env: { MALLOC_ARENA_MAX: '1', ...env } })
  child.on('error', (error) => {
    say(error.message)
    process.exit(1)
  })
  if (!silent) openWhenTold(child.stdout)
  child.on('close', leave)
}

/** Passes on what is printed, and opens the console's address once it is told. */
function openWhenTold(output) {
  let said = ''
  output.on('data', (chunk) => {
    process.stdout.write(chunk)
    if (said === null) return
    said += chunk
    const url = consoleAddress(said)
    if (url === null && said.length < 65_536) return
    said = null
    if (url !== null) openBrowser(url)
  })
}

function openBrowser(url) {
  const [command, ...words] = browserCommand(url, platform)
  const browser = spawn(command, words, { stdio: 'ignore', detached: true })
  browser.on('error', () => say('no browser could be opened here: open the address above'))
  browser.unref()
}

function leave(code, signal) {
  process.exit(code ?? (signal === 'SIGINT' ? 130 : 143))
}
