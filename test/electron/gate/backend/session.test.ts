/** What goes to the backend for one client: identity, parameters, data, and never a dot too many. */
import { afterEach, describe, expect, it } from 'vitest'
import type { SettingsInput } from '../../../../shared/config.ts'
import { drop, say, silent, startBackend } from '../../../fakes/backend.ts'
import type { FakeBackend, FakeScript } from '../../../fakes/backend.ts'
import { certificate, client, line, makeBackend, opened, transaction } from './support.ts'

const tls = await certificate()
const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function start(script: FakeScript, input: SettingsInput = {}) {
  const server: FakeBackend = await startBackend(script)
  const made = makeBackend({ backend: server.address, ...input })
  // The probe comes first, so that connections[1] is the client's.
  await server.next('closed')
  closers.push(() => server.close(), () => { made.backend.close() })
  return { server, ...made, connect: async (who = client) => opened(await made.backend.connect(who)) }
}

const postfix = 'XCLIENT NAME ADDR PROTO HELO REVERSE_NAME PORT LOGIN DESTADDR DESTPORT'

describe('identity', () => {
  it('XCLIENT where it is offered, then EHLO in the client’s name', async () => {
    const { server, connect, codes } = await start({ offers: [postfix] })
    const session = await connect()
    expect(await transaction(session)).toBe('dot 250 2.0.0 taken')
    expect(server.connections[1]?.lines).toEqual([
      'EHLO mx.shop.example',
      'XCLIENT HELO=mail.acme.example PROTO=ESMTP DESTADDR=198.51.100.2 DESTPORT=25 REVERSE_NAME=mail.acme.example NAME=mail.acme.example PORT=40000 ADDR=192.0.2.1',
      'EHLO mail.acme.example', 'MAIL FROM:<a@acme.example>', 'RCPT TO:<joe@shop.example>', 'DATA',
    ])
    expect(codes()).toEqual([])
  })

  it('what cannot be repeated is not said: a hostile EHLO name becomes the address', async () => {
    const { server, connect } = await start({ offers: ['XCLIENT HELO ADDR'] })
    await connect({ ...client, ehlo: 'x\r\nRSET' })
    await connect({ ...client, ehlo: 'ä', address: '2001:db8::1' })
    expect(server.connections.slice(1).map((connection) => connection.lines.slice(1))).toEqual([
      ['XCLIENT HELO=x??RSET ADDR=192.0.2.1', 'EHLO [192.0.2.1]'],
      ['XCLIENT HELO=? ADDR=IPV6:2001:db8::1', 'EHLO [IPv6:2001:db8::1]'],
    ])
  })

  it('PROXY comes first, for the client as for the probe', async () => {
    const { server, connect } = await start({ proxy: true }, { backendIdentity: 'proxy' })
    await connect()
    expect(server.connections[0]?.proxy).toMatch(new RegExp(`^PROXY TCP4 127\\.0\\.0\\.1 127\\.0\\.0\\.1 \\d+ ${server.port}$`))
    expect(server.connections[1]).toMatchObject({ proxy: 'PROXY TCP4 192.0.2.1 198.51.100.2 40000 25', lines: ['EHLO mail.acme.example'] })
  })

  it('none if it must be none; and a warning where nobody decided so', async () => {
    const quiet = await start({ offers: [postfix] }, { backendIdentity: 'none' })
    await quiet.connect()
    expect(quiet.server.connections[1]?.lines).toEqual(['EHLO mx.shop.example'])
    expect(quiet.codes()).toEqual([])
    const undecided = await start({})
    await undecided.connect()
    expect(undecided.server.connections[1]?.lines).toEqual(['EHLO mx.shop.example'])
    expect(undecided.codes()).toEqual(['backend-identity'])
  })

  it('XCLIENT demanded but not offered: failed, and an alarm until it is', async () => {
    const { server, backend, codes } = await start({}, { backendIdentity: 'xclient' })
    expect(await backend.connect(client)).toEqual({ kind: 'failed', why: 'does not offer XCLIENT, which backendIdentity demands' })
    expect(codes()).toEqual(['backend-down', 'backend-xclient'])
    server.script = { offers: ['XCLIENT ADDR'] }
    opened(await backend.connect(client))
    expect(codes()).toEqual([])
  })
})

