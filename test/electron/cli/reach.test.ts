/** Commands on a data folder whose gate.json misleads, and on one where another command is at work. */
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { takeLock } from '../../../electron/store/lock.ts'
import { dataFolder, porch } from './porch.ts'

// Each command is a process of its own, and the machine may be busy.
vi.setConfig({ testTimeout: 90_000 })

let folder: ReturnType<typeof dataFolder>
let server: Server | null
const at = (...args: string[]) => porch('--data', folder.dir, ...args)

beforeEach(() => {
  folder = dataFolder()
  server = null
})
afterEach(async () => {
  await new Promise((resolve) => (server === null ? resolve(null) : server.close(resolve)))
  folder.remove()
})

/** A program that has the port of a gate that was killed; its pid is alive, too. */
async function stranger(status: number, body: string, type: string): Promise<void> {
  const listening = createServer((_, response) => response.writeHead(status, { 'content-type': type, connection: 'close' }).end(body))
  server = listening
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve))
  writeFileSync(join(folder.dir, 'gate.json'), JSON.stringify({ pid: process.pid, url: `http://127.0.0.1:${(listening.address() as AddressInfo).port}`, token: 'old' }))
}

test.each<[string, number, string, string]>([
  ['takes no POST', 405, 'Method Not Supported', 'text/plain'], ['wants a password', 401, '{"message":"no"}', 'application/json'],
  ['has such a page', 200, '<html></html>', 'text/html'], ['answers JSON', 200, '{"json":{"hello":1}}', 'application/json'], ['is in trouble', 500, '', 'text/plain'],
])('gate.json leads to another program that %s: there is no gate, and the commands work on the store', async (_, ...answer) => {
  expect(await at('ban', '192.0.2.1')).toMatchObject({ code: 0 })
  await stranger(...answer)
  expect(await at('rules', '--json')).toMatchObject({ code: 0, err: '', out: expect.stringContaining('"scope":"192.0.2.1"') as string })
})

test('while the folder is held: that another command may be at work, and what is known of the gate', async () => {
  expect(await at('ban', '192.0.2.1')).toMatchObject({ code: 0 })
  const lock = await takeLock(folder.dir)
  const busy = `porch: another Porch is using the data folder ${folder.dir}: another porch command may be at work there (try again in a moment), or a gate whose console does not answer`
  expect(await at('ban', '192.0.2.2')).toEqual({ code: 2, out: '', err: `${busy}\n` })
  expect(await at('mode', 'observe')).toEqual({ code: 2, out: '', err: `${busy}\n` })
  await stranger(405, 'Method Not Supported', 'text/plain')
  expect(await at('rules')).toMatchObject({ code: 2, out: '', err: expect.stringMatching(/console does not answer \(.+\)\n$/) as string })
  lock.release()
  expect(await at('rules')).toMatchObject({ code: 0, err: '' })
})
