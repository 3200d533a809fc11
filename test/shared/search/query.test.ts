/** The search field: what people type and paste, and what it is understood as. */
import { describe, expect, test } from 'vitest'
import { parseSearch, wider } from '../../../shared/search/query.ts'
import type { Clue, Search } from '../../../shared/search/query.ts'

/** Short: "to:joe@x from:acme.example", groups parted by " & ", alternatives by "|". */
function short(search: Search): string {
  return search.groups.map((group) => group.map(clueText).join('|')).join(' & ')
}

function clueText(clue: Clue): string {
  const side = 'role' in clue ? { sender: 'from:', recipient: 'to:', either: '' }[clue.role] : ''
  switch (clue.kind) {
    case 'network': return `net ${clue.network}`
    case 'session': return `id ${clue.id}`
    case 'mailbox': return `${side}${clue.mailbox === '' ? '<>' : clue.mailbox}`
    case 'domain': return `${side}.${clue.domain}`
    case 'word': return `word ${clue.word}`
    case 'part': return `part ${clue.part}`
  }
}

const served = (domain: string) => domain === 'shop.example' || domain.endsWith('.shop.example')
const ID = '1kcb7d2m0q7x3y9z5v8w1t'
const JOINT = 'to:joe@shop.example & from:.acme.example'

describe('alone', () => {
  test.each([
    ['', ''],
    ['   ', ''],
    ['192.0.2.7', 'net 192.0.2.7'],
    [' 192.0.2.7 ', 'net 192.0.2.7'],
    ['192.0.2.7:4711', 'net 192.0.2.7'],
    ['192.0.2.0/24', 'net 192.0.2.0/24'],
    ['192.0.2.7/24', 'net 192.0.2.0/24'],
    ['192.0.2.7/33', 'net 192.0.2.7'],
    ['192.0.2', 'net 192.0.2.0/24'],
    ['192.0.2.*', 'net 192.0.2.0/24'],
    ['999.0.2.7', 'word 999.0.2.7'],
    ['2001:DB8:0::25', 'net 2001:db8::25'],
    ['2001:db8::/32', 'net 2001:db8::/32'],
    ['2001:db8::', 'net 2001:db8::'],
    ['::ffff:192.0.2.7', 'net 192.0.2.7'],
    ['IPv6:2001:db8::25', 'net 2001:db8::25'],
    ['[192.0.2.7]', 'net 192.0.2.7|from:.[192.0.2.7]'],
    ['[IPv6:2001:db8::25]', 'net 2001:db8::25|from:.[ipv6:2001:db8::25]'],
    ['acme.example', '.acme.example'],
    ['Mail.ACME.example.', '.mail.acme.example'],
    ['.acme.example', '.acme.example'],
    ['*.acme.example', '.acme.example'],
    ['.example', '.example'],
    ['@acme.example', '.acme.example'],
    ['https://acme.example/contact?x=1', '.acme.example'],
    ['xn--bcher-kva.example', '.xn--bcher-kva.example'],
    ['bücher.example', '.bücher.example'],
    ['_dmarc.acme.example', '._dmarc.acme.example'],
    ['joe@shop.example', 'joe@shop.example'],
    ['<Joe@Shop.Example>', 'joe@shop.example'],
    ['mailto:joe@shop.example', 'joe@shop.example'],
    ['"Joe" <joe@shop.example>', 'joe@shop.example'],
    ['"joe smith"@shop.example', '"joe smith"@shop.example'],
    ["o'brien@shop.example", "o'brien@shop.example"],
    ["'joe@shop.example'", 'joe@shop.example'],
    ['joe+list=a.example@shop.example', 'joe+list=a.example@shop.example'],
    ['joe@[192.0.2.7]', 'joe@[192.0.2.7]'],
    ['joe@localhost', 'joe@localhost'],
    ['<>', 'from:<>'],
    [ID, `id ${ID}`],
    [ID.toUpperCase(), `id ${ID}`],
    [`https://help.shop.example/r/${ID}`, `id ${ID}`],
    [`See https://help.shop.example/r/${ID}.`, `id ${ID}`],
    ['k3f9', 'word k3f9'],
    ['nobody', 'word nobody'],
    ['WIN-AB12CD', 'word win-ab12cd'],
    ['EHLO WIN-AB12CD', 'from:.win-ab12cd'],
    ['helo nobody', 'from:.nobody'],
    ['american greetings', 'word american greetings'],
    ['5.7.25', 'net 5.7.25.0/24'],
    ['z.B.', 'word z.b.'],
    ['from acme.example', 'from:.acme.example'],
    ['mail to joe@shop.example', 'to:joe@shop.example'],
    ['Kunde joe@shop.example', 'to:joe@shop.example'],
  ])('%s', (text, expected) => {
    expect(short(parseSearch(text, served))).toBe(expected)
  })
})

