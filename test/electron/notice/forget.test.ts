/** A mail address taken out of the notices that the gate has in memory: gone from them, from the copy beside the store, and not written to any more. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createAlarms } from '../../../electron/alarms.ts'
import { createOutbox } from '../../../electron/notice/outbox.ts'
import { readForgettable } from '../../../shared/net/forget.ts'
import type { Notice } from '../../../shared/notice/outbox.ts'
import { NOW } from '../../contract/storecast.ts'
import { createFakeStore } from '../../fakes/store.ts'

const noticeTo = (id: string, to: string, state: Notice['state']): Notice => ({
  id, state, template: 'domain-owner', session: 's1', client: '192.0.2.1', ehlo: 'mail.acme.example', refusedFor: ['ptr-missing'], thenAnswers: [], from: 'postmaster@shop.example', to, source: { kind: 'typed' }, trust: 'typed',
  subject: 'Your DNS', createdAt: NOW, queuedAt: null, sentAt: null, tries: 0, nextTryAt: null, checks: 0, nextCheckAt: null, events: [{ at: NOW, kind: 'drafted', text: `For ${to}.` }],
})

test('what waits to be sent to it is cancelled, others stay as they are', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'porch-outbox-'))
  const store = createFakeStore(() => NOW)
  const clock = { now: () => NOW, monotonic: () => 0 }
  const outbox = await createOutbox({ store, clock, alarms: createAlarms(clock), dataDir })
  await outbox.put(noticeTo('a', 'noc.lead@acme.example', 'draft'), 'message')
  await outbox.put(noticeTo('b', 'Noc.Lead@acme.example', 'answered'), 'message')
  await outbox.put(noticeTo('c', 'other@acme.example', 'draft'), 'message')
  // Its text names the person, softly broken; it waits to be sent to somebody else.
  await outbox.put(noticeTo('d', 'isp@colo.example', 'draft'), 'Subject: x\r\n\r\nfor noc=2Elea=\r\nd@acme.example\r\n')
  await outbox.queue('d', () => null)
  const person = readForgettable('noc.lead@ACME.example')
  if (!person.ok) throw new Error(person.problem)
  expect(await outbox.forget(person)).toEqual(['a', 'b'])
  expect(outbox.get('d')?.state).toBe('cancelled')
  expect(['a', 'b', 'c'].map((id) => [outbox.get(id)?.state, outbox.get(id)?.to])).toEqual([['cancelled', '(forgotten)@acme.example'], ['answered', '(forgotten)@acme.example'], ['draft', 'other@acme.example']])
  for (const kept of [JSON.stringify([...(await store.loadNotices()).values()]), readFileSync(join(dataDir, 'notices', 'notices.json'), 'utf8')]) expect(kept.toLowerCase()).not.toContain('noc.lead')
  expect(await outbox.forget(person)).toEqual([])
  await outbox.close()
  rmSync(dataDir, { recursive: true })
})
