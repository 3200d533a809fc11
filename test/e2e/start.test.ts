/** npm start as a program: with a runtime that does not open, without one, and with a browser that can be opened. The build must be fresh. */
import { spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, expect, test } from 'vitest'

const ROOT = resolve(import.meta.dirname, '../..')
const isRoot = process.getuid?.() === 0
const folder = mkdtempSync(join(tmpdir(), 'porch-start-'))
chmodSync(folder, 0o777)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** As a person with a display, who is not root. */
function start(name: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const home = join(folder, name)
  mkdirSync(join(home, 'bin'), { recursive: true })
  for (const path of [home, join(home, 'bin')]) chmodSync(path, 0o777)
  writeFileSync(join(home, 'porch.json'), JSON.stringify({ listen: ['127.0.0.1:0'], console: '127.0.0.1:0' }), { mode: 0o644 })
  script(join(home, 'bin/xdg-open'), `echo "$1" > ${home}/opened`)
  const child = spawn(process.execPath, [join(ROOT, 'build/start.mjs'), '--data', join(home, 'data'), '--config', join(home, 'porch.json'), ...args], {
    ...(isRoot ? { uid: 65534, gid: 65534 } : {}),
    env: { PATH: `${join(home, 'bin')}:${process.env.PATH ?? ''}`, HOME: home, DISPLAY: ':99', PORCH_NO_FETCH: '1', ELECTRON_OVERRIDE_DIST_PATH: join(home, 'none'), ...env }, stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()))
  const ended = new Promise<number | null>((done) => child.once('close', done))
  return { home, said: () => said, ended, stop: () => { child.kill('SIGTERM'); return ended } }
}

function script(file: string, body: string): void {
  writeFileSync(file, `#!/bin/sh\n${body}\n`)
  chmodSync(file, 0o755)
}

const until = (read: () => unknown) => expect.poll(read, { timeout: 30_000 })
const CONSOLE = /^console: (http:\/\/127\.0\.0\.1:\d+\/\?token=\S+)$/m

test('without a runtime: the console’s address is printed plainly and opened in the browser; a stop ends it well', async () => {
  const porch = start('browser', [])
  await until(porch.said).toMatch(CONSOLE)
  await until(() => existsSync(join(porch.home, 'opened'))).toBe(true)
  expect(readFileSync(join(porch.home, 'opened'), 'utf8').trim()).toBe(CONSOLE.exec(porch.said())?.[1])
  expect(await porch.stop()).toBe(0)
})

test.each([['--no-open'], ['--headless']])('with %s it is printed only', async (flag) => {
  const porch = start(flag.slice(2), [flag])
  await until(porch.said).toMatch(CONSOLE)
  expect(await porch.stop()).toBe(0)
  expect(existsSync(join(porch.home, 'opened'))).toBe(false)
})

test('a runtime that does not open a window is told, and the gate runs without', async () => {
  const dist = join(folder, 'dist')
  mkdirSync(dist)
  writeFileSync(join(dist, 'version'), '45.4.1')
  script(join(dist, 'electron'), `echo "args: $*"; exit 1`)
  const porch = start('broken', ['--no-open'], { ELECTRON_OVERRIDE_DIST_PATH: dist })
  await until(porch.said).toMatch(CONSOLE)
  expect(porch.said()).toContain(`--data ${join(porch.home, 'data')}`)
  expect(porch.said()).toContain('the desktop window did not open')
  expect(await porch.stop()).toBe(0)
})
