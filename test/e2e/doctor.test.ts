/** `porch doctor` as an outsider runs it: real name servers with right and wrong records and blacklists, a real Postfix, a running gate or none. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generate } from 'selfsigned'
import { afterEach, describe, expect, test } from 'vitest'
import type { SettingsInput } from '../../shared/config.ts'
import type { CheckUp } from '../../shared/doctor/report.ts'
import { isInstalled, startAuthority } from './authority.ts'
import type { AuthorityKind } from './authority.ts'
import { runCli, startPorch } from './porch.ts'
import { postfixMissing, startPostfix } from './postfix.ts'
import { startUnbound, UNBOUND } from './unbound.ts'

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

const RIGHT = `mx.shop.example. IN A 192.0.2.10
10.2.0.192.in-addr.arpa. IN PTR mx.shop.example.
shop.example. IN MX 10 mx.shop.example.
2.0.0.127.bl.test. IN A 127.0.0.2`

async function authority(kind: AuthorityKind, records: string) {
  const dns = await startAuthority(kind, records)
  closers.push(() => dns.close())
  return dns.address
}

async function alone(settings: SettingsInput, ...flags: string[]) {
  const dir = mkdtempSync(join(tmpdir(), 'porch-doctor-'))
  closers.push(() => { rmSync(dir, { recursive: true, force: true }) })
  const config = join(dir, 'porch.json')
  writeFileSync(config, JSON.stringify(settings))
  return runCli(['doctor', '--data', join(dir, 'data'), '--config', config, ...flags])
}

const levels = (stdout: string) => {
  const checks = stdout.trim().split('\n').map((line) => JSON.parse(line) as CheckUp)
  return new Map(checks.map(({ id, level }) => [id, level]))
}

const live = (server: string, more: SettingsInput = {}): SettingsInput => ({
  hostname: 'mx.shop.example', domains: ['shop.example'], backend: '127.0.0.1:1', listen: ['127.0.0.1:0'], doctor: { dnsbl: ['bl.test'] }, ...more, dns: { servers: [server], timeoutMs: 500, tries: 1, canary: [], ...more.dns },
})

test('practice: nothing is public, nothing is asked, all is in order', async () => {
  const { code, stdout } = await alone({})
  expect(stdout).toMatch(/^ok +name +Practice mode: nothing is public yet/m)
  expect(stdout).not.toMatch(/^\S+ +blacklist|→/m)
  expect(code).toBe(0)
})

test('settings that cannot be used exit 2', async () => {
  const { code, stderr } = await alone({ hostname: 'no such name!' })
  expect(code).toBe(2)
  expect(stderr).toMatch(/^porch: .*hostname/)
})

describe.skipIf(!isInstalled('knot') || !isInstalled('nsd'))('against real name servers', () => {
  test.each(['knot', 'nsd'] as const)('%s: right records are right', async (kind) => {
    const { stdout, code } = await alone(live(await authority(kind, RIGHT)), '--json')
    const found = levels(stdout)
    expect([...found].filter(([, level]) => level !== 'ok')).toEqual([['backend reachable', 'bad'], ['port', 'unknown']])
    expect([found.get('name reverse 192.0.2.10'), found.get('mx domain shop.example'), found.get('blacklist bl.test 192.0.2.10')]).toEqual(['ok', 'ok', 'ok'])
    expect(code).toBe(1)
  })

  test('wrong ones are told apart, with the record to change', async () => {
    const zone = `mx.shop.example. IN A 192.0.2.10
mx.shop.example. IN AAAA 2001:db8::10
10.2.0.192.in-addr.arpa. IN PTR other.example.
other.example. IN A 192.0.2.99
shop.example. IN MX 10 mail.elsewhere.example.
mail.elsewhere.example. IN A 192.0.2.77
null.example. IN MX 0 .
alias.example. IN MX 10 also.shop.example.
also.shop.example. IN CNAME mx.shop.example.
2.0.0.127.bl.test. IN A 127.0.0.2
10.2.0.192.bl.test. IN A 127.0.0.4
10.2.0.192.bl.test. IN TXT "sent spam"
*.all.test. IN A 127.0.0.2
2.0.0.127.blocked.test. IN A 127.255.255.254`
    const server = await authority('knot', zone)
    const { stdout, code } = await alone(live(server, { domains: ['shop.example', 'null.example', 'alias.example', 'gone.example'], doctor: { dnsbl: ['bl.test', 'all.test', 'empty.test', 'blocked.test'] } }), '--json')
    expect(code).toBe(1)
    expect(Object.fromEntries(levels(stdout))).toMatchObject({
      'name reverse 192.0.2.10': 'bad', 'name reverse 2001:db8::10': 'bad',
      'mx domain shop.example': 'bad', 'mx domain null.example': 'bad', 'mx domain gone.example': 'bad', 'mx domain alias.example': 'ok', 'mx alias alias.example also.shop.example': 'todo',
      'blacklist bl.test 192.0.2.10': 'bad', 'blacklist bl.test 2001:db8::10': 'ok', 'blacklist all.test': 'todo', 'blacklist empty.test': 'todo', 'blacklist blocked.test': 'unknown',
    })
    expect(stdout).toContain('shop.example. IN MX 10 mx.shop.example.')
    expect(stdout).toContain('sent spam')
  })

  test.each(['knot', 'nsd'] as const)('%s: of all names below a domain the zone’s record for them is looked at', async (kind) => {
    const server = await authority(kind, `${RIGHT}\n*.shop.example. IN MX 10 mx.shop.example.\n*.away.example. IN MX 10 mail.elsewhere.example.\nmail.elsewhere.example. IN A 192.0.2.77\nwww.each.example. IN MX 10 mx.shop.example.`)
    const { stdout } = await alone(live(server, { domains: ['*.shop.example', '*.away.example', '*.each.example'] }), '--json')
    const said = new Map(stdout.trim().split('\n').map((line) => JSON.parse(line) as CheckUp).map(({ id, level, says }) => [id, `${level}: ${says}`]))
    expect(said.get('mx domain *.shop.example')).toBe('ok: The MX of *.shop.example leads here (mx.shop.example).')
    expect(said.get('mx domain *.away.example')).toMatch(/^bad: The MX of \*\.away\.example leads elsewhere \(mail\.elsewhere\.example\)/)
    expect(said.get('mx domain *.each.example')).toMatch(/^ok: Every name below each\.example is served\. The zone has no MX record/)
  })

  test('hundreds of domains are looked up in bounded time', async () => {
    const domains = Array.from({ length: 400 }, (_, n) => `d${n}.example`)
    const server = await authority('nsd', `${RIGHT}\n${domains.map((domain) => `${domain}. IN MX 10 mx.shop.example.`).join('\n')}`)
    const { stdout } = await alone(live(server, { domains }))
    expect(stdout).toMatch(/^ok +MX +The MX of 400 domains leads here\./m)
  })

  test('a dead name server is bad; what hangs on it could not be told', async () => {
    const { stdout, code } = await alone(live('127.0.0.1:9'))
    expect(code).toBe(1)
    expect(stdout).toMatch(/^BAD +DNS +The name server 127\.0\.0\.1:9 does not answer/m)
    expect(stdout).toMatch(/^\? +blacklist/m)
  })

  test('a name server that lies about names that do not exist is bad, whatever else it knows', async () => {
    const { stdout, code } = await alone(live(await authority('knot', `${RIGHT}\n*.com. IN A 203.0.113.9`)))
    expect(code).toBe(1)
    expect(stdout).toMatch(/^BAD +DNS +The name server \S+ invents addresses for names that do not exist/m)
    expect(stdout).toMatch(/porch-doctor-[0-9a-f]{16}\.com\. A → 203\.0\.113\.9/)
  })

  test.skipIf(!existsSync(UNBOUND))('unbound as the name server that is asked', async () => {
    const unbound = await startUnbound(await authority('nsd', RIGHT))
    closers.push(() => unbound.close())
    const { stdout } = await alone(live(unbound.address, { dns: { servers: [unbound.address], timeoutMs: 2000 } }), '--json')
    const found = levels(stdout)
    expect([...found].filter(([, level]) => level !== 'ok')).toEqual([['backend reachable', 'bad'], ['port', 'unknown']])
    expect(found.get(`dns ${unbound.address}`)).toBe('ok')
  })

  test('our own name that does not exist is asked once, and told with the record to create', async () => {
    const { stdout } = await alone(live(await authority('knot', 'shop.example. IN MX 10 mx.shop.example.')), '--json')
    const check = stdout.trim().split('\n').map((line) => JSON.parse(line) as { id: string; level: string; evidence: { question: string }[] }).find(({ id }) => id === 'name forward')
    expect(check).toMatchObject({ level: 'bad' })
    expect(check?.evidence.map(({ question }) => question)).toEqual(['mx.shop.example. A', 'mx.shop.example. AAAA'])
  })

  test.skipIf(postfixMissing() !== null)('a Postfix behind the gate that relays for everybody is told', async () => {
    const postfix = await startPostfix({ main: { smtpd_authorized_xclient_hosts: '127.0.0.1', mynetworks: '0.0.0.0/0', smtpd_relay_restrictions: 'permit_mynetworks, reject_unauth_destination', allow_untrusted_routing: 'yes', disable_vrfy_command: 'no' } })
    closers.push(() => postfix.stop())
    const porch = await startPorch(live(await authority('knot', RIGHT), { backend: postfix.address }))
    closers.push(() => porch.stop())
    const { code, stdout } = await porch.cli('doctor')
    expect(code).toBe(1)
    expect(stdout).toMatch(/^BAD +mail server +It is an open relay/m)
    // The gate itself lets none of it through, whatever the mail server trusts.
    expect(stdout).toMatch(/^ok +relay /m)
    expect(postfix.count()).toBe(0)
  })

  test.skipIf(postfixMissing() !== null)('beside a running gate with a real Postfix: ports, relay, certificate; all in order exits 0', async () => {
    const postfix = await startPostfix({ main: { smtpd_authorized_xclient_hosts: '127.0.0.1' } })
    closers.push(() => postfix.stop())
    const porch = await startPorch(live(await authority('knot', RIGHT), { backend: postfix.address }))
    closers.push(() => porch.stop())
    const { code, stdout } = await porch.cli('doctor', '--json')
    const found = levels(stdout)
    expect([...found].filter(([, level]) => level !== 'ok')).toEqual([])
    expect(found.get(`relay 127.0.0.1:${porch.port}`)).toBe('ok')
    expect(stdout).toMatch(/RCPT TO:<porch-relay-test%example\.com@shop\.example>/)
    expect(code).toBe(0)
    // Its own looks at the port are no client's.
    expect((await porch.cli('sessions', '--json')).stdout).toBe('')
  })
})

const DAY = 86_400_000

describe('certificates that the gate really serves', () => {
  test.each([
    ['expired', -1, 'mx.shop.example', 'bad', /^The certificate expired on /],
    ['soon to expire', 5, 'mx.shop.example', 'todo', /^The certificate expires on .*, in 5 days\.$/],
    ['for another name', 300, 'www.other.example', 'todo', /^The certificate is for www\.other\.example, not for mx\.shop\.example\.$/],
    ['for all names of the domain', 300, '*.shop.example', 'ok', /is valid until/],
  ] as const)('one %s', async (_, days, name, level, says) => {
    const dir = mkdtempSync(join(tmpdir(), 'porch-doctor-tls-'))
    closers.push(() => { rmSync(dir, { recursive: true, force: true }) })
    const made = await generate([{ name: 'commonName', value: name }], {
      keyType: 'ec', curve: 'P-256', algorithm: 'sha256', notBeforeDate: new Date(Date.now() - 400 * DAY), notAfterDate: new Date(Date.now() + days * DAY),
      extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: name }] }],
    })
    const tls = { cert: join(dir, 'cert.pem'), key: join(dir, 'key.pem') }
    writeFileSync(tls.cert, made.cert)
    writeFileSync(tls.key, made.private)
    const porch = await startPorch({ hostname: 'mx.shop.example', tls, dns: { servers: ['127.0.0.1:9'] } })
    closers.push(() => porch.stop())
    const { code, stdout } = await porch.cli('doctor', '--json')
    const check = stdout.trim().split('\n').map((line) => JSON.parse(line) as CheckUp & { dialogue: string[] }).find(({ area }) => area === 'certificate')
    expect(check).toMatchObject({ level, says: expect.stringMatching(says) as string })
    expect(check?.dialogue.at(-1)).toMatch(/^served by 127\.0\.0\.1 port \d+ after STARTTLS$/)
    expect(stdout).toMatch(/"says":"The store takes [^"]* and passes its own test\."/)
    expect(code).toBe(level === 'ok' ? 0 : 1)
  })
})
