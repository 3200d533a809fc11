/**
 * From practice to a live gate that observes, through the whole wizard in a real Chromium: a real Postfix behind, a real name
 * server for its domain, then mail through the gate. Once with the keyboard alone. Every step by axe, light and dark.
 */
import { existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs'
import net from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chromium } from 'playwright-core'
import type { Browser, Page } from 'playwright-core'
import { isInstalled, startAuthority } from './authority.ts'
import type { Authority } from './authority.ts'
import { smtpClient } from './client.ts'
import { until, violations } from './consolepage.ts'
import { startPorch } from './porch.ts'
import type { Porch } from './porch.ts'
import { postfixMissing, startPostfix } from './postfix.ts'
import type { Postfix } from './postfix.ts'
import { buildRenderer } from './renderer.ts'

const CHROMIUM = '/usr/bin/chromium'
const missing = !existsSync(CHROMIUM) ? 'Chromium is not installed (run build/debian.sh)' : (postfixMissing() ?? (isInstalled('knot') ? null : 'knot is not installed (run build/debian.sh)'))
if (missing !== null) console.warn(`SKIPPED: test/e2e/golive.test.ts: ${missing}`)

/** The gate's name leads to loopback and back; a second MX is the shop's other host. */
const ZONE = `mx.shop.example. IN A 127.0.0.1
1.0.0.127.in-addr.arpa. IN PTR mx.shop.example.
shop.example. IN MX 10 mx.shop.example.
shop.example. IN MX 20 backup.shop.example.
backup.shop.example. IN A 192.0.2.77`

/** Where screenshots go, for whoever wants to look. */
const SHOTS = process.env.PORCH_SHOTS

