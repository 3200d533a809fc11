/** The public help page over HTTP: real rules, strikes and gathering, a zone in memory, a clock that is moved by hand. */
import { connect } from 'node:net'
import { once } from 'node:events'
import { afterEach, expect, test } from 'vitest'
import { checkAgain } from '../../../electron/help/again.ts'
import { banLinks } from '../../../electron/help/banlink.ts'
import { startHelp } from '../../../electron/help/server.ts'
import type { HelpServer } from '../../../electron/help/server.ts'
import type { JournalEntry, SessionRecord } from '../../../shared/events.ts'
import { manualClock } from '../../fakes/clock.ts'
import { record } from '../console/records.ts'
import { SETTINGS, world } from '../console/world.ts'

const ID = '1jk2m3n4p5q6r7s8t9vwxy'
const CLIENT = '216.33.111.150'
const REPAIRED = `
150.111.33.216.in-addr.arpa. PTR www.americangreetings.com
www.americangreetings.com. A ${CLIENT}
`
let server: HelpServer | null = null
afterEach(async () => {
  await server?.close()
  server = null
})

function refused(change: Partial<SessionRecord> = {}): JournalEntry {
  const reply = `550 5.7.25 ${CLIENT} has no reverse name. See https://help.shop.example/r/${ID}`
  return {
    session: record({ id: ID, reply, transactions: [{ sender: 'cards@americangreetings.com', recipients: [{ address: 'joe@shop.example', reply }], reply: null, bytes: 0 }], ...change }),
    evidence: [
      { question: { name: '150.111.33.216.in-addr.arpa', type: 'PTR' }, status: 'nxdomain', records: [], chain: [], ttl: 60, ms: 4, server: '127.0.0.1:53' },
      { question: { name: 'www.americangreetings.com', type: 'A' }, status: 'found', records: ['216.33.97.70'], chain: [], ttl: 60, ms: 4, server: '127.0.0.1:53' },
    ],
    transcript: [],
  }
}

async function open(options: { readonly zone?: string; readonly words?: string; readonly url?: string } = {}) {
  const clock = manualClock()
  const settings = { ...SETTINGS, shop: { name: 'Müller & Söhne <Hosting>', phone: '+1 (970) 555-0100', rate: '$60 per hour', url: 'https://shop.example/dns' }, helpPage: { listen: '127.0.0.1:0', url: options.url ?? 'https://help.shop.example' } }
  const all = await world({ settings, clock, zone: options.zone ?? 'www.americangreetings.com. A 216.33.97.70' })
  const links = banLinks('k'.repeat(43))
  server = await startHelp('127.0.0.1:0', {
    clock, store: all.store, rules: all.rules, resolver: all.resolver, settings: all.settings, links,
    recheck: (entry) => checkAgain({ ...all.deps, clock }, entry),
    words: () => Promise.resolve(options.words ?? null),
    onError: (error) => all.errors.push(error),
  })
  const { url } = server
  const get = (path: string, init: RequestInit = {}) => fetch(`${url}${path}`, { redirect: 'manual', ...init })
  const text = async (path: string, init: RequestInit = {}) => (await get(path, init)).text()
  return { ...all, clock, links, get, text }
}

test('a refusal says what is wrong, what to create and whom to call, and never to whom the mail was', async () => {
  const { store, get } = await open()
  store.record(refused())
  const reply = await get(`/r/${ID}`)
  const page = await reply.text()
  expect(reply.status).toBe(200)
  expect(page).toContain('Mail from 216.33.111.150 was refused')
  expect(page).toContain('150.111.33.216.in-addr.arpa. IN PTR www.americangreetings.com.')
  expect(page).toContain('www.americangreetings.com. IN A 216.33.111.150')
  expect(page).toContain('216.33.97.70')
  expect(page).toContain('+1 (970) 555-0100')
  expect(page).toContain('$60 per hour')
  expect(page).toContain('Müller &#38; Söhne &#60;Hosting&#62;')
  expect(page).not.toMatch(/joe|cards@/)
  expect(reply.headers.get('set-cookie')).toBeNull()
  expect(reply.headers.get('content-security-policy')).toContain("default-src 'none'")
  expect(page).not.toContain('<script')
})

