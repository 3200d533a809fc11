/**
 * npm run screenshots: every page of the console as the real program shows it, in light and dark, with data and empty, at 900
 * and 1600 px. All of them go to .cache/screenshots to be looked at; those that README and docs show go to docs/screenshots
 * (at most 150 KB each). `npm run screenshots -- live rules` draws only pages of these names.
 */
import { mkdtempSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import type { Browser, Page } from 'playwright-core'
import { seed } from '../bench/seed.ts'
import { paletted } from './palettepng.ts'
import { startPorch } from './porch.ts'
import type { Porch } from './porch.ts'
import { buildRenderer } from './renderer.ts'

const all = fileURLToPath(new URL('../../.cache/screenshots', import.meta.url))
const shown = fileURLToPath(new URL('../../docs/screenshots', import.meta.url))
const MOST_BYTES = 150_000
const SESSIONS = 30_000

type Data = 'empty' | 'data'

interface Shot {
  readonly page: string
  readonly hash: string
  readonly data: readonly Data[]
  /** What stands in the docs: the files there, and how it looks there. */
  readonly shown?: readonly { readonly as: string; readonly dark?: boolean; readonly width?: number; readonly data?: Data }[]
  /** Brings the page into the state to be drawn. */
  readonly ready: (page: Page, data: Data) => Promise<void>
}

const still = async (page: Page) => {
  await page.mouse.move(0, 0)
  await page.waitForFunction(() => document.querySelector('[aria-busy=true]') === null)
}
const row = (page: Page, text: string) => page.getByRole('grid').getByRole('row').filter({ hasText: text }).first()

const openFounding = async (page: Page, data: Data) => {
  if (data === 'empty') return page.getByRole('heading', { name: 'Nobody has knocked yet' }).waitFor()
  await row(page, '216.33.111.150').click()
  await page.getByText('What would repair it').waitFor()
}

const openFirstNotice = async (page: Page) => {
  await page.getByRole('grid').waitFor({ timeout: 60_000 })
  await page.keyboard.press('j')
  await page.getByText('What is wrong').waitFor()
}
const openEditor = async (page: Page) => {
  await row(page, '216.33.111.150').click()
  await page.keyboard.press('n')
  await page.getByRole('dialog').getByRole('radio').first().check()
  await page.getByRole('dialog').getByRole('checkbox').first().check().catch(() => undefined)
  await page.getByText('Auto-Submitted: auto-generated').waitFor()
}

const openHealth = async (page: Page, data: Data) => {
  if (data === 'empty') return page.getByRole('button', { name: 'Look now' }).waitFor()
  await page.getByRole('button', { name: 'Look now' }).click()
  await page.getByRole('status').filter({ hasText: 'Done.' }).waitFor({ state: 'attached' })
}

const SHOTS: readonly Shot[] = [
  { page: 'live', hash: '#/live', data: ['data', 'empty'], ready: openFounding, shown: [{ as: 'live-light' }, { as: 'live-dark', dark: true }, { as: 'first-start', data: 'empty', width: 900 }] },
  { page: 'senders', hash: '#/senders', data: ['data', 'empty'], ready: (page, data) => (data === 'data' ? page.getByRole('grid').waitFor() : Promise.resolve()), shown: [{ as: 'senders' }] },
  { page: 'notices', hash: '#/notices', data: ['data', 'empty'], ready: (page, data) => (data === 'data' ? openFirstNotice(page) : page.getByRole('heading', { name: 'Nobody is worth a notice now' }).waitFor()), shown: [{ as: 'notices' }] },
  { page: 'notify', hash: '#/live', data: ['data'], ready: openEditor, shown: [{ as: 'notify' }] },
  { page: 'templates', hash: '#/notices?template=isp', data: ['data'], ready: (page) => page.getByText('Auto-Submitted: auto-generated').waitFor() },
  { page: 'rules', hash: '#/rules', data: ['data', 'empty'], ready: (page, data) => (data === 'data' ? page.getByRole('grid').waitFor() : Promise.resolve()), shown: [{ as: 'rules' }] },
  { page: 'reports', hash: '#/reports', data: ['data', 'empty'], ready: async (page) => { await page.getByRole('heading', { name: 'What is kept' }).waitFor(); await page.waitForTimeout(300) } },
  { page: 'reports-year', hash: '#/reports?span=year&tables=1', data: ['data'], ready: async (page) => { await page.locator('.plot canvas').first().waitFor(); await page.waitForTimeout(300) } },
  { page: 'check', hash: '#/check?client=216.33.111.150&ehlo=www.americangreetings.com', data: ['data'], ready: (page) => page.getByRole('region', { name: 'Under each rule set' }).waitFor(), shown: [{ as: 'check' }] },
  { page: 'health', hash: '#/health', data: ['data', 'empty'], ready: openHealth },
  { page: 'check-empty', hash: '#/check', data: ['empty'], ready: () => Promise.resolve() },
  { page: 'settings', hash: '#/settings', data: ['data'], ready: (page) => page.getByRole('heading', { name: 'This gate' }).waitFor(), shown: [{ as: 'settings' }] },
  { page: 'golive', hash: '#/golive', data: ['empty'], ready: () => Promise.resolve(), shown: [{ as: 'golive', data: 'empty' }] },
  { page: 'mailbox', hash: '#/mailbox', data: ['data', 'empty'], ready: () => Promise.resolve() },
]

const RULES: readonly (readonly string[])[] = [
  ['ban', '203.0.113.200', '--reason', 'Dictionary attack on sales@'], ['ban', '198.51.100.0/26', '--for', '12d', '--reason', 'Forty members banned one by one'],
  ['ban', '2001:db8:77::/48', '--for', 'ever', '--reason', 'Asked to stop three times'], ['ban', '192.0.2.77', '--for', '4d', '--reason', 'Retries every ten seconds'],
  ['ban', '203.0.113.41', '--for', '2h'], ['allow', '.outlook.com', '--reason', 'Microsoft 365'], ['allow', 'mail.acme.example', '--reason', 'Our biggest customer’s supplier'],
  ['allow', '198.51.100.60', '--for', '30d', '--reason', 'Plumbers: new DNS ordered, call back in December'],
]

async function stage(data: Data): Promise<Porch> {
  const dir = mkdtempSync(join(tmpdir(), 'porch-shots-'))
  if (data === 'data') seed(join(dir, 'data'), 0, SESSIONS)
  const porch = await startPorch({ hostname: 'mx.shop.example', domains: ['shop.example', '*.shop.example'], shop: { name: 'Shop', phone: '+1 970 555 0100', rate: '$60 per hour' } }, dir)
  for (const rule of data === 'data' ? RULES : []) await porch.cli(...rule)
  return porch
}

/** The sample senders knock, and all but the slowest have left. */
async function play(browser: Browser, porch: Porch): Promise<void> {
  const context = await browser.newContext()
  const page = await context.newPage()
  await page.goto(porch.ready.console)
  await page.getByRole('button', { name: 'Play sample senders' }).click()
  await porch.session(({ client }) => client === '216.33.111.150')
  await porch.session(({ client }) => client === '203.0.113.120')
  await context.close()
}

async function draw(browser: Browser, porch: Porch, shot: Shot, data: Data, dark: boolean, width: number): Promise<void> {
  const context = await browser.newContext({ viewport: { width, height: width < 1000 ? 700 : 900 }, colorScheme: dark ? 'dark' : 'light', reducedMotion: 'reduce' })
  const page = await context.newPage()
  const address = new URL(porch.ready.console)
  await page.goto(`${address.href}${shot.hash}`)
  await shot.ready(page, data)
  await still(page)
  const image = await paletted(await page.screenshot({ animations: 'disabled' }), page)
  await context.close()
  await writeFile(join(all, `${shot.page}-${data}-${dark ? 'dark' : 'light'}-${width}.png`), image)
  for (const inDocs of shot.shown ?? []) {
    if ((inDocs.dark ?? false) !== dark || (inDocs.width ?? 1600) !== width || (inDocs.data ?? 'data') !== data) continue
    await writeFile(join(shown, `${inDocs.as}.png`), image)
    console.log(`docs/screenshots/${inDocs.as}.png ${Math.round(image.length / 1000)} KB`)
    if (image.length > MOST_BYTES) throw new Error(`${inDocs.as}.png has ${image.length} octets, more than ${MOST_BYTES}`)
  }
}

const wanted = process.argv.slice(2)
await buildRenderer()
await mkdir(all, { recursive: true })
await mkdir(shown, { recursive: true })
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-lcd-text', '--font-render-hinting=full'] })
for (const data of ['empty', 'data'] as const) {
  const porch = await stage(data)
  if (data === 'data') await play(browser, porch)
  for (const shot of SHOTS.filter(({ page, data: states }) => states.includes(data) && (wanted.length === 0 || wanted.includes(page)))) {
    for (const dark of [false, true]) for (const width of [900, 1600]) await draw(browser, porch, shot, data, dark, width)
  }
  await porch.stop()
}
await browser.close()
