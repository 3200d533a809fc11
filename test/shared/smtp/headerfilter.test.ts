import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createHeaderFilter } from '../../../shared/smtp/headerfilter.ts'

const octets = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0))
const text = (chunks: readonly Uint8Array[]) => Buffer.concat(chunks).toString('latin1')

function filtered(...chunks: string[]): string {
  const filter = createHeaderFilter('mx.shop.example')
  return text([...chunks.map((chunk) => filter.push(octets(chunk))), filter.end()])
}

const before = 'Received: from a\r\n\tby b\r\n'
const after = 'Subject: hello\r\n\r\nbody\r\n'

describe('a forged field of ours is taken out', () => {
  const forged = [
    'Authentication-Results: mx.shop.example; iprev=pass\r\n',
    'AUTHENTICATION-RESULTS:MX.Shop.Example;iprev=pass\r\n',
    'authentication-results : mx.shop.example; none\r\n',
    'Authentication-Results:\r\n mx.shop.example;\r\n\tiprev=pass\r\n',
    'Authentication-Results: (a (nested \\) one)) mx.shop.example 1; none\r\n',
    'Authentication-Results: "mx.shop.example"; none\r\n',
    'Authentication-Results: "mx\\.shop.example"; none\r\n',
    'Authentication-Results: mx.shop.example.; none\r\n',
    'Authentication-Results: mx(x).shop . example; none\r\n',
    'Authentication-Results: mx.shop.example\r\n',
    'Authentication-Results: mx.shop.example/1; none\r\n',
    // never closed: whoever reads it leniently may find us in it
    'Authentication-Results: (oh; mx.shop.example; iprev=pass\r\n',
    'Authentication-Results: "mx.shop.example; iprev=pass\r\n',
    'Authentication-Results\r\n : mx.shop.example; none\r\n',
    'Authentication-Results\x0b: mx.shop.example; none\r\n',
    // the dot is transparency: the receiver takes it away
    '.Authentication-Results: mx.shop.example; none\r\n',
    'Authentication-Results:\r\n. mx.shop.example; none\r\n',
    // longer than any real one
    `Authentication-Results: ${'(x)\r\n '.repeat(20_000)}mx.shop.example; none\r\n`,
    `Authentication-Results${' '.repeat(70_000)}: mx.shop.example; none\r\n`,
  ]
  it.each(forged)('%.90j', (field) => {
    expect(filtered(before + field + after)).toBe(before + after)
    expect(filtered(field + after)).toBe(after)
    expect(filtered(`${before}${field}\r\nbody\r\n`)).toBe(`${before}\r\nbody\r\n`)
    expect(filtered(field)).toBe('')
    expect(filtered(field + field + after)).toBe(after)
  })
})

describe('all else passes octet for octet', () => {
  const kept = [
    'Authentication-Results: mx.other.example; iprev=pass\r\n',
    'Authentication-Results: mx.shop.example.evil.example; none\r\n',
    'Authentication-Results: x; a=mx.shop.example\r\n',
    'Authentication-Results-Of: mx.shop.example; none\r\n',
    'X-Authentication-Results: mx.shop.example; none\r\n',
    'Authentication-Results mx.shop.example no colon\r\n',
    'Authentication-Result: mx.shop.example\r\n',
    '..dots\r\n',
    ':\r\n',
    'Subject: \xff\xfe\r\n\tfolded: Authentication-Results: mx.shop.example\r\n',
    `Long: ${'x'.repeat(100_000)}\r\n`,
  ]
  it.each(kept)('%.90j', (field) => {
    expect(filtered(before + field + after)).toBe(before + field + after)
  })

  it('the body, whatever it quotes', () => {
    const body = `${before}\r\nAuthentication-Results: mx.shop.example; none\r\n\r\n..\r\n`
    expect(filtered(body)).toBe(body)
    expect(filtered('\r\nAuthentication-Results: mx.shop.example\r\n')).toBe('\r\nAuthentication-Results: mx.shop.example\r\n')
    expect(filtered('')).toBe('')
  })

  it('the body is not copied', () => {
    const filter = createHeaderFilter('mx.shop.example')
    filter.push(octets(before))
    const chunk = octets(`${after}rest`)
    expect(filter.push(chunk).buffer).toBe(chunk.buffer)
    expect(filter.push(chunk)).toBe(chunk)
  })
})

it('a first line that begins with a blank cannot continue the gate’s own field', () => {
  expect(filtered(' smtp.mailfrom=pass\r\nSubject: x\r\n')).toBe('\r\n smtp.mailfrom=pass\r\nSubject: x\r\n')
  expect(filtered('.', '\tx\r\n')).toBe('\r\n.\tx\r\n')
})

it('how the input is cut never changes what comes out', () => {
  const piece = fc.constantFrom(
    'Authentication-Results', 'AUTHENTICATION-RESULTS: ', 'Auth', ':', ' ', '\t', '.', '\r\n', '\r\n ', '\r\n\r\n', 'mx.shop.example', ';', '(', ')', '"', '\\', 'Subject: x\r\n',
    'Authentication-Results: mx.shop.example; none\r\n', 'x'.repeat(40_000),
  )
  fc.assert(fc.property(fc.array(piece, { maxLength: 30 }), fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 60 }), (pieces, cuts) => {
    const wire = pieces.join('')
    const chunks: string[] = []
    let at = 0
    for (const cut of cuts) {
      chunks.push(wire.slice(at, at + cut))
      at += cut
    }
    chunks.push(wire.slice(at))
    expect(filtered(...chunks)).toBe(filtered(wire))
  }), { numRuns: 500 })
})
