/** What a line of a notice's timeline says has changed. */
import { expect, test } from 'vitest'
import { storyOf } from '../../renderer/model/noticestory.ts'
import { answerLines, changedAnswers } from '../../electron/notice/write.ts'
import type { Answer } from '../../shared/dns/answer.ts'

const answer = (name: string, type: 'A' | 'PTR', status: Answer['status'], records: readonly string[] = []): Answer => ({ question: { name, type }, status, records, chain: [], ttl: null, ms: 1, server: null })

test('what the gate writes is read back, answer by answer', () => {
  const then = answerLines([answer('25.100.51.198.in-addr.arpa', 'PTR', 'nxdomain'), answer('mail.acme.example', 'A', 'found', ['198.51.100.99', '198.51.100.98'])])
  const now = answerLines([answer('25.100.51.198.in-addr.arpa', 'PTR', 'found', ['mail.acme.example']), answer('mail.acme.example', 'A', 'found', ['198.51.100.25']), answer('www.acme.example', 'A', 'nodata')])
  expect(storyOf(`Fixed, its mail passes. ${changedAnswers(then, now).join('; ')}.`)).toEqual({
    sentence: 'Fixed, its mail passes.',
    changes: [
      { question: '25.100.51.198.in-addr.arpa. PTR', then: 'nxdomain', now: 'mail.acme.example' },
      { question: 'mail.acme.example. A', then: '198.51.100.98, 198.51.100.99', now: '198.51.100.25' },
      { question: 'www.acme.example. A', then: null, now: 'nodata' },
    ],
  })
})

test.each(['Taken by the submission server: 250 2.0.0 Ok: queued as 4FX', 'Not taken yet, tried again in 5 minutes: 451 now: later', 'noc@isp.example answered by way of 192.0.2.1; it is in your mailbox.'])('%s', (text) => {
  expect(storyOf(text)).toEqual({ sentence: text, changes: [] })
})
