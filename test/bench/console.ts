/**
 * The console under load in a real Chromium with software rendering (UI.md, Performance): first paint from a warm start, frames
 * while 2,000 sessions a second stream in and while 100,000 rows are scrolled at that rate, and memory over BENCH_MINUTES (1) of
 * it. In headless Chromium frames come at 60 a second at most. Beside each rate stands what the page's main thread computes in
 * that time, which other programs on the machine do not change much.
 */
import { chromium } from 'playwright-core'
import type { CDPSession, Page } from 'playwright-core'
import { buildRenderer } from '../e2e/renderer.ts'
import { start, stop } from './process.ts'
import { fileURLToPath } from 'node:url'

export interface Figure {
  readonly name: string
  readonly value: number
  readonly goal: string
  readonly extra: string
}

const CHROMIUM = '/usr/bin/chromium'
const RATE = 2000
const ROWS = 100_000
const LOADS = 5
const SECONDS = 10
const MINUTES = Number(process.env.BENCH_MINUTES ?? 1)
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

export async function* consoleFigures(): AsyncGenerator<Figure> {
  await buildRenderer()
  const source = await start(1, [fileURLToPath(new URL('stream.ts', import.meta.url)), '5000'])
  const say = (line: string) => source.child.stdin?.write(`${line}\n`)
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--enable-precise-memory-info', '--js-flags=--expose-gc'] })
  try {
    const context = await browser.newContext({ viewport: { width: 1600, height: 900 } })
    const page = await context.newPage()
    const cdp = await context.newCDPSession(page)
    const url = String(source.first.url)
    yield* paints(page, url)

    say(`rate ${RATE}`)
    await wait(3000)
    await cdp.send('Performance.enable', { timeDomain: 'threadTicks' })
    const busy = <T>(work: () => Promise<T>) => withBusy(cdp, work)
    yield figureOf(`console: frames a second at ${RATE} rows/s`, '>= 30', await busy(() => frames(page, SECONDS)))
    // As after a night of it: the buffer is full, and nothing is folded away.
    await page.getByRole('switch', { name: 'Fold repeats' }).click()
    say(`fill ${ROWS}`)
    await wait(8000)
    say(`rate ${RATE}`)
    await wait(3000)
    yield figureOf(`console: the same with ${ROWS} rows in it, unfolded`, '>= 30', await busy(() => frames(page, SECONDS)))
    yield figureOf(`console: scrolling ${ROWS} rows at ${RATE} rows/s`, '>= 30', await scrolled(page, busy))
    yield* memory(cdp)
  } finally {
    await browser.close()
    await stop(source)
  }
}

/** The second and later loads: the files are in the browser's cache. */
async function* paints(page: Page, url: string): AsyncGenerator<Figure> {
  const paint: number[] = []
  const filled: number[] = []
  for (let load = 0; load <= LOADS; load += 1) {
    await page.goto('about:blank')
    await page.goto(url)
    const row = page.locator('.rows [role=row]').first()
    await row.waitFor()
    const seen = await page.evaluate(() => ({ paint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0, rows: performance.now() }))
    if (load === 0) continue
    paint.push(seen.paint)
    filled.push(seen.rows)
  }
  yield { name: 'console: first paint from a warm start, s', value: middle(paint) / 1000, goal: '< 1', extra: `rows on the screen after ${(middle(filled) / 1000).toFixed(2)} s; slowest paint ${(Math.max(...paint) / 1000).toFixed(2)} s` }
}

interface Frames {
  readonly perSecond: number
  readonly p95: number
  readonly worst: number
  readonly rows: number
}

function figureOf(name: string, goal: string, { result: { perSecond, p95, worst, rows }, share }: Busy<Frames>): Figure {
  return { name, value: perSecond, goal, extra: `95 % of frames within ${p95.toFixed(0)} ms, worst ${worst.toFixed(0)} ms; main thread ${(share * 100).toFixed(0)} % busy; ${rows.toLocaleString('en-US')} rows in the list` }
}

