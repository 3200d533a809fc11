// npm run pack: the packages, in release/: a deb and an AppImage on Linux, an installer on Windows. Needs the Electron runtime
// for this platform, which is not in the npm package: where it is neither unpacked nor named by ELECTRON_OVERRIDE_DIST_PATH,
// electron-builder fetches it, if it can. `--dir` stops at the unpacked application. `--placeholder DIR` does all that can be
// done without Electron (see pack-check.mjs) and puts it into DIR: everything is as in the package but the window's program.
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { buildDeb } from './deb.mjs'
import { stage } from './stage.mjs'
import { build, install, root, runModule, say } from './tools.mjs'

const args = process.argv.slice(2)
const placeholder = args.includes('--placeholder') ? resolve(args[args.indexOf('--placeholder') + 1] ?? 'release') : null
const output = placeholder ?? join(root, 'release')
install()
build()
stage()
if (placeholder !== null) {
  rmSync(output, { recursive: true, force: true })
  electronBuilder('service', ['--linux', 'dir', `-c.electronDist=${noElectron()}`], { PORCH_PLACEHOLDER: '1' })
  // Not compressed: it is made to be tried, in seconds.
  say(`made ${buildDeb({ unpacked: join(output, 'linux-unpacked'), compression: 'none', into: output })}`)
} else {
  const dist = process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(root, 'node_modules', 'electron', 'dist')
  const found = existsSync(join(dist, 'version'))
  if (!found) say('no Electron runtime here; electron-builder tries to fetch it and says so where it cannot (npm run pack:check does without)')
  const runtime = found ? [`-c.electronDist=${dist}`] : []
  if (process.platform === 'linux') {
    electronBuilder('service', ['--linux', 'dir', ...runtime])
    if (!args.includes('--dir')) {
      say(`made ${buildDeb({ unpacked: join(output, process.arch === 'x64' ? 'linux-unpacked' : `linux-${process.arch}-unpacked`) })}`)
      electronBuilder('portable', ['--linux', 'AppImage', ...runtime])
    }
  } else electronBuilder('service', [...(args.includes('--dir') ? ['--dir'] : []), ...runtime])
}

function electronBuilder(kind, options, env = {}) {
  runModule('electron-builder/out/cli/cli.js', ['--config', 'build/electron-builder.mjs', ...options], { env: { ...process.env, PORCH_PACKAGE: kind, PORCH_OUTPUT: output, ...env } })
}

/** What electron-builder takes for an Electron. */
function noElectron() {
  const dir = join(root, '.cache', 'package', 'electron')
  rmSync(dir, { recursive: true, force: true })
  mkdirSync(join(dir, 'locales'), { recursive: true })
  mkdirSync(join(dir, 'resources'))
  writeFileSync(join(dir, 'version'), JSON.parse(readFileSync(join(root, 'node_modules', 'electron', 'package.json'), 'utf8')).version)
  for (const file of ['LICENSE', 'LICENSES.chromium.html', 'chrome-sandbox', 'locales/en-US.pak']) writeFileSync(join(dir, file), '')
  writeFileSync(join(dir, 'electron'), '#!/bin/sh\necho "This package was made to be checked: there is no Electron in it." >&2\nexit 1\n')
  chmodSync(join(dir, 'electron'), 0o755)
  return dir
}
