/**
 * POLICY's "Bans", "Whitelist" and "Disposition" as an outsider sees them: `porch serve`, the commands, a name server, and clients of any
 * address (PROXY). What is in shared/gate's tables is not told again here, but that the whole program does it.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { SettingsInput } from '../../shared/config.ts'
import { startBackend } from '../fakes/backend.ts'
import type { FakeBackend } from '../fakes/backend.ts'
import { startNameserver } from '../fakes/nameserver.ts'
import type { FakeNameserver } from '../fakes/nameserver.ts'
import { smtpClient } from './client.ts'
import type { SmtpClient } from './client.ts'
import { startPorch } from './porch.ts'
import type { Porch } from './porch.ts'

const reverse = (address: string) => `${address.split('.').reverse().join('.')}.in-addr.arpa`
const GOOD = ['198.51.100.7', '198.51.100.8', '198.51.100.9', '203.0.113.200']
const ZONE = [
  ...GOOD.map((address, n) => `${reverse(address)} 3600 PTR mail${n}.acme.example\nmail${n}.acme.example 3600 A ${address}`),
  `${reverse('198.51.100.30')} PTR mail0.acme.example`,
  `${reverse('203.0.113.77')} ANY !servfail`,
  'mail.temporary.example ANY !servfail',
  'mail.bad.example 3600 A 192.0.2.200',
].join('\n')

let dns: FakeNameserver
let backend: FakeBackend
const running: Porch[] = []

const settings = (more: SettingsInput = {}): SettingsInput => ({
  hostname: 'mx.shop.example', domains: ['shop.example'], backend: backend.address, proxyProtocolFrom: ['127.0.0.2'], listen: ['127.0.0.1:0'],
  dns: { servers: [dns.address], canary: [] }, policy: { exempt: [] }, bans: { strikes: 3 }, ...more,
})
async function gate(more: SettingsInput = {}): Promise<Porch> {
  const porch = await startPorch(settings(more))
  running.push(porch)
  return porch
}

beforeAll(async () => {
  dns = await startNameserver(ZONE)
  backend = await startBackend()
})
afterAll(async () => {
  for (const porch of running) await porch.stop()
  await backend.close()
  await dns.close()
})

const connect = (porch: Porch, from: string) => smtpClient({ port: porch.port, host: '127.0.0.2', from })
const short = (reply: string) => (reply.startsWith('2') || reply.startsWith('3') ? reply.slice(0, 3) : (/^\d{3} [\d.]+/.exec(reply)?.[0] ?? reply))

/** The replies to the banner and to each line, as far as the gate goes on. */
async function session(porch: Porch, from: string, ...lines: string[]): Promise<string> {
  const client = await connect(porch, from)
  const said = [short(await client.reply())]
  for (const line of [...lines, 'QUIT']) {
    const reply = await client.say(line)
    if (reply === '') break
    said.push(short(reply))
  }
  client.end()
  return said.join(' ')
}
const REFUSED = ['EHLO mail.bad.example', 'MAIL FROM:<a@bad.example>', 'RCPT TO:<joe@shop.example>']
const refused = (porch: Porch, from: string) => session(porch, from, ...REFUSED)
const STRIKE = '220 250 250 550 5.7.25 221'
/** The session that earns the ban is open when it comes: also its QUIT is a next command. */
const EARNS = '220 250 250 550 5.7.25 421 4.7.0'
const BANNED = '554 5.7.1 503 5.7.1 503 5.7.1 503 5.7.1 221'

async function deliver(porch: Porch, from: string, ehlo: string): Promise<string> {
  return session(porch, from, `EHLO ${ehlo}`, 'MAIL FROM:<a@acme.example>', 'RCPT TO:<joe@shop.example>', 'DATA', 'Subject: x\r\n\r\nx\r\n.')
}
const DELIVERED = '220 250 250 250 354 250 221'

interface Listed { readonly kind: string; readonly scope: string; readonly by: string; readonly reason: string; readonly since: string; readonly until: string | null; readonly hits: number }
const rules = async (porch: Porch) => (await porch.cli('rules', '--json')).stdout.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as Listed)
const hours = ({ since, until }: Listed) => (until === null ? 'ever' : (Date.parse(until) - Date.parse(since)) / 3_600_000)
const told = async (porch: Porch) => (await rules(porch)).map((rule) => `${rule.kind} ${rule.scope} ${rule.by} ${hours(rule)}`)

