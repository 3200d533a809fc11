/**
 * The whole thing with nothing pretended: a real name server with the zones, real mail servers as clients and as backend,
 * and Porch as its own process between them.
 */
import { connect } from 'node:net'
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isInstalled, startAuthority } from './authority.ts'
import type { Authority } from './authority.ts'
import { smtpClient } from './client.ts'
import { createExim, eximMissing } from './exim.ts'
import { startPorch } from './porch.ts'
import type { Porch } from './porch.ts'
import { postfixMissing, startPostfix } from './postfix.ts'
import type { Postfix } from './postfix.ts'
import { runSwaks, swaksMissing } from './swaks.ts'

/** mail.acme.example sends from 127.0.0.1 and is in order; the founding case is as it was in 2002. */
const ZONE = `
1.0.0.127.in-addr.arpa. IN PTR mail.acme.example.
mail.acme.example. IN A 127.0.0.1
www.americangreetings.com. IN A 216.33.97.70
acme.example. IN MX 10 mail.acme.example.
`

const missing = [isInstalled('knot') ? null : 'knot is not installed', postfixMissing(), swaksMissing(), eximMissing()].filter((reason) => reason !== null)
if (missing.length > 0) console.warn(`SKIPPED: test/e2e/whole.test.ts: ${missing.join('; ')}`)

