// npm run pack:check: makes the packages with a placeholder for Electron, so everywhere, and tries what is in them
// (test/e2e/package.test.ts): the contents against a list, the packed gate with its own Node, the deb installed into a
// scratch root, its service started, the founding case refused, removed and purged.
import { build, install, runModule } from './tools.mjs'

install()
build()
runModule('vitest/vitest.mjs', ['run', '--project', 'e2e', 'test/e2e/package.test.ts', '--reporter=default', '--reporter=./build/summary-reporter.mjs'])
