/** What is never sent: out of practice mode, about its invented senders, and what was to be forgotten. */
import { expect, test } from 'vitest'
import { noticeOf } from '../../../electron/console/notices.ts'
import { REMOVED_MESSAGE } from '../../../electron/forgotten.ts'
import { newSessionId } from '../../../electron/ids.ts'
import { send } from '../../../electron/notice/desk.ts'
import { session } from '../../shared/notice/session.ts'
import { drafted, ENTRY, gate, REFUSED, smtp } from './officeworld.ts'

test('practice: nothing leaves this machine, and about its invented senders nobody is ever written to', async () => {
  const here = await gate({}, undefined, { backend: undefined })
  expect((await drafted(here, { to: 'noc@isp.example' })).sending).toBe(null)
  const away = await gate({ smtp: 'smtp.isp.example:587' }, undefined, { backend: undefined })
  const draft = await drafted(away, { to: 'noc@isp.example' })
  expect(draft.sending).toBe('notices are not sent in practice mode: nothing leaves this machine')
  expect(await send(away.desk, draft.notice.id)).toMatchObject({ ok: false, code: 'settings' })
  for (const made of [here, await gate()]) {
    made.store.record({ ...ENTRY, session: session({ ...REFUSED, id: newSessionId(Date.parse(REFUSED.at), true) }) })
    const invented = await drafted(made, { subject: REFUSED.client, to: 'noc@isp.example' })
    expect(invented.sending).toBe('the sender is one of practice mode’s invented ones: nobody is written to about it')
    await made.desk.outbox.put(invented.notice, invented.message)
    expect((await noticeOf(made.desk, invented.notice.id))?.sending).toBe(invented.sending)
    expect(await send(made.desk, invented.notice.id)).toMatchObject({ ok: false, code: 'settings' })
  }
  expect(smtp.messages).toEqual([])
})

test('a message whose text was to be forgotten is never handed over', async () => {
  const made = await gate()
  const { notice } = await drafted(made)
  await made.store.putNotice(notice.id, JSON.stringify(notice), REMOVED_MESSAGE)
  expect((await send(made.desk, notice.id)).ok).toBe(true)
  await made.office.mailer.run()
  expect(made.desk.outbox.get(notice.id)).toMatchObject({ state: 'failed' })
  expect(smtp.messages).toEqual([])
})
