/** What needs more than one connection, or more than a script can say: limits, PROXY, floods, stopping. */
import { once } from 'node:events'
import net from 'node:net'
import { describe, expect, test } from 'vitest'
import { fakeSettings, noCertificate, startGate } from '../../fakes/gate.ts'
import { ALL_CAPABILITIES, scriptedBackend } from '../../fakes/scriptedbackend.ts'
import { connect, gate, open } from './opened.ts'

const V1 = (client: string) => `PROXY TCP4 ${client} 192.0.2.25 40000 25\r\n`

describe('limits', () => {
  test('connections: 421 4.7.0, recorded as limited, and room again afterwards', async () => {
    const test = await gate({ settings: { limits: { connections: 2 } } })
    const first = await connect(test)
    await first.hear('220 *')
    await (await connect(test)).hear('220 *')
    const third = await connect(test)
    await third.hear('421 4.7.0 Too many connections, try again later')
    await third.closed()
    expect((await test.recorded(1)).session).toMatchObject({ disposition: 'limited', reply: '421 4.7.0 Too many connections, try again later', sender: null, iprev: null, verdict: null })
    first.say('QUIT')
    await first.hear('221 *')
    await test.recorded(2)
    await (await connect(test)).hear('220 *')
    expect(test.gate.openConnections()).toBe(2)
  })

  test('perClient: by address, and the whitelisted are not counted against it', async () => {
    const test = await gate({ settings: { limits: { perClient: 1 }, proxyProtocolFrom: ['127.0.0.0/8'] } })
    const from = async (address: string) => {
      const client = await connect(test)
      client.socket.write(address.includes(':') ? `PROXY TCP6 ${address} 2001:db8::25 1 25\r\n` : V1(address))
      return (await client.line()).slice(0, 9)
    }
    test.rules.put('allow', '192.0.2.7')
    expect([await from('192.0.2.1'), await from('192.0.2.1'), await from('192.0.2.2')]).toEqual(['220 mx.sh', '421 4.7.0', '220 mx.sh'])
    expect([await from('192.0.2.7'), await from('192.0.2.7')]).toEqual(['220 mx.sh', '220 mx.sh'])
    // An IPv6 client is its /64.
    expect([await from('2001:db8:1::1'), await from('2001:db8:1::2'), await from('2001:db8:1:1::1')]).toEqual(['220 mx.sh', '421 4.7.0', '220 mx.sh'])
  })

  test('under load a command has 10 s', async () => {
    const test = await gate({ settings: { limits: { connections: 1 } } })
    const client = await connect(test)
    await client.hear('220 *')
    test.clock.advance(11_000)
    test.tick()
    await client.hear('421 4.7.0 Timeout')
  })
})

describe('the banner', () => {
  test('comes at least 20 ms after the accept', async () => {
    const test = await gate()
    const before = performance.now()
    const client = await connect(test)
    await client.hear('220 *')
    expect(performance.now() - before).toBeGreaterThanOrEqual(20)
  })

  test('DNS is asked from the connect on, and not for the banned', async () => {
    const test = await gate()
    await (await connect(test)).hear('220 *')
    expect(test.gather.begun).toEqual(['127.0.0.1'])
    test.rules.put('ban', '127.0.0.1', '2026-11-27T15:00:00.000Z')
    await (await connect(test)).hear('554 5.7.1 [127.0.0.1] is banned here until 2026-11-27T15:00:00.000Z')
    expect(test.gather.begun).toEqual(['127.0.0.1'])
    expect(test.rules.hits).toEqual(['ban 127.0.0.1'])
    expect(test.gate.counters()).toEqual({ 'banned at connect': 1 })
    expect(test.entries).toEqual([])
  })
})

describe('listening', () => {
  test('a taken port is one clear line', async () => {
    const taken = net.createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    open.push(() => taken.close())
    const { port } = taken.address() as net.AddressInfo
    await expect(startGate({ deps: { settings: fakeSettings({ listen: ['127.0.0.1:0', `127.0.0.1:${port}`] }) } }))
      .rejects.toThrow(`Cannot listen on 127.0.0.1:${port}: the port is taken by another program`)
  })

  test('on IPv4 and IPv6 alike', async () => {
    const test = await gate({ settings: { listen: ['127.0.0.1:0', '[::1]:0'] } })
    expect(test.gate.addresses.map((address) => address.replace(/\d+$/, 'N'))).toEqual(['127.0.0.1:N', '[::1]:N'])
  })
})

