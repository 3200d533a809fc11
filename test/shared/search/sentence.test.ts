/** How the search field says what it understood. */
import { expect, test } from 'vitest'
import { parseSearch, wider } from '../../../shared/search/query.ts'
import { understood } from '../../../shared/search/sentence.ts'

const served = (domain: string) => domain === 'shop.example'

test.each([
  ['', ''],
  ['customer joe@shop.example got nothing from acme.example', 'mail to joe@shop.example from acme.example (reverse-path, EHLO or reverse name)'],
  ['joe@shop.example or ann@shop.example, nothing from bob@acme.example', 'mail to joe@shop.example or ann@shop.example from bob@acme.example'],
  ['joe@shop.example', 'mail from or to joe@shop.example'],
  ['.acme.example', 'mail from or to acme.example (address, EHLO or reverse name)'],
  ['192.0.2.7', 'everything from the client 192.0.2.7'],
  ['[192.0.2.7]', 'everything from the client 192.0.2.7'],
  ['192.0.2.0/24', 'everything from clients in 192.0.2.0/24'],
  ['joe@shop.example got nothing from 192.0.2.7', 'mail to joe@shop.example, from the client 192.0.2.7'],
  ['<>', 'mail from <> (the null reverse-path)'],
  ['1kcb7d2m0q7x3y9z5v8w1t', 'the session 1kcb7d2m0q7x3y9z5v8w1t'],
  ['greet\u202eings', '“greet\\u{202e}ings” as a name, an address or a session’s id'],
  ['a.example b.example c.example d.example e.example', 'mail from or to a.example, b.example, c.example or 2 more (address, EHLO or reverse name)'],
])('%s', (text, expected) => {
  expect(understood(parseSearch(text, served))).toBe(expected)
})

test('a step wider', () => {
  const wide = wider(parseSearch('greet'))
  expect(wide === null ? '' : understood(wide)).toBe('“greet” anywhere in names and addresses')
})