test('escalation: 4, 8, 16, 32, 32 days; after each unban the count begins anew', async () => {
  const porch = await gate()
  for (const length of [96, 192, 384, 768, 768]) {
    for (let n = 1; n <= 3; n++) expect(await refused(porch, '192.0.2.1')).toBe(n === 3 ? EARNS : STRIKE)
    expect(await told(porch)).toEqual([`ban 192.0.2.1 auto ${length}`])
    expect(await refused(porch, '192.0.2.1')).toBe(BANNED)
    // The neighbour is another client.
    if (length === 96) expect(await refused(porch, '192.0.2.2')).toBe(STRIKE)
    expect(await porch.cli('unban', '192.0.2.1')).toMatchObject({ code: 0 })
  }
}, 180_000)

describe('one gate, many clients', () => {
  let porch: Porch
  beforeAll(async () => { porch = await gate() })

  test.each<[string, readonly string[], string]>([
    ['refused at RCPT', REFUSED, STRIKE],
    ['a 501, and all that follows in one session: once', ['EHLO -bad-', ...REFUSED.slice(1), 'RCPT TO:<ann@shop.example>'], '220 501 5.5.2 250 550 5.7.25 550 5.7.25 221'],
    ['a bare word', ['EHLO barbara', ...REFUSED.slice(1)], '220 250 250 550 5.7.25 221'],
  ])('earns a strike a session: %s', async (name, lines, expected) => {
    const from = `192.0.2.${10 + name.length}`
    for (let n = 0; n < 3; n++) {
      expect(await told(porch)).not.toContain(`ban ${from} auto 96`)
      const heard = await session(porch, from, ...lines)
      expect(n === 2 ? heard.slice(-9) : heard).toBe(n === 2 ? '421 4.7.0' : expected)
    }
    expect(await told(porch)).toContain(`ban ${from} auto 96`)
  })

  test.each<[string, string, readonly string[], string]>([
    ['relay', '198.51.100.30', ['EHLO mail.bad.example', 'MAIL FROM:<a@bad.example>', 'RCPT TO:<joe@elsewhere.example>'], '220 250 250 550 5.7.1 221'],
    ['temporary', '203.0.113.77', ['EHLO mail.temporary.example', ...REFUSED.slice(1)], '220 250 250 451 4.7.25 221'],
    ['postmaster', '192.0.2.60', [...REFUSED.slice(0, 2), 'RCPT TO:<Postmaster@shop.example>'], '220 250 250 250 221'],
    ['no recipient', '192.0.2.61', REFUSED.slice(0, 2), '220 250 250 221'],
    ['unknown commands', '192.0.2.62', ['XYZZY'], '220 500 5.5.1 221'],
  ])('earns none: %s', async (_, from, lines, expected) => {
    for (let n = 0; n < 4; n++) expect(await session(porch, from, ...lines)).toBe(expected)
    expect((await told(porch)).filter((line) => line.includes(` ${from} `))).toEqual([])
  })

  test('IPv6 clients are their /64; a ban typed as an address too, and unban likewise', async () => {
    expect([await refused(porch, '2001:db8:9::1'), await refused(porch, '2001:db8:9::2'), await refused(porch, '2001:db8:9:0:ffff::3')]).toEqual([STRIKE, STRIKE, EARNS])
    expect(await told(porch)).toContain('ban 2001:db8:9::/64 auto 96')
    expect([await refused(porch, '2001:db8:9::dead'), await refused(porch, '2001:db8:9:1::1')]).toEqual([BANNED, STRIKE])
    expect(await porch.cli('unban', '2001:DB8:9::77')).toMatchObject({ code: 0 })
    expect(await refused(porch, '2001:db8:9::dead')).toBe(STRIKE)
    expect(await porch.cli('ban', '2001:db8:a::1', '--for', 'ever', '--json')).toMatchObject({ code: 0, stdout: expect.stringContaining('"scope":"2001:db8:a::/64"') as string })
    expect(await porch.cli('allow', '2001:DB8:A::5', '--json')).toMatchObject({ code: 0, stdout: expect.stringContaining('"scope":"2001:db8:a::5"') as string })
    expect([await refused(porch, '2001:db8:a::4'), await session(porch, '2001:db8:a::5', ...REFUSED)]).toEqual([BANNED, '220 250 250 250 221'])
  })

  test('a good correspondent is suggested, never banned by itself', async () => {
    expect(await deliver(porch, GOOD[0]!, 'mail0.acme.example')).toBe(DELIVERED)
    await porch.session(({ client, disposition }) => client === GOOD[0] && disposition === 'accepted')
    for (let n = 0; n < 5; n++) expect(await session(porch, GOOD[0]!, 'EHLO barbara', ...REFUSED.slice(1))).toBe('220 250 250 504 5.5.2 221')
    expect((await told(porch)).filter((line) => line.includes(GOOD[0]!))).toEqual([])
    const { origin, searchParams } = new URL(porch.ready.console)
    const headers = { authorization: `Bearer ${searchParams.get('token')}`, 'content-type': 'application/json' }
    const suggested = await (await fetch(`${origin}/rpc/rules/suggestions`, { method: 'POST', headers, body: '{}' })).json() as { json: { kind: string; scope: string; senders: unknown }[] }
    expect(suggested.json[0]).toMatchObject({ kind: 'ban-correspondent', scope: GOOD[0], senders: [{ client: GOOD[0], name: 'mail0.acme.example', sessions: 1 }] })
  })

  test('the whitelist beats a ban, in whichever order; by address, network and verified name', async () => {
    await porch.cli('ban', '198.51.100.0/24', '--for', '2h', '--reason', 'the whole network')
    expect(await deliver(porch, GOOD[1]!, 'mail1.acme.example')).toMatch(/^554 5\.7\.1/)
    await porch.cli('allow', GOOD[1]!)
    expect(await deliver(porch, GOOD[1]!, 'mail1.acme.example')).toBe(DELIVERED)
    await porch.cli('ban', GOOD[1]!)
    expect(await deliver(porch, GOOD[1]!, 'mail1.acme.example')).toBe(DELIVERED)
    await porch.cli('allow', '.Acme.Example')
    expect(await deliver(porch, GOOD[2]!, 'anything')).toBe(DELIVERED)
    // Claimed is not verified: its PTR says mail0.acme.example, which does not lead back.
    expect(await refused(porch, '198.51.100.30')).toBe(BANNED)
    await porch.cli('disallow', '.acme.example')
    expect(await refused(porch, GOOD[2]!)).toBe(BANNED)
    // The name itself, not below it.
    await porch.cli('allow', 'acme.example')
    expect(await refused(porch, GOOD[2]!)).toBe(BANNED)
    await porch.cli('allow', 'mail2.acme.example')
    expect(await deliver(porch, GOOD[2]!, 'x')).toBe(DELIVERED)
    // While name entries exist: a banned client whose name cannot be known for now, and one that is to be refused.
    await porch.cli('ban', '203.0.113.77')
    expect(await session(porch, '203.0.113.77')).toBe('421 4.4.3')
    await porch.cli('unban', '203.0.113.77')
    expect(await session(porch, '203.0.113.77', 'EHLO barbara', ...REFUSED.slice(1))).toBe('220 250 250 451 4.7.25 221')
    expect(await session(porch, '203.0.113.77', 'EHLO -bad-')).toBe('220 451 4.7.25 221')
    for (const name of ['acme.example', 'mail2.acme.example']) expect(await porch.cli('disallow', name)).toMatchObject({ code: 0 })
  })

  test('unban inside a banned network: exit 1, and it names the network; what is no rule: exit 1; what is no scope: exit 2', async () => {
    await porch.cli('ban', '192.0.2.128/28')
    for (const scope of ['192.0.2.130', '192.0.2.130/31']) {
      const { code, stdout, stderr } = await porch.cli('unban', scope)
      expect([code, stdout, stderr.includes('192.0.2.128/28'), stderr.trim().split('\n').length]).toEqual([1, '', true, 1])
    }
    expect(await porch.cli('unban', '192.0.2.0/24')).toMatchObject({ code: 1 })
    expect(await porch.cli('disallow', '192.0.2.130')).toMatchObject({ code: 1 })
    for (const bad of ['192.0.2.130/28', '192.0.2.256', 'mail.acme.example', '']) expect(await porch.cli('ban', bad)).toMatchObject({ code: 2, stdout: '' })
    expect(await refused(porch, '192.0.2.130')).toBe(BANNED)
    await porch.cli('allow', '192.0.2.130')
    expect(await refused(porch, '192.0.2.130')).toBe('220 250 250 250 221')
    expect(await told(porch)).toContain('ban 192.0.2.128/28 admin 96')
    await porch.cli('disallow', '192.0.2.130')
    expect(await refused(porch, '192.0.2.130')).toBe(BANNED)
  })

  test('the same scope again replaces; whitelisting lifts an automatic ban of exactly that scope', async () => {
    await porch.cli('ban', '192.0.2.150', '--for', '1h', '--reason', 'first')
    await porch.cli('ban', '192.0.2.150/32', '--for', 'ever', '--reason', 'second')
    expect((await rules(porch)).filter(({ scope }) => scope === '192.0.2.150')).toMatchObject([{ kind: 'ban', by: 'admin', reason: 'second', until: null, hits: 0 }])
    for (let n = 0; n < 3; n++) await refused(porch, '192.0.2.151')
    expect(await told(porch)).toContain('ban 192.0.2.151 auto 96')
    await porch.cli('allow', '192.0.2.150', '--for', '1h')
    await porch.cli('allow', '192.0.2.151', '--for', '1h')
    expect((await told(porch)).filter((line) => / 192\.0\.2\.15[01] /.test(line)).sort()).toEqual(['allow 192.0.2.150 admin 1', 'allow 192.0.2.151 admin 1', 'ban 192.0.2.150 admin ever'])
    await porch.cli('disallow', '192.0.2.151')
    // Strikes were cleared as well.
    for (let n = 0; n < 2; n++) expect(await refused(porch, '192.0.2.151')).toBe(STRIKE)
    expect((await told(porch)).filter((line) => line.includes(' 192.0.2.151 '))).toEqual([])
  })

  test('a banned client: address, until when; 503 to all but QUIT; closed after 5 s, no reset; no DNS; counted', async () => {
    await porch.cli('ban', '192.0.2.160', '--for', '10m')
    const [rule] = (await rules(porch)).filter(({ scope }) => scope === '192.0.2.160')
    const asked = dns.queries.length
    const client = await connect(porch, '192.0.2.160')
    expect(await client.reply()).toBe(`554 5.7.1 [192.0.2.160] is banned here until ${rule?.until}`)
    const since = performance.now()
    expect([short(await client.say('EHLO x')), short(await client.say('NOOP'))]).toEqual(['503 5.7.1', '503 5.7.1'])
    const failed = new Promise<string>((resolve) => {
      client.socket.once('error', (error) => { resolve(error.message) })
      client.socket.once('close', () => { resolve('closed') })
    })
    expect(await failed).toBe('closed')
    expect(performance.now() - since).toBeGreaterThan(4000)
    expect(await refused(porch, '192.0.2.160')).toBe(BANNED)
    expect(dns.queries.slice(asked).filter(({ name }) => name.toLowerCase().includes('160.2.0.192'))).toEqual([])
    expect((await rules(porch)).find(({ scope }) => scope === '192.0.2.160')?.hits).toBe(2)
    expect(porch.sessions.filter((each) => each.client === '192.0.2.160')).toEqual([])
  })

  test('an expired rule is gone: it neither holds nor is listed', async () => {
    await porch.cli('ban', '192.0.2.170', '--for', '2s')
    expect(await refused(porch, '192.0.2.170')).toBe(BANNED)
    await expect.poll(() => refused(porch, '192.0.2.170'), { timeout: 10_000, interval: 300 }).toBe(STRIKE)
    expect((await told(porch)).filter((line) => line.includes(' 192.0.2.170 '))).toEqual([])
    expect(await porch.cli('unban', '192.0.2.170')).toMatchObject({ code: 1 })
  })

  test('an open connection hears 421 4.7.0 at its next command; a DATA under way finishes; both are told as banned', async () => {
    const idle = await connect(porch, GOOD[3]!)
    const busy = await connect(porch, GOOD[3]!)
    for (const client of [idle, busy]) {
      await client.reply()
      await client.say('EHLO mail3.acme.example')
    }
    await busy.say('MAIL FROM:<a@acme.example>')
    expect(short(await busy.say('RCPT TO:<joe@shop.example>'))).toBe('250')
    expect(short(await busy.say('DATA'))).toBe('354')
    busy.send('Subject: under way\r\n\r\n')
    await porch.cli('ban', '203.0.113.0/24')
    expect(short(await idle.say('NOOP'))).toBe('421 4.7.0')
    expect(short(await busy.say('x\r\n.'))).toBe('250')
    expect(short(await busy.say('MAIL FROM:<a@acme.example>'))).toBe('421 4.7.0')
    for (const client of [idle, busy] satisfies SmtpClient[]) await client.closed()
    await expect.poll(() => porch.sessions.filter((each) => each.client === GOOD[3]).map(({ disposition }) => disposition)).toEqual(['banned', 'banned'])
    await porch.cli('unban', '203.0.113.0/24')
  })

  test('strikes, bans and whitelist survive kill -9', async () => {
    for (let n = 0; n < 2; n++) expect(await refused(porch, '192.0.2.180')).toBe(STRIKE)
    const before = (await told(porch)).sort()
    // Strikes are written a second later.
    await new Promise((resolve) => setTimeout(resolve, 2500))
    await porch.kill('SIGKILL')
    porch = await startPorch(settings(), porch.dir)
    running.push(porch)
    expect((await told(porch)).sort()).toEqual(before)
    expect(await refused(porch, '192.0.2.180')).toBe(EARNS)
    expect(await told(porch)).toContain('ban 192.0.2.180 auto 96')
  })
})