describe('TLS', () => {
  it('is used where it is offered, and EHLO said again within', async () => {
    const { server, connect, backend } = await start({ offers: ['STARTTLS', 'SIZE 7', 'XCLIENT ADDR'], tls })
    expect(await transaction(await connect())).toBe('dot 250 2.0.0 taken')
    expect(server.connections[1]).toMatchObject({ secure: true })
    expect(server.connections[1]?.lines.slice(0, 4)).toEqual(['EHLO mx.shop.example', 'STARTTLS', 'EHLO mx.shop.example', 'XCLIENT ADDR=192.0.2.1'])
    expect(backend.capabilities()).toMatchObject({ size: 7, startTls: false })
  })

  it('never, if so set; required, if so set', async () => {
    const never = await start({ offers: ['STARTTLS'], tls }, { backendTls: 'never' })
    await never.connect()
    expect(never.server.connections[1]?.lines).toEqual(['EHLO mx.shop.example'])
    const required = await start({}, { backendTls: 'required' })
    expect(await required.backend.connect(client)).toEqual({ kind: 'failed', why: 'does not offer STARTTLS, which backendTls requires' })
  })

  it('what was slipped in before the handshake ends it', async () => {
    const { backend } = await start({ offers: ['STARTTLS'], tls, starttls: say('220 go', '250 injected') })
    expect(await backend.connect(client)).toEqual({ kind: 'failed', why: 'talked out of turn' })
  })

  it('abort within DATA leaves no dot there either', async () => {
    const { server, connect } = await start({ offers: ['STARTTLS'], tls })
    const session = await connect()
    await session.mail('', [])
    await session.rcpt('joe@shop.example', [])
    await session.data()
    const closed = server.next('closed')
    session.write(Buffer.from('Subject: x\r\n'))
    session.abort()
    await closed
    expect(server.connections[1]).toMatchObject({ dots: 0 })
  })
})

describe('commands', () => {
  it('parameters the backend lacks are left out', async () => {
    const { server, connect } = await start({ offers: ['SIZE', 'DSN'] }, { backendIdentity: 'none' })
    const session = await connect()
    await session.mail('a@b', ['SIZE=10', 'BODY=8BITMIME', 'RET=HDRS', 'AUTH=<>'])
    await session.rcpt('c@d', ['NOTIFY=NEVER'])
    expect(server.connections[1]?.lines.slice(1)).toEqual(['MAIL FROM:<a@b> SIZE=10 RET=HDRS', 'RCPT TO:<c@d> NOTIFY=NEVER'])
  })

  it('asked at once they go one by one, in order', async () => {
    const { server, connect } = await start({}, { backendIdentity: 'none' })
    const session = await connect()
    const outcomes = await Promise.all([session.mail('a@b', []), session.rcpt('c@d', []), session.rset(), session.mail('', [])])
    expect(outcomes.map(line)).toEqual(['250 2.1.0 Ok', '250 2.1.5 Ok', '250 2.0.0 Ok', '250 2.1.0 Ok'])
    expect(server.connections[1]?.lines.slice(1)).toEqual(['MAIL FROM:<a@b>', 'RCPT TO:<c@d>', 'RSET', 'MAIL FROM:<>'])
  })

  it('a control octet never gets there, nor an address without SMTPUTF8', async () => {
    const { server, connect } = await start({}, { backendIdentity: 'none' })
    expect(line(await (await connect()).mail('a@b>\r\nRSET', []))).toBe('failed: must not be sent a control octet (MAIL)')
    expect(line(await (await connect()).mail('ä@b', ['SMTPUTF8']))).toBe('failed: does not offer SMTPUTF8 any more')
    expect(server.connections.slice(1).map((connection) => connection.lines)).toEqual([['EHLO mx.shop.example'], ['EHLO mx.shop.example']])
    server.script = { offers: ['SMTPUTF8'] }
    await (await connect()).mail('ä@b', ['SMTPUTF8'])
    expect(server.connections.at(-1)?.lines.at(-1)).toBe(Buffer.from('MAIL FROM:<ä@b> SMTPUTF8').toString('latin1'))
  })

  it('a refused RCPT or DATA does not end the session', async () => {
    const { connect } = await start({ rcpt: [say('550-5.1.1 no', '550 5.1.1 one'), say('250 ok')], data: [say('451 4.3.2 later'), say('354 go')] }, { backendIdentity: 'none' })
    const session = await connect()
    await session.mail('', [])
    expect([line(await session.rcpt('a@b', [])), line(await session.rcpt('c@d', [])), line(await session.data())]).toEqual(['550 5.1.1 no one', '250 ok', '451 4.3.2 later'])
    expect([line(await session.rset()), await transaction(session)]).toEqual(['250 2.0.0 Ok', 'dot 250 2.0.0 taken'])
  })
})

