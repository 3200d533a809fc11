/** What the console's tests in a browser share: a fresh gate double and page for each test, and words for finding things. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import axe from 'axe-core'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import { chromium } from 'playwright-core'
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core'
import { ConsoleGate } from '../fakes/consolegate.ts'
import type { ConsoleGateOptions } from '../fakes/consolegate.ts'
import { CAST, FOUNDING } from '../fakes/samplecast.ts'
import { buildRenderer } from './renderer.ts'

const CHROMIUM = '/usr/bin/chromium'
export const hasChromium = existsSync(CHROMIUM)

export const until = <T>(read: () => T | Promise<T>) => expect.poll(read, { timeout: 30_000 })
export const role = (name: string) => CAST.find((one) => one.name === name)!
export const rows = (page: Page) => page.getByRole('grid').locator('.rows').getByRole('row')
export const rowOf = (page: Page, text: string) => rows(page).filter({ hasText: text }).first()
/** The row once the pointer is on the list: from then on it stands still (each row's element is used again for another one as the list moves). */
export async function stillRow(page: Page, text: string): Promise<Locator> {
  await rowOf(page, text).hover()
  return rowOf(page, text)
}
export const pick = async (page: Page, text: string, how: { readonly button?: 'right' } = {}) => (await stillRow(page, text)).click(how)
export const clipboard = (page: Page) => page.evaluate(() => navigator.clipboard.readText())
export const chosen = (page: Page) => page.locator('[role=row][aria-selected=true]')

/** The founding case's. */
export const CLIENT = '216.33.111.150'
export const pane = (page: Page) => page.getByRole('complementary', { name: 'Session' })
export const palette = (page: Page) => page.getByRole('combobox', { name: 'Commands' })
export const listbox = (page: Page) => page.getByRole('listbox', { name: 'Commands' })
export const focusIn = (page: Page, selector: string) => page.evaluate((within) => document.activeElement?.closest(within) !== null && document.activeElement !== document.body, selector)

export async function openFounding(gate: ConsoleGate, page: Page) {
  const session = gate.finish(Date.now(), FOUNDING)
  await pick(page, CLIENT)
  await pane(page).getByText('What would repair it').waitFor()
  return session
}

export function autoBan(gate: ConsoleGate, scope = CLIENT) {
  gate.work.put({ kind: 'ban', scope, reason: '10 refusals in 60 minutes: no reverse name', by: 'auto', since: new Date(Date.now() - 60_000).toISOString(), until: new Date(Date.now() + 86_400_000).toISOString(), hits: 4 })
}

/** Then, now, or both: the switch over the lookups. */
export const when = (page: Page, name: string) => pane(page).locator('label').getByText(name, { exact: true })

/** Focus by the keyboard, as an explanation wants it. */
export async function explain(page: Page, term: string) {
  await pane(page).getByRole('button', { name: term, exact: true }).focus()
  await page.keyboard.press('Shift+Tab')
  await page.keyboard.press('Tab')
}

export interface Stage {
  readonly gate: ConsoleGate
  readonly page: Page
}

export type Show = (hash?: string, options?: ConsoleGateOptions, look?: { dark?: boolean; width?: number }) => Promise<Stage>

/** Registers the hooks of one describe block; the returned function opens the console. */
export function useConsolePage(): Show {
  let browser: Browser
  let gate: ConsoleGate
  let context: BrowserContext
  let troubles: string[] = []

  beforeAll(async () => {
    await buildRenderer()
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
  })
  afterAll(() => browser.close())
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await picture(context, task.name)
    await context.close()
    await gate.stop()
    // Whatever a page was driven to: no script error, and nothing that the content policy had to stop.
    expect(troubles).toEqual([])
  })

  return async (hash = '', options = {}, look = {}) => {
    gate = new ConsoleGate({ history: 300, rules: 40, ...options })
    await gate.start()
    context = await browser.newContext({ viewport: { width: look.width ?? 1600, height: 900 }, colorScheme: look.dark === true ? 'dark' : 'light', permissions: ['clipboard-read', 'clipboard-write'] })
    troubles = []
    const page = await context.newPage()
    page.setDefaultTimeout(30_000)
    noteTroubles(page, troubles)
    await page.goto(gate.url + hash)
    // Keys are for the page; before it stands there is nobody to hear them.
    await page.locator('#content').waitFor({ state: 'attached' })
    return { gate, page }
  }
}

/** What was to be seen when a test failed: .cache/failures. */
async function picture(context: BrowserContext, test: string): Promise<void> {
  const file = join(import.meta.dirname, '../../.cache/failures', `${test.replace(/[^\w]+/g, '-').slice(0, 80)}.png`)
  await context.pages()[0]?.screenshot({ path: file }).then(() => console.error(`what the page showed: ${file}`), () => undefined)
}

/** Collects script errors, and what the content policy had to stop; a line that broke is no trouble of the page's. */
export function noteTroubles(page: Page, troubles: string[]): void {
  page.on('pageerror', (error) => troubles.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error' && !/WebSocket|Failed to load resource/.test(message.text())) troubles.push(message.text())
  })
}

/** What axe-core finds on the page as it stands: rule and elements. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source)
  return page.evaluate(async () => {
    const { axe: run } = window as unknown as { axe: typeof import('axe-core') }
    const result = await run.run(document)
    return result.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`)
  })
}
