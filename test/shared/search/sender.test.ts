/** Who counts as one sender, and how it stands. */
import { describe, expect, test } from 'vitest'
import type { SessionRecord } from '../../../shared/events.ts'
import { parseAddress } from '../../../shared/net/ip.ts'
import { countSession, identityOf, isGenericName, rankOf, standingOf } from '../../../shared/search/sender.ts'
import type { Sender, SenderBook } from '../../../shared/search/sender.ts'
import { entryOf } from '../../contract/storecast.ts'

type Names = Pick<SessionRecord, 'client' | 'ehlo' | 'ptrNames' | 'verifiedName'>
const names = (client: string, ehlo: string | null, verifiedName: string | null = null, ptrNames: readonly string[] = verifiedName === null ? [] : [verifiedName]): Names => ({ client, ehlo, ptrNames, verifiedName })

test.each<[Names, string, string | null, string | null]>([
  [names('192.0.2.7', 'mail.acme.example', 'mail.acme.example'), '192.0.2.7', '192.0.2.0/24 acme.example', 'acme.example'],
  [names('::ffff:192.0.2.7', 'mail.acme.example', 'mail.acme.example'), '192.0.2.7', '192.0.2.0/24 acme.example', 'acme.example'],
  [names('192.0.2.7', 'out1.acme.example', 'pool9.acme.example'), '192.0.2.7', '192.0.2.0/24 acme.example', 'acme.example'],
  [names('192.0.2.7', 'mail.customer.example', 'vps7.hoster.example'), '192.0.2.7', null, 'hoster.example'],
  [names('192.0.2.7', 'dyn-192-0-2-7.isp.example', 'dyn-192-0-2-7.isp.example'), '192.0.2.7', null, 'isp.example'],
  [names('192.0.2.7', 'mail.acme.example'), '192.0.2.7', null, 'acme.example'],
  [names('192.0.2.7', 'localhost', null, ['x.isp.example']), '192.0.2.7', null, 'isp.example'],
  [names('192.0.2.7', null), '192.0.2.7', null, null],
  [names('192.0.2.7', '[192.0.2.7]'), '192.0.2.7', null, null],
  [names('2001:db8:1:2::25', 'mail.acme.example', 'mail.acme.example'), '2001:db8:1:2::/64', '2001:db8:1:2::/64 acme.example', 'acme.example'],
])('%j', (session, own, pool, domain) => {
  expect(identityOf(session)).toMatchObject({ own, pool, domain })
})

test.each([
  ['dyn-192-0-2-7.isp.example', '192.0.2.7', true],
  ['7.2.0.192.isp.example', '192.0.2.7', true],
  ['host-2-7.isp.example', '192.0.2.7', true],
  ['c0000207.isp.example', '192.0.2.7', true],
  ['mail7.acme.example', '192.0.2.7', false],
  ['mx2.acme.example', '192.0.2.2', false],
  ['mail.acme.example', '2001:db8::1', false],
])('%s of %s is generic: %s', (name, client, expected) => {
  const address = parseAddress(client)
  expect(address === null ? null : isGenericName(name, address)).toBe(expected)
})

function bookOf(sessions: readonly SessionRecord[]): Sender[] {
  const all = new Map<string, Sender>()
  const book: SenderBook = {
    get: (key) => all.get(key) ?? null, pools: (near) => [...all.values()].filter(({ key }) => key.startsWith(`${near} `)), put: (sender) => void all.set(sender.key, sender), remove: (key) => void all.delete(key),
  }
  for (const session of sessions) countSession(book, session)
  return [...all.values()]
}

describe('standing and rank', () => {
  const at = (minutesAgo: number, disposition: SessionRecord['disposition']) => entryOf('s', minutesAgo * 60, { disposition }).session
  test.each<[string, readonly SessionRecord[], string, number]>([
    ['refused once', [at(10, 'rejected')], 'refused', 2],
    ['would be refused', [at(10, 'would-reject')], 'refused', 2],
    ['refused, retries like a server', [at(40, 'rejected'), at(35, 'rejected'), at(25, 'rejected'), at(5, 'rejected')], 'refused', 3],
    ['accepted before', [at(40, 'accepted'), at(5, 'rejected')], 'refused', 4],
    ['accepted again', [at(40, 'rejected'), at(5, 'accepted')], 'accepted', 0],
    ['whitelisted after', [at(40, 'rejected'), at(5, 'whitelisted')], 'accepted', 0],
    ['broke off after a refusal', [at(40, 'rejected'), at(5, 'aborted')], 'refused', 2],
    ['deferred', [at(5, 'deferred')], 'deferred', 1],
    ['broke off', [at(5, 'aborted')], 'undecided', 0],
  ])('%s', (_, sessions, standing, rank) => {
    const [sender] = bookOf(sessions)
    expect(sender === undefined ? null : [standingOf(sender), rankOf(sender)]).toEqual([standing, rank])
  })
})

test('what is kept of a sender is bounded', () => {
  const sessions = Array.from({ length: 400 }, (_, count) => entryOf('s', (400 - count) * 86_400, { client: `192.0.2.${count % 250}`, ehlo: 'mail.acme.example', verifiedName: 'mail.acme.example', disposition: 'rejected' }).session)
  const [sender, ...more] = bookOf(sessions)
  expect([more.length, sender?.attempts, sender?.addresses.length, sender?.times.length, sender?.days.length]).toEqual([0, 400, 16, 12, 120])
})