describe('data', () => {
  async function inData(script: FakeScript = {}) {
    const made = await start(script, { backendIdentity: 'none' })
    const session = await made.connect()
    await session.mail('', [])
    await session.rcpt('joe@shop.example', [])
    await session.data()
    return { ...made, session }
  }

  it.each([
    ['Subject: x\r\n\r\n..dot\r\n', 'Subject: x\r\n\r\n..dot\r\n'],
    ['no line end', 'no line end\r\n'],
    ['', ''],
  ])('%j arrives as it is, with one dot', async (data, arrived) => {
    const { server, session } = await inData()
    for (const octet of data) session.write(Buffer.from(octet))
    expect(line(await session.finish())).toBe('250 2.0.0 taken')
    expect(server.messages.map((message) => message.data.toString())).toEqual([arrived])
    expect(server.connections[1]?.dots).toBe(1)
  })

  it.each(['a\nb', 'a\rb', 'a\0', 'a\r\n.\r\nMAIL FROM:<x>\r\n', 'a\r\n.', 'a\r'])('%j is never ended by a dot', async (data) => {
    const { server, session } = await inData()
    const closed = server.next('closed')
    session.write(Buffer.from('Subject: x\r\n'))
    session.write(Buffer.from(data))
    expect(line(await session.finish())).toBe('failed: must not be sent such data')
    await closed
    expect(server.connections[1]).toMatchObject({ dots: 0, lines: ['EHLO mx.shop.example', 'MAIL FROM:<>', 'RCPT TO:<joe@shop.example>', 'DATA'] })
  })

  it.each(['abort', 'quit'] as const)('%s in the middle: no dot, ever', async (way) => {
    const { server, session } = await inData()
    const closed = server.next('closed')
    session.write(Buffer.from('Subject: x\r\n'))
    session[way]()
    session[way]()
    await closed
    expect(server.connections[1]).toMatchObject({ dots: 0 })
    expect(line(await session.finish())).toBe('failed: was left')
  })

  it('abort while the dot is being answered settles at once', async () => {
    const { session } = await inData({ dot: silent })
    const end = session.finish()
    session.abort()
    expect(line(await end)).toBe('failed: was left')
  })

  it('a backend gone in the middle: the rest goes nowhere, and the end says so', async () => {
    const { server, session } = await inData({ duringData: drop })
    const closed = server.next('closed')
    session.write(Buffer.from('Subject: x\r\n'))
    await closed
    for (let sent = 0; sent < 100; sent += 1) {
      if (!session.write(Buffer.alloc(65_536, 'x'))) await session.drained()
    }
    expect(line(await session.finish())).toBe('failed: closed the connection')
  })

  it('a reply in time counts, even if the connection goes at once', async () => {
    const { session } = await inData({ dot: say('250 2.0.0 taken', '421 4.4.2 bye') })
    expect(line(await session.finish())).toBe('250 2.0.0 taken')
    expect(line(await session.mail('', []))).toBe('failed: talked out of turn')
  })

  it('50 MB pass through flat memory, however slowly they are taken', async () => {
    let go = () => undefined as void
    const held = new Promise<void>((resolve) => { go = resolve })
    const { server, session } = await inData({ holdData: held })
    const chunk = Buffer.from(`${'x'.repeat(998)}\r\n`.repeat(64))
    let sent = 0
    let outstanding = 0
    while (sent < 50_000_000) {
      sent += chunk.length
      if (session.write(chunk)) continue
      // Held back by the backend: what this side has taken on is bounded.
      outstanding = Math.max(outstanding, sent - (server.connections[1]?.dataBytes ?? 0))
      go()
      await session.drained()
    }
    expect(line(await session.finish())).toBe('250 2.0.0 taken')
    expect(server.connections[1]).toMatchObject({ dataBytes: sent, dots: 1 })
    expect(outstanding).toBeLessThan(16_000_000)
  })

  it('a backend that takes nothing is given up', async () => {
    const server = await startBackend({ holdData: new Promise(() => undefined) })
    const made = makeBackend({ backend: server.address, backendIdentity: 'none' }, { block: 100 })
    closers.push(() => server.close(), () => { made.backend.close() })
    const session = opened(await made.backend.connect(client))
    await session.mail('', [])
    await session.rcpt('joe@shop.example', [])
    await session.data()
    const chunk = Buffer.from(`${'x'.repeat(998)}\r\n`.repeat(64))
    for (let sent = 0; sent < 400; sent += 1) {
      if (!session.write(chunk)) await session.drained()
    }
    expect(line(await session.finish())).toBe('failed: took no data for 0.1 s')
  })
})

it('quit is polite, and does not wait', async () => {
  const { server, connect } = await start({}, { backendIdentity: 'none' })
  const session = await connect()
  const closed = server.next('closed')
  session.quit()
  expect(line(await session.mail('', []))).toBe('failed: was told QUIT')
  await closed
  expect(server.connections[1]?.lines).toEqual(['EHLO mx.shop.example', 'QUIT'])
})

it('each client has a connection of its own', async () => {
  const { server, connect } = await start({}, { backendIdentity: 'none' })
  await Promise.all([connect(), connect(), connect()])
  expect(server.connections.length).toBe(4)
})
