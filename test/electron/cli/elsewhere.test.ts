/** The panic button without a gate: it must not look as if a gate had heard of it (CONTRACT keeps its exit codes). */
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { announce } from '../../../electron/console/announce.ts'
import { elsewhere } from '../../../electron/cli/elsewhere.ts'
import { dataFolder, porch } from './porch.ts'

vi.setConfig({ testTimeout: 90_000 })

let folder: ReturnType<typeof dataFolder>
let here: string
let service: string
let own: string

beforeEach(() => {
  folder = dataFolder()
  ;[here, service, own] = ['here', 'service', 'own'].map((name) => join(folder.dir, name)) as [string, string, string]
})
afterEach(() => folder.remove())

const asked = () => elsewhere(here, [service, own])

test('nothing else is there: nothing is named, and never the folder itself', async () => {
  mkdirSync(here)
  expect(await asked()).toBe('')
  expect(await elsewhere(here, [here])).toBe('')
})

test('other data without a gate; then the gate that runs, whichever comes first', async () => {
  mkdirSync(service)
  mkdirSync(own)
  expect(await asked()).toBe(`; there is also ${service}, where no gate runs: add --data ${service} if you mean that one`)
  await announce(own, { pid: process.pid, url: 'http://127.0.0.1:1', token: 't' })
  expect(await asked()).toBe(`; a gate runs on ${own}: add --data ${own}`)
  rmSync(join(own, 'gate.json'))
  // Left behind by a gate that was killed.
  writeFileSync(join(own, 'gate.json'), JSON.stringify({ pid: 2 ** 22 + 1, url: 'http://127.0.0.1:1', token: 't' }))
  expect(await asked()).toContain(service)
})

test.each([['mode', 'observe', '--for', '1h'], ['ban', '192.0.2.1'], ['allow', '192.0.2.1']])('porch %s: exit 0, but stderr says that no gate has heard of it', async (...args) => {
  const done = await porch(...args, '--data', here)
  expect(done.code).toBe(0)
  expect(done.err).toMatch(new RegExp(`^porch: no gate runs on ${here} \\(a new folder\\): nothing changes now, it holds from the next start there`))
  expect(done.err.split('\n')).toHaveLength(2)
  expect((await porch(...args, '--data', here)).err).toContain(`no gate runs on ${here}: nothing changes now`)
})

test('a mistyped folder: who asks is told, and nothing is made', async () => {
  for (const args of [['sessions'], ['rules'], ['rules', 'export'], ['whatif', '--rules', 'house'], ['log', '--json']]) {
    const { code, err } = await porch(...args, '--data', here)
    expect([args, code]).toEqual([args, 0])
    expect(err).toContain(`porch: there is no data folder ${here}`)
  }
  expect(existsSync(here)).toBe(false)
})
