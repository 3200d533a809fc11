import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { traceHeaders } from '../../../shared/smtp/trace.ts'
import type { TraceInput } from '../../../shared/smtp/trace.ts'

const input: TraceInput = {
  hostname: 'mx.shop.example', sessionId: 'k3f9', client: '192.0.2.1', ehlo: 'mail.acme.example', verifiedName: 'mail.acme.example',
  iprev: 'pass', protocol: 'ESMTP', tls: true, smtpUtf8: false, recipients: ['joe@shop.example'], at: Date.UTC(2002, 9, 8, 6, 3, 1),
}

describe('trace headers', () => {
  it('name the client as it was found, and what reverse DNS said', () => {
    expect(traceHeaders(input).split('\r\n')).toEqual([
      'Received: from mail.acme.example (mail.acme.example [192.0.2.1])',
      '\tby mx.shop.example with ESMTPS id k3f9 for <joe@shop.example>;',
      '\tTue, 8 Oct 2002 06:03:01 +0000',
      'Authentication-Results: mx.shop.example; iprev=pass policy.iprev=192.0.2.1',
      '\t(mail.acme.example)',
      '',
    ])
  })

  const only = (change: Partial<TraceInput>) => traceHeaders({ ...input, ...change }).replace(/\r\n\t/g, ' ').split('\r\n')
  const received = (change: Partial<TraceInput>) => only(change)[0]
  const results = (change: Partial<TraceInput>) => only(change)[1]

  it('recipients are named only if there is exactly one, and plain', () => {
    const none = 'Received: from mail.acme.example (mail.acme.example [192.0.2.1]) by mx.shop.example with ESMTPS id k3f9; Tue, 8 Oct 2002 06:03:01 +0000'
    for (const recipients of [[], ['a@shop.example', 'b@shop.example'], ['"a;b"@shop.example'], ['a>\r\nX: y@b'], ['\u00e9@shop.example']]) {
      expect(received({ recipients })).toBe(none)
    }
  })

  it('IPv6: a tagged literal, a quoted property', () => {
    expect(received({ client: '2001:db8::1', verifiedName: null })).toContain('(unknown [IPv6:2001:db8::1])')
    expect(results({ client: '2001:db8::1', verifiedName: null, iprev: 'permerror' }))
      .toBe('Authentication-Results: mx.shop.example; iprev=permerror policy.iprev="2001:db8::1"')
  })

  it('nothing gathered: no result', () => {
    expect(results({ iprev: null, verifiedName: null })).toBe('Authentication-Results: mx.shop.example; none')
  })

  it('the protocol by its registered word', () => {
    const word = (change: Partial<TraceInput>) => / with (\S+) /.exec(received(change) ?? '')?.[1]
    expect(word({ tls: false })).toBe('ESMTP')
    expect(word({ protocol: 'SMTP', tls: false })).toBe('SMTP')
    expect(word({ smtpUtf8: true })).toBe('UTF8SMTPS')
    expect(word({ smtpUtf8: true, tls: false })).toBe('UTF8SMTP')
  })

  it('an EHLO name stays one word', () => {
    const said = (ehlo: string) => /^Received: from (\S+) \(mail\.acme/.exec(received({ ehlo }) ?? '')?.[1]
    expect(said('[192.0.2.1]')).toBe('[192.0.2.1]')
    expect(said('[IPv6:2001:db8::1]')).toBe('[IPv6:2001:db8::1]')
    expect(said('x (y [127.0.0.1])')).toBe('x??y??127.0.0.1??')
    expect(said('a\r\nBcc: all')).toBe('a??Bcc??all')
    expect(said('')).toBe('?')
    expect(said('\u0000\u202e')).toBe('??')
  })

  it('whatever the values are: two fields, ASCII, lines within bounds', () => {
    const text = fc.string({ unit: 'binary', maxLength: 600 })
    fc.assert(fc.property(text, text, fc.array(text, { maxLength: 2 }), (ehlo, name, recipients) => {
      const lines = traceHeaders({ ...input, ehlo, verifiedName: name, recipients }).split('\r\n')
      expect(lines.pop()).toBe('')
      expect(lines.every((line) => /^[\x20-\x7e\t]{1,400}$/.test(line))).toBe(true)
      expect(lines.filter((line) => !line.startsWith('\t')).map((line) => line.split(':')[0])).toEqual(['Received', 'Authentication-Results'])
    }))
  })
})
