import { expect, test } from 'vitest'
import type { Rule } from '../../../shared/events.ts'
import { isSpokenFor, registryQuestions } from '../../../shared/gate/registered.ts'
import type { QuestionsInput } from '../../../shared/gate/registered.ts'
import { parseAddress } from '../../../shared/net/ip.ts'

const rule = (kind: Rule['kind'], scope: string): Rule => ({ kind, scope, reason: '', by: 'auto', since: '2026-11-23T15:00:00.000Z', until: null, hits: 0 })
const bans = (count: number, scope: (n: number) => string) => Array.from({ length: count }, (_, n) => rule('ban', scope(n)))
const spread = bans(8, (n) => `192.0.${n >> 1}.${n}`)

test.each<[string, Partial<QuestionsInput>, readonly string[]]>([
  ['nothing is banned', {}, []],
  ['seven in a /16 are few', { rules: spread.slice(1) }, []],
  ['eight: one of each neighbourhood', { rules: spread }, ['192.0.0.0', '192.0.1.2', '192.0.2.4', '192.0.3.6']],
  ['the most crowded one first', { rules: [...spread, rule('ban', '192.0.3.200')] }, ['192.0.3.6', '192.0.0.0', '192.0.1.2', '192.0.2.4']],
  ['whitelist entries and banned networks are no members', { rules: [...spread.slice(1), rule('allow', '192.0.0.9'), rule('ban', '192.0.9.0/24')] }, []],
  ['IPv6: /64s of a /32', { rules: bans(8, (n) => `2001:db8:${1 + (n >> 2)}:${1 + n}::/64`) }, ['2001:db8:1:1::', '2001:db8:2:5::']],
  ['who was asked about is not asked about again, nor its few neighbours', { rules: spread, isTried: (address) => address === '192.0.0.0' }, ['192.0.1.2', '192.0.2.4', '192.0.3.6']],
  ['a crowded neighbourhood may be dealt out in pieces', { rules: bans(9, (n) => `192.0.2.${n}`), isTried: (address) => address === '192.0.2.0' }, ['192.0.2.1']],
  ['but four questions are enough', { rules: bans(9, (n) => `192.0.2.${n}`), isTried: (address) => /\.[0-3]$/.test(address) }, []],
  ['a close registration speaks for all within', { rules: spread, known: [{ cidrs: ['192.0.0.0/23'], holder: 'x' }] }, ['192.0.2.4', '192.0.3.6']],
  ['a wide one may hold closer ones', { rules: spread, known: [{ cidrs: ['192.0.0.0/12'], holder: 'x' }] }, ['192.0.0.0', '192.0.1.2', '192.0.2.4', '192.0.3.6']],
])('%s', (_, input, expected) => {
  expect(registryQuestions({ rules: [], known: [], isTried: () => false, ...input })).toEqual(expected)
})

test.each([['192.0.2.1', true], ['192.0.3.1', false], ['2001:db8::1', false]])('an answer about 192.0.2.0/25 and a carrier speaks for %s: %s', (address, expected) => {
  expect(isSpokenFor(parseAddress(address)!, [{ cidrs: ['192.0.2.0/25'], holder: 'x' }, { cidrs: ['192.0.0.0/14'], holder: 'y' }])).toBe(expected)
})
