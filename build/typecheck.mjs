// Type-checks each part by its own tsconfig: what may be used where (DOM, Node) is decided there.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
let failed = false
for (const part of ['shared', 'electron', 'renderer', 'build', 'test']) {
  const result = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', `${part}/tsconfig.json`], { cwd: root, stdio: 'inherit' })
  if (result.status !== 0) failed = true
}
process.exit(failed ? 1 : 0)
