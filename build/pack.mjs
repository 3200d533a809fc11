// npm run pack: the installable desktop packages in release/. Needs the Electron runtime for this platform, which is not in
// the npm package: where it is neither unpacked nor named by ELECTRON_OVERRIDE_DIST_PATH, electron-builder fetches it, if it can.
// `npm run pack -- --dir` stops at the unpacked application.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { build, install, root, runModule, say } from './tools.mjs'

const args = process.argv.slice(2)
install()
build()
const dist = process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(root, 'node_modules', 'electron', 'dist')
const found = existsSync(join(dist, 'version'))
if (!found) say('no Electron runtime here; electron-builder tries to fetch it and says so where it cannot')
runModule('electron-builder/out/cli/cli.js', ['--config', 'build/electron-builder.mjs', ...(found ? [`-c.electronDist=${dist}`] : []), ...args])
