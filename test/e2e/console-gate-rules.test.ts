/** Rules and mode in the console against a real gate: what is clicked, imported and switched is what clients meet; what others change is seen at once. */
import { existsSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chromium } from 'playwright-core'
import type { Browser, Page } from 'playwright-core'
import { startNameserver } from '../fakes/nameserver.ts'
import type { FakeNameserver } from '../fakes/nameserver.ts'
import { smtpClient } from './client.ts'
import { violations } from './consolepage.ts'
import { startPorch } from './porch.ts'
import type { Porch } from './porch.ts'
import { buildRenderer } from './renderer.ts'

const CHROMIUM = '/usr/bin/chromium'
const missing = existsSync(CHROMIUM) ? null : 'Chromium is not installed (run build/debian.sh)'
if (missing !== null) console.warn(`SKIPPED: test/e2e/console-gate-rules.test.ts: ${missing}`)

describe.skipIf(missing !== null)(`rules and mode of a real gate ${missing ?? ''}`, () => {
  let browser: Browser
  let dns: FakeNameserver
  let porch: Porch
  let page: Page

  beforeAll(async () => {
    await buildRenderer()
    dns = await startNameserver('known.example A 192.0.2.53')
    porch = await startPorch({ proxyProtocolFrom: ['127.0.0.2'], dns: { servers: [dns.address], timeoutMs: 300, tries: 1, canary: ['known.example'] } })
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
    page = await browser.newPage({ viewport: { width: 1600, height: 950 } })
    page.setDefaultTimeout(20_000)
    await page.goto(`${porch.ready.console}#/rules`)
  })
  afterAll(async () => {
    await browser.close()
    await porch.stop()
    await dns.close()
  })

  const banner = async (from: string) => {
    const client = await smtpClient({ port: porch.port, host: '127.0.0.2', from })
    const reply = await client.reply()
    client.end()
    return reply.slice(0, 3)
  }
  const recipient = async (from: string) => {
    const client = await smtpClient({ port: porch.port, host: '127.0.0.2', from })
    await client.reply()
    await client.say('EHLO nobody.example')
    await client.say('MAIL FROM:<a@nobody.example>')
    const reply = await client.say('RCPT TO:<joe@shop.example>')
    client.end()
    return reply.slice(0, 3)
  }

  test('imported, met, counted, lifted together and put back', async () => {
    await page.getByRole('button', { name: 'Import…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Import rules' })
    await dialog.getByRole('textbox', { name: 'List' }).fill('198.51.100.1 # one\n198.51.100.2 # two\n203.0.113.0/24\n')
    await dialog.getByRole('button', { name: 'Import 3 rules' }).click()
    await page.getByText('3 rules imported.').waitFor()
    expect(await Promise.all(['198.51.100.1', '203.0.113.77', '192.0.2.1'].map(banner))).toEqual(['554', '554', '220'])
    const row = page.getByRole('row').filter({ hasText: '203.0.113.0/24' })
    await expect.poll(() => row.textContent(), { timeout: 15_000 }).toMatch(/1.*(now|s ago)/)
    await page.getByRole('checkbox', { name: 'Select all shown' }).check()
    await page.getByRole('button', { name: 'Lift selected' }).click()
    await page.getByText('3 rules lifted.').waitFor()
    expect(await banner('198.51.100.1')).toBe('220')
    await page.getByRole('button', { name: 'Undo' }).last().click()
    await page.getByText('3 rules as before.').waitFor()
    expect(await banner('198.51.100.1')).toBe('554')
    expect((await porch.cli('rules', '--json')).stdout.split('\n').find((line) => line.includes('203.0.113.0/24'))).toContain('"hits":1')
  })

  test('what the command line changes is seen, and sorted in', async () => {
    await porch.cli('allow', '.acme.example', '--reason', 'by hand on the line')
    await page.getByRole('tab', { name: 'Whitelist (1)' }).click()
    await page.getByRole('row').filter({ hasText: 'by hand on the line' }).waitFor()
    await porch.cli('disallow', '.acme.example')
    await page.getByRole('heading', { name: 'Nobody is whitelisted' }).waitFor()
  })

  test('all large providers with one click, kept by the gate; undone in one', async () => {
    await page.getByRole('tab', { name: 'Suggestions' }).click()
    await page.getByRole('button', { name: /^Whitelist all \d+$/ }).click()
    await page.getByText(/suggestions done\./).waitFor()
    expect((await porch.cli('rules', '--json')).stdout).toContain('.outbound.protection.outlook.com')
    await page.getByRole('button', { name: 'Undo' }).last().click()
    await expect.poll(async () => (await porch.cli('rules', '--json')).stdout, { timeout: 20_000 }).not.toContain('"kind":"allow"')
  })

  test('panic by key; "porch mode --for" counts down in the strip and returns by itself', async () => {
    expect(await recipient('192.0.2.66')).toBe('550')
    await page.keyboard.press('P')
    await page.getByRole('dialog', { name: 'Panic: observe for 1 hour' }).waitFor()
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: /Mode Observe back to Enforce in/ }).waitFor()
    expect(await recipient('192.0.2.66')).toBe('250')
    await page.getByRole('button', { name: 'Return now' }).click()
    await page.getByRole('button', { name: 'Mode Enforce' }).waitFor()
    expect(await recipient('192.0.2.66')).toBe('550')
    await porch.cli('mode', 'observe', '--for', '3s')
    await page.getByRole('button', { name: /Mode Observe back to Enforce in 00:0\d/ }).waitFor()
    await page.getByRole('button', { name: 'Mode Enforce' }).waitFor()
    expect(await recipient('192.0.2.66')).toBe('550')
  })

  test('our DNS turns sick: the strip is red with since and why; well again, it is not', async () => {
    dns.setZone('known.example ANY !servfail')
    await page.locator('.fact.red', { hasText: /Our DNS is sick since \d\d:\d\d:\d\d/ }).waitFor({ timeout: 75_000 })
    await page.getByRole('button', { name: 'Gate open' }).click()
    await page.getByRole('dialog', { name: 'The gate in full' }).getByText('nobody is refused for DNS until it is well').waitFor()
    expect(await violations(page)).toEqual([])
    await page.keyboard.press('Escape')
    dns.setZone('known.example A 192.0.2.53')
    await expect.poll(() => page.locator('.fact.red').count(), { timeout: 75_000 }).toBe(0)
  }, 170_000)
})
