/** The card in a real Chromium on a live gate whose journal holds five days of observing: whom enforcing would refuse, one-click whitelist, later, enforce, undo. */
import { existsSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chromium } from 'playwright-core'
import type { Browser, Page } from 'playwright-core'
import { createAlarms } from '../../electron/alarms.ts'
import { systemClock } from '../../electron/clock.ts'
import { createStore } from '../../electron/store/store.ts'
import { session } from '../shared/notice/session.ts'
import { until, violations } from './consolepage.ts'
import { startPorch } from './porch.ts'
import type { Porch } from './porch.ts'
import { buildRenderer } from './renderer.ts'

const CHROMIUM = '/usr/bin/chromium'
const missing = existsSync(CHROMIUM) ? null : 'Chromium is not installed (run build/debian.sh)'
if (missing !== null) console.warn(`SKIPPED: test/e2e/enforcecard.test.ts: ${missing}`)
const SENDERS = 220
const SPAN = 5 * 86_400_000

/** Every tenth sender has no reverse name; the first of them had one a while ago. */
async function seed(dir: string): Promise<void> {
  const store = await createStore({ dataDir: join(dir, 'data'), clock: systemClock, alarms: createAlarms(systemClock), retentionDays: () => 90 })
  const transactions = [{ sender: 'ann@acme.example', recipients: [{ address: 'joe@shop.example', reply: '250 2.1.5 Ok' }], reply: '250 2.0.0 Ok', bytes: 100 }]
  for (let n = SENDERS; n >= 0; n--) {
    const bad = n % 10 === 0 && n < SENDERS
    const client = n === SENDERS ? '198.51.100.0' : `198.51.100.${n}`
    const at = new Date(Date.now() - 60_000 - (SPAN * n) / SENDERS).toISOString()
    store.record({
      session: session({ id: `card${n}`, at, client, ehlo: `mail${n}.acme.example`, findings: bad ? ['ptr-missing'] : [], refusedFor: bad ? ['ptr-missing'] : [], verdict: bad ? 'reject' : 'accept', iprev: bad ? 'permerror' : 'pass', ptrNames: bad ? [] : [`h${n}.isp${n}.example`], verifiedName: bad ? null : `h${n}.isp${n}.example`, disposition: bad ? 'would-reject' : 'accepted', sender: 'ann@acme.example', transactions }),
      evidence: [], transcript: [],
    })
  }
  await store.close()
}

describe.skipIf(missing !== null)(`the card ${missing ?? ''}`, () => {
  let browser: Browser
  let porch: Porch
  let page: Page
  beforeAll(async () => {
    await buildRenderer()
    const dir = mkdtempSync(join(tmpdir(), 'porch-card-'))
    await seed(dir)
    porch = await startPorch({ hostname: 'mx.shop.example', domains: ['shop.example'], backend: '127.0.0.1:1', policy: { mode: 'observe', rules: 'house' }, dns: { servers: ['127.0.0.1:1'], canary: [] } }, dir)
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
    page = await browser.newPage({ viewport: { width: 1600, height: 950 } })
    page.setDefaultTimeout(20_000)
    await page.goto(porch.ready.console)
  })
  afterAll(async () => {
    await browser.close()
    await porch.stop()
  })
  const settings = () => JSON.parse(readFileSync(porch.config, 'utf8')) as { policy: object }

  test('announced on the Live page, side by side, a correspondent first, whitelisted with one click', async () => {
    await page.getByRole('link', { name: 'See whom' }).click()
    await page.getByRole('heading', { name: 'Enforce?', exact: true }).waitFor()
    const first = page.getByRole('region', { name: 'Who would have been refused' }).getByRole('row').nth(1)
    await first.getByText('mail accepted before').waitFor()
    expect(await first.textContent()).toContain('198.51.100.0')
    for (const [colorScheme, width] of [['dark', 900], ['light', 1600]] as const) {
      await page.emulateMedia({ colorScheme })
      await page.setViewportSize({ width, height: 950 })
      expect(await violations(page)).toEqual([])
      if (process.env.PORCH_SHOTS !== undefined) await page.screenshot({ path: `${process.env.PORCH_SHOTS}/card-${colorScheme}.png` })
    }
    await first.getByRole('button', { name: 'Whitelist 198.51.100.0' }).click()
    await first.getByText('Whitelisted', { exact: true }).waitFor()
  })

  test('the mode switch says what enforcing would have done', async () => {
    await page.getByRole('button', { name: /^Mode/ }).click()
    await page.getByText(/Enforcing house rules would have refused .* (yesterday|today so far)/).waitFor()
    if (process.env.PORCH_SHOTS !== undefined) await page.screenshot({ path: `${process.env.PORCH_SHOTS}/modeswitch.png` })
    await page.keyboard.press('Escape')
  })

  test('put off and asked again; enforced by hand only, and taken back', async () => {
    await page.getByRole('button', { name: 'Ask again in a week' }).click()
    await page.getByText('Put off until').waitFor()
    expect(settings().policy).toMatchObject({ mode: 'observe' })
    await page.getByRole('button', { name: 'Ask now' }).click()
    await page.getByRole('radio', { name: 'Standard' }).check()
    await page.getByRole('button', { name: 'Enforce standard rules' }).click()
    await page.getByText('The gate enforces standard rules.').waitFor()
    expect(settings().policy).toMatchObject({ mode: 'enforce', rules: 'standard' })
    await page.getByRole('button', { name: 'Undo' }).last().click()
    await page.getByText('The gate observes again.').waitFor()
    await until(() => settings().policy).toMatchObject({ mode: 'observe', rules: 'house' })
  })
})
