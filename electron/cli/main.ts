/** The entry of the `porch` command. One clear line on stderr for whatever goes wrong; the exit codes are CONTRACT's. */
import { Failure } from './failure.ts'
import { run } from './program.ts'

const args = process.argv.slice(2)

try {
  process.exitCode = await run(args.length === 0 ? ['--help'] : args)
} catch (error) {
  const failure = error instanceof Failure ? error : new Failure(error instanceof Error ? error.message : String(error))
  process.stderr.write(`porch: ${failure.message}\n`)
  process.exitCode = failure.exitCode
}
