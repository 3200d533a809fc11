/** The public help page in real Chromium: without script, by keyboard, narrow, dark, on paper; axe finds nothing. */
import { existsSync } from 'node:fs'
import axe from 'axe-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { chromium } from 'playwright-core'
import type { Browser, BrowserContext, BrowserContextOptions } from 'playwright-core'
import { checkAgain } from '../../electron/help/again.ts'
import { banLinks } from '../../electron/help/banlink.ts'
import { startHelp } from '../../electron/help/server.ts'
import type { HelpServer } from '../../electron/help/server.ts'
import { record } from '../electron/console/records.ts'
import { SETTINGS, world } from '../electron/console/world.ts'

const CHROMIUM = '/usr/bin/chromium'
const ID = '1jk2m3n4p5q6r7s8t9vwxy'
const CLIENT = '216.33.111.150'
const LONG = 'donaudampfschifffahrtselektrizitaetenhauptbetriebswerkbauunterbeamten'

describe.skipIf(!existsSync(CHROMIUM))('the help page in Chromium', () => {
  let browser: Browser
  let context: BrowserContext | null = null
  let server: HelpServer | null = null

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
  })
  afterAll(() => browser.close())
  afterEach(async () => {
    await context?.close()
    await server?.close()
  })

  async function open(look: BrowserContextOptions = {}) {
    const all = await world({ settings: { ...SETTINGS, shop: { name: 'Colorado Hosting', phone: '+1 970 555 0100', rate: '$60 per hour', url: 'https://shop.example/dns' } }, zone: 'www.americangreetings.com. A 216.33.97.70' })
    const reply = `550 5.7.25 ${CLIENT} has no reverse name. See https://help.shop.example/r/${ID}`
    const ehlo = `${LONG.slice(0, 60)}.${LONG.slice(0, 60)}.example`
    all.store.record({
      session: record({ id: ID, ehlo, reply, transactions: [] }),
      evidence: [{ question: { name: '150.111.33.216.in-addr.arpa', type: 'PTR' }, status: 'nxdomain', records: [], chain: [], ttl: 60, ms: 4, server: '127.0.0.1:53' }],
      transcript: [],
    })
    await all.rules.add({ kind: 'ban', scope: CLIENT, forMs: 3_600_000, reason: '10 refusals in 60 minutes: no reverse name', by: 'auto' })
    const links = banLinks('k'.repeat(43))
    server = await startHelp('127.0.0.1:0', { ...all.deps, links, words: () => Promise.resolve(null), recheck: (entry) => checkAgain(all.deps, entry) })
    context = await browser.newContext(look)
    const page = await context.newPage()
    return { ...all, page, url: server.url, ban: links.path(CLIENT) }
  }

  test.each([['light', 900], ['dark', 900], ['light', 320]] as const)('axe finds nothing, and nothing is wider than the page: %s, %i px', async (colorScheme, width) => {
    const { page, url, ban } = await open({ colorScheme, viewport: { width, height: 800 } })
    for (const path of ['', `r/${ID}`, ban, 'nothing/here']) {
      await page.goto(`${url}/${path}`)
      // The content policy stops scripts of the page's own; axe comes in from outside of it.
      const found = await page.evaluate<axe.AxeResults>(`${axe.source}; axe.run(document)`)
      expect(found.violations.map(({ id, nodes }) => `${path}: ${id} ${nodes[0]?.html ?? ''}`)).toEqual([])
      expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0)
    }
  })

  test('from the ban to Check again by keyboard, without script', async () => {
    const { page, url, ban, resolver, rules } = await open({ javaScriptEnabled: false })
    await page.goto(`${url}/${ban}`)
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: `Mail from ${CLIENT} was refused` }).waitFor()
    resolver.setZone(`150.111.33.216.in-addr.arpa. PTR mail.acme.example\nmail.acme.example. A ${CLIENT}\n${LONG.slice(0, 60)}.${LONG.slice(0, 60)}.example. A ${CLIENT}`)
    await page.getByRole('button', { name: 'Check again' }).press('Enter')
    await page.getByRole('heading', { name: 'Your DNS is in order now' }).waitFor()
    expect(await page.getByText(`The ban of ${CLIENT} is lifted.`).count()).toBe(1)
    expect(new URL(page.url()).pathname).toBe(`/r/${ID}`)
    expect(rules.list()).toEqual([])
    await page.reload()
    await page.getByRole('heading', { name: 'Your DNS is in order now' }).waitFor()
  })

  test('on paper: black on white, without buttons', async () => {
    const { page, url } = await open({ colorScheme: 'dark' })
    await page.goto(`${url}/r/${ID}`)
    await page.emulateMedia({ media: 'print' })
    expect(await page.getByRole('button').count()).toBe(0)
    expect(await page.evaluate(() => getComputedStyle(document.body).color)).toBe('rgb(0, 0, 0)')
  })
})
