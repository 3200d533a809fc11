import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { asciiText, visibleText } from '../../../shared/net/safetext.ts'

describe('visibleText keeps letters and shows what would be hidden', () => {
  test.each([
    ['plain text', 'www.acme.example <a@b>', 'www.acme.example <a@b>'],
    ['a line end', 'one\r\n250 two', 'one\\x0d\\x0a250 two'],
    ['an escape sequence', '\x1b[2J', '\\x1b[2J'],
    ['NUL, tab, DEL and C1', '\0\t\x7f\x85\x9b', '\\x00\\x09\\x7f\\x85\\x9b'],
    ['bidi overrides and isolates', 'a\u202eb\u2066c\u2069d\u200e', 'a\\u{202e}b\\u{2066}c\\u{2069}d\\u{200e}'],
    ['zero width', 'a\u200bb\u200dc\u2060d\ufeffe\u00adf', 'a\\u{200b}b\\u{200d}c\\u{2060}d\\u{feff}e\\xadf'],
    ['line and paragraph separators', 'a\u2028b\u2029c', 'a\\u{2028}b\\u{2029}c'],
    ['odd spaces', 'a\u00a0b\u3000c', 'a\\xa0b\\u{3000}c'],
    ['letters that are drawn as nothing', 'a\u3164b\u115fc\ufe0fd', 'a\\u{3164}b\\u{115f}c\\u{fe0f}d'],
    ['tag characters', 'a\u{e0041}b', 'a\\u{e0041}b'],
    ['a lone surrogate', 'a\ud800b', 'a\\u{d800}b'],
    ['private use', '\ue000', '\\u{e000}'],
    ['letters of any script', 'Müller, Ελλάδα, 日本, क्षि', 'Müller, Ελλάδα, 日本, क्षि'],
    ['stacked marks', `a${'\u0301'.repeat(30)}b`, `a${'\u0301'.repeat(3)}b`],
  ])('%s', (_, text, shown) => {
    expect(visibleText(text)).toBe(shown)
  })
})

describe('asciiText lets no look-alike pass', () => {
  test.each([
    ['Latin-1', 'm\xfcller', 'm\\xfcller'],
    ['Cyrillic', 'm\u0430il', 'm\\u{430}il'],
    ['beyond the basic plane', '\u{1f600}', '\\u{1f600}'],
    ['controls', '\r\n\t', '\\x0d\\x0a\\x09'],
  ])('%s', (_, text, shown) => {
    expect(asciiText(text)).toBe(shown)
  })
})

test('a cut is marked, and tears no pair', () => {
  expect(visibleText('abcdefghij', 8)).toBe('abcde...')
  expect(visibleText('abcdefgh', 8)).toBe('abcdefgh')
  expect(visibleText('abcd\u{1f600}efgh', 8)).toBe('abcd...')
})

test('whatever comes in, one line of harmless characters comes out', () => {
  const anything = fc.string({ unit: 'binary', maxLength: 60 })
  fc.assert(fc.property(anything, (text) => {
    expect(asciiText(text)).toMatch(/^[\x20-\x7e]*$/)
    expect(visibleText(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u)
  }), { numRuns: 500, seed: 1 })
})