describe.skipIf(missing !== null)(`going live ${missing ?? ''}`, () => {
  let browser: Browser
  let dns: Authority
  let postfix: Postfix

  beforeAll(async () => {
    await buildRenderer()
    dns = await startAuthority('knot', ZONE)
    postfix = await startPostfix({ main: { smtpd_authorized_xclient_hosts: '127.0.0.1' } })
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
  })
  afterAll(async () => {
    await browser.close()
    await postfix.stop()
    await dns.close()
  })

  const practise = () => startPorch({ dns: { servers: [dns.address] } })
  const open = async (porch: Porch, width = 1600) => {
    const page = await browser.newPage({ viewport: { width, height: 950 } })
    page.setDefaultTimeout(20_000)
    await page.goto(porch.ready.console)
    return page
  }
  let shots = 0
  const look = async (page: Page) => {
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme })
      // Colours that are still on their way are nobody's design.
      await page.evaluate(() => Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => undefined))))
      expect(await violations(page)).toEqual([])
      if (SHOTS === undefined) continue
      mkdirSync(SHOTS, { recursive: true })
      await page.screenshot({ path: `${SHOTS}/wizard-${String(++shots).padStart(2, '0')}-${colorScheme}.png` })
    }
  }
  const next = (page: Page) => page.getByRole('button', { name: 'Test and go on' }).click()
  const step = (page: Page, name: string) => page.getByRole('heading', { name, exact: true, level: 3 }).waitFor()

  test('with mouse and labels: every step tested, the settings written, the gate started anew in place, observing', async () => {
    const porch = await practise()
    try {
      const page = await open(porch)
      await page.getByRole('link', { name: 'Go live…' }).click()
      await step(page, 'Mail server')
      await look(page)

      // A port that nobody listens on is told, with what to do; the way on is there all the same.
      await page.getByLabel('Mail server', { exact: true }).fill(`127.0.0.1:${await freePort()}`)
      await next(page)
      await page.getByText('cannot be reached (ECONNREFUSED)').waitFor()
      await page.getByRole('button', { name: 'Go on all the same' }).waitFor()
      await look(page)
      await page.getByLabel('Mail server', { exact: true }).fill(postfix.address)
      await page.getByText('Something was changed since this test.').waitFor()
      await next(page)

      // What was typed is there after a reload, at the same step.
      await step(page, 'Host name')
      await page.getByLabel('Host name').fill('mx.shop.example')
      await page.getByRole('button', { name: 'Back' }).click()
      await step(page, 'Mail server')
      await page.getByText('It offers XCLIENT').waitFor()
      await look(page)
      await page.getByRole('button', { name: 'Next' }).click()
      await step(page, 'Host name')
      await page.reload()
      await step(page, 'Host name')
      expect(await page.getByLabel('Host name').inputValue()).toBe('mx.shop.example')
      await next(page)
      await step(page, 'Domains')

      // The other MX host is found, and offered as exempt.
      await page.getByLabel('Served domains').fill('shop.example')
      await next(page)
      await page.getByText('Mail may also come in through backup.shop.example.').waitFor()
      await page.getByText('The mail server takes mail for shop.example.').waitFor()
      await page.getByLabel('backup.shop.example (192.0.2.77) is ours: exempt it').check()
      await look(page)
      await page.getByRole('button', { name: 'Next' }).click()

      await step(page, 'Listening')
      const port = await freePort()
      await page.getByLabel('Listening addresses').fill(postfix.address)
      await next(page)
      await page.getByText('is taken by another program').waitFor()
      await page.getByLabel('Listening addresses').fill(`127.0.0.1:${port}`)
      await next(page)
      await page.getByText('Only programs on this machine can reach the gate there.').waitFor()
      await look(page)
      await page.getByRole('button', { name: 'Go on all the same' }).click()

      await step(page, 'Your shop')
      await page.getByLabel('Name of your shop').fill('The Shop')
      await page.getByLabel('Web address').fill('shop')
      await page.getByText('expected an http or https address').waitFor()
      await page.getByLabel('Web address').fill('https://shop.example')
      await page.getByText('expected an http or https address').waitFor({ state: 'detached' })
      await look(page)
      await page.getByRole('button', { name: 'Next' }).click()
      await step(page, 'Rules')
      await page.getByLabel('Standard: today’s custom (recommended for most)').check()
      await look(page)
      await page.getByRole('button', { name: 'Next' }).click()

      await step(page, 'Summary')
      await page.getByRole('row', { name: /^policy\.mode not set observe$/ }).waitFor()
      await look(page)
      const before = readFileSync(porch.config, 'utf8')
      await page.getByRole('button', { name: 'Go live' }).click()
      await page.getByRole('heading', { name: 'The gate is live, and observes' }).waitFor()
      await page.getByText('It refuses mail for foreign domains: it is no open relay.').waitFor()
      await look(page)

      const settings = JSON.parse(readFileSync(porch.config, 'utf8')) as Record<string, unknown>
      expect(settings).toMatchObject({
        hostname: 'mx.shop.example', domains: ['shop.example'], backend: postfix.address, listen: [`127.0.0.1:${port}`], dns: { servers: [dns.address] },
        policy: { rules: 'standard', mode: 'observe' }, shop: { name: 'The Shop', url: 'https://shop.example' },
      })
      expect((settings.policy as { exempt: string[] }).exempt).toEqual(expect.arrayContaining(['127.0.0.0/8', '192.0.2.77']))
      const [backup = ''] = readdirSync(porch.dir).filter((file) => file.startsWith('porch.json.before-live-'))
      expect(readFileSync(`${porch.dir}/${backup}`, 'utf8')).toBe(before)

      // The same process: mail goes through to Postfix, and foreign mail does not.
      const client = await smtpClient({ port })
      expect(await client.reply()).toMatch(/^220/)
      for (const line of ['EHLO localhost', 'MAIL FROM:<ann@acme.example>']) expect(await client.say(line)).toMatch(/^250/)
      expect(await client.say('RCPT TO:<x@elsewhere.example>')).toMatch(/^550 5\.7\.1/)
      expect(await client.say('RCPT TO:<joe@shop.example>')).toMatch(/^250/)
      expect(await client.say('DATA')).toMatch(/^354/)
      expect(await client.say('Subject: first\r\n\r\nthrough the gate\r\n.')).toMatch(/^250/)
      client.end()
      expect(await postfix.delivered(postfix.count() || 1)).toContain('through the gate')
      await page.getByRole('link', { name: 'Go to the Live page' }).click()
      await page.getByText('Observing: 0 days of 3').waitFor()
      await look(page)
      await page.close()
    } finally {
      await porch.stop()
    }
  })

  test('with the keyboard alone, skipping what cannot be tested here', async () => {
    const porch = await practise()
    try {
      const page = await open(porch, 900)
      await page.getByRole('link', { name: 'Go live…' }).focus()
      await page.keyboard.press('Enter')
      await step(page, 'Mail server')
      // The heading has the focus: the first field is one Tab away, Enter submits.
      await page.keyboard.press('Tab')
      await page.keyboard.type(postfix.address)
      await page.keyboard.press('Enter')
      await step(page, 'Host name')
      await page.keyboard.press('Tab')
      await page.keyboard.press('Control+A')
      await page.keyboard.type('mx.shop.example')
      await page.keyboard.press('Enter')
      await step(page, 'Domains')
      await page.keyboard.press('Tab')
      await page.keyboard.type('shop.example')
      for (const name of ['Back', 'Skip the test']) {
        await page.keyboard.press('Tab')
        await until(() => page.evaluate(() => document.activeElement?.textContent)).toBe(name)
      }
      await page.keyboard.press('Enter')
      await step(page, 'Listening')
      await page.keyboard.press('Tab')
      await page.keyboard.press('Control+A')
      await page.keyboard.type('127.0.0.1:0')
      await page.keyboard.press('Tab')
      await page.keyboard.press('Tab')
      await page.keyboard.press('Enter')
      await step(page, 'Your shop')
      await page.keyboard.press('Tab')
      await page.keyboard.press('Enter')
      await step(page, 'Rules')
      await page.keyboard.press('Tab')
      await page.keyboard.press('Enter')
      await step(page, 'Summary')
      await page.getByText('Domains: not tested.').waitFor()
      await page.getByRole('button', { name: 'Go live' }).focus()
      await page.keyboard.press('Enter')
      await page.getByRole('heading', { name: 'The gate is live, and observes' }).waitFor()
      expect(JSON.parse(readFileSync(porch.config, 'utf8'))).toMatchObject({ policy: { rules: 'house', mode: 'observe' } })
      await page.close()
    } finally {
      await porch.stop()
    }
  })

  test('settings with which the gate cannot start: the former ones are put back, and it says why', async () => {
    const porch = await practise()
    const taken = net.createServer().listen(0, '127.0.0.1')
    try {
      await new Promise((resolve) => taken.once('listening', resolve))
      const page = await open(porch)
      await page.goto(`${new URL(porch.ready.console).origin}/#/golive`)
      await page.getByLabel('Mail server', { exact: true }).fill(postfix.address)
      await page.getByRole('button', { name: 'Domains' }).click()
      await page.getByLabel('Served domains').fill('shop.example')
      await page.getByRole('button', { name: 'Listening' }).click()
      await page.getByLabel('Listening addresses').fill(`127.0.0.1:${(taken.address() as net.AddressInfo).port}`)
      await page.getByRole('button', { name: 'Summary' }).click()
      const before = readFileSync(porch.config, 'utf8')
      await page.getByRole('button', { name: 'Go live' }).click()
      await page.getByText('The gate could not start with the new settings').first().waitFor()
      await page.getByText('The gate is still in practice mode.').waitFor()
      expect(readFileSync(porch.config, 'utf8')).toBe(before)
      await page.close()
    } finally {
      taken.close()
      await porch.stop()
    }
  })
})

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = net.createServer().once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as net.AddressInfo
      probe.close(() => resolve(port))
    })
  })
}
