/** What the Live page shows of a search: exactly what is asked for, and only where there is nothing of it a step wider, told as such. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Api } from '../../renderer/client.ts'
import { NO_FILTER } from '../../renderer/model/filter.ts'
import type { LiveSession } from '../../renderer/model/feed.ts'
import { LiveStore } from '../../renderer/store/live.ts'
import { searchMatcher } from '../../shared/search/match.ts'
import { parseSearch, wider } from '../../shared/search/query.ts'
import { session } from './sessions.ts'

const JOE = session('s1', { recipients: ['joe@shop.example'] })
const OFFICE = session('s2', { client: '192.0.2.2', sender: 'orders@acme.example', recipients: ['office@shop.example'] })
const BIGJOE = session('s3', { client: '192.0.2.3', sender: 'eve@evil.example', recipients: ['bigjoe@shop.example'] })

beforeEach(() => vi.stubGlobal('requestAnimationFrame', (draw: (at: number) => void) => { queueMicrotask(() => { draw(0) }); return 1 }))
afterEach(() => vi.unstubAllGlobals())

/** A gate whose journal has these, newest first; `inView`: how many of them a page that just opens is given. */
async function opened(journal: readonly LiveSession[], inView = journal.length) {
  const ending = new AbortController()
  const stream: ((sessions: readonly LiveSession[]) => void)[] = []
  async function* live() {
    yield { missed: 0, sessions: [] as readonly LiveSession[] }
    while (!ending.signal.aborted) yield { missed: 0, sessions: await new Promise<readonly LiveSession[]>((resolve) => stream.push(resolve)) }
  }
  const list = ({ text, before }: { text?: string; before?: string }) => {
    const older = before === undefined ? journal.slice(0, inView) : journal.slice(journal.findIndex(({ id }) => id === before) + 1)
    if (text === undefined) return Promise.resolve(before === undefined && inView < journal.length ? [...older, ...Array.from({ length: 500 - inView }, (_, index) => session(`x${index}`, { sender: 'x@x.test', recipients: ['x@x.test'] }))] : older)
    const search = parseSearch(text)
    const exact = searchMatcher(search)
    if (journal.some(exact)) return Promise.resolve(older.filter(exact))
    const wide = wider(search)
    return Promise.resolve(wide === null ? [] : older.filter(searchMatcher(wide)))
  }
  const store = new LiveStore()
  const running = store.task({ sessions: { live: () => Promise.resolve(live()), list } } as unknown as Api, ending.signal)
  await vi.waitFor(() => { expect(store.view().ready).toBe(true) })
  const shown = () => store.view().items.map(({ row }) => row.id).join(' ')
  return {
    store, shown,
    search: async (text: string) => {
      store.setFilter({ ...NO_FILTER, typed: text })
      await vi.waitFor(() => { expect([store.view().history.kind, store.view().end]).toEqual(['idle', 'all']) })
    },
    arrive: async (one: LiveSession) => {
      await vi.waitFor(() => { expect(stream).toHaveLength(1) })
      stream.pop()?.([one])
      await vi.waitFor(() => { expect(store.find(one.id)).not.toBeNull() })
    },
    end: async () => {
      ending.abort()
      stream.pop()?.([])
      await running
    },
  }
}

test('a mail address that is there: its mail, and nobody else’s of that domain', async () => {
  const page = await opened([BIGJOE, OFFICE, JOE])
  await page.search('joe@shop.example')
  expect(page.shown()).toBe('s1')
  expect(page.store.view().widened).toBe(false)
  await page.end()
})

test('one that is not there: its domain, and it is said', async () => {
  const page = await opened([OFFICE, JOE])
  await page.search('kate@shop.example')
  expect(page.shown()).toBe('s2 s1')
  expect(page.store.view().widened).toBe(true)
  await page.search('joe@shop.example')
  expect(page.shown()).toBe('s1')
  expect(page.store.view().widened).toBe(false)
  await page.end()
})

test('the same where the page itself has but the newest sessions', async () => {
  const page = await opened([session('s4', { sender: 'x@x.test', recipients: ['x@x.test'] }), OFFICE, JOE], 1)
  await page.search('kate@shop.example')
  expect(page.shown()).toBe('s2 s1')
  expect(page.store.view().widened).toBe(true)
  await page.search('joe@shop.example')
  expect(page.shown()).toBe('s1')
  await page.end()
})

test('nothing of the domain either: nothing, and nothing is said to be shown instead', async () => {
  const page = await opened([OFFICE, JOE])
  await page.search('kate@absent.example')
  expect(page.shown()).toBe('')
  expect(page.store.view().widened).toBe(false)
  await page.end()
})

test('what was asked for comes in: only that is shown from then on; while the list stands still, when it is let go', async () => {
  const page = await opened([OFFICE, JOE])
  await page.search('kate@shop.example')
  page.store.hold('pointer')
  await page.arrive(session('s5', { recipients: ['kate@shop.example'] }))
  expect(page.shown()).toBe('s2 s1')
  page.store.letGo('pointer')
  expect(page.shown()).toBe('s5')
  expect(page.store.view().widened).toBe(false)
  await page.end()
})
