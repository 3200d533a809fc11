/** The password for the submission server, set on the Settings page of a real gate: for the gate alone, and never shown again. */
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { chromium } from 'playwright-core'
import type { Browser, Page } from 'playwright-core'
import type { SettingsInput } from '../../shared/config.ts'
import { noteTroubles, violations } from './consolepage.ts'
import { startPorch } from './porch.ts'
import type { Porch } from './porch.ts'
import { buildRenderer } from './renderer.ts'

const CHROMIUM = '/usr/bin/chromium'
const missing = existsSync(CHROMIUM) ? null : 'Chromium is not installed (run build/debian.sh)'
if (missing !== null) console.warn(`SKIPPED: test/e2e/console-password.test.ts: ${missing}`)

describe.skipIf(missing !== null)(`the submission password ${missing ?? ''}`, () => {
  let browser: Browser
  let porch: Porch
  let page: Page
  const troubles: string[] = []

  beforeAll(async () => {
    await buildRenderer()
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
  })
  afterAll(() => browser.close())
  afterEach(async () => {
    await page.context().close()
    await porch.stop()
    expect(troubles).toEqual([])
  })

  async function show(hash: string, settings: SettingsInput, look: { readonly dark: boolean; readonly width: number }): Promise<void> {
    porch = await startPorch({ hostname: 'mx.shop.example', domains: ['shop.example'], dns: { servers: ['127.0.0.1:9'], canary: [] }, ...settings })
    const context = await browser.newContext({ viewport: { width: look.width, height: 900 }, colorScheme: look.dark ? 'dark' : 'light' })
    page = await context.newPage()
    page.setDefaultTimeout(15_000)
    noteTroubles(page, troubles)
    await page.goto(porch.ready.console)
    await page.getByRole('link', { name: 'Settings' }).waitFor()
    await page.goto(`${new URL(porch.ready.console).origin}/${hash}`)
  }

  test.each([[false, 1600], [true, 900]])('the submission password is set, kept for the gate alone, never shown again, and forgotten (dark: %s, %i px)', async (dark, width) => {
    await show('#/settings', { notices: { smtp: '127.0.0.1:9', user: 'porch', from: 'a@shop.example' } }, { dark, width })
    const field = page.getByRole('group', { name: 'Password for the submission server' })
    await field.getByText('There is no password.').waitFor()
    await page.getByText(/^signing in needs a password: set it here/).first().waitFor()
    await page.getByText(/^red alarms and the daily digest are not mailed: shop\.adminEmail is not set/).first().waitFor()
    await field.getByLabel('Password for the submission server').fill('hunter2-and-more')
    await page.keyboard.press('Enter')
    await field.getByText('The password is kept.').waitFor()
    await field.getByText(/There is a password\. It is kept in .*notices\/password, which only/).waitFor()
    expect(await field.getByLabel('Password for the submission server').inputValue()).toBe('')
    const file = join(porch.data, 'notices', 'password')
    expect([readFileSync(file, 'utf8'), statSync(file).mode & 0o777]).toEqual(['hunter2-and-more\n', 0o600])
    expect(await violations(page)).toEqual([])
    expect(await page.content()).not.toContain('hunter2')
    expect(readFileSync(porch.config, 'utf8')).not.toContain('hunter2')
    expect((await porch.cli('backup', join(porch.data, 'copy.db'))).code).toBe(0)
    for (const name of readdirSync(porch.data)) if (name.startsWith('copy.db') || name.startsWith('journal')) expect(readFileSync(join(porch.data, name)).includes('hunter2')).toBe(false)
    await field.getByRole('button', { name: 'Forget it' }).click()
    await field.getByText('The password is forgotten.').waitFor()
    expect(existsSync(file)).toBe(false)
  })
})
