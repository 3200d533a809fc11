/** Builds the console for tests in a browser, unless what is built is newer than what it is made of. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const page = join(root, 'dist', 'renderer', 'index.html')

export async function buildRenderer(): Promise<void> {
  if (existsSync(page) && statSync(page).mtimeMs > newest(['renderer', 'shared', 'build/vite.renderer.ts'])) return
  const build = spawn(process.execPath, [join(root, 'node_modules/vite/bin/vite.js'), 'build', '-c', join(root, 'build/vite.renderer.ts'), '--logLevel', 'error'], { cwd: root, stdio: 'inherit' })
  const [code] = (await once(build, 'exit')) as [number | null]
  if (code !== 0) throw new Error('the console could not be built')
}

function newest(paths: readonly string[]): number {
  const times = paths.map((path) => join(root, path)).flatMap((path) => (statSync(path).isFile() ? [path] : readdirSync(path, { recursive: true, encoding: 'utf8' }).map((name) => join(path, name)))).map((path) => statSync(path).mtimeMs)
  return Math.max(...times)
}
