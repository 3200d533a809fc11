/** Worth a notice: each reason by a table, a morning of a thousand spammers and five correspondents, and DNS that never answers. */
import { describe, expect, test } from 'vitest'
import { genericName, mailHostName } from '../../../shared/notice/hostnames.ts'
import { worthANotice } from '../../../shared/notice/due.ts'
import type { Attempt, RefusedSender } from '../../../shared/notice/due.ts'

const NOW = Date.UTC(2026, 10, 23, 9)
const MINUTE = 60_000
const HOUR = 3_600_000

const tries = (minutes: readonly number[], sender = 'ann@acme.example', recipients: readonly string[] = ['joe@shop.example'], temporary = false): Attempt[] =>
  minutes.map((each) => ({ at: NOW - 10 * HOUR + each * MINUTE, sender, recipients, temporary }))

const PLAIN: RefusedSender = {
  client: '198.51.100.25', ehlo: 'srv.acme.local', ptrNames: [], verifiedName: null, refusedFor: ['ptr-missing', 'ehlo-unresolvable'], leadsTo: [], repairSteps: 3, attempts: tries([0]),
  acceptedBefore: { client: null, domains: {} }, existingRecipients: null, neighbours: null,
}
const reasons = (changes: Partial<RefusedSender>) => {
  // Made due by an earlier acceptance of 1,000 points is not possible: so a known client, whose reasons are always told.
  const { due } = worthANotice([{ ...PLAIN, acceptedBefore: { client: NOW - 12 * 86_400_000, domains: {} }, ...changes, attempts: changes.attempts ?? tries([0, 15, 45]) }], NOW)
  return due[0]?.reasons.map(({ text, weight }) => `${weight > 0 ? '+' : '-'} ${text}`) ?? []
}

describe('reasons', () => {
  test.each<readonly [Partial<RefusedSender>, string]>([
    [{}, '+ mail from this address was accepted 12 days ago'],
    [{}, '+ it tried the same message 3 times within 45 minutes'],
    [{}, '+ it waits as a mail server’s queue does'],
    [{}, '+ it writes to one recipient'],
    [{ existingRecipients: ['JOE@shop.example'] }, '+ the recipient exists'],
    [{ acceptedBefore: { client: NOW, domains: { 'acme.example': NOW - 86_400_000 } } }, '+ mail from acme.example was accepted a day ago'],
    [{ ehlo: 'mail.acme.example' }, '+ it writes as acme.example and is called so'],
    [{ ptrNames: ['mx3.hoster.example'] }, '+ its reverse name mx3.hoster.example is that of a mail host'],
    [{ ptrNames: ['host-100-25.pool.isp.example'] }, '- its name host-100-25.pool.isp.example is one that a provider gives to every address'],
    [{ leadsTo: ['198.51.100.26'] }, '+ its name leads to 198.51.100.26, next door'],
    [{ repairSteps: 1 }, '+ one step would repair its DNS'],
    [{ refusedFor: ['ehlo-literal-mismatch'] }, '- its greeting is one that no mail server gives'],
  ])('%j: %s', (changes, expected) => {
    expect(reasons(changes)).toContain(expected)
  })

  test('mailbox providers prove nothing, unless the host bears their name', () => {
    const accepted = { client: NOW, domains: { 'gmail.com': NOW } }
    expect(reasons({ acceptedBefore: accepted })).not.toContain('+ mail from gmail.com was accepted within the last day')
    expect(reasons({ acceptedBefore: accepted, ehlo: 'mail.gmail.com' })).toContain('+ mail from gmail.com was accepted within the last day')
  })

  test('hostile names stay one line', () => {
    expect(reasons({ ehlo: 'mail.acme.example', attempts: tries([0, 15, 45], 'a@acme.example\r\nx\u202e') }).join('')).not.toMatch(/[^\x20-\x7e’]/)
  })
})