describe('a hostile client', () => {
  test('that does not read its replies is not listened to any more, and dropped after 300 s', async () => {
    const test = await gate({ settings: { limits: { recipients: 100_000 } } })
    const client = await connect(test)
    await client.hear('220 *')
    client.say('EHLO mail.good.example', 'MAIL FROM:<>')
    await client.hear('250...')
    await client.hear('250 *')
    client.socket.pause()
    const lines = Buffer.from('RCPT TO:<a@b.example>\r\n'.repeat(20_000))
    for (let round = 0; round < 60; round++) client.socket.write(lines)
    // Until nothing moves any more: the gate reads no further, the rest stays with the client.
    for (let still = 0, last = -1; still < 50; still = client.socket.writableLength === last ? still + 1 : 0) {
      last = client.socket.writableLength
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(client.socket.writableLength).toBeGreaterThan(5_000_000)
    test.clock.advance(301_000)
    test.tick()
    const { transcript, session } = await test.recorded(1)
    expect(session.disposition).toBe('rejected')
    expect(transcript).toHaveLength(401)
  })

  test('that pipelines a flood while an answer is awaited is not read on', async () => {
    const test = await gate({ dns: 'silent' })
    const client = await connect(test)
    await client.hear('220 *')
    client.say('EHLO mail.good.example', 'MAIL FROM:<>', 'RCPT TO:<joe@shop.example>')
    await client.hear('250...')
    await client.hear('250 2.1.0 *')
    const flood = Buffer.alloc(1_000_000, 'NOOP\r\n')
    let sent = 0
    const before = process.memoryUsage().rss
    while (sent < 64 && client.socket.writableLength < 20_000_000) {
      client.socket.write(flood)
      sent += 1
      await new Promise((resolve) => setImmediate(resolve))
    }
    // The kernel's buffers are full and the rest stays with the client.
    expect(client.socket.writableLength).toBeGreaterThan(5_000_000)
    expect(process.memoryUsage().rss - before).toBeLessThan(150_000_000)
  })
})

describe('back-pressure', () => {
  test('a backend that takes no more stops the reading; nothing is lost', async () => {
    const backend = scriptedBackend([], ALL_CAPABILITIES)
    const taken: Buffer[] = []
    let let_go = () => undefined as unknown
    const real = backend.connect.bind(backend)
    backend.connect = async (identity) => {
      const connection = await real(identity)
      if (connection.kind === 'failed') return connection
      const { session } = connection
      return {
        kind: 'open',
        session: {
          ...session,
          write(wire) {
            taken.push(Buffer.from(wire))
            return false
          },
          drained: () => new Promise<void>((resolve) => { let_go = () => { resolve() } }),
        },
      }
    }
    const test = await gate({ backend, settings: { limits: { messageBytes: 20_000_000 } } })
    const client = await connect(test)
    await client.hear('220 *')
    client.say('EHLO mail.good.example', 'MAIL FROM:<>', 'RCPT TO:<joe@shop.example>', 'DATA')
    for (const expected of ['250...', '250 *', '250 *', '354 *']) await client.hear(expected)
    const line = `${'x'.repeat(998)}\r\n`
    client.socket.write(line.repeat(9000))
    client.say('.')
    while (taken.length < 2) {
      await new Promise((resolve) => setImmediate(resolve))
      let_go()
    }
    expect(Buffer.concat(taken).length).toBeLessThan(1_000_000)
    const timer = setInterval(() => { let_go() }, 0)
    open.push(() => { clearInterval(timer) })
    await client.hear('250 2.0.0 *')
    expect(Buffer.concat(taken).toString('latin1').endsWith(line.repeat(9000))).toBe(true)
  })
})

describe('trouble', () => {
  test('an exception ends that session with 421, and the gate goes on', async () => {
    const test = await gate()
    const whole = test.gather.begin.bind(test.gather)
    let calls = 0
    test.gather.begin = (client, options) => {
      const gathering = whole(client, options)
      return calls++ > 0 ? gathering : { ...gathering, ehloSide: () => { throw new Error('boom') } }
    }
    const client = await connect(test)
    await client.hear('220 *')
    client.say('EHLO mail.good.example')
    await client.hear('421 4.3.0 *')
    await client.closed()
    expect(test.troubles).toEqual([new Error('boom')])
    await test.recorded(1)
    await (await connect(test)).hear('220 *')
  })

  test('the same for one that comes later', async () => {
    const test = await gate()
    const whole = test.gather.begin.bind(test.gather)
    test.gather.begin = (client, options) => ({ ...whole(client, options), ehloSide: () => Promise.reject(new Error('boom')) })
    const client = await connect(test)
    await client.hear('220 *')
    client.say('EHLO mail.good.example', 'MAIL FROM:<>', 'RCPT TO:<joe@shop.example>')
    for (const expected of ['250...', '250 *', '421 4.3.0 *']) await client.hear(expected)
    await client.closed()
    expect(test.troubles).toEqual([new Error('boom')])
  })
})

describe('grace', () => {
  test('450 until graceDays after the network’s first would-be refusal, then 550', async () => {
    const test = await gate({ dns: 'no-ptr', settings: { policy: { mode: 'grace', graceDays: 3 } } })
    const attempt = async () => {
      const client = await connect(test)
      await client.hear('220 *')
      client.say('EHLO mail.good.example', 'MAIL FROM:<>', 'RCPT TO:<joe@shop.example>', 'QUIT')
      await client.hear('250...')
      await client.hear('250 *')
      return (await client.line()).slice(0, 10)
    }
    expect(await attempt()).toBe('450 4.7.25')
    expect([...test.grace]).toEqual([['127.0.0.0/24', test.clock.now()]])
    test.clock.advance(3 * 86_400_000 - 1)
    expect(await attempt()).toBe('450 4.7.25')
    test.clock.advance(1)
    expect(await attempt()).toBe('550 5.7.25')
  })
})

describe('the record', () => {
  test('waits for evidence that is still on its way', async () => {
    const test = await gate()
    const whole = test.gather.begin.bind(test.gather)
    let arrive = () => undefined as unknown
    test.gather.begin = (client, options) => {
      const gathering = whole(client, options)
      return { ...gathering, ehloSide: (name) => new Promise((resolve) => { arrive = () => { resolve(gathering.ehloSide(name)) } }) }
    }
    const client = await connect(test)
    await client.hear('220 *')
    client.say('EHLO mail.good.example', 'MAIL FROM:<>', 'RCPT TO:<joe@elsewhere.example>', 'QUIT')
    for (const expected of ['250...', '250 *', '550 5.7.1 *', '221 *']) await client.hear(expected)
    expect(test.entries).toEqual([])
    arrive()
    const { session, evidence, transcript } = await test.recorded(1)
    expect(session).toMatchObject({ disposition: 'rejected', verdict: 'accept', iprev: 'pass' })
    expect(evidence.length).toBeGreaterThan(0)
    expect(transcript.map(({ who, text }) => `${who}: ${text}`)).toEqual([
      'note: Connection from [127.0.0.1]',
      'gate: 220 mx.shop.example ESMTP Porch',
      'client: EHLO mail.good.example',
      ...['250-mx.shop.example', '250-PIPELINING', '250-SIZE 10000000', '250-ENHANCEDSTATUSCODES', '250-8BITMIME', '250-SMTPUTF8', '250 DSN'].map((line) => `gate: ${line}`),
      'client: MAIL FROM:<>', 'gate: 250 2.1.0 Sender noted',
      'client: RCPT TO:<joe@elsewhere.example>', 'gate: 550 5.7.1 No mail for that address is taken here',
      'client: QUIT', 'gate: 221 2.0.0 Goodbye',
      'note: accept: nothing found',
    ])
  })

  test('open sessions can be seen', async () => {
    const test = await gate()
    const client = await connect(test)
    await client.hear('220 *')
    client.say('EHLO mail.good.example', 'MAIL FROM:<a@sender.example>')
    for (const expected of ['250...', '250 *']) await client.hear(expected)
    expect(test.gate.openSessions(10)).toMatchObject([{ id: 'id1', client: '127.0.0.1', sender: 'a@sender.example', disposition: 'aborted' }])
  })
})

test('stop ends what does not finish in time', async () => {
  const test = await startGate({ certificate: noCertificate })
  const client = await connect(test)
  await client.hear('220 *')
  client.say('EHLO mail.good.example', 'MAIL FROM:<>', 'RCPT TO:<joe@shop.example>', 'DATA')
  for (const expected of ['250...', '250 *', '250 *', '354 *']) await client.hear(expected)
  const stopped = test.gate.stop(20)
  await client.hear('421 4.3.2 *')
  client.socket.end()
  await stopped
  expect(test.entries).toHaveLength(1)
  expect(test.backend.messages).toEqual([])
})
