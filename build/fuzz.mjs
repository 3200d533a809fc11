// npm run fuzz: the whole of the fuzzing that CI runs a share of (RELIABILITY, Fuzzing). FUZZ_RUNS overrides the inputs per target.
import { install, runModule } from './tools.mjs'

install()
runModule('vitest/vitest.mjs', ['run', '--project', 'unit', 'test/fuzz', '--testTimeout=7200000', ...process.argv.slice(2)], {
  env: { ...process.env, FUZZ_RUNS: process.env.FUZZ_RUNS ?? '1000000' },
})