describe('what sinks', () => {
  const CORRESPONDENT: RefusedSender = { ...PLAIN, ehlo: 'mail.acme.example', attempts: tries([0, 15, 45, 105]), repairSteps: 1 }
  const is = (changes: Partial<RefusedSender>) => worthANotice([{ ...CORRESPONDENT, ...changes }], NOW).due.length > 0

  test.each<readonly [string, Partial<RefusedSender>, boolean]>([
    ['a plain correspondent does not', {}, true],
    ['one that tried only twice, at once, with a wrong name', { ehlo: 'wrong.test', attempts: tries([0, 0.1]), existingRecipients: ['joe@shop.example'] }, true],
    ['it claims to be us', { refusedFor: ['ehlo-ours'] }, false],
    ['many recipients and no second try', { attempts: tries([0], 'ann@acme.example', Array.from({ length: 20 }, (_, n) => `u${n}@shop.example`)) }, false],
    ['other messages each time, as many domains', { attempts: [0, 1, 2, 3, 4].flatMap((n) => tries([n], `a@d${n}.example`, [`u${n}@shop.example`])) }, false],
    ['a provider’s pool', { ehlo: 'dsl-198-51-100-25.isp.example', repairSteps: 3 }, false],
    ['nothing refused', { refusedFor: [] }, false],
  ])('%s', (_, changes, expected) => {
    expect(is(changes)).toBe(expected)
  })

  test('a network full of refused addresses', () => {
    const crowd = Array.from({ length: 8 }, (_, n) => ({ ...CORRESPONDENT, client: `198.51.100.${n}`, attempts: tries([0]) }))
    expect(worthANotice(crowd, NOW).due).toEqual([])
  })
})

/** The same numbers each time. */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return state / 2 ** 32
  }
}

describe('a morning', () => {
  const CORRESPONDENTS: readonly RefusedSender[] = [
    // An Exchange server behind NAT, whose firm wrote last week from another line.
    { ...PLAIN, client: '203.0.113.80', ehlo: 'EXCH01.braun.local', ptrNames: [], attempts: tries([0, 10, 30, 70], 'e.braun@braun.example'), acceptedBefore: { client: null, domains: { 'braun.example': NOW - 7 * 86_400_000 } } },
    // Moved to the next address and forgot the A record.
    { ...PLAIN, client: '198.51.100.26', ehlo: 'mail.kurz.example', ptrNames: ['mail.kurz.example'], refusedFor: ['ptr-unconfirmed', 'ehlo-mismatch'], leadsTo: ['198.51.100.25'], repairSteps: 1, attempts: tries([3, 18, 63], 'info@kurz.example') },
    // Refused with 550 once, its sender tried again by hand in the afternoon.
    { ...PLAIN, client: '192.0.2.77', ehlo: 'mail.verein.example', refusedFor: ['ptr-missing'], repairSteps: 1, attempts: tries([5, 300], 'kasse@verein.example', ['joe@shop.example', 'ann@shop.example']), existingRecipients: ['joe@shop.example', 'ann@shop.example'] },
    // The greeting card machine of 2002.
    { ...PLAIN, client: '216.33.111.150', ehlo: 'www.americangreetings.com', attempts: tries([0, 30, 60, 120], 'cards@americangreetings.com'), repairSteps: 2 },
    // A newsletter of a known shop: bare domain.
    { ...PLAIN, client: '203.0.113.200', ehlo: 'blumen.example', ptrNames: ['smtp-out1.blumen.example'], verifiedName: 'smtp-out1.blumen.example', refusedFor: ['ehlo-bare-domain'], repairSteps: 1, attempts: tries([1, 6, 16, 36], 'post@blumen.example'), existingRecipients: ['joe@shop.example'] },
  ]

  function spammer(n: number, next: () => number): RefusedSender {
    const pick = <T>(values: readonly T[]) => values[Math.floor(next() * values.length)]!
    // A third comes in crowds out of a few networks.
    const client = next() < 0.33 ? `45.${n % 7}.9.${n % 250}` : `${60 + Math.floor(next() * 100)}.${Math.floor(next() * 250)}.${Math.floor(next() * 250)}.${1 + (n % 250)}`
    const ptr = next() < 0.5 ? [] : [`${pick(['dsl', 'host', 'pool', 'ip', 'cpe'])}-${client.replaceAll('.', '-')}.${pick(['dyn.', '', 'res.'])}isp${n % 30}.example`]
    const ehlo = pick([ptr[0] ?? client, 'localhost', `[${client}]`, `d${n}.example`, 'User', `mail${n}.gmx.example`])
    const recipients = Array.from({ length: pick([1, 1, 1, 2, 8, 25]) }, (_, each) => `${pick(['info', 'joe', 'sales', `u${each}`])}${each}@shop.example`)
    const count = pick([1, 1, 1, 2, 6])
    const attempts = Array.from({ length: count }, (_, each): Attempt => ({ at: NOW - HOUR * 8 + each * pick([1000, 60_000, 5000]), sender: pick([`x${each}@spam${n}${each}.example`, 'a@gmail.com', '', `bounce${each}@d${n}.example`]), recipients: recipients.map((one) => `${each}${one}`), temporary: false }))
    return {
      client, ehlo, ptrNames: ptr, verifiedName: null, refusedFor: ptr.length === 0 ? ['ptr-missing', 'ehlo-unresolvable'] : ['ptr-unconfirmed'], leadsTo: [], repairSteps: pick([2, 3]), attempts,
      acceptedBefore: { client: null, domains: next() < 0.3 ? { 'gmail.com': NOW - HOUR } : {} }, existingRecipients: next() < 0.3 ? recipients.slice(0, 1) : [], neighbours: null,
    }
  }

  test.each([1, 2, 3, 4, 5])('of 1,000 spammers and five correspondents exactly the five come out (seed %i)', (seed) => {
    const next = random(seed)
    const spam = Array.from({ length: 1000 }, (_, n) => spammer(n, next))
    const mixed = [...spam.slice(0, 300), ...CORRESPONDENTS, ...spam.slice(300)]
    expect(worthANotice(mixed, NOW).due.map(({ client }) => client).sort()).toEqual(CORRESPONDENTS.map(({ client }) => client).sort())
  })
})

