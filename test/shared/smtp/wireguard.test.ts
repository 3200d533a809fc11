import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createWireGuard } from '../../../shared/smtp/wireguard.ts'

const octets = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0))

function position(...chunks: string[]) {
  const guard = createWireGuard()
  for (const chunk of chunks) guard.push(octets(chunk))
  return guard.position()
}

describe('the last look at message data', () => {
  const table: readonly (readonly [string, string])[] = [
    ['', 'line-start'],
    ['a\r\n', 'line-start'],
    ['a', 'mid-line'],
    ['..\r\n', 'line-start'],
    ['.a\r\n', 'line-start'],
    ['a\r\n.', 'after-dot'],
    ['a\r', 'after-cr'],
    ['.\r\n', 'broken'],
    ['a\r\n.\r\n', 'broken'],
    ['a\n', 'broken'],
    ['a\rb', 'broken'],
    ['a\r\r\n', 'broken'],
    ['a\n.\n', 'broken'],
    ['a\r\n.\n', 'broken'],
    ['a\0', 'broken'],
    ['\n', 'broken'],
  ]
  it.each(table)('%j', (wire, expected) => {
    expect(position(wire)).toBe(expected)
    expect(position(...wire)).toBe(expected)
  })

  it('agrees with the definition at any cut', () => {
    const pieces = fc.array(fc.constantFrom('\r\n', '\r', '\n', '.', 'a', '\0'), { maxLength: 12 })
    fc.assert(fc.property(fc.array(pieces, { maxLength: 4 }), (parts) => {
      const chunks = parts.map((part) => part.join(''))
      const wire = chunks.join('')
      const bad = /\0|\r(?!\n|$)|(?<!\r)\n|(?:^|\r\n)\.\r/.test(wire)
      expect(position(...chunks) === 'broken').toBe(bad)
    }), { numRuns: 3000 })
  })
})
