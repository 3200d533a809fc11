/** `porch serve` and the commands that talk to it. */
import { connect } from 'node:net'
import { once } from 'node:events'
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { dataFolder, exitOf, firstLine, porch, start } from './porch.ts'
import type { Child } from './porch.ts'

// Each command is a process of its own, and the machine may be busy.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 30_000 })

let folder: ReturnType<typeof dataFolder>
let children: Child[]
const at = (...args: string[]) => porch('--data', folder.dir, ...args)

beforeEach(() => {
  folder = dataFolder()
  children = []
})
afterEach(async () => {
  for (const child of children) {
    child.kill('SIGKILL')
    await exitOf(child)
  }
  folder.remove()
})

interface Ready {
  readonly smtp: readonly string[]
  readonly console: string
}

async function serve(...args: string[]) {
  const child = start(['serve', '--json', '--data', folder.dir, ...args])
  children.push(child)
  const ready = JSON.parse(await firstLine(child.stdout)) as Ready
  return { child, ready, port: Number(ready.smtp[0]?.split(':')[1]) }
}

/** One whole session; resolves with what the gate said. */
async function knock(port: number, ehlo = 'mail.acme.example'): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  let said = ''
  socket.on('data', (chunk: Buffer) => {
    said += chunk.toString()
    const replies = said.split('\r\n').filter((line) => /^\d{3} /.test(line)).length
    const next = [`EHLO ${ehlo}`, 'MAIL FROM:<bob@acme.example>', 'RCPT TO:<joe@shop.example>', 'QUIT'][replies - 1]
    if (next !== undefined && said.endsWith('\r\n') && asked < replies) {
      asked = replies
      socket.write(`${next}\r\n`)
    }
  })
  let asked = 0
  await once(socket, 'close')
  return said
}

test('ready, then a line per session; the commands talk to the gate; SIGTERM ends it with 0', async () => {
  const { child, ready, port } = await serve()
  expect(ready).toEqual({
    event: 'ready', smtp: [`127.0.0.1:${port}`], console: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/\?token=.+/) as string,
    metrics: expect.stringContaining('/metrics') as string, data: folder.dir, version: '0.1.0',
  })
  expect(await knock(port)).toMatch(/451 4\.7\.25 /)
  const session = JSON.parse(await firstLine(child.stdout)) as { id: string }
  expect(session).toMatchObject({ client: '127.0.0.1', ehlo: 'mail.acme.example', disposition: 'deferred', sender: 'bob@acme.example', recipients: ['joe@shop.example'] })
  expect(JSON.parse((await at('sessions', '--json')).out)).toEqual(session)
  expect((await at('log')).out).toContain('EHLO mail.acme.example')

  // A rule given on the command line is obeyed at once.
  expect(await at('ban', '127.0.0.1', '--for', '1h')).toMatchObject({ code: 0 })
  expect(await knock(port)).toMatch(/^554 5\.7\.1 /)
  expect(await at('unban', '127.0.0.1')).toMatchObject({ code: 0 })
  expect(await knock(port)).toMatch(/^220 /)
  expect(await at('unban', '127.0.0.1')).toEqual({ code: 1, out: '', err: 'porch: there is no ban of 127.0.0.1\n' })
  expect(await at('ban', '127.0.0.1/8')).toMatchObject({ code: 2 })
  expect(await at('mode', 'observe', '--for', '1h')).toMatchObject({ code: 0 })
  expect(await knock(port)).not.toMatch(/\n451 /)
  expect(await at('backup', join(folder.dir, 'copy'))).toMatchObject({ code: 0 })

  const second = await at('serve')
  expect(second).toEqual({ code: 1, out: '', err: `porch: another Porch is using the data folder ${folder.dir}\n` })
  child.kill('SIGTERM')
  expect(await exitOf(child)).toBe(0)
  expect(readdirSync(folder.dir)).not.toContain('gate.json')
})