test('observe: nothing is refused, automatic bans are suspended, hand-made ones hold; for a while, and it returns by itself, also over a restart', async () => {
  let porch = await gate()
  for (let n = 0; n < 3; n++) await refused(porch, '192.0.2.1')
  await porch.cli('ban', '192.0.2.2')
  expect([await refused(porch, '192.0.2.1'), await refused(porch, '192.0.2.2')]).toEqual([BANNED, BANNED])
  expect(await porch.cli('mode', 'observe', '--for', '6s')).toMatchObject({ code: 0 })
  expect([await refused(porch, '192.0.2.1'), await refused(porch, '192.0.2.2')]).toEqual(['220 250 250 250 221', BANNED])
  await porch.kill('SIGKILL')
  porch = await startPorch(settings(), porch.dir)
  running.push(porch)
  await expect.poll(() => refused(porch, '192.0.2.1'), { timeout: 15_000, interval: 500 }).toBe(BANNED)
  await porch.cli('mode', 'observe', '--for', '2s')
  await porch.kill('SIGKILL')
  await new Promise((resolve) => setTimeout(resolve, 2000))
  porch = await startPorch(settings(), porch.dir)
  running.push(porch)
  expect(await refused(porch, '192.0.2.3')).toBe(STRIKE)
}, 120_000)

