/**
 * From refusal to fixed with nothing pretended but the registry: a broken sender (Postfix, DNS in knot) is refused, the contact is found by
 * RDAP, the notice goes through a real Postfix, the zone is repaired exactly as it says, and the sender's queued mail arrives.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clientOf } from '../../electron/cli/remote.ts'
import type { Notice } from '../../shared/notice/outbox.ts'
import { card, json, startRdapServer } from '../fakes/rdapserver.ts'
import type { RdapServer } from '../fakes/rdapserver.ts'
import { isInstalled, startAuthority } from './authority.ts'
import type { Authority } from './authority.ts'
import { startPorch } from './porch.ts'
import type { Porch } from './porch.ts'
import { postfixMissing, startPostfix } from './postfix.ts'
import type { Postfix } from './postfix.ts'
import { runSwaks, swaksMissing } from './swaks.ts'

const BROKEN = 'mail.acme.example. IN A 198.51.100.99\n'
const NETWORK = {
  objectClassName: 'ip network', startAddress: '127.0.0.0', endAddress: '127.0.0.255', name: 'ACME-ISP', handle: 'NET-1',
  entities: [{ roles: ['registrant'], entities: [{ roles: ['abuse'], vcardArray: card('Abuse', 'abuse@isp.example') }] }],
}

const missing = [isInstalled('knot') ? null : 'knot is not installed', postfixMissing(), swaksMissing()].filter((reason) => reason !== null)
if (missing.length > 0) console.warn(`SKIPPED: test/e2e/notices.test.ts: ${missing.join('; ')}`)

describe.skipIf(missing.length > 0)(`a notice from refusal to fixed ${missing.join('; ')}`, () => {
  let dns: Authority
  let repaired: Authority | null = null
  let registry: RdapServer
  let backend: Postfix
  let sender: Postfix
  let porch: Porch
  let id = ''

  const settings = (servers: string) => ({
    hostname: 'mx.shop.example', domains: ['shop.example'], backend: backend.address, dns: { servers: [servers], canary: [] }, policy: { exempt: [] },
    // The sender's queue retries every two seconds: it would be banned before it is repaired (test/electron/notice tries that).
    bans: { strikes: 10_000 },
    notices: { smtp: backend.address, from: 'postmaster@shop.example', rdap: registry.base }, shop: { name: 'INTIMIDATOR Hosting', phone: '+1 303 555 0100', rate: '$60 per hour' },
  })
  const api = () => {
    const url = new URL(porch.ready.console)
    return clientOf({ pid: 0, url: url.origin, token: url.searchParams.get('token') ?? '' })
  }
  const notices = () => api().notices
  /** Asks until it is so: what is awaited is seen from outside only. */
  const until = async (holds: (notice: Notice) => boolean): Promise<Notice> => {
    for (;;) {
      const found = (await notices().get({ id }))?.notice
      if (found !== undefined && holds(found)) return found
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }

  beforeAll(async () => {
    dns = await startAuthority('knot', BROKEN)
    registry = await startRdapServer({ '/ip/127.0.0.1': json(NETWORK) })
    backend = await startPostfix({ main: { smtpd_authorized_xclient_hosts: '127.0.0.0/8', virtual_mailbox_domains: 'shop.example, isp.example' } })
    porch = await startPorch(settings(dns.address))
    sender = await startPostfix({ main: { relayhost: `[127.0.0.1]:${porch.port}`, virtual_mailbox_domains: '', smtp_helo_name: 'mail.acme.example', soft_bounce: 'yes', maximal_backoff_time: '4s' } })
  })
  afterAll(async () => {
    await sender.stop()
    await porch.stop()
    await backend.stop()
    await registry.close()
    await repaired?.close()
    await dns.close()
  })

  test('refused, and written about to the contact that the registry names', async () => {
    sender.send('ann@acme.example', ['joe@shop.example'], 'Subject: the offer\n\nHello Joe\n')
    await porch.session((session) => session.disposition === 'rejected' && session.sender === 'ann@acme.example')
    const printed = await porch.cli('notice', '127.0.0.1')
    expect(printed).toMatchObject({ code: 0, stderr: 'porch: not sent; it would go to abuse@isp.example (abuse contact of the network 127.0.0.0/24 (RDAP)): add --send to send it\n' })
    expect(printed.stdout).toMatch(/^To: abuse@isp\.example$/m)
    expect(await notices().list()).toEqual([])
  })

  test.each([[['notice', 'nosuchsession'], 1, /no session nosuchsession/], [['notice', '192.0.2.250'], 1, /no refused session/], [['notice', '127.0.0.1', '--to', 'nonsense'], 1, /not a mail address/], [['notice'], 2, /missing required argument/]])('porch %j: exit %i', async (args, code, stderr) => {
    const outcome = await porch.cli(...args)
    expect(outcome.code).toBe(code)
    expect(outcome.stderr).toMatch(stderr)
    expect(outcome.stderr.trimEnd().split('\n').length).toBe(1)
  })

  test('sent through Postfix, once, as it was printed', async () => {
    const outcome = await porch.cli('notice', '127.0.0.1', '--send')
    expect(outcome).toMatchObject({ code: 0, stderr: 'porch: sent to abuse@isp.example (abuse contact of the network 127.0.0.0/24 (RDAP))\n' })
    const mail = await backend.delivered(1)
    id = /^Message-ID: <porch\.([0-9a-f]{20})@shop\.example>/m.exec(mail)?.[1] ?? ''
    expect(mail).toContain(`Return-Path: <porch-bounce+${id}@shop.example>`)
    expect(mail).toMatch(/^Auto-Submitted: auto-generated$/m)
    expect(mail.endsWith(outcome.stdout.slice(outcome.stdout.indexOf('\n\n')))).toBe(true)
    const again = await porch.cli('notice', '127.0.0.1', '--send')
    expect(again.code).toBe(1)
    expect(again.stderr).toMatch(/^porch: not sent: the cap for one contact is reached: abuse@isp\.example/)
    expect(backend.count()).toBe(1)
  })

  test('kill -9 forgets nothing and sends nothing again', async () => {
    await porch.kill('SIGKILL')
    const port = porch.port
    porch = await startPorch({ ...settings(dns.address), listen: [`127.0.0.1:${port}`] }, porch.dir)
    expect((await notices().list()).map(({ id: each, state }) => [each, state])).toEqual([[id, 'sent']])
    expect(backend.count()).toBe(1)
  })

  test('an answer to its own address is let in from the very host that is refused, and noted', async () => {
    const answer = await runSwaks({ host: '127.0.0.1', port: porch.port }, '--ehlo', 'mail.acme.example', '--from', 'noc@isp.example', '--to', `porch-answer+${id}@shop.example`)
    expect(answer.code).toBe(0)
    expect((await until(({ state }) => state === 'answered')).events.at(-1)?.text).toMatch(/^noc@isp\.example answered by way of 127\.0\.0\.1/)
    await backend.logged(/to=<postmaster@shop\.example>.*status=sent/)
    const stranger = await runSwaks({ host: '127.0.0.1', port: porch.port }, '--ehlo', 'mail.acme.example', '--from', 'noc@isp.example', '--to', `porch-answer+${'0'.repeat(20)}@shop.example`)
    expect(stranger.code).toBe(24)
  })

  test('repaired exactly as it says: the queued mail arrives, and the notice reads fixed', async () => {
    const mail = await backend.delivered(1)
    const records = mail.split(/\r?\n/).flatMap((line) => /^ {4}(\S+\. IN (?:PTR|A) \S+)$/.exec(line)?.[1] ?? [])
    expect(records).toEqual(['1.0.0.127.in-addr.arpa. IN PTR mail.acme.example.', 'mail.acme.example. IN A 127.0.0.1'])
    repaired = await startAuthority('knot', `${BROKEN}${records.join('\n')}\n`)
    const file = JSON.parse(readFileSync(porch.config, 'utf8')) as { dns: { servers: string[] } }
    file.dns.servers = [repaired.address]
    writeFileSync(porch.config, JSON.stringify(file))
    // Check again, as the help page has it: it asks past the cache, and the sender's next retry is judged anew.
    const refused = await porch.session((session) => session.sender === 'ann@acme.example')
    while ((await api().recheck({ id: refused.id, release: true })).ok) {
      if ((await notices().get({ id }))?.notice.state === 'fixed') break
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
    await sender.logged(/to=<joe@shop\.example>.*status=sent/)
    const notice = await until(({ state }) => state === 'fixed')
    expect(notice.events.map(({ text }) => text).join('\n')).toContain('1.0.0.127.in-addr.arpa. PTR: then nxdomain, now mail.acme.example')
    expect((await porch.cli('notice', '127.0.0.1')).code).toBe(0)
  })
})
