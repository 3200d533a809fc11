import { describe, expect, test } from 'vitest'
import { DataReader, MAX_DATA_LINE } from '../../../shared/smtp/data.ts'
import { octetText, textOctets } from '../../../shared/smtp/octets.ts'

interface Outcome {
  readonly wire: string
  readonly event: string
  readonly octets: number
  readonly excess: string | null
  /** What was not read. */
  readonly rest: string
}

function read(input: string, size: number, limit = 10_000_000): Outcome {
  const octets = textOctets(input)
  const reader = new DataReader(limit)
  let wire = ''
  for (let start = 0; start < octets.length; start += size) {
    const chunk = octets.subarray(start, start + size)
    const event = reader.read(chunk, 0, (piece) => { wire += octetText(piece, 0, piece.length) })
    if (event !== 'more') {
      const rest = event === 'end' ? input.slice(start + reader.next) : ''
      return { wire: event === 'end' ? wire : '', event, octets: event === 'end' ? reader.octets : 0, excess: reader.excess, rest }
    }
  }
  return { wire, event: 'more', octets: reader.octets, excess: reader.excess, rest: '' }
}

const end = (wire: string, octets: number, rest = ''): Outcome => ({ wire, event: 'end', octets, excess: null, rest })
const fault = (event: string): Outcome => ({ wire: '', event, octets: 0, excess: null, rest: '' })

const cases: readonly (readonly [string, string, Outcome])[] = [
  ['an empty message', '.\r\n', end('', 0)],
  ['one line', 'a\r\n.\r\n', end('a\r\n', 3)],
  ['what follows the dot is left', 'a\r\n.\r\nMAIL', end('a\r\n', 3, 'MAIL')],
  ['stuffed dots pass as they are and do not count', '..\r\n...x\r\n.\r\n', end('..\r\n...x\r\n', 8)],
  ['a dot that is not stuffed', '.x\r\n.\r\n', end('.x\r\n', 3)],
  ['a dot within a line', 'a.\r\n.\r\n', end('a.\r\n', 4)],
  ['empty lines', '\r\n\r\n.\r\n', end('\r\n\r\n', 4)],
  ['no end yet', 'a\r\n.', { wire: 'a\r\n', event: 'more', octets: 3, excess: null, rest: '' }],
  // Every sequence that some server takes for the end of data, and none is (SEC Consult, 2023; Postfix, Exim and sendmail since).
  ['LF . LF', 'a\n.\nMAIL', fault('bare-lf')],
  ['LF . CRLF', 'a\n.\r\nMAIL', fault('bare-lf')],
  ['CRLF . LF', 'a\r\n.\nMAIL', fault('bare-lf')],
  ['CR . CR', 'a\r.\rMAIL', fault('bare-cr')],
  ['CR . CRLF', 'a\r.\r\nMAIL', fault('bare-cr')],
  ['CRLF . CR', 'a\r\n.\rMAIL', fault('bare-cr')],
  ['CR . LF', 'a\r.\nMAIL', fault('bare-cr')],
  ['LF . CR', 'a\n.\rMAIL', fault('bare-lf')],
  ['CR CRLF . CRLF', 'a\r\r\n.\r\nMAIL', fault('bare-cr')],
  ['CRLF . CR CRLF', 'a\r\n.\r\r\nMAIL', fault('bare-cr')],
  ['CRLF NUL . CRLF', 'a\r\n\0.\r\nMAIL', fault('nul')],
  ['CRLF . NUL CRLF', 'a\r\n.\0\r\nMAIL', fault('nul')],
  ['LF CR . CRLF', 'a\n\r.\r\n', fault('bare-lf')],
  ['NUL in a line', 'a\0b\r\n.\r\n', fault('nul')],
]

describe.each(cases)('%s', (_name, input, expected) => {
  test.each([1, 2, 3, 4, 5, 6, 7, 1000])('in chunks of %i', (size) => { expect(read(input, size)).toEqual(expected) })
})

test('nothing of a chunk with a fault is handed on', () => {
  const pieces: Uint8Array[] = []
  expect(new DataReader(1000).read(textOctets('good line\r\nbad\n'), 0, (piece) => pieces.push(piece))).toBe('bare-lf')
  expect(pieces).toEqual([])
})

const limits: readonly (readonly [string, string, number, string | null])[] = [
  ['at the size limit', 'abc\r\n.\r\n', 5, null],
  ['one octet over it', 'abcd\r\n.\r\n', 5, 'size'],
  ['stuffing does not count', '..b\r\n.\r\n', 4, null],
  ['the longest line', `${'x'.repeat(MAX_DATA_LINE)}\r\n.\r\n`, 10_000_000, null],
  ['one octet longer', `${'x'.repeat(MAX_DATA_LINE + 1)}\r\n.\r\n`, 10_000_000, 'line'],
  ['both, the line first', 'x'.repeat(MAX_DATA_LINE + 100), MAX_DATA_LINE + 50, 'line'],
  ['both, the size first', 'x'.repeat(MAX_DATA_LINE + 100), MAX_DATA_LINE - 50, 'size'],
]

describe.each(limits)('%s', (_name, input, limit, excess) => {
  test.each([1000, 1023, 65_536, 10_000_000])('in chunks of %i', (size) => { expect(read(input, size, limit).excess).toBe(excess) })
})
