// npm run bench: builds what is stale, then measures (test/bench/run.ts says what and how).
import { join } from 'node:path'
import { build, install, root, run, runtime } from './tools.mjs'

install()
build()
run(runtime(), [join(root, 'test', 'bench', 'run.ts'), ...process.argv.slice(2)])
