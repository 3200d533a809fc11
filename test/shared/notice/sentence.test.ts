import { describe, expect, test } from 'vitest'
import type { Finding, SessionRecord } from '../../../shared/events.ts'
import { judge } from '../../../shared/gate/verdict.ts'
import { advise } from '../../../shared/notice/advice.ts'
import { evidenceOf, sentence, verdictInWords } from '../../../shared/notice/sentence.ts'
import { gate } from '../../verdicts/scene.ts'
import { answers, founding, session } from './session.ts'

/** A session as the gate would keep it, judged by house in this zone. */
function played(ehlo: string, zone: string, changes: Partial<SessionRecord> = {}) {
  const asked = session({ ehlo, ...changes })
  const evidence = answers(zone, asked)
  const judgement = judge(evidenceOf(asked, evidence), gate('house'))
  const { verdict, iprev, ptrNames, findings, refusedFor } = judgement
  const record = session({ ehlo, verdict, iprev, ptrNames, findings, refusedFor, verifiedName: judgement.verifiedNames[0] ?? null, ...changes })
  const remedies = advise(evidenceOf(record, evidence), gate('house'), null)
  return { words: verdictInWords(record, evidence), without: verdictInWords(record), sentence: sentence(record, evidence, remedies) }
}

const PTR = '@ PTR out.acme.example\nout.acme.example A 216.33.111.150'

describe('a few words and one sentence', () => {
  test.each([
    ['the founding case', played('www.americangreetings.com', 'www.americangreetings.com A 216.33.97.70'),
      'no reverse name, name leads to 216.33.97.70', 'no reverse name, name leads elsewhere',
      '216.33.111.150 has no reverse name and www.americangreetings.com leads to 216.33.97.70 and not to 216.33.111.150: the owner of www.americangreetings.com must correct its address record and the owner of the address (its ISP or data centre) must add a PTR record.'],
    ['an unconfirmed PTR', played('mail.acme.example', '@ PTR a.isp.example\na.isp.example A 10.0.0.1\nmail.acme.example A 216.33.111.150'),
      'reverse name leads to 10.0.0.1', 'reverse name leads elsewhere',
      'The reverse name a.isp.example of 216.33.111.150 leads to 10.0.0.1 and not back: the owner of a.isp.example must correct its address record.'],
    ['a PTR to nowhere', played('mail.acme.example', '@ PTR a.isp.example\nmail.acme.example A 216.33.111.150'),
      'reverse name leads elsewhere', 'reverse name leads elsewhere',
      'The reverse name a.isp.example of 216.33.111.150 leads nowhere and not back: the owner of a.isp.example must correct its address record.'],
    ['a bare word', played('INTIMIDATOR', PTR), 'name has no domain', 'name has no domain',
      'INTIMIDATOR is a bare word without a domain: whoever runs the sending server must let it greet with out.acme.example.'],
    ['an address', played('216.33.111.150', PTR), 'address instead of a name', 'address instead of a name',
      '216.33.111.150 is an address and not a name: whoever runs the sending server must let it greet with out.acme.example.'],
    ['our name', played('[192.0.2.25]', PTR), 'name is ours', 'name is ours',
      "[192.0.2.25] is our own name and not the sender's: whoever runs the sending server must let it greet with out.acme.example."],
    ['malformed', played('a\r\nb', PTR), 'name is malformed', 'name is malformed',
      'a\\x0d\\x0ab is not a host name: whoever runs the sending server must let it greet with out.acme.example.'],
    ['a bare domain', played('acme.example', `${PTR}\nacme.example A 216.33.111.150`), 'domain without host part', 'domain without host part',
      'acme.example is a domain without a host part: whoever runs the sending server must let it greet with out.acme.example.'],
    ['a name of three addresses', played('www.acme.example', `${PTR}\nwww.acme.example A 10.0.0.1\nwww.acme.example A 10.0.0.2\nwww.acme.example A 10.0.0.3`),
      'name leads to 10.0.0.1 and 10.0.0.2 and others', 'name leads elsewhere',
      'www.acme.example leads to 10.0.0.1 and 10.0.0.2 and others and not to 216.33.111.150: whoever runs the sending server must let it greet with out.acme.example.'],
    ['observed', played('ghost.acme.example', PTR, { disposition: 'would-reject' }), 'name does not exist', 'name does not exist',
      'ghost.acme.example does not exist in DNS: whoever runs the sending server must let it greet with out.acme.example (only observed: it was let through).'],
    ['in order', played('out.acme.example', PTR, { disposition: 'accepted', reply: '250 ok' }), 'in order', 'in order',
      '216.33.111.150 is out.acme.example, and its DNS is in order: nothing is wrong.'],
    ['in order, and refused by the mail server', played('out.acme.example', PTR, { disposition: 'bounced-by-backend', reply: '550 5.1.1 no such mailbox' }), 'in order', 'in order',
      '216.33.111.150 is out.acme.example, and its DNS is in order: the mail was turned down further on, which is for this shop to look at (550 5.1.1 no such mailbox).'],
    ['in order, and a relay attempt', played('out.acme.example', PTR, { disposition: 'rejected', reply: '550 5.7.1 not served here' }), 'in order', 'in order',
      '216.33.111.150 is out.acme.example, and its DNS is in order: it was refused for something other than DNS (550 5.7.1 not served here).'],
    ['temporary', played('out.acme.example', '@ SERVFAIL\nout.acme.example A 216.33.111.150'), 'DNS does not answer', 'DNS does not answer',
      'The DNS of 216.33.111.150 or of the name it gave did not answer; the sender will try again by itself.'],
  ])('%s', (_, { words, without, sentence: whole }, short, bare, long) => {
    expect([words, without, whole]).toEqual([short, bare, long])
  })
})

test('what passes although something was found', () => {
  expect(verdictInWords({ ...founding, verdict: 'accept', findings: ['ehlo-mismatch'], refusedFor: [] })).toBe('passes, though name leads elsewhere')
})

describe('refused for something other than DNS: the reply that decided it tells', () => {
  const unchecked = { ...founding, verdict: null, findings: [] as Finding[], refusedFor: [] as Finding[] }
  test.each([
    [{ disposition: 'rejected', reply: '550 5.7.1 No mail for that address is taken here' }, 'recipient not served here', '216.33.111.150 was refused: no mail is taken here for that recipient, whose domain is not among the served ones; its DNS was not looked at.'],
    [{ disposition: 'limited', reply: '421 4.7.0 Too many errors' }, 'too many errors', '216.33.111.150 was refused: it made too many errors; its DNS was not looked at.'],
  ] as const)('%o', (change, short, long) => {
    expect([verdictInWords({ ...unchecked, ...change }), sentence({ ...unchecked, ...change }, [], [])]).toEqual([short, long])
  })
  test('it is said before what DNS would have been refused for, and only if it was refused', () => {
    const reply = '550 5.7.1 No mail for that address is taken here'
    expect(verdictInWords({ ...founding, disposition: 'rejected', reply })).toBe('recipient not served here')
    expect(verdictInWords({ ...founding, disposition: 'accepted', reply })).toBe('no reverse name, name leads elsewhere')
  })
})

test('what was never checked', () => {
  const unchecked = { ...founding, verdict: null, findings: [] as Finding[], refusedFor: [] as Finding[] }
  expect(verdictInWords({ ...unchecked, disposition: 'exempt' })).toBe('not checked')
  expect(verdictInWords({ ...unchecked, disposition: 'limited' })).toBe('over a limit')
  expect(sentence({ ...unchecked, disposition: 'exempt' }, [], [])).toBe('216.33.111.150 was not checked: it is exempt.')
})