test('what keeps it from starting: exit 1 and one line', async () => {
  const { port } = await serve()
  const other = dataFolder({ listen: [`127.0.0.1:${port}`] })
  try {
    const taken = await porch('serve', '--data', other.dir)
    expect([taken.code, taken.out, taken.err.split('\n').length]).toEqual([1, '', 2])
    expect(taken.err).toContain(String(port))
    const bad = '{"policy":{"mode":"strict"}}'
    writeFileSync(join(other.dir, 'porch.json'), bad)
    const wrong = await porch('serve', '--data', other.dir)
    expect([wrong.code, wrong.out, wrong.err.split('\n').length]).toEqual([1, '', 2])
    expect(wrong.err).toContain('policy.mode: expected one of "enforce", "observe", "grace"')
  } finally {
    other.remove()
  }
})

test('a console that other machines can reach is served, and warned of', async () => {
  const open = dataFolder({ console: '0.0.0.0:0' })
  const child = start(['serve', '--json', '--data', open.dir])
  children.push(child)
  try {
    expect(await firstLine(child.stderr)).toMatch(/^porch: warning: console: "0\.0\.0\.0:0" can be reached from other machines/)
    expect(JSON.parse(await firstLine(child.stdout))).toMatchObject({ event: 'ready' })
  } finally {
    child.kill('SIGKILL')
    await exitOf(child)
    open.remove()
  }
})

test('killed with -9: rules are kept, its gate.json misleads nobody, the folder is free', async () => {
  const first = await serve()
  await at('ban', '192.0.2.1')
  first.child.kill('SIGKILL')
  await exitOf(first.child)
  expect((await at('rules', '--json')).out).toContain('"scope":"192.0.2.1"')
  const { port } = await serve()
  expect((await at('rules', '--json')).out).toContain('"scope":"192.0.2.1"')
  expect(await knock(port)).toMatch(/^220 /)
})

test('a database that a command found damaged: the gate that starts next says so', async () => {
  await at('ban', '192.0.2.1')
  writeFileSync(join(folder.dir, 'journal.sqlite'), 'garbage '.repeat(10_000))
  expect(await at('rules')).toMatchObject({ code: 0, out: expect.stringContaining('192.0.2.1') as string, err: expect.stringContaining('The database was damaged') as string })
  const child = start(['serve', '--json', '--data', folder.dir])
  children.push(child)
  expect(await firstLine(child.stderr)).toMatch(/^porch: The database was found damaged at .*journal\.sqlite\.torn-/)
})

test('a reader of stdout that reads nothing, or is gone, does not hold up the gate', async () => {
  const slow = await serve()
  for (let round = 0; round < 12; round++) await Promise.all(Array.from({ length: 10 }, (_, each) => knock(slow.port, `${'a'.repeat(60)}.n${round}-${each}.acme.example`)))
  expect(await knock(slow.port)).toMatch(/221 /)
  slow.child.stdout.destroy()
  for (let round = 0; round < 3; round++) expect(await knock(slow.port)).toMatch(/221 /)
  slow.child.kill('SIGTERM')
  expect(await exitOf(slow.child)).toBe(0)
})

test('sessions --follow: what was, what comes, and what comes after the gate was restarted', async () => {
  const first = await serve()
  first.child.stdout.resume()
  await knock(first.port, 'one.acme.example')
  const follower = start(['sessions', '--follow', '--json', '--data', folder.dir, '--name', 'acme.example'])
  children.push(follower)
  const told: string[] = []
  let text = ''
  follower.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString()
    const lines = text.split('\n')
    text = lines.pop() ?? ''
    for (const line of lines) told.push((JSON.parse(line) as { ehlo: string }).ehlo.split('.')[0]!)
  })
  const until = (...names: string[]) => vi.waitFor(() => expect(told).toEqual(names), { timeout: 30_000 })
  await until('one')
  await knock(first.port, 'two.acme.example')
  await knock(first.port, 'other.example')
  await until('one', 'two')
  first.child.kill('SIGTERM')
  await exitOf(first.child)
  const next = await serve()
  next.child.stdout.resume()
  await knock(next.port, 'three.acme.example')
  await until('one', 'two', 'three')
  await knock(next.port, 'four.acme.example')
  await until('one', 'two', 'three', 'four')
  follower.kill('SIGTERM')
  expect(await exitOf(follower)).toBe(0)
})
