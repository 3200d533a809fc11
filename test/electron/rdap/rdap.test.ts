/** RDAP when registries misbehave, when the bootstrap server is away, and across a restart. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createRdap, RDAP_OFF } from '../../../electron/rdap/rdap.ts'
import type { RdapPort } from '../../../electron/ports.ts'
import { ARIN, json, startRdapServer } from '../../fakes/rdapserver.ts'
import type { RdapAnswer, RdapServer } from '../../fakes/rdapserver.ts'

let server: RdapServer
let dataDir: string
let later = 0
let skipped = 0
const open: RdapPort[] = []
const clock = { now: () => Date.now() + later, monotonic: () => performance.now() + skipped }
const start = (base: string | undefined = server.base) => {
  const rdap = createRdap({ dataDir, clock, settings: () => ({ rdap: base }), requestMs: 1000 })
  open.push(rdap)
  return rdap
}
const why = async (rdap: RdapPort, address: string) => {
  const found = await rdap.network(address)
  return found.known ? 'known' : found.why
}

beforeEach(async () => {
  later = skipped = 0
  server = await startRdapServer({ '/ip/198.51.100.25': json(ARIN) })
  dataDir = mkdtempSync(join(tmpdir(), 'porch-rdap-'))
})
afterEach(async () => {
  for (const rdap of open.splice(0)) rdap.close()
  await server.close()
  rmSync(dataDir, { recursive: true })
})

test('is off without notices in the settings, and says so', async () => {
  const rdap = createRdap({ dataDir, clock, settings: () => null })
  expect(await rdap.network('198.51.100.25')).toEqual({ known: false, why: RDAP_OFF })
  expect(server.asked).toEqual([])
})

describe('bootstrap files', () => {
  const files = () => server.asked.filter((path) => path === '/ipv4.json').length

  test('are fetched once and serve another start', async () => {
    await start().network('198.51.100.25')
    await start().network('198.51.100.25')
    expect(files()).toBe(1)
    expect(readdirSync(join(dataDir, 'rdap'))).toEqual(['ipv4.json'])
  })

  test('are fetched anew after a day', async () => {
    await start().network('198.51.100.25')
    later = 25 * 3_600_000
    await start().network('198.51.100.25')
    expect(files()).toBe(2)
  })

  test('an old copy serves when the server gives nothing usable, and is kept', async () => {
    await start().network('198.51.100.25')
    later = 400 * 86_400_000
    server.answers['/ipv4.json'] = [{ do: 'status', status: 500 }, { do: 'text', text: '<html>' }, json({ services: [] }), json({ services: [[['198.0.0.0/8'], ['javascript:alert(1)']]] })]
    for (let n = 0; n < 4; n += 1) expect(await why(start(), '198.51.100.25')).toBe('known')
    expect(files()).toBe(5)
  })

  test('a copy from another server, or a torn one, is not used', async () => {
    await start().network('198.51.100.25')
    expect(await why(start('http://127.0.0.1:65533'), '198.51.100.25')).toMatch(/list of registries is not at hand: 127\.0\.0\.1:65533 cannot be reached \(ECONNREFUSED\)/)
    writeFileSync(join(dataDir, 'rdap/ipv4.json'), '{"from":')
    expect(await why(start(), '198.51.100.25')).toBe('known')
    expect(files()).toBe(2)
  })

  test('the longest prefix is asked, https before http', async () => {
    server.answers['/ipv4.json'] = json({ services: [[['198.0.0.0/8'], ['http://127.0.0.1:1/']], [['198.51.100.0/24'], [`${server.base}/`]]] })
    expect(await why(start(), '198.51.100.25')).toBe('known')
  })
})

describe('a registry that misbehaves is a reason, not a failure', () => {
  const path = '/ip/198.51.100.7'
  test.each<readonly [string, RdapAnswer | readonly RdapAnswer[], RegExp]>([
    ['nothing there', { do: 'status', status: 404 }, /registry does not know 198\.51\.100\.7/],
    ['a server error', { do: 'status', status: 500 }, /answers with HTTP status 500/],
    ['not JSON', { do: 'text', text: '<html>' }, /not JSON/],
    ['an endless answer', { do: 'endless' }, /more than 1024 KiB/],
    ['it hangs up', { do: 'drop' }, /cannot be reached/],
    ['a number', json(7), /no description of a network/],
    ['null', json(null), /no description of a network/],
    ['no range', json({ entities: [] }), /does not say which network/],
    ['another network', json({ startAddress: '10.0.0.0', endAddress: '10.255.255.255' }), /about another network/],
    ['a range that runs backwards', json({ startAddress: '198.51.100.255', endAddress: '198.51.100.0' }), /does not say which network/],
    ['the whole Internet', json({ startAddress: '0.0.0.0', endAddress: '255.255.255.255' }), /not registered to anybody/],
    ['a circle', { do: 'redirect', to: path }, /too many redirects/],
    ['a redirect into a file', { do: 'redirect', to: 'file:///etc/passwd' }, /no way to ask a registry/],
    ['a redirect with a password', { do: 'redirect', to: 'http://a:b@127.0.0.1/' }, /holds a password/],
    ['asked too often, for minutes', { do: 'status', status: 429, headers: { 'retry-after': '600' } }, /not to be asked again for 10 minutes/],
    ['asked too often, without a word', { do: 'status', status: 429 }, /not to be asked again for 60 s/],
    ['asked too often again and again', { do: 'status', status: 429, headers: { 'retry-after': '0' } }, /asked too often/],
  ])('%s', async (_, answer, expected) => {
    server.answers[path] = answer
    expect(await why(start(), '198.51.100.7')).toMatch(expected)
  })

  test('a redirect to the registry that knows is followed', async () => {
    server.answers[path] = { do: 'redirect', to: `${server.base}/ip/198.51.100.25` }
    expect(await why(start(), '198.51.100.7')).toBe('known')
  })

  test('a short wait is waited for, and the answer taken', async () => {
    server.answers[path] = [{ do: 'status', status: 429, headers: { 'retry-after': '0' } }, json(ARIN)]
    expect(await why(start(), '198.51.100.7')).toBe('known')
  })

  test('who asked to be left alone is left alone', async () => {
    server.answers[path] = { do: 'status', status: 429, headers: { 'retry-after': '600' } }
    const rdap = start()
    await rdap.network('198.51.100.7')
    const before = server.asked.length
    expect(await why(rdap, '198.51.100.8')).toMatch(/not to be asked again/)
    expect(server.asked.length).toBe(before)
    skipped = 601_000
    expect(await why(rdap, '198.51.100.25')).toBe('known')
  })

  test('a silent one costs its time and no more', async () => {
    server.answers[path] = { do: 'silent' }
    expect(await why(start(), '198.51.100.7')).toMatch(/gave no answer within 1 s/)
  })

  test('a registry on this machine is believed only when the settings name one here', async () => {
    server.answers['/ipv4.json'] = json({ services: [[['198.51.100.0/24'], ['http://registry.example/', 'ftp://x/']]] })
    // The base is on loopback over http: plain http elsewhere is the admin's own choice, and nobody is there.
    expect(await why(start(), '198.51.100.25')).toMatch(/registry\.example cannot be reached/)
  })

  test('what is told is remembered; what failed is asked again after a minute', async () => {
    server.answers[path] = [{ do: 'status', status: 500 }, json(ARIN)]
    const rdap = start()
    await rdap.network('198.51.100.7')
    await rdap.network('198.51.100.7')
    expect(server.asked.filter((each) => each === path).length).toBe(1)
    skipped = 61_000
    expect(await why(rdap, '198.51.100.7')).toBe('known')
    await rdap.network('198.51.100.7')
    expect(server.asked.filter((each) => each === path).length).toBe(2)
  })
})
