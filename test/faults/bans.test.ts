/** Strikes, bans and the step of the escalation over kill -9, in the whole program: what a client earned is kept (POLICY, Bans). */
import { once } from 'node:events'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Client } from '../dialogues/play.ts'
import { dataFolder, firstLine, porch, start } from '../electron/cli/porch.ts'
import type { Child } from '../electron/cli/porch.ts'

let folder: ReturnType<typeof dataFolder>
let child: Child | null = null
beforeEach(() => {
  // A malformed EHLO name is refused without DNS; practice mode exempts nobody.
  folder = dataFolder({ bans: { strikes: 4 } })
})
afterEach(async () => {
  await kill()
  folder.remove()
})

async function kill(): Promise<void> {
  if (child === null) return
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
  child = null
}

async function serve(): Promise<number> {
  child = start(['serve', '--json', '--data', folder.dir])
  const ready = JSON.parse(await firstLine(child.stdout)) as { smtp: string[] }
  child.stdout.resume()
  child.stderr.resume()
  return Number(ready.smtp[0]?.split(':').at(-1))
}

/** One session that earns a strike; the banner's code and the reply's. */
async function knock(port: number): Promise<string> {
  const client = await Client.connect(port)
  const banner = (await client.line()).slice(0, 3)
  client.say(banner === '220' ? 'EHLO -bad-.example' : 'QUIT')
  const reply = (await client.line()).slice(0, 3)
  client.socket.destroy()
  return `${banner} ${reply}`
}

/** When this is on disk for the client: strikes, step. */
async function stored(strikes: number, step: number): Promise<void> {
  await vi.waitFor(() => {
    const db = new Sqlite(join(folder.dir, 'journal.sqlite'), { readonly: true })
    const row = db.prepare("SELECT value FROM conduct WHERE kind = 'strikes' AND scope = '127.0.0.1'").pluck().get() as string | undefined
    db.close()
    const conduct = JSON.parse(row ?? '{"strikes":[],"step":0}') as { strikes: number[]; step: number }
    expect([conduct.strikes.length, conduct.step]).toEqual([strikes, step])
  }, { timeout: 20_000, interval: 50 })
}

const bans = async () => (await porch('--data', folder.dir, 'rules', '--json')).out.split('\n').filter((line) => line !== '').map((line) => {
  const rule = JSON.parse(line) as { kind: string; scope: string; by: string; since: string; until: string; reason: string }
  return `${rule.kind} ${rule.scope} ${rule.by} ${(Date.parse(rule.until) - Date.parse(rule.since)) / 3_600_000} ${rule.reason}`
})
const BAN = (hours: number) => [`ban 127.0.0.1 auto ${hours} 4 refusals in 60 minutes: EHLO name is malformed`]

test('strikes survive it, the ban survives it, and after unban the next one is twice as long', async () => {
  let port = await serve()
  expect([await knock(port), await knock(port)]).toEqual(['220 501', '220 501'])
  await stored(2, 0)
  await kill()

  port = await serve()
  expect([await knock(port), await knock(port), await knock(port)]).toEqual(['220 501', '220 501', '554 221'])
  await stored(0, 1)
  expect(await bans()).toEqual(BAN(96))
  await kill()

  port = await serve()
  expect(await knock(port)).toBe('554 221')
  expect(await porch('--data', folder.dir, 'unban', '127.0.0.1')).toMatchObject({ code: 0 })
  // Unbanned and not at once banned again.
  expect([await knock(port), await knock(port), await knock(port)]).toEqual(['220 501', '220 501', '220 501'])
  await stored(3, 1)
  // Without a gate the commands forgive what is stored.
  await kill()
  expect(await porch('--data', folder.dir, 'allow', '127.0.0.0/8')).toMatchObject({ code: 0 })
  expect(await porch('--data', folder.dir, 'disallow', '127.0.0.0/8')).toMatchObject({ code: 0 })
  await stored(0, 1)

  port = await serve()
  for (let n = 0; n < 4; n++) expect(await knock(port)).toBe('220 501')
  expect(await knock(port)).toBe('554 221')
  expect(await bans()).toEqual(BAN(192))
}, 180_000)
