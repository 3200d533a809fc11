/** Registry answers and bootstrap files, also hostile ones; and which addresses are contacts at all. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { contains, ofBytes, parseAddress } from '../../../shared/net/ip.ts'
import { networksOfRange } from '../../../shared/net/range.ts'
import { readBootstrap, servicesForAddress, servicesForName } from '../../../shared/notice/bootstrap.ts'
import { placeholderReason, readContact, readMailAddress } from '../../../shared/notice/mailaddress.ts'
import { readDomain, readNetwork } from '../../../shared/notice/registry.ts'
import { APNIC, ARIN, card, RIPE } from '../../fakes/rdapserver.ts'

const at = (text: string) => parseAddress(text)!

describe('which addresses are contacts', () => {
  test.each([
    ['abuse@isp.example', 'abuse@isp.example'], [' MAILTO:NOC@Isp.Example. ', 'NOC@isp.example'], ["o'brien+dns@a-b.co.uk", "o'brien+dns@a-b.co.uk"],
    ['', null], ['abuse', null], ['not available', null], ['abuse@', null], ['@isp.example', null], ['a b@isp.example', null], ['abuse@isp', null], ['hostmaster@example', null], ['hostmaster@example.com', null],
    ['abuse@[192.0.2.1]', null], ['abuse@192.0.2.1', null], ['a@b@isp.example', null], ['"a b"@isp.example', null], ['a..b@isp.example', null], ['x@isp.example\r\nBcc: y@isp.example', null], ['jürgen@isp.example', null],
    ['abuse@ïsp.example', null], ['no-reply@isp.example', null], ['noreply+x@isp.example', null], ['do_not_reply@isp.example', null], ['nobody@isp.example', null], ['devnull@isp.example', null], ['no-email@apnic.net', null],
    ['bitbucket@ripe.net', null], ['abuse@iana.org', null], ['root@localhost', null], ['root@mail.local', null], ['a@b.invalid', null], ['unread@isp.example', null], ['a@co.uk', null], [`${'a'.repeat(65)}@isp.example`, null],
    ['notify@isp.example', 'notify@isp.example'], ['north@isp.example', 'north@isp.example'], ['nullsoft@isp.example', 'nullsoft@isp.example'],
  ])('%j → %j', (text, expected) => {
    expect(readContact(text)).toBe(expected)
  })

  test('a reason is told for what is typed', () => {
    expect(readMailAddress('noreply@isp.example')).toBe('noreply@isp.example')
    expect(placeholderReason('noreply@isp.example')).toBe('says itself that nobody reads it')
    expect(placeholderReason('me@isp.example')).toBeNull()
  })
})

describe('answers of registries', () => {
  test('contacts that did not answer come last, with the registry’s remark', () => {
    const read = readNetwork(ARIN, at('198.51.100.1'))
    expect(read.ok && read.value.contacts.map(({ address, note }) => [address, note === null])).toEqual([['abuse@colo.example', true], ['ann@colo.example', true], ['noc@colo.example', false]])
  })

  test('an address that the registry calls invalid is dropped', () => {
    const read = readNetwork(APNIC, at('203.0.113.1'))
    expect(read.ok && read.value.contacts.map(({ address }) => address)).toEqual(['irt@ap.example', 'admin@ap.example'])
  })

  test('hostile text stays text of one line', () => {
    const hostile = { ...RIPE, name: 'A\r\nBcc: x@y.example\u202e', handle: 7, entities: [{ roles: ['abuse'], vcardArray: card('N\nA', 'a@b.example\r\nBcc: c@d.example') }] }
    const read = readNetwork(hostile, at('192.0.2.1'))
    expect(read).toMatchObject({ ok: true, value: { name: 'A\\x0d\\x0aBcc: x@y.example\\u{202e}', handle: null } })
    expect(read.ok && read.value.contacts.map(({ address }) => address)).toEqual(['a@b.example', 'c@d.example'])
  })

  test('depth and number are bounded', () => {
    let nested: unknown = { roles: ['abuse'], vcardArray: card('deep', 'deep@isp.example') }
    for (let n = 0; n < 5000; n += 1) nested = { roles: ['registrant'], entities: [nested] }
    const many = Array.from({ length: 5000 }, (_, n) => ({ roles: ['abuse'], vcardArray: card('x', `a${n}@isp.example`) }))
    expect(readNetwork({ ...RIPE, entities: [nested] }, at('192.0.2.1'))).toMatchObject({ ok: true, value: { contacts: [] } })
    const read = readNetwork({ ...RIPE, entities: many }, at('192.0.2.1'))
    expect(read.ok && read.value.contacts.length).toBe(20)
  })

  test('whatever JSON comes, nothing is thrown', () => {
    const keys = fc.constantFrom('entities', 'roles', 'vcardArray', 'cidr0_cidrs', 'startAddress', 'endAddress', 'name', 'remarks', 'description', 'ldhName', 'status')
    const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof({ maxDepth: 5 }, fc.anything(), fc.constantFrom('abuse', 'vcard', '192.0.2.0', '192.0.2.255', 'a@b.example'), fc.array(tie('tree'), { maxLength: 4 }), fc.dictionary(keys, tie('tree'))),
    }))
    fc.assert(fc.property(tree, (value) => {
      readNetwork(value, at('192.0.2.1'))
      readDomain(value, 'acme.example')
      readBootstrap(value)
    }), { numRuns: 3000 })
  })
})

describe('ranges', () => {
  test.each([
    ['192.0.2.0', '192.0.2.255', ['192.0.2.0/24']], ['192.0.2.1', '192.0.2.6', ['192.0.2.1', '192.0.2.2/31', '192.0.2.4/31', '192.0.2.6']],
    ['0.0.0.0', '255.255.255.255', ['0.0.0.0/0']], ['2001:db8::', '2001:db8::ffff:ffff', ['2001:db8::/96']], ['192.0.2.2', '192.0.2.1', []], ['192.0.2.1', '2001:db8::1', []],
  ])('%s – %s', (first, last, expected) => {
    expect(networksOfRange(at(first), at(last)).map(({ text }) => text)).toEqual(expected)
  })

  test('hold exactly the range', () => {
    const octets = fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 4, maxLength: 4 })
    const value = (bytes: readonly number[]) => bytes.reduce((sum, octet) => sum * 256 + octet, 0)
    fc.assert(fc.property(octets, octets, octets, (one, two, probe) => {
      const [first, last] = value(one) <= value(two) ? [one, two] : [two, one]
      const inside = value(first) <= value(probe) && value(probe) <= value(last)
      expect(networksOfRange(ofBytes(first), ofBytes(last)).filter((network) => contains(network, ofBytes(probe))).length).toBe(inside ? 1 : 0)
    }))
  })
})

describe('bootstrap', () => {
  const services = readBootstrap({ services: [
    [['198.0.0.0/8'], ['http://wide.example/', 'https://wide.example/']], [['198.51.100.0/24'], ['https://narrow.example/']], [['broken', '2001:db8::/32'], ['https://six.example/']], [['co.uk', 'UK'], ['https://uk.example/']],
    [['x']], 'nonsense', [['y'], ['ftp://y/']],
  ] })!

  test.each([['198.51.100.1', ['https://narrow.example/']], ['198.1.1.1', ['https://wide.example/', 'http://wide.example/']], ['2001:db8::1', ['https://six.example/']], ['9.9.9.9', []]])('%s', (address, urls) => {
    expect(servicesForAddress(services, at(address))).toEqual(urls)
  })

  test.each([['acme.co.uk', ['https://uk.example/']], ['acme.uk', ['https://uk.example/']], ['acme.com', []], ['y', []]])('%s', (name, urls) => {
    expect(servicesForName(services, name)).toEqual(urls)
  })

  test('nothing usable is no file', () => {
    for (const value of [null, 1, {}, { services: [] }, { services: [[['x'], ['ftp://y/']]] }]) expect(readBootstrap(value)).toBeNull()
  })
})