test.each([
  ['upper case, with the full stop of the sentence', `/r/${ID.toUpperCase()}.`],
  ['with the path of a reverse proxy', `/porch/help/r/${ID}`],
])('the address is found again %s', async (_, path) => {
  const { store, get } = await open({ url: 'https://shop.example/porch/help/' })
  store.record(refused())
  expect((await get(path)).status).toBe(200)
})

test.each([
  ['accepted', { verdict: 'accept', disposition: 'accepted' }],
  ['only observed: no link was sent', { disposition: 'would-reject', reply: '250 2.0.0 Ok', transactions: [] }],
  ['refused by the relay rule', { reply: '550 5.7.1 relaying denied', transactions: [] }],
] as const)('no page for a session that was %s', async (_, change) => {
  const { store, get } = await open()
  store.record(refused(change))
  expect((await get(`/r/${ID}`)).status).toBe(404)
  expect((await get(`/r/${ID}/check`, { method: 'POST' })).status).toBe(404)
})

test('hostile names stay text', async () => {
  const { store, text } = await open()
  const ehlo = '"><script>alert(1)</script>\u202e\u0000'
  store.record(refused({ ehlo, findings: ['ehlo-malformed'], refusedFor: ['ehlo-malformed'] }))
  const page = await text(`/r/${ID}`)
  expect(page).not.toContain('<script')
  expect(page).toContain('\\u{202e}')
  expect(page).toContain('\\x00')
})

test('Check again: not yet; then repaired, and the host is released at once', async () => {
  const { store, text, get, resolver, rules, strikes, clock, errors } = await open()
  store.record(refused())
  await rules.add({ kind: 'ban', scope: CLIENT, forMs: 3_600_000, reason: '10 refusals in 60 minutes: no reverse name', by: 'auto' })
  const sent = await get(`/r/${ID}/check`, { method: 'POST' })
  expect([sent.status, sent.headers.get('location')]).toEqual([303, `../${ID}`])
  expect(await text(`/r/${ID}`)).toContain('Not in order yet')
  expect(rules.list()).toHaveLength(1)

  // Pressed again at once: nothing is asked.
  resolver.setZone(REPAIRED)
  const asked = resolver.asked.length
  await get(`/r/${ID}/check`, { method: 'POST' })
  expect(resolver.asked).toHaveLength(asked)

  clock.advance(31_000)
  await get(`/r/${ID}/check`, { method: 'POST' })
  const page = await text(`/r/${ID}`)
  expect(page).toContain('Your DNS is in order now')
  expect(page).toContain(`The ban of ${CLIENT} is lifted.`)
  expect(page).toContain('changed')
  expect(page).not.toContain('What to create')
  expect(rules.list()).toEqual([])
  expect(strikes.earned()).toEqual([])
  expect(resolver.forgotten).toContain('150.111.33.216.in-addr.arpa')
  expect(errors).toEqual([])
})

test('Check again lifts no ban of the admin’s, and says so', async () => {
  const { store, text, get, rules } = await open({ zone: REPAIRED })
  store.record(refused())
  await rules.add({ kind: 'ban', scope: '216.33.111.0/24', forMs: null, reason: 'secret remark', by: 'admin' })
  await get(`/r/${ID}/check`, { method: 'POST' })
  const page = await text(`/r/${ID}`)
  expect(page).toContain('216.33.111.0/24 stays banned by the administrator')
  expect(page).not.toContain('secret remark')
  expect(rules.list()).toHaveLength(1)
})

test('one address checks six times in a row and no more, pages sixty times', async () => {
  const { store, get, clock } = await open()
  const ids = Array.from({ length: 8 }, (_, at) => `${ID.slice(0, -1)}${at}`)
  for (const id of ids) {
    const reply = `550 5.7.25 no. See https://help.shop.example/r/${id}`
    store.record(refused({ id, reply, transactions: [] }))
  }
  const statuses = []
  for (const id of ids) statuses.push((await get(`/r/${id}/check`, { method: 'POST' })).status)
  expect(statuses).toEqual([303, 303, 303, 303, 303, 303, 429, 429])
  const all = await Promise.all(Array.from({ length: 70 }, () => get('/')))
  expect(all.filter(({ status }) => status === 429).length).toBeGreaterThan(9)
  expect(Number(all.find(({ status }) => status === 429)?.headers.get('retry-after'))).toBeGreaterThan(0)
  clock.advance(60_000)
  expect((await get('/')).status).toBe(200)
})

