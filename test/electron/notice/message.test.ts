/** The bytes of a notice: exactly our headers, one text part, and nothing from outside that could change either. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { composeMessage } from '../../../electron/notice/message.ts'
import type { NoticeMessage } from '../../../electron/notice/message.ts'
import { readTagged, taggedAddress } from '../../../shared/notice/tag.ts'

const TAG = '0123456789abcdef0123'
const PLAIN: NoticeMessage = { tag: TAG, answers: 'tagged', from: 'postmaster@shop.example', fromName: 'Shop', to: 'noc@isp.example', subject: 'Mail from 192.0.2.1 is refused', body: 'Hello,\n\n.a dot\n-- \nShop', date: Date.UTC(2026, 10, 23, 15) }
const HEADERS = ['auto-submitted', 'content-transfer-encoding', 'content-type', 'date', 'from', 'message-id', 'mime-version', 'reply-to', 'subject', 'to', 'x-auto-response-suppress']

function split(raw: Buffer) {
  const text = raw.toString('latin1')
  const end = text.indexOf('\r\n\r\n')
  const fields = text.slice(0, end).replace(/\r\n[ \t]+/g, ' ').split('\r\n').map((line): [string, string] => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()])
  return { names: fields.map(([name]) => name).sort(), headers: new Map(fields), body: text.slice(end + 4) }
}
const decoded = ({ headers, body }: ReturnType<typeof split>) =>
  headers.get('content-transfer-encoding') === 'quoted-printable'
    ? Buffer.from(body.replace(/=\r\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))), 'latin1').toString('utf8')
    : body

test('a plain notice, to the octet', async () => {
  expect((await composeMessage(PLAIN)).toString('latin1').split('\r\n').sort()).toEqual([
    'Auto-Submitted: auto-generated', 'X-Auto-Response-Suppress: All', 'From: Shop <postmaster@shop.example>', 'To: noc@isp.example', `Reply-To: Shop <porch-answer+${TAG}@shop.example>`,
    'Subject: Mail from 192.0.2.1 is refused', `Message-ID: <porch.${TAG}@shop.example>`, 'Date: Mon, 23 Nov 2026 15:00:00 +0000', 'Content-Transfer-Encoding: 7bit', 'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8', '', 'Hello,', '', '.a dot', '-- ', 'Shop', '',
  ].sort())
})

test('what was previewed is what is sent', async () => {
  expect(await composeMessage(PLAIN)).toEqual(await composeMessage(PLAIN))
})

test('long lines and other letters survive', async () => {
  const body = `Grüße\n${'x'.repeat(300)}\n150.111.33.216.in-addr.arpa. IN PTR ${'long.'.repeat(20)}example.`
  const parts = split(await composeMessage({ ...PLAIN, body }))
  expect(decoded(parts)).toBe(`${body.replaceAll('\n', '\r\n')}\r\n`)
  for (const line of parts.body.split('\r\n')) expect(line.length).toBeLessThanOrEqual(78)
})

test('a long line of ASCII is not encoded: records can be copied out of the raw mail', async () => {
  const record = `${'0.'.repeat(32)}ip6.arpa. IN PTR mail.acme.example.   ; SIZE=1 =3D`
  const parts = split(await composeMessage({ ...PLAIN, body: `a\n${record}` }))
  expect([parts.headers.get('content-transfer-encoding'), parts.body]).toEqual(['7bit', `a\r\n${record}\r\n`])
  expect(split(await composeMessage({ ...PLAIN, body: 'x'.repeat(991) })).headers.get('content-transfer-encoding')).toBe('quoted-printable')
})

test.each(['', 'noc', 'a@b@c', 'noc@isp.example\r\nBcc: x@y.example', 'noc@isp.example, x@y.example', '<noc@isp.example>', 'Noc <noc@isp.example>'])('no notice to %j', async (to) => {
  await expect(composeMessage({ ...PLAIN, to })).rejects.toThrow(/can be written to/)
})

test('hostile values change neither headers nor structure', async () => {
  const hostile = fc.oneof(fc.string({ unit: 'binary', maxLength: 60 }), fc.constantFrom('\r\nBcc: x@y.example', '\r\n\r\n<html>', '--boundary\r\nContent-Type: text/html', '\u0000', '\u202e', 'a'.repeat(2000), '=?utf-8?q?=0d=0aBcc:_x?=', '"<x@y.example>, <z@y.example>'))
  await fc.assert(fc.asyncProperty(hostile, hostile, hostile, async (fromName, subject, line) => {
    const body = `first\n${line.replace(/[\r\n]/g, '')}\nlast`
    const raw = await composeMessage({ ...PLAIN, fromName, subject, body })
    const parts = split(raw)
    expect(parts.names).toEqual(HEADERS)
    expect(parts.headers.get('to')).toBe('noc@isp.example')
    expect(parts.headers.get('from')).toMatch(/<?postmaster@shop\.example>?$/)
    expect(parts.headers.get('content-type')).toBe('text/plain; charset=utf-8')
    expect(decoded(parts).split('\r\n').length).toBe(4)
    expect(raw.toString('latin1')).not.toMatch(/[^\r]\n|\r[^\n]/)
  }), { numRuns: 300 })
})

describe('tagged addresses', () => {
  test.each(['bounce', 'answer'] as const)('%s', (kind) => {
    expect(readTagged(taggedAddress(kind, TAG, 'shop.example'))).toEqual({ kind, tag: TAG, domain: 'shop.example' })
    expect(readTagged(taggedAddress(kind, TAG, 'Shop.Example').toUpperCase())).toEqual({ kind, tag: TAG, domain: 'shop.example' })
  })

  test.each(['postmaster@shop.example', `porch-bounce+${TAG}`, `porch-bounce+${TAG}x@shop.example`, 'porch-bounce+@shop.example', `x porch-bounce+${TAG}@shop.example`, `porch-bounce+${TAG}%a@shop.example`])('%j is none', (address) => {
    expect(readTagged(address)).toBeNull()
  })
})