describe('DNS that is temporary for good', () => {
  const stuck = (attempts: readonly Attempt[]) => worthANotice([{ ...PLAIN, refusedFor: ['dns-temporary'], attempts }], NOW)

  test('is a list of its own', () => {
    expect(stuck(tries([0, 60, 300], undefined, undefined, true))).toEqual({ due: [], sunk: [], stuck: [{ client: PLAIN.client, since: NOW - 10 * HOUR, attempts: 3 }] })
  })

  test.each<readonly [string, readonly Attempt[]]>([
    ['an hour is no for good', tries([0, 30, 60], undefined, undefined, true)],
    ['two tries are none', tries([0, 600], undefined, undefined, true)],
    ['it answered lately', [...tries([0, 60, 300], undefined, undefined, true), ...tries([400])]],
  ])('%s', (_, attempts) => {
    expect(stuck(attempts).stuck).toEqual([])
  })
})

describe('names', () => {
  test.each([['mx3.acme.example', true], ['smtp-out.acme.example', true], ['mail.acme.example', true], ['mailout01.acme.example', true], ['mailbox.acme.example', false], ['www.acme.example', false], ['mail', false]])('%s a mail host: %s', (name, expected) => {
    expect(mailHostName(name)).toBe(expected)
  })

  test.each([
    ['198-51-100-25.isp.example', true], ['25.100.51.198.isp.example', true], ['ip198051100025.isp.example', true], ['c6336419.isp.example', true], ['host-100-25.pool.isp.example', true], ['dyn17.isp.example', true],
    ['mail25.acme.example', false], ['mx100.acme.example', false], ['static.acme.example', false], ['srv-2019.acme.example', false], ['www.americangreetings.com', false],
  ])('%s generic: %s', (name, expected) => {
    expect(genericName(name, '198.51.100.25')).toBe(expected)
  })
})
