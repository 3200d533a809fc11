/** The gate's backend side against a real Postfix: XCLIENT, PROXY, TLS, limits, refusals, a torn message. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { ClientIdentity } from '../../electron/ports.ts'
import type { SettingsInput } from '../../shared/config.ts'
import { certificate, client, line, makeBackend, opened, transaction } from '../electron/gate/backend/support.ts'
import { postfixMissing, startPostfix } from './postfix.ts'
import type { PostfixOptions } from './postfix.ts'

const missing = postfixMissing()
if (missing !== null) console.warn(`SKIPPED test/e2e/backend-postfix.test.ts: ${missing}`)

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function start(options: PostfixOptions, input: SettingsInput = {}) {
  const postfix = await startPostfix(options)
  closers.push(() => postfix.stop())
  const made = makeBackend({ backend: postfix.address, ...input })
  closers.push(() => { made.backend.close() })
  return { postfix, ...made, connect: async (who: ClientIdentity = client) => opened(await made.backend.connect(who)) }
}

const xclient = { main: { smtpd_authorized_xclient_hosts: '127.0.0.0/8' } }
const receivedOf = (message: string) => /^Received: [^]*?(?=^\S)/m.exec(message)?.[0].replace(/\s+/g, ' ')

describe.skipIf(missing !== null)(missing ?? 'Postfix behind the gate', () => {
  it('by XCLIENT it sees the client, with its name, greeting and protocol', async () => {
    const { postfix, connect, codes } = await start(xclient)
    const session = await connect()
    expect(await transaction(session)).toMatch(/^dot 250 2\.0\.0 Ok: queued as /)
    expect(receivedOf(await postfix.delivered())).toMatch(/^Received: from mail\.acme\.example \(mail\.acme\.example \[192\.0\.2\.1\]\) by mail\.shop\.example \(Postfix\) with ESMTP id /)
    await postfix.logged(/client=mail\.acme\.example\[192\.0\.2\.1\]/)
    expect(codes()).toEqual([])
    session.quit()
    await postfix.logged(/disconnect from mail\.acme\.example\[192\.0\.2\.1\] .*quit=1/)
  })

  it('IPv6, an unverified name, hostile greetings', async () => {
    const { postfix, connect } = await start(xclient)
    expect(await transaction(await connect({ ...client, address: '2001:db8::1', ourAddress: '2001:db8::2', verifiedName: null }))).toMatch(/^dot 250/)
    await postfix.logged(/client=unknown\[2001:db8::1\]/)
    for (const ehlo of ['a b\r\nRSET', 'ä\x1b[31m', '='.repeat(600), 'x', '[UNAVAILABLE]', '<script>']) {
      expect(await transaction(await connect({ ...client, verifiedName: null, nameTemporary: true, ehlo }))).toMatch(/^dot 250/)
    }
    await postfix.delivered(7)
  })

  it('is no open relay for the client it is told of, although it trusts the gate', async () => {
    const { connect } = await start({ main: { ...xclient.main, smtpd_relay_restrictions: 'permit_mynetworks, reject_unauth_destination' } })
    const session = await connect()
    await session.mail('a@acme.example', [])
    expect(line(await session.rcpt('x@elsewhere.example', []))).toBe('554 5.7.1 <x@elsewhere.example>: Relay access denied')
  })

  it('XCLIENT demanded, but this gate is not authorised', async () => {
    const { backend, codes } = await start({}, { backendIdentity: 'xclient' })
    expect(await backend.connect(client)).toEqual({ kind: 'failed', why: 'does not offer XCLIENT, which backendIdentity demands' })
    expect(codes()).toEqual(['backend-down', 'backend-xclient'])
  })

  it('by PROXY it sees the client too, and answers the probe', async () => {
    const { postfix, connect, codes } = await start({ smtpd: { smtpd_upstream_proxy_protocol: 'haproxy' } }, { backendIdentity: 'proxy' })
    expect(await transaction(await connect())).toMatch(/^dot 250/)
    expect(await transaction(await connect({ ...client, address: '2001:db8::1', ourAddress: '2001:db8::2' }))).toMatch(/^dot 250/)
    await postfix.logged(/client=unknown\[192\.0\.2\.1\]/)
    await postfix.logged(/client=unknown\[2001:db8::1\]/)
    expect(codes()).toEqual([])
  })

  it('its size limit: offered, refused at MAIL, and refused at the end of a message that lied', async () => {
    const { backend, connect } = await start({ main: { ...xclient.main, message_size_limit: '20000', mailbox_size_limit: '20000', virtual_mailbox_limit: '20000' } })
    const session = await connect()
    expect(backend.capabilities()).toMatchObject({ size: 20_000, eightBitMime: true, dsn: true })
    expect(line(await session.mail('a@b.example', ['SIZE=30000']))).toBe('552 5.3.4 Message size exceeds fixed limit')
    await session.rset()
    expect(await transaction(session, `Subject: x\r\n\r\n${`${'x'.repeat(70)}\r\n`.repeat(1000)}`)).toBe('dot 552 5.3.4 Error: message file too big')
  })

  it('its refusals keep code and text: recipient, content, no disk', async () => {
    const { connect } = await start({ main: { ...xclient.main, smtpd_recipient_restrictions: 'check_recipient_access inline:{{nobody@shop.example = 550 5.1.1 nobody here}, {later@shop.example = 450 4.2.0 later}}', header_checks: 'regexp:{{/^Subject: spam/ REJECT no spam}}' } })
    const session = await connect()
    await session.mail('a@b.example', [])
    expect(line(await session.rcpt('nobody@shop.example', []))).toBe('550 5.1.1 <nobody@shop.example>: Recipient address rejected: nobody here')
    expect(line(await session.rcpt('later@shop.example', []))).toBe('450 4.2.0 <later@shop.example>: Recipient address rejected: later')
    await session.rset()
    expect(await transaction(session, 'Subject: spam\r\n\r\n')).toBe('dot 550 5.7.1 no spam')
  })

  it('TLS where it is offered', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'porch-pem-'))
    closers.push(() => { rmSync(dir, { recursive: true }) })
    const { cert, key } = await certificate()
    writeFileSync(join(dir, 'pem'), `${key}\n${cert}`, { mode: 0o600 })
    const tls = { smtpd_tls_security_level: 'may', smtpd_tls_chain_files: join(dir, 'pem'), smtpd_tls_received_header: 'yes' }
    const { postfix, connect } = await start({ main: { ...xclient.main, ...tls } }, { backendTls: 'required' })
    expect(await transaction(await connect())).toMatch(/^dot 250/)
    expect(await postfix.delivered()).toContain('(using TLSv1.')
  })

  it('a message broken off leaves nothing behind', async () => {
    const { postfix, connect } = await start(xclient)
    const session = await connect()
    await session.mail('a@acme.example', [])
    await session.rcpt('joe@shop.example', [])
    await session.data()
    session.write(Buffer.from('Subject: torn\r\n\r\nhalf'))
    session.abort()
    await postfix.logged(/lost connection after DATA \(\d+ bytes\) from mail\.acme\.example/)
    expect(await transaction(await connect())).toMatch(/^dot 250/)
    expect(await postfix.delivered()).toContain('Subject: x')
    expect(postfix.count()).toBe(1)
  })

  it('50 MB arrive whole', async () => {
    const { postfix, connect } = await start({ main: { ...xclient.main, message_size_limit: '0', virtual_mailbox_limit: '0' } })
    const session = await connect()
    await session.mail('a@acme.example', [])
    await session.rcpt('joe@shop.example', [])
    await session.data()
    const chunk = Buffer.from(`..${'x'.repeat(996)}\r\n`.repeat(64))
    const rounds = Math.ceil(50_000_000 / chunk.length)
    for (let sent = 0; sent < rounds; sent += 1) {
      if (!session.write(chunk)) await session.drained()
    }
    expect(line(await session.finish())).toMatch(/^250/)
    const message = await postfix.delivered()
    const body = message.slice(message.indexOf('\n\n') + 2)
    expect(body.length).toBe(rounds * 64 * 998)
  })
})