/** Frames as the page itself sees them, for so many seconds; `step` moves the list before each. */
async function frames(page: Page, seconds: number, step = 0): Promise<Frames> {
  const { times, rows } = await page.evaluate(async ({ ms, by }) => {
    const list = document.querySelector('.list')
    const seen: number[] = []
    let last = performance.now()
    const end = last + ms
    while (last < end) {
      const now = await new Promise<number>((resolve) => requestAnimationFrame(resolve))
      seen.push(now - last)
      last = now
      if (list !== null && by !== 0) list.scrollTop = (list.scrollTop + by) % Math.max(1, list.scrollHeight - list.clientHeight)
    }
    return { times: seen.slice(1), rows: Number(list?.getAttribute('aria-rowcount') ?? 1) - 1 }
  }, { ms: seconds * 1000, by: step })
  const sorted = [...times].sort((a, b) => a - b)
  return { perSecond: times.length / (times.reduce((sum, time) => sum + time, 0) / 1000), p95: sorted[Math.floor(sorted.length * 0.95)] ?? 0, worst: sorted.at(-1) ?? 0, rows }
}

interface Busy<T> {
  readonly result: T
  /** Of one core, in the page's main thread. */
  readonly share: number
}

async function withBusy<T>(cdp: CDPSession, work: () => Promise<T>): Promise<Busy<T>> {
  const seconds = async () => (await cdp.send('Performance.getMetrics')).metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0
  const [before, began] = [await seconds(), performance.now()]
  const result = await work()
  return { result, share: ((await seconds()) - before) / ((performance.now() - began) / 1000) }
}

/** By the wheel a little, as a hand does, then from end to end: each frame shows other rows. */
async function scrolled(page: Page, busy: (work: () => Promise<Frames>) => Promise<Busy<Frames>>): Promise<Busy<Frames>> {
  await page.mouse.move(700, 500)
  for (let turn = 0; turn < 10; turn += 1) await page.mouse.wheel(0, 400)
  await page.getByRole('button', { name: /back to live/ }).waitFor()
  const result = await busy(() => frames(page, SECONDS, 3331))
  await page.mouse.move(5, 5)
  await page.getByRole('button', { name: /back to live/ }).click()
  return result
}

/** The heap after a collection, at the beginning and at the end: what stays is what grows. */
async function* memory(cdp: CDPSession): AsyncGenerator<Figure> {
  const heap = async () => {
    await cdp.send('HeapProfiler.collectGarbage')
    const { usedSize } = await cdp.send('Runtime.getHeapUsage')
    const { nodes } = await cdp.send('Memory.getDOMCounters')
    return { mb: usedSize / 1e6, nodes }
  }
  await wait(5000)
  const begin = await heap()
  const seen = [begin.mb]
  for (let minute = 0; minute < MINUTES * 2; minute += 1) {
    await wait(30_000)
    seen.push((await heap()).mb)
  }
  const end = await heap()
  const half = seen.slice(Math.floor(seen.length / 2))
  const course = seen.filter((_, index) => index % Math.max(1, Math.floor(seen.length / 10)) === 0).map((mb) => mb.toFixed(0)).join(' ')
  yield { name: `console: MB of heap after ${MINUTES} min at ${RATE} rows/s`, value: end.mb, goal: 'flat', extra: `${begin.mb.toFixed(0)} MB at first (${course}); highest of the second half ${Math.max(...half).toFixed(0)}; ${begin.nodes} and ${end.nodes} DOM nodes` }
  yield { name: 'console: growth of the heap, MB an hour', value: slope(half) * 120, goal: '~ 0', extra: 'a line through the second half' }
}

/** Least squares, per step. */
function slope(values: readonly number[]): number {
  const n = values.length
  const mean = values.reduce((sum, value) => sum + value, 0) / n
  const along = (n - 1) / 2
  const spread = values.reduce((sum, _, index) => sum + (index - along) ** 2, 0)
  return spread === 0 ? 0 : values.reduce((sum, value, index) => sum + (index - along) * (value - mean), 0) / spread
}

function middle(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}
