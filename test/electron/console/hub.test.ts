/** The live stream: batches, what a slow console loses, what is open, and that nothing is left behind. */
import { afterEach, describe, expect, test } from 'vitest'
import { createLiveHub } from '../../../electron/console/hub.ts'
import type { LiveHub } from '../../../electron/console/hub.ts'
import { systemClock } from '../../../electron/clock.ts'
import type { LiveBatch } from '../../../shared/api.ts'
import { record } from './records.ts'

let hub: LiveHub
afterEach(() => hub.close())

async function next(stream: AsyncGenerator<LiveBatch, void, void>): Promise<LiveBatch> {
  const result = await stream.next()
  if (result.done === true) throw new Error('the stream ended')
  return result.value
}

const ids = (batch: LiveBatch) => batch.sessions.map(({ id, open }) => `${id}${open ? ' open' : ''}`)

describe('the hub', () => {
  test('says at once what is open, then hands over what finishes, in order', async () => {
    hub = createLiveHub(systemClock)
    hub.watchOpen({ openSessions: () => [record({ id: 'old' }), record({ id: 'young', at: new Date(systemClock.now() + 60_000).toISOString() })] })
    const stream = hub.subscribe(new AbortController().signal)
    expect(ids(await next(stream))).toEqual(['old open'])
    const batch = next(stream)
    hub.publish(record({ id: 'a' }), false)
    hub.publish(record({ id: 'b' }), false)
    expect(await batch).toEqual({ sessions: [{ ...record({ id: 'a' }), open: false }, { ...record({ id: 'b' }), open: false }], missed: 0 })
  })

  test('keeps nothing for nobody', async () => {
    hub = createLiveHub(systemClock)
    hub.publish(record({ id: 'before' }), false)
    const stream = hub.subscribe(new AbortController().signal)
    expect(await next(stream)).toEqual({ sessions: [], missed: 0 })
    expect(hub.subscribers()).toBe(1)
  })

  test('a console that does not read loses the oldest, is told how many, and costs a bounded buffer', async () => {
    hub = createLiveHub(systemClock)
    const stream = hub.subscribe(new AbortController().signal)
    await next(stream)
    for (let index = 0; index < 10_500; index++) hub.publish(record({ id: `s${index}` }), false)
    const batch = await next(stream)
    expect(batch.missed + batch.sessions.length).toBe(10_500)
    expect(batch.sessions.length).toBeLessThanOrEqual(2000)
    expect(batch.sessions.at(-1)?.id).toBe('s10499')
    hub.publish(record({ id: 'after' }), false)
    expect(await next(stream)).toEqual({ sessions: [{ ...record({ id: 'after' }), open: false }], missed: 0 })
  })

  test('two consoles each get everything, however slow the other is', async () => {
    hub = createLiveHub(systemClock)
    const [fast, slow] = [hub.subscribe(new AbortController().signal), hub.subscribe(new AbortController().signal)]
    await next(fast)
    await next(slow)
    for (let index = 0; index < 3000; index++) hub.publish(record({ id: `s${index}` }), false)
    expect((await next(fast)).sessions.at(-1)?.id).toBe('s2999')
    hub.publish(record({ id: 'more' }), false)
    expect(ids(await next(fast))).toEqual(['more'])
    expect((await next(slow)).sessions.at(-1)?.id).toBe('more')
  })

  test('an open session is told again only when it changed', async () => {
    hub = createLiveHub(systemClock)
    let open = [record({ id: 'o', ehlo: null, ms: 1 })]
    hub.watchOpen({ openSessions: () => open })
    const stream = hub.subscribe(new AbortController().signal)
    expect(ids(await next(stream))).toEqual(['o open'])
    const changed = next(stream)
    open = [record({ id: 'o', ehlo: null, ms: 900 })]
    // Looked at again (a second console does that at once): longer is not different.
    await next(hub.subscribe(new AbortController().signal))
    open = [record({ id: 'o', ehlo: 'mail.acme.example', ms: 1500 })]
    expect((await changed).sessions.map(({ ehlo }) => ehlo)).toEqual(['mail.acme.example'])
  })

  test('a console that goes away ends its stream and is forgotten', async () => {
    hub = createLiveHub(systemClock)
    const gone = new AbortController()
    const stream = hub.subscribe(gone.signal)
    await next(stream)
    const waiting = stream.next()
    gone.abort()
    expect(await waiting).toEqual({ done: true, value: undefined })
    expect(hub.subscribers()).toBe(0)
  })

  test('closing ends every stream', async () => {
    hub = createLiveHub(systemClock)
    const stream = hub.subscribe(new AbortController().signal)
    await next(stream)
    const waiting = stream.next()
    hub.close()
    expect(await waiting).toEqual({ done: true, value: undefined })
  })
})
