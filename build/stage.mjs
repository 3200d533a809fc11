// What goes into a package, laid out in .cache/package/app as it will lie there: the built parts without maps and made small,
// the one native module with the binary of one platform, and nothing else. Used by pack.mjs and by the test of the packages.
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { minifySync } from 'vite'
import { root } from './tools.mjs'

export const STAGE = join(root, '.cache', 'package', 'app')

/** `platform`, `arch`: as Node names them. */
export function stage(platform = process.platform, arch = process.arch) {
  rmSync(STAGE, { recursive: true, force: true })
  mkdirSync(STAGE, { recursive: true })
  const { name, productName, version, description, license, type, main, dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const author = 'The Porch authors <porch@shop.example>'
  writeFileSync(join(STAGE, 'package.json'), `${JSON.stringify({ name, productName, version, description, author, license, type, main, dependencies: { 'better-sqlite3': dependencies['better-sqlite3'] } }, null, 2)}\n`)
  cpSync(join(root, 'LICENSE'), join(STAGE, 'LICENSE'))
  for (const part of ['desktop', 'node', 'renderer']) for (const file of filesBelow(join(root, 'dist', part))) put(file)
  const sqlite = join(root, 'node_modules', 'better-sqlite3')
  for (const file of [join(sqlite, 'LICENSE'), ...filesBelow(join(sqlite, 'lib')), join(sqlite, 'prebuilds', `${platform}-${arch}.node`)]) put(file)
  // Without what it is only built with.
  const { name: native, version: nativeVersion, license: nativeLicense, main: entry } = JSON.parse(readFileSync(join(sqlite, 'package.json'), 'utf8'))
  writeFileSync(join(STAGE, 'node_modules', 'better-sqlite3', 'package.json'), `${JSON.stringify({ name: native, version: nativeVersion, license: nativeLicense, main: entry }, null, 2)}\n`)
  return STAGE
}

function put(file) {
  if (file.endsWith('.map')) return
  const to = join(STAGE, relative(root, file))
  mkdirSync(dirname(to), { recursive: true })
  // The console's own is made small by its build.
  if (!/[\\/]dist[\\/](desktop|node)[\\/].*\.c?js$/.test(file)) return cpSync(file, to, { dereference: true })
  const made = minifySync(file, readFileSync(file, 'utf8'), { module: !file.endsWith('.cjs'), mangle: { keepNames: true } })
  if (made.errors?.length > 0) throw new Error(`${file}: ${made.errors[0].message}`)
  // A comment that points to a map which is not there.
  writeFileSync(to, made.code.replace(/\n?\/\/# sourceMappingURL=.*$/, ''))
}

function filesBelow(dir) {
  return existsSync(dir) ? readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)) : []
}