test('grace: 450 for a network’s first days, per /24 and /64; a 501 stays; nobody earns a strike', async () => {
  const porch = await gate({ policy: { exempt: [], mode: 'grace' } })
  for (let n = 0; n < 4; n++) expect(await refused(porch, '192.0.2.1')).toBe('220 250 250 450 4.7.25 221')
  expect(await session(porch, '192.0.2.1', 'EHLO barbara', ...REFUSED.slice(1))).toBe('220 250 250 450 4.7.25 221')
  expect(await session(porch, '192.0.2.1', 'EHLO -bad-', ...REFUSED.slice(1))).toBe('220 501 5.5.2 250 450 4.7.25 221')
  expect(await session(porch, GOOD[0]!, 'EHLO barbara', ...REFUSED.slice(1))).toBe('220 250 250 450 4.5.2 221')
  expect(await told(porch)).toEqual([])
}, 90_000)

test('limits: connections and perClient by /64 hear 421; recipients 452; the gate says what it holds', async () => {
  const porch = await gate({ limits: { connections: 4, perClient: 2, recipients: 2, messages: 2, errors: 2 } })
  const open = [await connect(porch, '2001:db8:1::1'), await connect(porch, '2001:db8:1::2')]
  for (const client of open) expect(short(await client.reply())).toBe('220')
  expect(await session(porch, '2001:db8:1::3')).toBe('421 4.7.0')
  await porch.cli('allow', '2001:db8:1::4')
  open.push(await connect(porch, '2001:db8:1::4'))
  expect(short(await open[2]!.reply())).toBe('220')
  open.push(await connect(porch, '192.0.2.1'))
  expect(short(await open[3]!.reply())).toBe('220')
  expect(await session(porch, '2001:db8:1::4')).toBe('421 4.7.0')
  await porch.cli('ban', '192.0.2.99')
  // A ban is said before a limit.
  expect(await session(porch, '192.0.2.99')).toBe('554 5.7.1 221')
  for (const client of open) client.end()
  const recipients = async () => session(porch, GOOD[0]!, 'EHLO mail0.acme.example', 'MAIL FROM:<a@b.example>', ...['a', 'b', 'c'].map((name) => `RCPT TO:<${name}@shop.example>`))
  await expect.poll(recipients, { timeout: 10_000 }).toBe('220 250 250 250 250 452 4.5.3 221')
  expect(await session(porch, GOOD[0]!, 'EHLO mail0.acme.example', ...['1', '2', '3'].flatMap(() => ['MAIL FROM:<>', 'RSET']))).toBe('220 250 250 250 250 250 421 4.7.0')
  expect(await session(porch, GOOD[0]!, 'X', 'Y', 'Z')).toBe('220 500 5.5.1 500 5.5.1 421 4.7.0')
  expect(porch.sessions.filter(({ disposition }) => disposition === 'limited').length).toBeGreaterThanOrEqual(3)
}, 90_000)