describe('sentences, with the served domains known', () => {
  test.each([
    'joe@shop.example got nothing from acme.example',
    'customer joe@shop.example got nothing from acme.example',
    'Customer <joe@shop.example> got nothing from “acme.example”.',
    'customer mailto:joe@shop.example got nothing from acme.example!',
    'Our customer "Joe" <Joe@Shop.Example>, got nothing from: acme.example?',
    'joe@shop.example acme.example',
    'acme.example, joe@shop.example',
    'acme.example → joe@shop.example',
    'mail from acme.example never arrives at joe@shop.example',
    'Kunde joe@shop.example hat nichts von acme.example bekommen.',
    'Die Mails von acme.example an joe@shop.example kommen nicht an',
    'Bei „joe@shop.example“ kam nichts von ‚acme.example‘ an …',
    'joe@shop.example’s mail from acme.example is missing',
    "joe@shop.example's mail from https://acme.example/ is missing",
    'joe@shop.example\n\tgot nothing\nfrom *acme.example*',
    'from=<acme.example> to=<joe@shop.example>',
  ])('%s', (text) => {
    expect(short(parseSearch(text, served))).toBe(JOINT)
  })

  test.each([
    ['joe@shop.example and ann@shop.example got nothing from acme.example', 'to:joe@shop.example|to:ann@shop.example & from:.acme.example'],
    ['joe@shop.example got nothing from acme.example or acme.test', 'to:joe@shop.example & from:.acme.example|from:.acme.test'],
    ['joe@shop.example got nothing from bob@acme.example', 'to:joe@shop.example & from:bob@acme.example'],
    ['shop.example gets nothing from acme.example', 'to:.shop.example & from:.acme.example'],
    ['mail from joe@shop.example to acme.example', JOINT],
    ['mail from ann@shop.example to joe@shop.example', 'to:joe@shop.example & from:ann@shop.example'],
    ['joe@shop.example got nothing from 192.0.2.7', 'net 192.0.2.7 & to:joe@shop.example'],
    ['nothing from <> to joe@shop.example', 'to:joe@shop.example & from:<>'],
    ['Nov 25 03:29:40 mx postfix/smtpd[4711]: from=<bob@acme.example> to=<joe@shop.example> proto=ESMTP helo=<mail.acme.example>', 'to:joe@shop.example & from:bob@acme.example|from:.mail.acme.example'],
    ['connect from mail.acme.example[192.0.2.7]:4711', 'net 192.0.2.7 & from:.mail.acme.example'],
    ['SMTP 8 Oct 26 00:03:06 F k3f9 EHLO - inconsistent hostname / IP address www.americangreetings.com [216.33.111.150]', 'net 216.33.111.150 & .www.americangreetings.com'],
    ['550 5.7.25 [216.33.111.150] has no reverse name', 'net 216.33.111.150'],
  ])('%s', (text, expected) => {
    expect(short(parseSearch(text, served))).toBe(expected)
  })
})

describe('sentences, when nobody knows what is served', () => {
  test.each([
    ['joe@a.example got nothing from acme.test', 'to:joe@a.example & from:.acme.test'],
    ['customer joe@a.example got nothing from acme.test', 'to:joe@a.example & from:.acme.test'],
    ['Kunde joe@a.example hat nichts von acme.test bekommen', 'to:joe@a.example & from:.acme.test'],
    ['mail from bob@acme.test to joe@a.example', 'to:joe@a.example & from:bob@acme.test'],
    ['bob@acme.test schreibt joe@a.example', 'to:joe@a.example & from:bob@acme.test'],
    ['acme.test can not reach joe@a.example', 'to:joe@a.example & from:.acme.test'],
    ['from our customer joe@a.example to acme.test', 'to:.acme.test & from:joe@a.example'],
    ['from acme.test and acme.example to joe@a.example', 'to:joe@a.example & from:.acme.test|from:.acme.example'],
    ['joe@a.example acme.test', 'joe@a.example & .acme.test'],
    ['joe@a.example bob@acme.test ann@b.example', 'joe@a.example|bob@acme.test|ann@b.example'],
  ])('%s', (text, expected) => {
    expect(short(parseSearch(text))).toBe(expected)
  })
})

test.each([
  ['joe@shop.example got nothing from bob@acme.example', JOINT],
  ['bob@acme.example', '.acme.example'],
  ['greetings', 'part greetings'],
  ['joe@shop.example got nothing from acme.example', null],
  ['192.0.2.7', null],
])('a step wider: %s', (text, expected) => {
  const widened = wider(parseSearch(text, served))
  expect(widened === null ? null : short(widened)).toBe(expected)
})

test('a long or hostile text is bounded and harmless', () => {
  const many = Array.from({ length: 5000 }, (_, index) => `a${index}@b${index}.example`).join(' ')
  expect(parseSearch(many, served).groups.flat().length).toBeLessThanOrEqual(24)
  for (const text of ['@', '@@', '.', '..', '/', '//', '[', '[]', '<', '"', '"@', 'a@', '*.', '::', 'http://', '\u202e', 'a'.repeat(5000), '.'.repeat(5000), '"'.repeat(1999), '[[[['.repeat(400), 'a.'.repeat(900)]) {
    expect(() => parseSearch(text, served)).not.toThrow()
  }
})
