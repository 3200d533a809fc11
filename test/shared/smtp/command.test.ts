import { describe, expect, test } from 'vitest'
import { readCommand } from '../../../shared/smtp/command.ts'
import { REPLIES } from '../../../shared/smtp/codes.ts'

const ALL = { eightBitMime: true, smtpUtf8: true, dsn: true }
const NONE = { eightBitMime: false, smtpUtf8: false, dsn: false }
const read = (line: string, utf8 = false) => readCommand(line, ALL, utf8)
const mail = (path: string, parameters: string[] = [], more: object = {}) => ({ kind: 'mail', verb: 'MAIL', path, parameters, size: null, smtpUtf8: false, ...more })
const rcpt = (path: string, parameters: string[] = []) => ({ kind: 'rcpt', verb: 'RCPT', path, parameters })
const bad = (verb: string, reply: object) => ({ kind: 'malformed', verb, reply })

const forms: readonly (readonly [string, object])[] = [
  ['EHLO mail.example', { kind: 'greet', verb: 'EHLO', name: 'mail.example' }],
  ['ehlo   mail.example  ', { kind: 'greet', verb: 'EHLO', name: 'mail.example' }],
  ['EHLO', { kind: 'greet', verb: 'EHLO', name: '' }],
  ['HELO a b', { kind: 'greet', verb: 'HELO', name: 'a b' }],
  [`EHLO ${'x'.repeat(505)}`, { kind: 'greet', verb: 'EHLO', name: 'x'.repeat(505) }],
  [`EHLO ${'x'.repeat(506)}`, bad('EHLO', REPLIES.lineTooLong)],
  ['MAIL FROM:<>', mail('')],
  ['MAIL FROM:<a@b.example>', mail('a@b.example')],
  ['mail from: <a@b.example>', mail('a@b.example')],
  ['MAIL FROM:< a@b.example >', mail('a@b.example')],
  ['MAIL FROM:<a@b.example.>', mail('a@b.example')],
  ['MAIL FROM:<a@[192.0.2.1]>', mail('a@[192.0.2.1]')],
  ['MAIL FROM:<a@[IPv6:2001:db8::1]>', mail('a@[IPv6:2001:db8::1]')],
  ['MAIL FROM:<"a b"@c.example>', mail('"a b"@c.example')],
  ['MAIL FROM:<"a>b"@c.example>', mail('"a>b"@c.example')],
  ['MAIL FROM:<"a\\"b"@c.example>', mail('"a\\"b"@c.example')],
  ['MAIL FROM:<a..b.@c.example>', mail('a..b.@c.example')],
  ['MAIL FROM:<@x.example:a@c.example>', mail('a@c.example')],
  ['MAIL FROM:<@x.example,@[IPv6:2001:db8::1]:a@c.example>', mail('a@c.example')],
  ['MAIL FROM:<a@b.example> SIZE=10 BODY=8BITMIME', mail('a@b.example', ['SIZE=10', 'BODY=8BITMIME'], { size: 10 })],
  ['MAIL FROM:<a@b.example>  size=10', mail('a@b.example', ['size=10'], { size: 10 })],
  ['MAIL FROM:<a@b.example> SMTPUTF8', mail('a@b.example', ['SMTPUTF8'], { smtpUtf8: true })],
  ['MAIL FROM:<j\xc3\xbc@b.example> SMTPUTF8', mail('jü@b.example', ['SMTPUTF8'], { smtpUtf8: true })],
  ['MAIL FROM:<j\xc3\xbc@b.example>', bad('MAIL', REPLIES.needsUtf8)],
  ['MAIL FROM:<j\xff@b.example> SMTPUTF8', bad('MAIL', REPLIES.badSender)],
  ['MAIL FROM:<j\xc2\x85@b.example> SMTPUTF8', bad('MAIL', REPLIES.badSender)],
  ['MAIL FROM:<a@b.example> RET=FULL ENVID=a+2Bb', mail('a@b.example', ['RET=FULL', 'ENVID=a+2Bb'])],
  ['MAIL FROM:<a@b.example> RET=ALL', bad('MAIL', REPLIES.badParameter)],
  ['MAIL FROM:<a@b.example> SIZE', bad('MAIL', REPLIES.badParameter)],
  ['MAIL FROM:<a@b.example> SIZE=-1', bad('MAIL', REPLIES.badParameter)],
  ['MAIL FROM:<a@b.example> SIZE=1 size=1', bad('MAIL', REPLIES.badParameter)],
  ['MAIL FROM:<a@b.example> SIZE=1=1', bad('MAIL', REPLIES.badParameter)],
  ['MAIL FROM:<a@b.example> X=\x01', bad('MAIL', REPLIES.badParameter)],
  ['MAIL FROM:<a@b.example> CONSTRUCTOR', bad('MAIL', REPLIES.unknownParameter)],
  ['MAIL FROM:<a@b.example> AUTH=<>', bad('MAIL', REPLIES.unknownParameter)],
  ['MAIL FROM:<a@b.example>SIZE=1', bad('MAIL', REPLIES.badSender)],
  ['MAIL FROM:a@b.example', bad('MAIL', REPLIES.badSender)],
  ['MAIL FROM <a@b.example>', bad('MAIL', REPLIES.badSender)],
  ['MAIL TO:<a@b.example>', bad('MAIL', REPLIES.badSender)],
  ['MAIL', bad('MAIL', REPLIES.badSender)],
  ['MAIL FROM:<a>', bad('MAIL', REPLIES.badSender)],
  ['MAIL FROM:<@b.example>', bad('MAIL', REPLIES.badSender)],
  ['MAIL FROM:<a@>', bad('MAIL', REPLIES.badSender)],
  ['MAIL FROM:<a@b@c.example>', bad('MAIL', REPLIES.badSender)],
  ['MAIL FROM:<a@-b.example>', bad('MAIL', REPLIES.badSender)],
  ['MAIL FROM:<a@[300.0.2.1]>', bad('MAIL', REPLIES.badSender)],
  ['MAIL FROM:<a\x01@b.example>', bad('MAIL', REPLIES.badSender)],
  ['MAIL FROM:<a\t@b.example>', bad('MAIL', REPLIES.badSender)],
  ['MAIL FROM:<a@b.example', bad('MAIL', REPLIES.badSender)],
  ['MAIL FROM:<"a@b.example>', bad('MAIL', REPLIES.badSender)],
  [`MAIL FROM:<${'a'.repeat(311)}@b.example>`, bad('MAIL', REPLIES.badSender)],
  [`MAIL FROM:<a@b.example>${' '.repeat(600)}`, bad('MAIL', REPLIES.lineTooLong)],
  ['RCPT TO:<joe@shop.example>', rcpt('joe@shop.example')],
  ['RCPT TO:<Postmaster>', rcpt('Postmaster')],
  ['RCPT TO:<joe>', bad('RCPT', REPLIES.badRecipient)],
  ['RCPT TO:<>', bad('RCPT', REPLIES.badRecipient)],
  ['RCPT TO:<a%b@shop.example>', rcpt('a%b@shop.example')],
  ['RCPT TO:<"a@b"@shop.example>', rcpt('"a@b"@shop.example')],
  ['RCPT TO:<a@b.example> NOTIFY=NEVER', rcpt('a@b.example', ['NOTIFY=NEVER'])],
  ['RCPT TO:<a@b.example> NOTIFY=NEVER,DELAY', bad('RCPT', REPLIES.badParameter)],
  ['RCPT TO:<a@b.example> ORCPT=rfc822;a+40b', rcpt('a@b.example', ['ORCPT=rfc822;a+40b'])],
  ['RCPT TO:<a@b.example> ORCPT=nothing', bad('RCPT', REPLIES.badParameter)],
  ['RCPT TO:<a@b.example> SIZE=1', bad('RCPT', REPLIES.unknownParameter)],
  ['DATA', { kind: 'plain', verb: 'DATA' }],
  ['DATA x', bad('DATA', REPLIES.syntax)],
  ['quit ', { kind: 'plain', verb: 'QUIT' }],
  ['NOOP anything', { kind: 'plain', verb: 'NOOP' }],
  ['', { kind: 'unknown', reply: REPLIES.emptyCommand }],
  ['   ', { kind: 'unknown', reply: REPLIES.emptyCommand }],
  ['FOO', { kind: 'unknown', reply: REPLIES.unknownCommand }],
  ['XCLIENT ADDR=192.0.2.1', { kind: 'unknown', reply: REPLIES.unknownCommand }],
  ['BDAT 1 LAST', { kind: 'unknown', reply: REPLIES.notImplemented }],
  ['AUTH PLAIN', { kind: 'unknown', reply: REPLIES.notImplemented }],
  ['GET / HTTP/1.1', { kind: 'http' }],
  ['OPTIONS * HTTP/1.0', { kind: 'http' }],
  ['PROXY TCP4 192.0.2.1 192.0.2.2 1 2', { kind: 'proxy' }],
]

test.each(forms)('%s', (line, expected) => { expect(read(line)).toEqual(expected) })

describe('what is not offered is unknown', () => {
  test.each(['BODY=8BITMIME', 'SMTPUTF8', 'RET=FULL', 'ENVID=x'])('%s', (parameter) => {
    expect(readCommand(`MAIL FROM:<a@b.example> ${parameter}`, NONE, false)).toEqual(bad('MAIL', REPLIES.unknownParameter))
  })
  test('SIZE is always understood', () => {
    expect(readCommand('MAIL FROM:<a@b.example> SIZE=5 BODY=7BIT', NONE, false)).toEqual(mail('a@b.example', ['SIZE=5', 'BODY=7BIT'], { size: 5 }))
  })
})

test('UTF-8 recipients follow the transaction', () => {
  expect(read('RCPT TO:<j\xc3\xbc@shop.example>')).toEqual(bad('RCPT', REPLIES.needsUtf8))
  expect(read('RCPT TO:<j\xc3\xbc@shop.example>', true)).toEqual(rcpt('jü@shop.example'))
})
