/**
 * Random octets in each of the five states, at arbitrary chunk boundaries: no throw, no hang, replies that are replies,
 * nothing unclean towards the backend, and chunking never changes the outcome. FUZZ_RUNS sets the number of runs.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ProxyReader } from '../../shared/smtp/proxyheader.ts'
import { octetText, textOctets } from '../../shared/smtp/octets.ts'
import { STATES, talk } from './talk.ts'

const RUNS = Number(process.env.FUZZ_RUNS ?? 400)
const SEED = Number(process.env.FUZZ_SEED ?? 20021008)

const words = [
  '\r\n', '\r\n', '\r\n', '\r', '\n', '\0', '.', '\r\n.\r\n', '\n.\n', '\r.\r', '\r\n.\n', '..', ' ', '<', '>', ':', '@', '"', '\\', '%', '!', '=', ',', ';',
  'EHLO a.example\r\n', 'HELO x y\r\n', 'EHLO', 'MAIL FROM:<a@b.example>\r\n', 'MAIL FROM:', 'RCPT TO:<joe@shop.example>\r\n', 'RCPT TO:', 'DATA\r\n', 'RSET\r\n',
  'NOOP\r\n', 'QUIT\r\n', 'VRFY joe\r\n', 'STARTTLS\r\n', 'BDAT 3 LAST\r\n', 'GET / HTTP/1.1\r\n', 'PROXY TCP4 1.2.3.4 1.2.3.4 1 2\r\n', ' SIZE=10', ' SIZE=99999',
  ' BODY=8BITMIME', ' SMTPUTF8', ' NOTIFY=NEVER', ' ORCPT=rfc822;x', '<a@b.example>', '<joe@shop.example>', '<"a@b"@shop.example>', '<@r.example:joe@shop.example>',
  '<j\xc3\xbc@shop.example>', 'x'.repeat(600), 'x'.repeat(3000), 'Subject: x\r\n',
]
const input = fc.array(
  fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...words) }, { weight: 1, arbitrary: fc.uint8Array({ maxLength: 20 }).map((octets) => octetText(octets, 0, octets.length)) }),
  { maxLength: 30 },
).map((parts) => parts.join(''))
const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 10 })

/** Cuts in turn into pieces of these sizes. */
function cut(octets: Uint8Array, pieces: readonly number[]): Uint8Array[] {
  const chunks: Uint8Array[] = []
  for (let at = 0, turn = 0; at < octets.length; turn++) {
    const size = pieces[turn % pieces.length] ?? 1
    chunks.push(octets.subarray(at, at + size))
    at += size
  }
  return chunks
}

describe.each(Object.entries(STATES))('%s', (_state, prefix) => {
  test(`${RUNS} inputs`, () => {
    fc.assert(fc.property(input, sizes, (text, pieces) => {
      const octets = textOctets(text)
      const whole = talk(prefix, [octets])
      expect(talk(prefix, cut(octets, pieces))).toEqual(whole)
      for (const reply of whole.replies) if (!/^[2-5]\d\d[ -][\x20-\x7e]{1,506}$/.test(reply)) throw new Error(`no reply: ${reply}`)
      for (const asked of whole.asked) if (/[\0\r\n\x7f]|[\x01-\x1f]/.test(asked)) throw new Error(`unclean: ${asked}`)
      for (const message of whole.messages) {
        if (/\0|\r(?!\n)|(?<!\r)\n/.test(message) || message.includes('\r\n.\r\n') || message.startsWith('.\r\n') || !/^$|\r\n$/.test(message)) throw new Error('unclean message')
      }
    }), { numRuns: RUNS, seed: SEED })
  }, 3_600_000)
})

test(`${RUNS} PROXY headers`, () => {
  const parts = ['PROXY ', 'TCP4 ', 'TCP6 ', 'UNKNOWN', '192.0.2.1 ', '2001:db8::1 ', '1 2', '\r\n', '\r\n\r\n\0\r\nQUIT\n', '\x21\x11\0\x0c', '\x20\0\0\0', '\xc0\0\x02\x01\xc0\0\x02\x02\x9c\x40\0\x19']
  const header = fc.array(fc.oneof(fc.constantFrom(...parts), fc.uint8Array({ maxLength: 8 }).map((octets) => octetText(octets, 0, octets.length))), { maxLength: 12 }).map((list) => list.join(''))
  const outcome = (chunks: readonly Uint8Array[]) => {
    const reader = new ProxyReader()
    let used = 0
    for (const chunk of chunks) {
      const event = reader.read(chunk)
      if (event.kind === 'bad') return 'bad'
      if (event.kind === 'done') return { ends: event.ends, length: used + event.next }
      used += chunk.length
    }
    return 'more'
  }
  fc.assert(fc.property(header, sizes, (text, pieces) => {
    const octets = textOctets(text)
    expect(outcome(cut(octets, pieces))).toEqual(outcome([octets]))
  }), { numRuns: RUNS, seed: SEED })
}, 3_600_000)