describe.skipIf(missing.length > 0)(`real clients, real DNS, real backend ${missing.join('; ')}`, () => {
  let dns: Authority
  let backend: Postfix
  let porch: Porch

  beforeAll(async () => {
    dns = await startAuthority('knot', ZONE)
    backend = await startPostfix({
      main: { smtpd_authorized_xclient_hosts: '127.0.0.0/8', message_size_limit: '60000000', mailbox_size_limit: '0', virtual_mailbox_limit: '0' },
    })
    porch = await startPorch(settingsOf(dns.address, backend.address))
  })
  afterAll(async () => {
    await porch.stop()
    await backend.stop()
    await dns.close()
  })

  const target = () => ({ host: '127.0.0.1', port: porch.port })

  test('swaks from a host in order: delivered, with the client’s own identity at the mail server', async () => {
    const sent = await runSwaks(target(), '--ehlo', 'mail.acme.example', '--from', 'ann@acme.example', '--to', 'joe@shop.example', '--tls')
    expect(sent).toMatchObject({ code: 0 })
    await backend.logged(/client=mail\.acme\.example\[127\.0\.0\.1\]/)
    const message = await backend.delivered(1)
    expect(message).toMatch(/^Received: from mail\.acme\.example \(mail\.acme\.example \[127\.0\.0\.1\]\)\s+by mx\.shop\.example with ESMTPS/m)
    expect(message).toMatch(/^Authentication-Results: mx\.shop\.example;\s+iprev=pass policy\.iprev=127\.0\.0\.1\s+\(mail\.acme\.example\)/m)
    expect(await porch.session((session) => session.sender === 'ann@acme.example')).toMatchObject({
      client: '127.0.0.1', ehlo: 'mail.acme.example', verifiedName: 'mail.acme.example', iprev: 'pass', verdict: 'accept', findings: [], refusedFor: [],
      disposition: 'accepted', recipients: ['joe@shop.example'],
    })
  })

  test('swaks says a bare word: refused with a reason, and the mail server never hears of it', async () => {
    const before = backend.log().filter((line) => line.includes('connect from')).length
    const sent = await runSwaks(target(), '--ehlo', 'barbara', '--from', 'bob@acme.example', '--to', 'joe@shop.example')
    expect(sent.code).toBe(24)
    expect(sent.transcript).toMatch(/<\*\* 504 5\.5\.2 .*barbara/)
    expect(await porch.session((session) => session.sender === 'bob@acme.example')).toMatchObject({ disposition: 'rejected', refusedFor: ['ehlo-not-fqdn'] })
    expect(backend.log().filter((line) => line.includes('connect from'))).toHaveLength(before)
  })

  test('Postfix as the sender: a good host’s mail arrives, a forger’s bounces with our words', async () => {
    const good = await startPostfix({ main: { relayhost: `[127.0.0.1]:${porch.port}`, virtual_mailbox_domains: '', smtp_helo_name: 'mail.acme.example' } })
    const forger = await startPostfix({ main: { relayhost: `[127.0.0.1]:${porch.port}`, virtual_mailbox_domains: '', smtp_helo_name: 'mx.shop.example' } })
    try {
      good.send('carol@acme.example', ['joe@shop.example'], 'Subject: from Postfix\n\n.a dot at the start\n')
      expect(await good.logged(/to=<joe@shop\.example>.*status=/)).toContain('status=sent')
      forger.send('mallory@acme.example', ['joe@shop.example'], 'Subject: forged\n\nx\n')
      const bounced = await forger.logged(/to=<joe@shop\.example>.*status=/)
      expect(bounced).toContain('dsn=5.7.1')
      expect(bounced).toContain('550 5.7.1 The EHLO name mx.shop.example is ours')
    } finally {
      await good.stop()
      await forger.stop()
    }
  })

  test('Exim as the sender, while our DNS is away: deferred, kept, and delivered at its next try', async () => {
    const away = await startPorch({ ...settingsOf('127.0.0.1:9', backend.address), dns: { servers: ['127.0.0.1:9'], timeoutMs: 200, tries: 1, canary: [] } })
    const deferring = createExim({ host: '127.0.0.1', port: away.port, ehlo: 'mail.acme.example' })
    try {
      expect(await deferring.send('dora@acme.example', ['joe@shop.example'], 'Subject: patience\n\nx\n')).toContain('451 4.7.25')
      expect(await deferring.queue()).toHaveLength(1)
      expect(await away.session((session) => session.sender === 'dora@acme.example')).toMatchObject({ verdict: 'tempfail', disposition: 'deferred', iprev: 'temperror', refusedFor: ['dns-temporary'] })
    } finally {
      deferring.remove()
      await away.stop()
    }
    const again = createExim({ host: '127.0.0.1', port: porch.port, ehlo: 'mail.acme.example' })
    expect(await again.send('dora@acme.example', ['joe@shop.example'], 'Subject: patience\n\nx\n')).toMatch(/=> joe@shop\.example/)
    again.remove()
  })

  test('the founding case, end to end: refused for what was wrong in 2002, and told as the log of 2002 told it', async () => {
    const client = await smtpClient({ port: porch.port, host: '127.0.0.2', from: '216.33.111.150', fromPort: 40000 })
    expect(await client.reply()).toMatch(/^220 mx\.shop\.example /)
    expect(await client.say('EHLO www.americangreetings.com')).toMatch(/^250/)
    expect(await client.say('MAIL FROM:<a@b>')).toMatch(/^250/)
    expect(await client.say('RCPT TO:<joe@shop.example>')).toMatch(/^550 5\.7\.25 /)
    expect(await client.say('QUIT')).toMatch(/^221/)
    const session = await porch.session(({ client: address }) => address === '216.33.111.150')
    expect(session).toMatchObject({
      client: '216.33.111.150', port: 40000, ehlo: 'www.americangreetings.com', ptrNames: [], verifiedName: null, iprev: 'permerror', verdict: 'reject',
      findings: ['ptr-missing', 'ehlo-mismatch'], refusedFor: ['ptr-missing', 'ehlo-mismatch'], disposition: 'rejected', sender: 'a@b', recipients: ['joe@shop.example'], bytes: 0, tls: null,
    })
    const log = (await porch.cli('log', '--client', '216.33.111.150')).stdout.trim().split('\n')
    expect(log[0]).toMatch(/^SMTP \d+ \w{3} \d\d \d\d:\d\d:\d\d A \w+ Connection from \[216\.33\.111\.150\]$/)
    expect(log.join('\n')).toMatch(/ F \w+ EHLO - inconsistent hostname \/ IP address www\.americangreetings\.com \[216\.33\.111\.150\]\n/)
    expect(log.join('\n')).toMatch(/ F \w+ EHLO rejected mail from www\.americangreetings\.com \[216\.33\.111\.150\]/)
    const check = await porch.cli('check', '216.33.111.150', 'www.americangreetings.com', '--json')
    expect(check.code).toBe(1)
    expect((JSON.parse(check.stdout) as { remedies: { steps: unknown }[] }).remedies[0]?.steps).toEqual([
      { who: 'address-owner', do: 'add', name: '150.111.33.216.in-addr.arpa', type: 'PTR', value: 'www.americangreetings.com' },
      { who: 'domain-owner', do: 'add', name: 'www.americangreetings.com', type: 'A', value: '216.33.111.150' },
    ])
  })

  test('a rule given on the command line is obeyed within 2 s, also by a connection that is open', async () => {
    const open = await smtpClient({ port: porch.port, host: '127.0.0.2', from: '192.0.2.99' })
    await open.reply()
    expect(await porch.cli('ban', '192.0.2.96/28', '--for', '1h', '--reason', 'flood')).toMatchObject({ code: 0 })
    expect(await open.say('EHLO mail.acme.example')).toMatch(/^421 4\.7\.0/)
    const banned = await smtpClient({ port: porch.port, host: '127.0.0.2', from: '192.0.2.100' })
    expect(await banned.reply()).toMatch(/^554 5\.7\.1 .*192\.0\.2\.100/)
    expect(await banned.say('EHLO x')).toMatch(/^503/)
    expect(await banned.say('QUIT')).toMatch(/^221/)
    expect(await porch.cli('unban', '192.0.2.100')).toMatchObject({ code: 1 })
    expect(await porch.cli('allow', '192.0.2.100')).toMatchObject({ code: 0 })
    const allowed = await smtpClient({ port: porch.port, host: '127.0.0.2', from: '192.0.2.100' })
    expect(await allowed.reply()).toMatch(/^220/)
    for (const client of [open, banned, allowed]) client.end()
  })

  test('50 MB pass through flat memory', async () => {
    const count = backend.count()
    const client = await smtpClient({ port: porch.port })
    await client.reply()
    await client.say('EHLO mail.acme.example')
    await client.say('MAIL FROM:<eve@acme.example> SIZE=50000000')
    expect(await client.say('RCPT TO:<joe@shop.example>')).toMatch(/^250/)
    expect(await client.say('DATA')).toMatch(/^354/)
    const before = residentMegabytes(porch.process.pid)
    const line = Buffer.from(`${'x'.repeat(70)}\r\n`.repeat(1000))
    let peak = before
    for (let sent = 0; sent < 695; sent++) {
      if (!client.socket.write(line)) await new Promise((resolve) => client.socket.once('drain', resolve))
      peak = Math.max(peak, residentMegabytes(porch.process.pid))
    }
    expect(await client.say('.')).toMatch(/^250/)
    client.end()
    // Postfix stores lines without their CR.
    expect((await backend.delivered(count + 1)).match(/x{70}\n/g)).toHaveLength(695_000)
    expect(peak - before).toBeLessThan(40)
  })

  test('SIGTERM: nothing new, the idle hear 421, a message under way is finished, exit 0', async () => {
    const leaving = await startPorch(settingsOf(dns.address, backend.address))
    const idle = await smtpClient({ port: leaving.port })
    await idle.reply()
    await idle.say('EHLO mail.acme.example')
    const busy = await smtpClient({ port: leaving.port })
    await busy.reply()
    await busy.say('EHLO mail.acme.example')
    await busy.say('MAIL FROM:<fay@acme.example>')
    await busy.say('RCPT TO:<joe@shop.example>')
    expect(await busy.say('DATA')).toMatch(/^354/)
    const exit = leaving.kill('SIGTERM')
    expect(await idle.reply()).toMatch(/^421/)
    await expect(refused(leaving.port)).resolves.toBe(true)
    busy.send('Subject: the last\r\n\r\nx\r\n')
    expect(await busy.say('.')).toMatch(/^250/)
    expect(await exit).toBe(0)
    await leaving.stop()
  })
})

function settingsOf(dns: string, backend: string) {
  return {
    hostname: 'mx.shop.example', domains: ['shop.example', '*.shop.example'], backend, proxyProtocolFrom: ['127.0.0.2'], listen: ['127.0.0.1:0'],
    dns: { servers: [dns], canary: [] }, policy: { exempt: [] },
  }
}

function residentMegabytes(pid: number | undefined): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024
}

function refused(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => { socket.destroy(); resolve(false) })
    socket.once('error', () => resolve(true))
  })
}
