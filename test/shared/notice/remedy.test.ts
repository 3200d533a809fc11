import { describe, expect, test } from 'vitest'
import { compareRemedies, remedyLines, titleOf } from '../../../shared/notice/remedy.ts'
import type { Remedy, Step } from '../../../shared/notice/remedy.ts'

const client = '216.33.111.150'
const ptr: Step = { who: 'address-owner', do: 'add', name: '150.111.33.216.in-addr.arpa', type: 'PTR', value: 'www.americangreetings.com' }
const forward: Step = { who: 'domain-owner', do: 'add', name: 'www.americangreetings.com', type: 'A', value: client }
const alias: Step = { who: 'domain-owner', do: 'remove', name: 'www.americangreetings.com', type: 'CNAME', value: 'web.hoster.example' }
const greet: Step = { who: 'server', do: 'set-ehlo', name: 'localhost', type: '', value: 'www.americangreetings.com' }
const oldPtr: Step = { ...ptr, do: 'remove', value: 'old.isp.example' }

test('zone-file lines to copy, under the name of who copies them', () => {
  expect(remedyLines({ title: '', steps: [oldPtr, ptr, alias, forward, greet] })).toEqual([
    '; the owner of the address (ISP or data centre)',
    '; remove: 150.111.33.216.in-addr.arpa. IN PTR old.isp.example.',
    '150.111.33.216.in-addr.arpa. IN PTR www.americangreetings.com.',
    '; the owner of the domain',
    '; remove: www.americangreetings.com. IN CNAME web.hoster.example.',
    'www.americangreetings.com. IN A 216.33.111.150',
    '; the mail server',
    '; greet with: EHLO www.americangreetings.com   (now: localhost)',
  ])
})

test('a hostile EHLO name stays in its line', () => {
  expect(remedyLines({ title: '', steps: [{ ...greet, name: 'x\r\nevil. IN A 6.6.6.6\u202e' }] })).toEqual([
    '; the mail server',
    '; greet with: EHLO www.americangreetings.com   (now: x\\x0d\\x0aevil. IN A 6.6.6.6\\u{202e})',
  ])
})

describe('titles', () => {
  test.each([
    [[ptr], false, 'Make www.americangreetings.com the reverse name of 216.33.111.150'],
    [[forward], false, 'Let www.americangreetings.com lead to 216.33.111.150'],
    [[greet], false, 'Greet with www.americangreetings.com'],
    [[ptr, forward], false, 'Let www.americangreetings.com and 216.33.111.150 lead to each other'],
    [[forward, greet], false, 'Greet with www.americangreetings.com and let it lead to 216.33.111.150'],
    [[ptr, greet], false, 'Greet with www.americangreetings.com and make it the reverse name of 216.33.111.150'],
    [[ptr, forward, greet], false, 'Greet with www.americangreetings.com and let it and 216.33.111.150 lead to each other'],
    [[ptr, forward, greet], true, 'Choose a host name such as www.americangreetings.com, greet with it and let it and 216.33.111.150 lead to each other'],
    [[ptr], true, 'Choose a host name such as www.americangreetings.com and make it the reverse name of 216.33.111.150'],
    [[oldPtr], false, 'Put www.americangreetings.com among the first reverse names of 216.33.111.150'],
  ])('%#', (steps, placeholder, title) => {
    expect(titleOf(steps, client, 'www.americangreetings.com', placeholder)).toBe(title)
  })
})

test('fewest steps, fewest parties, then server before domain owner before address owner', () => {
  const remedies = [[greet], [forward], [ptr], [alias, forward], [oldPtr, ptr], [forward, greet], [ptr, greet], [ptr, forward], [alias, forward, greet], [ptr, forward, greet]]
    .map((steps): Remedy => ({ title: '', steps }))
  expect([...remedies].reverse().sort(compareRemedies)).toEqual(remedies)
})
