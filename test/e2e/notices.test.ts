/**
 * From refusal to fixed with nothing pretended but the registry, in both ways: a broken sender (Postfix; DNS in knot) is refused and proposed
 * as worth a notice, the contact is found by RDAP, the notice goes through a real Postfix, the zone is repaired exactly as it says; Porch
 * notices at its schedule (the clock advanced) or at Check again, and the sender's queued mail arrives. And what a notice must not do.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clientOf } from '../../electron/cli/remote.ts'
import type { Proposals } from '../../shared/api/notices.ts'
import type { Notice } from '../../shared/notice/outbox.ts'
import { card, json, startRdapServer } from '../fakes/rdapserver.ts'
import type { RdapServer } from '../fakes/rdapserver.ts'
import { isInstalled, startAuthority } from './authority.ts'
import type { Authority, AuthorityKind } from './authority.ts'
import { startPorch } from './porch.ts'
import type { Porch } from './porch.ts'
import { postfixMissing, startPostfix } from './postfix.ts'
import type { Postfix } from './postfix.ts'
import { runSwaks, swaksMissing } from './swaks.ts'

/** The name of the sender leads elsewhere, and its address has no name; another host of the domain is in order. */
const BROKEN = [
  'mail.acme.example. IN A 198.51.100.99',
  'old.acme.example. IN A 127.0.0.2',
  '2.0.0.127.in-addr.arpa. IN PTR old.acme.example.',
]
const NETWORK = {
  objectClassName: 'ip network', startAddress: '127.0.0.0', endAddress: '127.0.0.255', name: 'ACME-ISP', handle: 'NET-1',
  entities: [{ roles: ['registrant'], entities: [{ roles: ['abuse'], vcardArray: card('Abuse', 'abuse@isp.example') }] }],
}

const missing = [isInstalled('knot') ? null : 'knot is not installed', isInstalled('nsd') ? null : 'nsd is not installed', postfixMissing(), swaksMissing()].filter((reason) => reason !== null)
if (missing.length > 0) console.warn(`SKIPPED: test/e2e/notices.test.ts: ${missing.join('; ')}`)

/** The zone after the first remedy of a notice, read out of its text: each step in its order, and nothing else. */
function repaired(zone: readonly string[], mail: string): string[] {
  const lines = mail.split(/\r?\n/)
  const steps = lines.flatMap((line) => /^ {4}((?:; remove: )?\S+\. IN (?:PTR|A|AAAA|CNAME|MX) \S+)$/.exec(line)?.[1] ?? (/^ {4}; or instead of all that:$/.test(line) ? ['or'] : []))
  const first = steps.includes('or') ? steps.slice(0, steps.indexOf('or')) : steps
  return first.reduce<string[]>((records, step) => (step.startsWith('; remove: ') ? records.filter((record) => record !== step.slice('; remove: '.length)) : [...records, step]), [...zone])
}

const WAYS: readonly (readonly [string, AuthorityKind, (porch: Porch, session: string) => Promise<void>])[] = [
  ['at its schedule', 'nsd', (porch) => {
    porch.process.kill('SIGUSR2')
    return Promise.resolve()
  }],
  ['at Check again on the help page', 'knot', async (porch, session) => {
    const { help } = porch.ready as unknown as { readonly help: string }
    const pressed = await fetch(`${help}/r/${session}/check`, { method: 'POST' })
    expect(pressed.url).toBe(`${help}/r/${session}`)
    expect(await pressed.text()).toMatch(/Its mail passes|passes now|is in order/i)
  }],
]

