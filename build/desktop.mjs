// What npm start knows of the desktop: whether a window could be opened here, whether Electron's runtime is there, a bounded attempt to
// fetch it, and whether a browser may be opened instead. Plain functions of what they are given, so that tests can ask them.
import { spawn } from 'node:child_process'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** So long a fetch may take, s. */
export const FETCH_SECONDS = 30
/** A fetch that failed is not tried again for so long, ms. */
const AGAIN_AFTER_MS = 86_400_000

/** Where Electron's program is, or null. Never by require('electron'), which would fetch it without bound. */
export function electronBinary(root, env, platform) {
  const dist = env.ELECTRON_OVERRIDE_DIST_PATH || join(root, 'node_modules', 'electron', 'dist')
  const binary = join(dist, platform === 'win32' ? 'electron.exe' : platform === 'darwin' ? 'Electron.app/Contents/MacOS/Electron' : 'electron')
  const version = join(dist, 'version')
  return existsSync(binary) && existsSync(version) && readFileSync(version, 'utf8').trim() !== '' ? binary : null
}

/** Why no window can be opened here, in words; null if it can. `uid`: undefined on Windows. */
export function noWindow(env, platform, uid) {
  if (platform === 'linux' && !env.DISPLAY && !env.WAYLAND_DISPLAY) return 'there is no display here'
  if (platform === 'linux' && uid === 0) return 'a window is not opened as root, where Chromium’s sandbox does not work'
  return null
}

/** Why no browser is opened by itself; null if one may be. */
export function noBrowser(env, platform, uid, args) {
  if (args.includes('--no-open') || env.PORCH_NO_OPEN) return 'as asked'
  if (env.CI) return 'this is CI'
  if (uid === 0) return 'not as root'
  if (platform === 'linux' && !env.DISPLAY && !env.WAYLAND_DISPLAY) return 'there is no display'
  return null
}

/** The command that opens an address in the person's browser. */
export function browserCommand(url, platform) {
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler', url]
  return [platform === 'darwin' ? 'open' : 'xdg-open', url]
}

/** The console's address in what `porch serve` prints, or null. */
export function consoleAddress(text) {
  return /^console: +(http:\/\/\S+)$/m.exec(text)?.[1] ?? null
}

/**
 * Tries to fetch Electron's runtime (some 110 MB, once), for FETCH_SECONDS at most. True: it is there now. A failure is remembered for a
 * day, so that it costs its seconds once.
 */
export async function fetchRuntime({ root, env, node, args, say, seconds = FETCH_SECONDS }) {
  const stamp = join(root, 'node_modules', '.porch-no-runtime')
  const installer = join(root, 'node_modules', 'electron', 'install.js')
  if (args.includes('--no-fetch') || env.PORCH_NO_FETCH || env.ELECTRON_SKIP_BINARY_DOWNLOAD || !existsSync(installer)) return false
  if (!args.includes('--fetch') && existsSync(stamp) && Date.now() - statSync(stamp).mtimeMs < AGAIN_AFTER_MS) {
    say('the desktop window needs Electron’s runtime, which could not be fetched lately; npm start -- --fetch tries again')
    return false
  }
  say(`the desktop window needs Electron’s runtime (some 110 MB, once): fetching it, for ${seconds} seconds at most …`)
  const outcome = await bounded(spawn(node, [installer], { cwd: root, env, stdio: ['ignore', 'ignore', 'pipe'] }), seconds * 1000)
  if (outcome === null && electronBinary(root, env, process.platform) !== null) return true
  say(`it could not be fetched: ${outcome ?? 'what came is not whole'}. npm start -- --fetch tries again; or unpack it yourself and name its folder in ELECTRON_OVERRIDE_DIST_PATH`)
  writeFileSync(stamp, '')
  return false
}

/** The line that names the error, before those that only tell where it was. */
function reasonIn(said) {
  const lines = said.split('\n').map((line) => line.trim()).filter((line) => line !== '')
  return lines.find((line) => /error/i.test(line)) ?? lines[0] ?? null
}

/** Null: it ended well. Else why not, in one line; past its time it is ended. */
function bounded(child, ms) {
  return new Promise((resolve) => {
    let said = ''
    child.stderr.on('data', (chunk) => (said = `${said}${chunk}`.slice(-4000)))
    const timer = setTimeout(() => {
      child.kill('SIGKILL')
      resolve(`it took longer than ${ms / 1000} seconds`)
    }, ms)
    child.on('error', (error) => {
      clearTimeout(timer)
      resolve(error.message)
    })
    child.on('exit', (code) => {
      clearTimeout(timer)
      resolve(code === 0 ? null : reasonIn(said) ?? `exit code ${code}`)
    })
  })
}
