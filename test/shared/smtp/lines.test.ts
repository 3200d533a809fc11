import { describe, expect, test } from 'vitest'
import { LineReader, MAX_DISCARDED, MAX_LINE } from '../../../shared/smtp/lines.ts'
import { textOctets } from '../../../shared/smtp/octets.ts'

/** All events of the input, cut into chunks of `size` octets. */
function eventsOf(input: string, size: number): string[] {
  const octets = textOctets(input)
  const reader = new LineReader()
  const events: string[] = []
  for (let start = 0; start < octets.length; start += size) {
    const chunk = octets.subarray(start, start + size)
    for (let at = 0; at < chunk.length; at = reader.next) {
      const event = reader.read(chunk, at)
      if (event.kind === 'more') break
      events.push(event.kind === 'line' ? `line ${event.text}` : event.kind === 'fault' ? event.fault : event.kind)
      if (event.kind === 'fault' || event.kind === 'endless') return events
    }
  }
  return events
}

const cases: readonly (readonly [string, string, readonly string[]])[] = [
  ['two lines', 'NOOP\r\nQUIT\r\n', ['line NOOP', 'line QUIT']],
  ['an empty line', '\r\n', ['line ']],
  ['an unfinished line', 'NOOP\r\nQUI', ['line NOOP']],
  ['a bare LF', 'NOOP\r\nQUIT\n', ['line NOOP', 'bare-lf']],
  ['a bare CR', 'NO\rOP\r\n', ['bare-cr']],
  ['two CRs', 'NOOP\r\r\n', ['bare-cr']],
  ['NUL', 'NO\0OP\r\n', ['nul']],
  ['octets above 127', 'EHLO \xff\r\n', ['line EHLO \xff']],
  ['the longest line', `${'x'.repeat(MAX_LINE - 2)}\r\nNOOP\r\n`, [`line ${'x'.repeat(MAX_LINE - 2)}`, 'line NOOP']],
  ['one octet more', `${'x'.repeat(MAX_LINE - 1)}\r\nNOOP\r\n`, ['too-long', 'line NOOP']],
  ['much more', `${'x'.repeat(20_000)}\r\nNOOP\r\n`, ['too-long', 'line NOOP']],
  ['a fault in a line that is too long', `${'x'.repeat(20_000)}\n`, ['bare-lf']],
  ['a line without end', 'x'.repeat(MAX_DISCARDED + 1), ['endless']],
]

describe.each(cases)('%s', (_name, input, expected) => {
  test.each([1, 2, 3, 7, 1000, 1_000_000])('in chunks of %i', (size) => {
    expect(eventsOf(input, size)).toEqual(expected)
  })
})
