/** What if: every scene judged again from what the journal keeps of it; which sessions the rules have no say in; who is one sender. */
import { describe, expect, test } from 'vitest'
import type { Finding, SessionRecord } from '../../../shared/events.ts'
import { judge } from '../../../shared/gate/verdict.ts'
import { RULE_SETS, rejudge, senderOf } from '../../../shared/gate/whatif.ts'
import { founding } from '../../verdicts/founding.ts'
import { greetings } from '../../verdicts/greetings.ts'
import { hostile } from '../../verdicts/hostile.ts'
import { names } from '../../verdicts/names.ts'
import { ours } from '../../verdicts/ours.ts'
import { reverse } from '../../verdicts/reverse.ts'
import { gate, gather, zoneLines } from '../../verdicts/scene.ts'
import type { Scene } from '../../verdicts/scene.ts'
import { senders2002 } from '../../verdicts/senders2002.ts'
import { sixes } from '../../verdicts/sixes.ts'
import { temporary } from '../../verdicts/temporary.ts'
import { answers, session } from '../notice/session.ts'

const themes = { founding, reverse, greetings, ours, names, temporary, sixes, hostile, senders2002 }
const scenes = Object.entries(themes).flatMap(([theme, of]) => Object.entries(of as Record<string, Scene>).map(([name, scene]): [string, Scene] => [`${theme}: ${name}`, scene]))
const NOW_OURS = { hostname: 'another.example', domains: ['shop.example', '*.shop.example', 'second-shop.example'] }

/** As the gate would have written it down. */
function recordOf(scene: Scene, rules: (typeof RULE_SETS)[number]) {
  const evidence = gather(zoneLines(scene.zone, scene.client), scene.client, scene.ehlo)
  const { verdict, iprev, ptrNames, verifiedNames, findings, refusedFor } = judge(evidence, gate(rules))
  const record = session({ client: evidence.client, ehlo: scene.ehlo, verdict, iprev, ptrNames, verifiedName: verifiedNames[0] ?? null, findings, refusedFor, disposition: verdict === 'accept' ? 'accepted' : 'rejected' })
  return { record, evidence: [...evidence.answers.values()] }
}

const promised = (line: string) => (line === 'accept' ? 'accept' : line.startsWith('451') ? 'tempfail' : 'reject')

describe('a session judged again is what it would have been, whichever rules were in force', () => {
  test.each(scenes)('%s', (_, scene) => {
    for (const then of RULE_SETS) {
      const { record, evidence } = recordOf(scene, then)
      const again = rejudge(record, () => evidence, NOW_OURS)
      expect(again).toEqual({ then: promised(scene[then]), under: { house: promised(scene.house), standard: promised(scene.standard), lenient: promised(scene.lenient) } })
    }
  })

  test('without evidence (too long to be kept) the findings stand for it', () => {
    const under = (findings: Finding[], verdict: SessionRecord['verdict']) => rejudge(session({ findings, verdict }), () => [], NOW_OURS)?.under
    expect(under(['ptr-missing'], 'reject')).toEqual({ house: 'reject', standard: 'reject', lenient: 'reject' })
    expect(under(['ehlo-mismatch'], 'reject')).toEqual({ house: 'reject', standard: 'accept', lenient: 'accept' })
    expect(under(['dns-temporary'], 'tempfail')).toEqual({ house: 'tempfail', standard: 'tempfail', lenient: 'tempfail' })
  })

  test('a name that has become ours since is ours', () => {
    const record = session({ client: '192.0.2.9', ehlo: 'mx.new.example', findings: [], refusedFor: [], verdict: 'accept', disposition: 'accepted' })
    const evidence = answers('@ PTR mx.new.example\nmx.new.example A 192.0.2.9', record)
    expect(rejudge(record, () => evidence, NOW_OURS)?.under.standard).toBe('accept')
    expect(rejudge(record, () => evidence, { ...NOW_OURS, hostname: 'MX.new.example.' })?.under.standard).toBe('reject')
  })
})

describe('what the rules have no say in never changes sides', () => {
  const rcpt = (...recipients: [string, string][]): Partial<SessionRecord> => ({ transactions: [{ sender: 'a@b.example', recipients: recipients.map(([address, reply]) => ({ address, reply })), reply: null, bytes: 0 }] })
  const RELAY = '550 5.7.1 No mail for that address is taken here'
  test.each<[string, Partial<SessionRecord>, boolean]>([
    ['refused at RCPT', {}, true],
    ['banned', { disposition: 'banned' }, false],
    ['over a limit', { disposition: 'limited' }, false],
    ['whitelisted', { disposition: 'whitelisted' }, false],
    ['exempt', { disposition: 'exempt', verdict: null }, false],
    ['no EHLO', { disposition: 'aborted', verdict: null, transactions: [] }, false],
    ['looked in and left', { disposition: 'aborted', transactions: [], refusedFor: ['ptr-missing'] }, false],
    ['refused at EHLO', { disposition: 'rejected', transactions: [] }, true],
    ['early talk, refused whatever the rules', { disposition: 'rejected', transactions: [], refusedFor: [] }, false],
    ['only to postmaster', rcpt(['postmaster@shop.example', '250 2.1.5 Ok'], ['Abuse@shop.example', '250 Ok'], ['postmaster', '250 Ok']), false],
    ['only to others: never a relay', rcpt(['x@elsewhere.example', RELAY]), false],
    ['to others and to us', rcpt(['x@elsewhere.example', RELAY], ['joe@shop.example', '550 5.7.25 no']), true],
    ['left before the reply to RCPT', rcpt(['joe@shop.example', '']), true],
    ['would have been refused', { disposition: 'would-reject' }, true],
  ])('%s', (_, changes, counts) => {
    expect(rejudge(session(changes), () => answers('', session(changes)), NOW_OURS) !== null).toBe(counts)
  })
})

describe('one sender', () => {
  const key = (client: string, verifiedName: string | null, ehlo: string | null = null) => senderOf(session({ client, verifiedName, ehlo })).key
  test('machines of one network under one verified domain are one; other networks or domains are others', () => {
    expect(key('192.0.2.1', 'a.mail.acme.co.uk')).toBe(key('192.0.2.200', 'b.acme.co.uk'))
    expect(key('192.0.2.1', 'a.acme.co.uk')).not.toBe(key('192.0.3.1', 'a.acme.co.uk'))
    expect(key('192.0.2.1', 'a.acme.co.uk')).not.toBe(key('192.0.2.1', 'a.other.co.uk'))
    expect(key('2001:db8::1', 'a.acme.example')).toBe(key('2001:db8::ffff', 'b.acme.example'))
  })
  test('without a verified name the address is the sender, whatever it claims', () => {
    expect(key('192.0.2.1', null, 'one.example')).toBe(key('192.0.2.1', null, 'two.example'))
    expect(key('192.0.2.1', null, 'one.example')).not.toBe(key('192.0.2.2', null, 'one.example'))
    expect(key('2001:db8::1', null)).toBe(key('2001:db8::2', null))
    expect(senderOf(session({ client: '192.0.2.1', verifiedName: null, ehlo: 'mx.one.example' }))).toMatchObject({ domain: 'one.example', verified: false })
    expect(senderOf(session({ client: '192.0.2.1', verifiedName: null, ehlo: '\u0000<script>' }))).toMatchObject({ domain: null })
  })
})