describe.skipIf(missing.length > 0).each(WAYS)(`a notice from refusal to fixed, noticed %s (%s) ${missing.join('; ')}`, (way, kind, notices) => {
  let dns: Authority
  let registry: RdapServer
  let backend: Postfix
  let sender: Postfix
  let porch: Porch
  let worth: Proposals['due'][number]
  let id = ''

  const settings = () => ({
    hostname: 'mx.shop.example', domains: ['shop.example'], backend: backend.address, dns: { servers: [dns.address], canary: [] }, policy: { exempt: [] }, helpPage: { listen: '127.0.0.1:0' },
    // The sender's queue retries every two seconds: it would be banned before it is repaired (test/electron/notice tries that).
    bans: { strikes: 10_000 },
    notices: { smtp: backend.address, from: 'postmaster@shop.example', rdap: registry.base }, shop: { name: 'INTIMIDATOR Hosting', phone: '+1 303 555 0100', rate: '$60 per hour' },
  })
  const api = () => {
    const url = new URL(porch.ready.console)
    return clientOf({ pid: 0, url: url.origin, token: url.searchParams.get('token') ?? '' })
  }
  /** Asks until there is an answer: what is awaited is seen from outside only. */
  const until = async <T>(ask: () => Promise<T | undefined>): Promise<T> => {
    for (;;) {
      const found = await ask()
      if (found !== undefined) return found
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
  }
  const noticeIs = (state: Notice['state']) => until(async () => {
    const notice = (await api().notices.get({ id }))?.notice
    return notice?.state === state ? notice : undefined
  })

  beforeAll(async () => {
    dns = await startAuthority(kind, `${BROKEN.join('\n')}\n`)
    registry = await startRdapServer({ '/ip/127.0.0.1': json(NETWORK) })
    backend = await startPostfix({ main: { smtpd_authorized_xclient_hosts: '127.0.0.0/8', virtual_mailbox_domains: 'shop.example, isp.example' } })
    porch = await startPorch(settings(), undefined, { laterClock: true })
    sender = await startPostfix({ main: { relayhost: `[127.0.0.1]:${porch.port}`, virtual_mailbox_domains: '', smtp_helo_name: 'mail.acme.example', soft_bounce: 'yes', maximal_backoff_time: '4s' } })
  })
  afterAll(async () => {
    await sender.stop()
    await porch.stop()
    await backend.stop()
    await registry.close()
    await dns.close()
  })

  test('refused, and after some retries worth a notice, with the reasons', async () => {
    const good = await runSwaks({ host: '127.0.0.1', port: porch.port }, '--local-interface', '127.0.0.2', '--ehlo', 'old.acme.example', '--from', 'bob@acme.example', '--to', 'joe@shop.example')
    expect(good).toMatchObject({ code: 0 })
    sender.send('ann@acme.example', ['joe@shop.example'], 'Subject: the offer\n\nHello Joe\n')
    const refused = await porch.session((session) => session.disposition === 'rejected' && session.sender === 'ann@acme.example')
    expect(refused.reply).toContain(`${(porch.ready as unknown as { readonly help: string }).help}/r/${refused.id}`)
    worth = await until(async () => (await api().notices.proposals()).due.find(({ client, reasons }) => client === '127.0.0.1' && reasons.some(({ text }) => text.startsWith("it tried the same message"))))
    expect(worth).toMatchObject({ ehlo: 'mail.acme.example', sender: 'ann@acme.example' })
    expect(worth.reasons.map(({ text }) => text)).toEqual(expect.arrayContaining(['mail from acme.example was accepted within the last day', 'it writes as acme.example and is called so', 'the recipient exists']))
  })

  test('written to the contact that the registry names, and not sent for being looked at', async () => {
    const printed = await porch.cli('notice', worth.session)
    expect(printed).toMatchObject({ code: 0, stderr: 'porch: not sent; it would go to abuse@isp.example (abuse contact of the network 127.0.0.0/24 (RDAP)): add --send to send it\n' })
    expect(printed.stdout).toMatch(/^To: abuse@isp\.example$/m)
    expect(await api().notices.list()).toEqual([])
  })

  test('sent through Postfix, once, as it was printed; and proposed no more', async () => {
    const before = backend.count()
    const outcome = await porch.cli('notice', worth.session, '--send')
    expect(outcome).toMatchObject({ code: 0, stderr: 'porch: sent to abuse@isp.example (abuse contact of the network 127.0.0.0/24 (RDAP))\n' })
    const mail = await backend.delivered(before + 1)
    id = /^Message-ID: <porch\.([0-9a-f]{20})@shop\.example>/m.exec(mail)?.[1] ?? ''
    expect(mail).toContain(`Return-Path: <porch-bounce+${id}@shop.example>`)
    expect(mail).toMatch(/^Auto-Submitted: auto-generated$/m)
    expect(mail.endsWith(outcome.stdout.slice(outcome.stdout.indexOf('\n\n')))).toBe(true)
    const again = await porch.cli('notice', '127.0.0.1', '--send')
    expect(again.code).toBe(1)
    expect(again.stderr).toMatch(/^porch: not sent: the cap for one contact is reached: abuse@isp\.example/)
    expect(backend.count()).toBe(before + 1)
    expect((await api().notices.proposals()).due.filter(({ client }) => client === '127.0.0.1')).toEqual([])
  })

  if (way !== 'at its schedule') {
    test.each([[['notice', 'nosuchsession'], 1, /no session nosuchsession/], [['notice', '192.0.2.250'], 1, /no refused session/], [['notice', '127.0.0.1', '--to', 'nonsense'], 2, /not a mail address/], [['notice', '127.0.0.1', '--to', 'a@b.example\r\nBcc: x@y.example'], 2, /^porch: --to a@b\.example\\x0d\\x0aBcc: x@y\.example: that is not a mail address/], [['notice', '127.0.0.1', '--to', '', '--json'], 2, /not a mail address/], [['notice'], 2, /missing required argument/]])('porch %j: exit %i', async (args, code, stderr) => {
      const outcome = await porch.cli(...args)
      expect(outcome.code).toBe(code)
      expect(outcome.stderr).toMatch(stderr)
      expect(outcome.stderr.trimEnd().split('\n').length).toBe(1)
    })

    test('kill -9 forgets nothing and sends nothing again', async () => {
      const before = backend.count()
      await porch.kill('SIGKILL')
      const port = porch.port
      porch = await startPorch({ ...settings(), listen: [`127.0.0.1:${port}`] }, porch.dir, { laterClock: true })
      expect((await api().notices.list()).map(({ id: each, state }) => [each, state])).toEqual([[id, 'sent']])
      expect((await porch.cli('notice', '127.0.0.1', '--send')).code).toBe(1)
      expect(backend.count()).toBe(before)
    })

    test('an answer to its own address is let in from the very host that is refused, and noted', async () => {
      const answer = await runSwaks({ host: '127.0.0.1', port: porch.port }, '--ehlo', 'mail.acme.example', '--from', 'noc@isp.example', '--to', `porch-answer+${id}@shop.example`)
      expect(answer.code).toBe(0)
      expect((await noticeIs('answered')).events.at(-1)?.text).toMatch(/^noc@isp\.example answered by way of 127\.0\.0\.1/)
      await backend.logged(/to=<postmaster@shop\.example>.*status=sent/)
      const stranger = await runSwaks({ host: '127.0.0.1', port: porch.port }, '--ehlo', 'mail.acme.example', '--from', 'noc@isp.example', '--to', `porch-answer+${'0'.repeat(20)}@shop.example`)
      expect(stranger.code).toBe(24)
    })
  }

  test('repaired exactly as it says: noticed, the queued mail arrives, and the notice reads fixed', async () => {
    const { message } = (await api().notices.get({ id }))!
    const zone = repaired(BROKEN, message)
    expect(zone.slice(BROKEN.length)).toEqual(['1.0.0.127.in-addr.arpa. IN PTR mail.acme.example.', 'mail.acme.example. IN A 127.0.0.1'])
    await dns.replace(zone.join('\n'))
    await notices(porch, worth.session)
    const notice = await noticeIs('fixed')
    const told = notice.events.map(({ text }) => text).join('\n')
    expect(told).toContain('1.0.0.127.in-addr.arpa. PTR: then nxdomain, now mail.acme.example')
    await sender.logged(/to=<joe@shop\.example>.*status=sent/)
    expect((await api().state.get()).alarms.find(({ code }) => code === 'notice-fixed')?.text).toMatch(/^Good news: the DNS of 127\.0\.0\.1 is in order now/)
    if (way === 'at its schedule') expect((notice.events.at(-1)?.at ?? 0) - (notice.sentAt ?? 0)).toBeGreaterThanOrEqual(3_600_000)
  })
})