test('askers behind a proxy on this machine are told apart', async () => {
  const { get } = await open()
  const ask = (from: string) => get('/', { headers: { 'x-forwarded-for': `10.0.0.1, ${from}` } })
  const many = await Promise.all(Array.from({ length: 70 }, () => ask('192.0.2.1')))
  expect(many.some(({ status }) => status === 429)).toBe(true)
  expect((await ask('192.0.2.2')).status).toBe(200)
})

test('a ban has a page behind a seal, leading to the last refusal', async () => {
  const { store, rules, links, get, text } = await open()
  store.record(refused())
  await rules.add({ kind: 'ban', scope: CLIENT, forMs: 3_600_000, reason: '10 refusals in 60 minutes: no reverse name', by: 'auto' })
  const path = links.path(CLIENT)
  const page = await text(`/${path}`)
  expect(page).toContain('216.33.111.150 is banned here')
  expect(page).toContain('10 refusals in 60 minutes')
  expect(page).toContain(`href="../../r/${ID}"`)
  expect((await get(`/b/${CLIENT}/${'A'.repeat(16)}`)).status).toBe(404)
  expect((await get(`/b/192.0.2.1/${path.split('/')[2]}`)).status).toBe(404)
  expect(await text(`/${links.path('2001:db8::/64')}`)).toContain('is not banned (any more)')
  await rules.add({ kind: 'ban', scope: CLIENT, forMs: null, reason: 'secret remark', by: 'admin' })
  expect(await text(`/${path}`)).not.toContain('secret remark')
})

test('the front page: the rules in force, or the shop’s own words before them', async () => {
  const { text } = await open()
  expect(await text('/')).toContain('The name it gives in EHLO is the full name of a host')
  await server?.close()
  const own = await open({ words: 'We are <strict>.\n\nCall us.' })
  const page = await own.text('/')
  expect(page).toContain('<p>We are &#60;strict&#62;.</p>')
  expect(page).toContain('<p>Call us.</p>')
})

test.each([
  ['GET', '/etc/passwd', 404], ['GET', '/../../etc/passwd', 404], ['GET', '/r/%2e%2e/x', 404], ['GET', '/r/', 404], ['GET', '/r', 404], ['GET', '//r/x', 404], ['GET', '/b/', 404],
  ['POST', '/', 405], ['DELETE', `/r/${ID}`, 405], ['GET', '/robots.txt', 200], ['HEAD', '/', 200], ['GET', '/style.css', 200],
])('%s %s: %i', async (method, path, status) => {
  const { get, errors } = await open()
  expect((await get(path, { method })).status).toBe(status)
  expect(errors).toEqual([])
})

test('trouble of ours is a page in words', async () => {
  const { store, get, errors } = await open()
  store.entry = () => Promise.reject(new Error('secret path /var/lib'))
  const reply = await get(`/r/${ID}`)
  expect(reply.status).toBe(500)
  expect(await reply.text()).not.toContain('secret')
  expect(errors).toHaveLength(1)
})

test('a form that sends much is turned away', async () => {
  const { store, get } = await open()
  store.record(refused())
  expect((await get(`/r/${ID}/check`, { method: 'POST', body: 'x'.repeat(10_000) })).status).toBe(413)
})

test('who breaks off in the middle of asking is no trouble of ours', async () => {
  const { store, get, errors } = await open()
  store.record(refused())
  const port = Number(new URL(server!.url).port)
  for (const id of [ID, 'aaaaaaaaaaaa']) {
    const socket = connect(port, '127.0.0.1')
    socket.write(`POST /r/${id}/check HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nx`)
    await once(socket, 'ready')
    // The server has read it: it answers what comes after on another connection.
    await get('/')
    socket.resetAndDestroy()
    await once(socket, 'close')
  }
  await get('/')
  expect(errors).toEqual([])
})
