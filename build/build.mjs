// npm run build: installs what is missing, then builds the gate (Node), the desktop parts and the console.
import { build, install, say } from './tools.mjs'

install()
build()
say('built: dist/node (gate and command line), dist/desktop, dist/renderer')
