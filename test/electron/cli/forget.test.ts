/** `porch forget`: what it says of damaged databases that were moved aside, which it leaves alone. */
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { dataFolder, porch } from './porch.ts'

// Each command is a process of its own, and the machine may be busy.
vi.setConfig({ testTimeout: 90_000 })

let folder: ReturnType<typeof dataFolder>
beforeEach(() => {
  folder = dataFolder()
})
afterEach(() => folder.remove())
const forget = (...more: string[]) => porch('--data', folder.dir, 'forget', 'joe@shop.example', ...more)

test('they are named on stderr, and stay', async () => {
  expect(await porch('--data', folder.dir, 'ban', '192.0.2.1', '--reason', 'asked for by joe@shop.example')).toMatchObject({ code: 0 })
  const torn = ['journal.sqlite.torn-20261124T120000Z', 'journal.sqlite.torn-20261124T120000Z-wal'].map((name) => join(folder.dir, name))
  for (const file of torn) writeFileSync(file, 'joe@shop.example')
  const said = await forget('--json')
  expect(said).toMatchObject({ code: 0, err: expect.stringMatching(/^porch: not looked into, .*\n$/) as string })
  expect(JSON.parse(said.out)).toMatchObject({ rules: 1 })
  for (const file of torn) expect([said.err.includes(file), existsSync(file)]).toEqual([true, true])
  // It may be named there though it is named nowhere else.
  expect(await forget()).toMatchObject({ code: 1, err: expect.stringContaining(torn[0]!) as string })
})

test('without any there is nothing to say; the help tells of them', async () => {
  expect(await porch('--data', folder.dir, 'ban', '192.0.2.1')).toMatchObject({ code: 0 })
  expect(await forget()).toEqual({ code: 1, out: 'joe@shop.example is named nowhere in what is stored\n', err: '' })
  expect((await porch('forget', '--help')).out).toContain('journal.sqlite.torn-')
})
