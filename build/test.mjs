// npm test: everything, on a fresh clone too: installs what is missing (npm packages; Debian's Chromium, name servers and
// mail servers where it may), then lint, types, build, unit tests, and the tests against the real programs.
// Arguments go to vitest: `npm test -- test/shared` runs those files alone.
import { join } from 'node:path'
import { build, install, root, run, runModule, runtime, say } from './tools.mjs'

const args = process.argv.slice(2)

install()
if (process.platform === 'linux') run('sh', [join(root, 'build', 'debian.sh')])
say('lint …')
runModule('eslint/bin/eslint.js', ['.'])
say('types …')
run(runtime(), [join(root, 'build', 'typecheck.mjs')])
build()
say('tests …')
runModule('vitest/vitest.mjs', ['run', '--reporter=default', '--reporter=./build/summary-reporter.mjs', ...args])
