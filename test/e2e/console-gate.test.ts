/**
 * The console against the real gate in a real Chromium: practice mode from nothing, the sample senders, the founding case
 * explained, a ban by click that the gate obeys, its undo, and the door that is shut without the token.
 */
import { existsSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chromium } from 'playwright-core'
import type { Browser, Page } from 'playwright-core'
import { isSampleSession } from '../../electron/ids.ts'
import { smtpClient } from './client.ts'
import { violations } from './consolepage.ts'
import { startPorch } from './porch.ts'
import type { Porch } from './porch.ts'
import { buildRenderer } from './renderer.ts'

const CHROMIUM = '/usr/bin/chromium'
const missing = existsSync(CHROMIUM) ? null : 'Chromium is not installed (run build/debian.sh)'
if (missing !== null) console.warn(`SKIPPED: test/e2e/console-gate.test.ts: ${missing}`)

describe.skipIf(missing !== null)(`the console and the gate ${missing ?? ''}`, () => {
  let browser: Browser
  let porch: Porch
  let page: Page
  const troubles: string[] = []

  beforeAll(async () => {
    await buildRenderer()
    porch = await startPorch({})
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
    page = await browser.newPage({ viewport: { width: 1600, height: 950 } })
    page.setDefaultTimeout(15_000)
    page.on('pageerror', (error) => troubles.push(error.message))
    page.on('console', (message) => {
      if (message.type() === 'error') troubles.push(message.text())
    })
    await page.goto(porch.ready.console)
  })
  afterAll(async () => {
    await browser.close()
    await porch.stop()
  })

  test('the token leaves the address bar, and first start teaches', async () => {
    await page.getByRole('button', { name: 'Play sample senders' }).first().waitFor()
    expect(page.url()).not.toContain('token')
    expect(await violations(page)).toEqual([])
  })

  test('Play sample senders: the whole cast is judged, the founding case among them', async () => {
    await page.getByRole('button', { name: 'Play sample senders' }).first().click()
    const session = await porch.session(({ client }) => client === '216.33.111.150')
    expect(session).toMatchObject({ refusedFor: ['ptr-missing', 'ehlo-mismatch'], disposition: 'rejected' })
    expect(isSampleSession(session.id)).toBe(true)
    // Rows move while senders come and go: the round is over, and the page has heard so, before one is clicked.
    await page.getByRole('button', { name: 'Sample senders are playing…' }).waitFor()
    await page.getByRole('button', { name: 'Play sample senders' }).waitFor({ timeout: 60_000 })
    await page.getByRole('row').filter({ hasText: '216.33.111.150' }).first().click()
    await page.getByText('216.33.111.150 has no reverse name and www.americangreetings.com leads to 216.33.97.70').waitFor()
    await page.getByText('150.111.33.216.in-addr.arpa. IN PTR www.americangreetings.com.').waitFor()
    await page.getByText('www.americangreetings.com. IN A 216.33.111.150').waitFor()
    await page.getByText('EHLO - inconsistent hostname / IP address www.americangreetings.com [216.33.111.150]').waitFor()
    expect(await violations(page)).toEqual([])
  })

  test('the Check page judges a sample sender by its sample DNS, wherever the machine is', async () => {
    const before = page.url()
    await page.goto(`${new URL('/', before).href}#/check?client=216.33.111.150&ehlo=www.americangreetings.com`)
    await page.getByRole('region', { name: 'Under each rule set' }).waitFor()
    await page.getByText('216.33.111.150 has no reverse name and www.americangreetings.com leads to 216.33.97.70').first().waitFor()
    await page.goto(before)
    await page.getByRole('row').filter({ hasText: '216.33.111.150' }).first().click()
  })

  test('hostile text of a real client stays text', async () => {
    const client = await smtpClient({ port: porch.port })
    await client.reply()
    await client.say('EHLO <img src=x onerror=alert(1)>')
    await client.say('QUIT')
    // A row is chosen and has the focus: the list waits for its reader.
    await page.getByRole('button', { name: /back to live/ }).click()
    await page.getByText('<img src=x onerror=alert(1)>').filter({ visible: true }).first().waitFor()
    expect(await page.locator('img[src=x]').count()).toBe(0)
  })

  test('a ban by click is obeyed by the gate at once; undone, the client is heard again', async () => {
    await page.getByRole('row').filter({ hasText: '127.0.0.1' }).first().click()
    await page.keyboard.press('b')
    const dialog = page.getByRole('dialog')
    await dialog.waitFor()
    await dialog.getByLabel(/why/i).fill('knocked badly')
    await page.keyboard.press('Enter')
    const undo = page.getByRole('button', { name: 'Undo' })
    await undo.waitFor()
    const banned = await smtpClient({ port: porch.port })
    expect(await banned.reply()).toMatch(/^554 5\.7\.1 .*127\.0\.0\.1/)
    expect((await porch.cli('rules', '--json')).stdout).toContain('"reason":"knocked badly"')
    await undo.click()
    await expect.poll(async () => (await porch.cli('rules', '--json')).stdout).toBe('')
    const heard = await smtpClient({ port: porch.port })
    expect(await heard.reply()).toMatch(/^220/)
    banned.end()
    heard.end()
  })

  test('the gate stops: the page says so; it is back: the page is too, without a new sign-in', async () => {
    const settings = { console: new URL(porch.ready.console).host }
    await porch.kill('SIGTERM')
    await page.getByText(/not connected|connection|blind/i).first().waitFor()
    const again = await startPorch(settings, porch.dir)
    try {
      const client = await smtpClient({ port: again.port })
      await client.reply()
      await client.say('EHLO back.again.example')
      await client.say('QUIT')
      await page.getByText('back.again.example').filter({ visible: true }).first().waitFor({ timeout: 40_000 })
    } finally {
      await again.kill('SIGTERM')
    }
  })

  test('without the token the door is shut; nothing went wrong in the page', async () => {
    const again = await startPorch({})
    try {
      const url = new URL(again.ready.console)
      expect((await fetch(`${url.origin}/`)).status).toBe(401)
      expect((await fetch(`${url.origin}/metrics`)).status).toBe(401)
      expect((await fetch(again.ready.metrics)).status).toBe(200)
      expect((await fetch(again.ready.metrics, { headers: { origin: 'http://evil.example' } })).status).toBe(403)
    } finally {
      await again.stop()
    }
    // That the stream broke when the gate stopped is no trouble of the page's.
    expect(troubles.filter((text) => !/WebSocket|ERR_CONNECTION_REFUSED|Failed to load resource/.test(text))).toEqual([])
  })
})
