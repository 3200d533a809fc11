// The canary's rules, as tables: rounds in, colours out.
import { describe, expect, test } from 'vitest'
import fc from 'fast-check'
import type { Answer, AnswerStatus } from '../../../shared/dns/answer.ts'
import { AGAIN_MS, DEFAULT_CANARY, EVERY_MS, afterRound, newCanary, nextRound, temporaryRate } from '../../../shared/dns/canary.ts'
import type { CanaryRound, CanaryState } from '../../../shared/dns/canary.ts'

const LETTERS: Readonly<Record<string, AnswerStatus>> = { F: 'found', d: 'nodata', x: 'nxdomain', s: 'servfail', r: 'refused', t: 'timeout', m: 'malformed' }
const answer = (name: string, status: AnswerStatus): Answer => ({
  question: { name, type: 'A' }, status, records: status === 'found' ? ['192.0.2.1'] : [], chain: [], ttl: null, ms: 1, server: status === 'timeout' ? null : '127.0.0.1:53',
})

/** "FFs x": three known questions (letters as above), then the name that cannot exist. */
function round(text: string, names: (index: number) => string): CanaryRound {
  const [known = '', invented = ''] = text.split(' ')
  return { known: [...known].map((letter, index) => answer(names(index), LETTERS[letter]!)), invented: answer('porch-canary-1.com', LETTERS[invented]!) }
}
const configured = (index: number) => `n${index}.shop.example`
const byDefault = (index: number) => DEFAULT_CANARY[index] ?? '25.2.0.192.in-addr.arpa'

function play(rounds: readonly string[], names: (index: number) => string): CanaryState[] {
  let state = newCanary(0)
  return rounds.map((text, index) => (state = afterRound(state, round(text, names), (index + 1) * 1000)))
}
const colours = (rounds: readonly string[], names: (index: number) => string) =>
  play(rounds, names).map(({ sick }) => (sick === null ? 'green' : sick.kind)).join(' ')

describe('rounds of names that the admin configured', () => {
  test.each([
    ['all is well', ['FFF x'], 'green'],
    ['one bad round is none', ['sss x', 'FFF x', 'sss x', 'FFF x'], 'green green green green'],
    ['two bad rounds', ['sss x', 'sss x'], 'green failing'],
    ['over half, of three', ['Fss x', 'ssF x'], 'green failing'],
    ['less than half', ['FFs x', 'FFs x'], 'green green'],
    ['exactly half is not over half', ['Fs x', 'Fs x'], 'green green'],
    ['the only one', ['s x', 's x'], 'green failing'],
    ['every temporary status', ['srtm x', 'mtrs x'], 'green failing'],
    ['denied counts as failed: they are said to exist', ['xxx x', 'ddd x'], 'green failing'],
    ['heals with one good round', ['ttt t', 'ttt t', 'FFF x', 'ttt t', 'FFF x'], 'green failing green green green'],
    ['heals with half', ['ss s', 'ss s', 'Fs s'], 'green failing green'],
    ['red until it is good', ['sss s', 'sss s', 'ttt t', 'ttt t'], 'green failing failing failing'],
    ['an invented answer at once', ['FFF F'], 'lying'],
    ['nodata is no lie', ['FFF d'], 'green'],
    ['no lie is told by what is unknown', ['FFF t', 'FFF s', 'FFF r', 'FFF m'], 'green green green green'],
    ['nor taken back by it', ['FFF F', 'FFF t', 'FFF x'], 'lying lying green'],
    ['taken back by nodata', ['FFF F', 'FFF d'], 'lying green'],
    ['from lies to silence: a round that fails does not heal', ['FFF F', 'ttt x', 'FFF x'], 'lying failing green'],
    ['from silence to lies', ['ttt t', 'ttt t', 'FFF F'], 'green failing lying'],
    ['a lie after one bad round', ['ttt t', 'ttt F'], 'green lying'],
  ])('%s', (_what, rounds, expected) => { expect(colours(rounds, configured)).toBe(expected) })
})

