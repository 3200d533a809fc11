/** PROXY v1 and v2 through the real listener (CONTRACT, proxyProtocolFrom). */
import { describe, expect, test } from 'vitest'
import { connect, gate } from './opened.ts'

const V1 = (client: string) => `PROXY TCP4 ${client} 192.0.2.25 40000 25\r\n`

describe('PROXY', () => {
  const proxied = { settings: { proxyProtocolFrom: ['127.0.0.0/8'] } }
  const v2 = Buffer.from('\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c\xcb\0\x71\x05\xc0\0\x02\x19\x9c\x40\0\x19', 'latin1')

  test.each([['whole', false], ['octet by octet', true]])('v1 %s: bans, limits and the record see the carried address', async (_how, torn) => {
    const test = await gate(proxied)
    const client = await connect(test)
    await client.write(Buffer.from(V1('203.0.113.5')), torn ? 'octets' : 'whole')
    await client.hear('220 *')
    client.say('QUIT')
    await client.hear('221 *')
    expect((await test.recorded(1)).session).toMatchObject({ client: '203.0.113.5', port: 40000 })
    expect(test.gather.begun).toEqual(['203.0.113.5'])
  })

  test('v2', async () => {
    const test = await gate(proxied)
    const client = await connect(test)
    await client.write(v2)
    await client.hear('220 *')
    client.say('QUIT')
    await client.hear('221 *')
    expect((await test.recorded(1)).session).toMatchObject({ client: '203.0.113.5', port: 40000 })
  })

  test.each([['LOCAL', Buffer.from('\r\n\r\n\0\r\nQUIT\n\x20\0\0\0', 'latin1')], ['UNKNOWN', Buffer.from('PROXY UNKNOWN\r\n')]])('%s is the peer itself', async (_name, header) => {
    const test = await gate(proxied)
    const client = await connect(test)
    await client.write(header)
    await client.hear('220 *')
    client.say('QUIT')
    await client.hear('221 *')
    expect((await test.recorded(1)).session.client).toBe('127.0.0.1')
  })

  test('a banned carried address', async () => {
    const test = await gate(proxied)
    test.rules.put('ban', '203.0.113.0/24')
    const client = await connect(test)
    await client.write(v2)
    await client.hear('554 5.7.1 [203.0.113.5] *')
  })

  test('what comes with the header is early', async () => {
    const test = await gate(proxied)
    const client = await connect(test)
    await client.write(Buffer.from(`${V1('203.0.113.5')}EHLO x\r\n`))
    await client.hear('554 5.5.0 *')
    expect((await test.recorded(1)).session).toMatchObject({ client: '203.0.113.5', disposition: 'rejected' })
  })

  test.each([['garbage', 'EHLO mail.good.example\r\n'], ['a malformed one', 'PROXY TCP4 1 2 3 4\r\n']])('%s: closed silently', async (_name, octets) => {
    const test = await gate(proxied)
    const client = await connect(test)
    await client.write(Buffer.from(octets))
    await client.closed()
    expect(test.entries).toEqual([])
  })

  test.each([['missing', ''], ['torn', 'PROXY TCP4 203.']])('%s after 5 s: closed silently', async (_name, octets) => {
    const test = await gate(proxied)
    const client = await connect(test)
    if (octets !== '') await client.write(Buffer.from(octets))
    // Somebody else gets through meanwhile, so the first one has surely been seen.
    const other = await connect(test)
    await other.write(v2)
    await other.hear('220 *')
    test.clock.advance(5000)
    test.tick()
    await client.closed()
    expect(test.entries).toEqual([])
  })

  test('a second listener in the same process, with PROXY and its own DNS', async () => {
    const main = await gate()
    const samples = await gate({ dns: 'no-ptr', deps: { overrides: { listen: ['127.0.0.1:0'], proxyProtocolFrom: ['127.0.0.0/8'] } } })
    await (await connect(main)).hear('220 *')
    const sample = await connect(samples)
    await sample.write(Buffer.from(V1('216.33.111.150')))
    await sample.hear('220 *')
    expect([main.gather.begun, samples.gather.begun]).toEqual([['127.0.0.1'], ['216.33.111.150']])
  })
})
