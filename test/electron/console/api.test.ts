/** The API as a console uses it: through the real server, over the WebSocket and over HTTP, hostile and slow consoles included. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createORPCClient } from '@orpc/client'
import { RPCLink as FetchLink } from '@orpc/client/fetch'
import { RPCLink as SocketLink } from '@orpc/client/websocket'
import type { ContractRouterClient } from '@orpc/contract'
import { afterEach, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import type { PracticePort } from '../../../electron/console/deps.ts'
import { startConsole } from '../../../electron/console/server.ts'
import { newToken } from '../../../electron/console/token.ts'
import type { api } from '../../../shared/api.ts'
import { entry, record } from './records.ts'
import { SETTINGS, world } from './world.ts'

type Client = ContractRouterClient<typeof api>

const closing: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function running(options: Parameters<typeof world>[0] = {}) {
  const parts = await world(options)
  const token = newToken()
  const server = await startConsole({ listen: '127.0.0.1:0', page: '/nowhere', token, router: parts.router, metrics: () => '', onError: parts.deps.onError })
  closing.push(() => server.close())
  const headers = { authorization: `Bearer ${token}` }
  const overHttp: Client = createORPCClient(new FetchLink({ url: `${server.url}/rpc`, headers }))
  const socket = async () => {
    const open = new WebSocket(`${server.url.replace('http', 'ws')}/ws`, { headers })
    await new Promise((resolve, reject) => open.once('open', resolve).once('error', reject))
    closing.push(() => open.terminate())
    return open
  }
  const overSocket = (open: WebSocket): Client => createORPCClient(new SocketLink({ websocket: open }))
  return { ...parts, server, overHttp, socket, overSocket }
}

const founding = entry({
  evidence: [
    { question: { name: '150.111.33.216.in-addr.arpa', type: 'PTR' }, status: 'nxdomain', records: [], chain: [], ttl: 60, ms: 3, server: '127.0.0.1:53' },
    { question: { name: 'www.americangreetings.com', type: 'A' }, status: 'found', records: ['216.33.97.70'], chain: [], ttl: 60, ms: 3, server: '127.0.0.1:53' },
    { question: { name: 'www.americangreetings.com', type: 'MX' }, status: 'nodata', records: [], chain: [], ttl: 60, ms: 3, server: '127.0.0.1:53' },
  ],
})

describe('sessions', () => {
  test('the list, the detail with what to do, and the log', async () => {
    const { overHttp, store } = await running()
    store.record(founding)
    store.record(entry({ session: record({ id: 's2', client: '192.0.2.9', disposition: 'accepted', verdict: 'accept', findings: [], refusedFor: [] }) }))
    expect((await overHttp.sessions.list({ limit: 10 })).map(({ id }) => id)).toEqual(['s2', 's1'])
    expect(await overHttp.sessions.list({ limit: 10, disposition: 'rejected' })).toEqual([founding.session])
    const detail = await overHttp.sessions.get({ id: 's1' })
    expect(detail).toMatchObject({ ...founding, judgement: { rules: 'house' } })
    expect(detail?.remedies[0]?.steps).toEqual([
      { who: 'address-owner', do: 'add', name: '150.111.33.216.in-addr.arpa', type: 'PTR', value: 'www.americangreetings.com' },
      { who: 'domain-owner', do: 'add', name: 'www.americangreetings.com', type: 'A', value: '216.33.111.150' },
    ])
    expect(detail?.sentence).toContain('216.33.97.70')
    expect(detail?.log[0]).toContain('A s1 Connection from [216.33.111.150]')
    const log = await overHttp.sessions.log({ limit: 10 })
    expect([log[0], log.at(-1)].map((line) => line?.includes(line === log[0] ? ' s1 ' : ' s2 '))).toEqual([true, true])
    expect(await overHttp.sessions.get({ id: 'nothing' })).toBeNull()
  })

  test('a time in any spelling; a wrong one is said to be wrong', async () => {
    const { overHttp, store } = await running()
    store.record(founding)
    expect(await overHttp.sessions.list({ limit: 1, since: '2026-11-23T16:00:00+02:00' })).toEqual([founding.session])
    expect(await overHttp.sessions.list({ limit: 1, since: '2026-11-23T17:00:01+02:00' })).toEqual([])
    await expect(overHttp.sessions.list({ limit: 1, since: 'yesterday' })).rejects.toMatchObject({ code: 'BAD_REQUEST', message: expect.stringContaining('since') as string })
    await expect(overHttp.sessions.list({ limit: 1_000_000 })).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  })
})

describe('rules', () => {
  test('a ban and its end; what is cached of the client goes with it', async () => {
    const { overHttp, rules, resolver, store } = await running()
    const added = await overHttp.rules.add({ kind: 'ban', scope: ' 2001:DB8::1 ', reason: 'enough' })
    expect(added).toMatchObject({ ok: true, rule: { kind: 'ban', scope: '2001:db8::/64', reason: 'enough', by: 'admin' } })
    expect(await overHttp.rules.list()).toEqual(rules.list())
    expect(resolver.forgotten).toEqual([])
    store.record(entry({ session: record({ client: '2001:db8::7' }) }))
    expect(await overHttp.rules.remove({ kind: 'ban', scope: '2001:db8::1' })).toMatchObject({ ok: true })
    expect(resolver.forgotten).toHaveLength(2)
    expect(await overHttp.rules.remove({ kind: 'ban', scope: '2001:db8::1' })).toMatchObject({ ok: false })
  })

  test('whitelisting forgets the address, the clients of a network, and those under a name', async () => {
    const { overHttp, resolver, store } = await running()
    store.record(entry({ session: record({ client: '192.0.2.7', ptrNames: ['out.acme.example'] }) }))
    for (const scope of ['192.0.2.9', '192.0.2.0/24', '.acme.example']) expect(await overHttp.rules.add({ kind: 'allow', scope, reason: '' })).toMatchObject({ ok: true, rule: { scope } })
    expect(resolver.forgotten).toEqual(['9.2.0.192.in-addr.arpa', '7.2.0.192.in-addr.arpa', '7.2.0.192.in-addr.arpa'])
  })

  test('bad scopes and a full disk are problems in words', async () => {
    const { overHttp, store } = await running()
    for (const scope of ['192.0.2.1/24', 'mail.acme.example', '300.1.1.1', '\u0000', '{}']) expect(await overHttp.rules.add({ kind: 'ban', scope, reason: '' })).toMatchObject({ ok: false, problem: expect.any(String) as string })
    store.failWith = 'database or disk is full'
    expect(await overHttp.rules.add({ kind: 'ban', scope: '192.0.2.1', reason: '' })).toMatchObject({ ok: false, problem: expect.stringContaining('disk is full') as string })
    expect(await overHttp.rules.list()).toEqual([])
  })

  test('a preview shows the scope as it would be kept and the good senders inside', async () => {
    const { overHttp, store } = await running()
    const at = new Date().toISOString()
    for (const client of ['192.0.2.7', '192.0.2.7', '192.0.2.8', '198.51.100.1']) store.record(entry({ session: record({ at, client, disposition: 'accepted', verifiedName: 'mx.good.example' }) }))
    expect(await overHttp.rules.preview({ kind: 'ban', scope: '192.0.2.0/24' })).toEqual({
      ok: true, scope: '192.0.2.0/24',
      wouldHit: [{ client: '192.0.2.7', name: 'mx.good.example', sessions: 2 }, { client: '192.0.2.8', name: 'mx.good.example', sessions: 1 }],
    })
    expect(await overHttp.rules.preview({ kind: 'ban', scope: '192.0.2.1/24' })).toMatchObject({ ok: false, problem: expect.stringContaining('host bits') as string })
  })
})

describe('mode, check, backup, practice', () => {
  test('the mode, for a while, and a settings file that cannot be written', async () => {
    const { overHttp, settings } = await running()
    expect(await overHttp.mode.set({ mode: 'observe', forMs: 3_600_000 })).toEqual({ ok: true, returns: true })
    const state = await overHttp.state.get()
    expect([state.mode, state.modeUntil === null]).toEqual(['observe', false])
    settings.failWith = 'EROFS'
    expect(await overHttp.mode.set({ mode: 'enforce', forMs: null })).toEqual({ ok: false, problem: 'The mode could not be changed: EROFS' })
    await expect(overHttp.mode.set({ mode: 'off' as 'observe', forMs: null })).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  })

  test('a check gathers afresh and judges', async () => {
    const { overHttp, resolver } = await running({ zone: 'www.americangreetings.com. A 216.33.97.70\n' })
    const checked = await overHttp.check({ client: '216.33.111.150', ehlo: 'www.americangreetings.com' })
    if (!checked.ok) throw new Error(checked.problem)
    const { evidence, remedies, ...rest } = checked.result
    expect(rest).toEqual({
      client: '216.33.111.150', ehlo: 'www.americangreetings.com', verdict: 'reject', iprev: 'permerror', verifiedName: null,
      findings: ['ptr-missing', 'ehlo-mismatch'], refusedFor: ['ptr-missing', 'ehlo-mismatch'],
    })
    expect(evidence.map(({ question, status }) => `${question.name} ${question.type} ${status}`)).toContain('www.americangreetings.com A found')
    expect(remedies[0]?.steps).toHaveLength(2)
    expect(resolver.options.every(({ fresh }) => fresh)).toBe(true)
    expect(await overHttp.check({ client: '::ffff:216.33.111.150', ehlo: 'x' })).toMatchObject({ ok: true, result: { client: '216.33.111.150' } })
    expect(await overHttp.check({ client: 'www.example\u001b[2J', ehlo: 'x' })).toEqual({ ok: false, problem: '"www.example\\x1b[2J" is not an address; expected one such as 192.0.2.1 or 2001:db8::1' })
  })

  test('a backup needs a whole path', async () => {
    const { overHttp } = await running()
    for (const file of ['', 'backup.db', '../backup.db', '/tmp/a\u0000b']) expect(await overHttp.backup({ file })).toMatchObject({ ok: false })
  })

  test('the sample senders play in practice only', async () => {
    const live = await running()
    expect(await live.overHttp.practice.play()).toEqual({ ok: false, problem: 'The sample senders play in practice mode only.' })
    expect(await live.overHttp.practice.mailbox()).toEqual([])
    expect(await live.overHttp.practice.message({ file: '../secret' })).toBeNull()
    let playing = false
    const practice: PracticePort = {
      play: () => Promise.resolve(!playing && (playing = true)),
      playing: () => playing,
      mailbox: () => Promise.resolve([]),
      message: (file) => Promise.resolve(file === 'a.eml' ? 'Subject: hello' : null),
    }
    const { overHttp } = await running({ settings: { ...SETTINGS, backend: undefined }, practice })
    expect(await overHttp.practice.play()).toEqual({ ok: true })
    expect(await overHttp.practice.play()).toEqual({ ok: false, problem: 'The sample senders are playing already.' })
    expect((await overHttp.state.get()).practicePlaying).toBe(true)
    expect(await overHttp.practice.message({ file: 'a.eml' })).toEqual({ text: 'Subject: hello' })
  })

  test('a failure of ours is logged here and not told', async () => {
    const { overHttp, deps, errors } = await running()
    deps.store.sessions = () => Promise.reject(new Error('SELECT secret'))
    await expect(overHttp.sessions.list({ limit: 1 })).rejects.toMatchObject({ code: 'INTERNAL_SERVER_ERROR', message: 'Internal server error' })
    expect(errors).toEqual([new Error('SELECT secret')])
  })
})

describe('streams', () => {
  test('over the WebSocket: the state when it changes, the sessions as they finish', async () => {
    const { socket, overSocket, hub, alarms, canary } = await running()
    const client = overSocket(await socket())
    const states = await client.state.watch()
    expect((await states.next()).value).toMatchObject({ hostname: 'mx.shop.example', canary: { state: 'green', known: 3, since: '1970-01-01T00:00:00.000Z' }, alarms: [] })
    canary.health = { state: 'red', known: 3, since: 1000, why: 'SERVFAIL', rounds: { good: 2, bad: 3 } }
    alarms.raise('canary', 'critical', 'The resolver is sick')
    expect((await states.next()).value).toMatchObject({ canary: { state: 'red', since: '1970-01-01T00:00:01.000Z' }, alarms: [{ code: 'canary' }] })
    const live = await client.sessions.live()
    expect((await live.next()).value).toEqual({ sessions: [], missed: 0 })
    hub.publish(record(), false)
    expect((await live.next()).value).toEqual({ sessions: [{ ...record(), open: false }], missed: 0 })
  })

  test('over HTTP, for porch sessions --follow; a client that hangs up is forgotten', async () => {
    const { overHttp, hub } = await running()
    const stop = new AbortController()
    const live = await overHttp.sessions.live(undefined, { signal: stop.signal })
    expect((await live.next()).value).toEqual({ sessions: [], missed: 0 })
    hub.publish(record(), false)
    expect((await live.next()).value).toMatchObject({ sessions: [{ id: 's1' }] })
    stop.abort()
    await expect.poll(() => hub.subscribers()).toBe(0)
  })

  test('two consoles at once; one leaves without a word', async () => {
    const { socket, overSocket, hub } = await running()
    const [first, second] = [await socket(), await socket()]
    const streams = [await overSocket(first).sessions.live(), await overSocket(second).sessions.live()]
    for (const stream of streams) await stream.next()
    expect(hub.subscribers()).toBe(2)
    first.terminate()
    await expect.poll(() => hub.subscribers()).toBe(1)
    hub.publish(record(), false)
    expect((await streams[1]!.next()).value).toMatchObject({ sessions: [{ id: 's1' }] })
  })

  test('a console that stops reading costs a bounded buffer and learns what it missed', async () => {
    const { socket, overSocket, hub } = await running()
    const slow = await socket()
    const live = await overSocket(slow).sessions.live()
    await live.next()
    slow.pause()
    const long = record({ reply: 'x'.repeat(4000) })
    let published = 0
    const before = process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed
    // Far more than all socket buffers together hold.
    while (published < 60_000) {
      for (let index = 0; index < 500; index++) hub.publish({ ...long, id: `s${published++}` }, false)
      await new Promise(setImmediate)
    }
    expect(process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed - before).toBeLessThan(200 * 1024 * 1024)
    hub.publish(record({ id: 'last' }), false)
    slow.resume()
    let [seen, missed, last] = [0, 0, '']
    while (last !== 'last') {
      const { value, done } = await live.next()
      if (done === true) throw new Error('the stream ended')
      seen += value.sessions.length
      missed += value.missed
      last = value.sessions.at(-1)?.id ?? last
    }
    expect([seen + missed, missed > 0]).toEqual([60_001, true])
  })
})

describe('a hostile console', () => {
  const messages = [
    '', 'null', '{', '[]', '{}', '{"i":1}', '{"i":1,"p":null}', '{"i":1,"p":{"u":5}}', '{"i":1,"p":{"u":"/state/get","h":5}}', '{"i":{"a":1},"t":3,"p":null}', '{"i":"1","t":4}',
    '{"i":"2","p":{"u":"http://[","m":"GET"}}', '{"i":"3","p":{"u":"/rules/add","h":{"content-type":"text/event-stream"}}}', '{"i":"4","p":{"u":"/__proto__/constructor","b":{"json":{}}}}',
    '{"i":"5","p":{"u":"/check","b":{"json":{"client":"a","ehlo":"b"},"meta":[[99,"__proto__"]],"maps":[["__proto__","x"]]}}}', '\u0000', '{"__proto__":{"polluted":1}}', '9'.repeat(200_000),
  ]
  test('malformed messages are dropped and the connection goes on', async () => {
    const { socket, overSocket, errors } = await running()
    const open = await socket()
    for (const message of messages) open.send(message)
    open.send(new Uint8Array([255, 254, 0, 1]))
    const client = overSocket(open)
    expect((await client.state.get()).hostname).toBe('mx.shop.example')
    expect([errors, ({} as { polluted?: number }).polluted]).toEqual([[], undefined])
  })

  test('an oversized message ends that console only', async () => {
    const { socket, overSocket } = await running()
    const [big, other] = [await socket(), await socket()]
    const closed = new Promise((resolve) => big.on('close', resolve))
    big.send('x'.repeat(300_000))
    expect(await closed).toBe(1009)
    expect((await overSocket(other).state.get()).hostname).toBe('mx.shop.example')
  })

  test('a hundred streams are enough', async () => {
    const { socket, hub } = await running()
    const open = await socket()
    const closed = new Promise((resolve) => open.on('close', resolve))
    for (let index = 0; index < 200; index++) open.send(JSON.stringify({ i: String(index), p: { u: '/sessions/live', b: {} } }))
    expect(await closed).toBe(1008)
    await expect.poll(() => hub.subscribers()).toBe(0)
  })
})

test('the settings are shown with their file', async () => {
  const { overHttp } = await running()
  expect(await overHttp.settings.get()).toMatchObject({ file: '/nowhere/porch.json', running: SETTINGS, settings: { hostname: 'mx.shop.example', domains: ['shop.example'] } })
})

test('a backup is the store’s copy with the settings beside it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'porch-backup-'))
  closing.push(() => rm(folder, { recursive: true }))
  const { overHttp, deps } = await running()
  await writeFile(join(folder, 'porch.json'), '{}')
  Object.assign(deps, { settingsFile: join(folder, 'porch.json') })
  const copied: string[] = []
  deps.store.backup = (file) => (copied.push(file), Promise.resolve())
  expect(await overHttp.backup({ file: join(folder, 'copy.db') })).toEqual({ ok: true })
  expect([copied, await readFile(join(folder, 'copy.db.settings.json'), 'utf8')]).toEqual([[join(folder, 'copy.db')], '{}'])
})
