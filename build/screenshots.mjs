// npm run screenshots: draws the console's pages with sample data into docs/screenshots (Debian's Chromium is needed).
import { join } from 'node:path'
import { build, install, root, run, runtime } from './tools.mjs'

install()
build()
run(runtime(), [join(root, 'test', 'e2e', 'screenshots.ts'), ...process.argv.slice(2)])