describe('rounds of the default names: they fail when these name servers have answered them better', () => {
  test.each([
    ['a name server that knows only its own zone denies them: it answers', ['xxx x', 'xxx x', 'ddd d', 'ddd d'], 'green green green green'],
    ['it refuses them', ['rrr r', 'rrr r', 'rrr r'], 'green green green'],
    ['it has never answered them at all: nothing is known', ['sss s', 'ttt t', 'mmm m', 'sst s'], 'green green green green'],
    ['it denied them and fails them now', ['xxx x', 'sss s', 'ttt t'], 'green green failing'],
    ['it denied them and refuses everything now', ['xdx x', 'rrr r', 'rrr r'], 'green green failing'],
    ['it refused them and is silent now', ['rrr r', 'ttt t', 'ttt t', 'rrr r'], 'green green failing green'],
    ['it refused them and denies them now: that is more', ['rrr r', 'xxx x', 'xxx x'], 'green green green'],
    ['silent at first, then it denies them, then it fails', ['ttt t', 'xxx x', 'sss s', 'sss s'], 'green green green failing'],
    ['only what was answered counts', ['Ftt x', 'ttt x', 'ttt x'], 'green green failing'],
    ['it invents answers, whatever is known', ['ttt t', 'rrr F'], 'green lying'],
    ['found before, denied now: sick', ['FFF x', 'xxx x', 'xxx x'], 'green green failing'],
    ['of those denied only the ones that were found fail', ['FxF x', 'xxx x', 'xxx x', 'xFx x'], 'green green failing failing'],
    ['found once, denied by less than half', ['Fxx x', 'xxx x', 'xxx x'], 'green green green'],
    ['the gate’s own PTR (asked once it was found) must be there', ['FFFF x', 'xxFx x', 'Fxxx x'], 'green green failing'],
  ])('%s', (_what, rounds, expected) => { expect(colours(rounds, byDefault)).toBe(expected) })
})

test('how many are known to be good: of default names those that were found, of configured ones all', () => {
  expect(play(['ttt t', 'xxx x', 'FxF x', 'sss s'], byDefault).map(({ knownGood }) => knownGood)).toEqual([0, 0, 2, 2])
  expect(play(['ttt t'], configured).map(({ knownGood }) => knownGood)).toEqual([3])
})

test('what is remembered of an earlier run counts from the first round on', () => {
  const { best } = play(['FFF x'], byDefault)[0]!
  const first = afterRound(newCanary(0, best), round('rrr r', byDefault), 1000)
  expect(afterRound(first, round('rrr r', byDefault), 2000).sick?.kind).toBe('failing')
})

test('since when, and what failed', () => {
  const states = play(['FFF x', 'sts x', 'sts x', 'ttt x', 'FFF x', 'FFF F'], configured)
  expect(states.map(({ sick, since }) => [since, sick?.text ?? null])).toEqual([
    [0, null], [0, null],
    [3000, 'Our own DNS is sick: 3 of 3 questions that are known to have an answer failed (n0.shop.example. A: SERVFAIL 127.0.0.1:53; n1.shop.example. A: no answer in time; n2.shop.example. A: SERVFAIL 127.0.0.1:53). Until it is well nobody is refused for DNS (451 instead), and nobody gets a strike'],
    [3000, states[2]?.sick?.text],
    [5000, null],
    [6000, 'Our own DNS is sick: the name server 127.0.0.1:53 gave an address to a random name below com that does not exist: it invents answers. Until it is well nobody is refused for DNS (451 instead), and nobody gets a strike'],
  ])
})

test('of many that failed a few are named', () => {
  expect(play(['ssssss x', 'ssssss x'], configured)[1]?.sick?.text).toMatch(/^Our own DNS is sick: 6 of 6 .*\(n0[^;]*; n1[^;]*; n2[^;]*; n3[^;]*; …\)/)
})

test.each([
  ['well', ['FFF x'], EVERY_MS], ['one bad round', ['sss x'], AGAIN_MS], ['red', ['sss x', 'sss x'], AGAIN_MS], ['a lie', ['FFF F'], AGAIN_MS], ['healed', ['sss x', 'sss x', 'FFF x'], EVERY_MS],
])('the next round after: %s', (_what, rounds, expected) => { expect(nextRound(play(rounds, configured).at(-1)!)).toBe(expected) })

test.each([
  ['too few', { servfail: 19 }, 'unknown'], ['half', { found: 10, timeout: 10 }, 'usual'], ['over half', { found: 9, timeout: 11 }, 'jumped'],
  ['of every temporary kind', { nxdomain: 5, nodata: 5, servfail: 3, refused: 3, timeout: 3, malformed: 2 }, 'jumped'], ['denials are answers', { nxdomain: 40, timeout: 10 }, 'usual'],
])('the temporary rate: %s', (_what, counts, expected) => {
  expect(temporaryRate({ found: 0, nodata: 0, nxdomain: 0, servfail: 0, refused: 0, timeout: 0, malformed: 0, ...counts })).toBe(expected)
})

test('whatever came before: a good round is green, two bad ones are red, a lie is red', () => {
  const letter = fc.constantFrom(...Object.keys(LETTERS))
  const rounds = fc.array(fc.tuple(fc.array(letter, { minLength: 1, maxLength: 5 }), letter).map(([known, invented]) => `${known.join('')} ${invented}`), { maxLength: 12 })
  fc.assert(fc.property(rounds, (before) => {
    const last = (...more: string[]) => play([...before, ...more], configured).at(-1)!.sick
    expect(last('FFF x')).toBe(null)
    expect(last('sss x', 'xxx x')?.kind).toBe('failing')
    expect(last('FFF F')?.kind).toBe('lying')
  }))
})
