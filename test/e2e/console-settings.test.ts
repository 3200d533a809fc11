/**
 * Settings and Check in a real Chromium against a real gate: edits validated as typed, the difference shown, the file
 * written, the gate obeying; files that change, tear and vanish; DNS shown while it answers; our own server.
 */
import { existsSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { chromium } from 'playwright-core'
import type { Browser, Page } from 'playwright-core'
import type { SettingsInput } from '../../shared/config.ts'
import { startNameserver } from '../fakes/nameserver.ts'
import type { FakeNameserver } from '../fakes/nameserver.ts'
import { smtpClient } from './client.ts'
import { noteTroubles, clipboard, violations } from './consolepage.ts'
import { startPorch } from './porch.ts'
import type { Porch } from './porch.ts'
import { buildRenderer } from './renderer.ts'

const CHROMIUM = '/usr/bin/chromium'
const missing = existsSync(CHROMIUM) ? null : 'Chromium is not installed (run build/debian.sh)'
if (missing !== null) console.warn(`SKIPPED: test/e2e/console-settings.test.ts: ${missing}`)

const ZONE = `
www.americangreetings.com 60 A 216.33.97.70
mx.shop.example 3600 A 198.51.100.25
25.100.51.198.in-addr.arpa 3600 PTR mx.shop.example
shop.example 3600 MX 10 mx.shop.example
`

describe.skipIf(missing !== null)(`settings and check ${missing ?? ''}`, () => {
  let browser: Browser
  let dns: FakeNameserver
  let porch: Porch
  let page: Page
  let troubles: string[] = []

  beforeAll(async () => {
    await buildRenderer()
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
  })
  afterAll(() => browser.close())
  afterEach(async () => {
    await page.context().close()
    await porch.stop()
    await dns.close()
    expect(troubles).toEqual([])
  })

  async function show(hash: string, settings: SettingsInput = {}, look: { dark?: boolean; width?: number } = {}): Promise<void> {
    dns = await startNameserver(ZONE)
    porch = await startPorch({ hostname: 'mx.shop.example', domains: ['shop.example'], dns: { servers: [dns.address], timeoutMs: 20_000 }, ...settings })
    const context = await browser.newContext({ viewport: { width: look.width ?? 1600, height: 900 }, colorScheme: look.dark === true ? 'dark' : 'light', permissions: ['clipboard-read', 'clipboard-write'] })
    troubles = []
    page = await context.newPage()
    page.setDefaultTimeout(15_000)
    noteTroubles(page, troubles)
    await page.goto(porch.ready.console)
    await page.getByRole('link', { name: 'Settings' }).waitFor()
    await page.goto(`${new URL(porch.ready.console).origin}/${hash}`)
  }
  const onDisk = () => JSON.parse(readFileSync(porch.config, 'utf8')) as Record<string, unknown>
  const field = (name: string) => page.getByRole('textbox', { name, exact: true })
  const about = (name: string) => page.getByRole('group', { name, exact: true }).first()
  const review = () => page.getByRole('button', { name: 'Review and save…' })
  const save = async () => {
    await review().click()
    await page.getByRole('dialog', { name: 'What will change' }).getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByText('Everything is saved.').waitFor()
  }

  test('a change: validated as typed, its difference shown, in the file and in force, undone', async () => {
    await show('#/settings')
    await field('Sessions are kept').fill('0')
    await about('Sessions are kept').getByText('expected a whole number of days from 1 to 3650').waitFor()
    await page.getByText('1 problem').waitFor()
    expect(await review().count()).toBe(0)
    await field('Sessions are kept').fill('31')
    await field('Served domains').fill('shop.example\nother.example\n')
    await review().click()
    const dialog = page.getByRole('dialog', { name: 'What will change' })
    await dialog.getByRole('row', { name: /domains.*\+ other\.example.*at once/ }).waitFor()
    await dialog.getByRole('row', { name: /retentionDays.*31/ }).waitFor()
    expect(onDisk()).not.toHaveProperty('retentionDays')
    await dialog.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByText('2 changes saved and in force.').waitFor()
    expect(onDisk()).toMatchObject({ hostname: 'mx.shop.example', domains: ['shop.example', 'other.example'], retentionDays: 31 })
    const client = await smtpClient({ port: porch.port })
    await client.reply()
    await client.say('EHLO relay.test.example')
    await client.say('MAIL FROM:<a@b.example>')
    expect(await client.say('RCPT TO:<joe@third.example>')).toMatch(/^550 5\.7\.1/)
    client.end()
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByText('The settings are as they were.').waitFor()
    await expect.poll(onDisk).toMatchObject({ domains: ['shop.example'] })
    expect(onDisk()).not.toHaveProperty('retentionDays')
    await expect.poll(() => field('Served domains').inputValue()).toBe('shop.example')
  })

  test('rules and mode say what they do; what waits for a start says so; back to the default', async () => {
    await show('#/settings', { policy: { rules: 'standard' } })
    await about('Rules').getByText(/Stricter than RFC 5321/).waitFor()
    await about('Mode').getByText(/In the last 24 hours: 0 sessions/).waitFor()
    await about('Rules').getByRole('radio', { name: /lenient/ }).check()
    await field('Console').fill('127.0.0.1:0')
    await about('Console').getByText('applies at the next start').waitFor()
    await field('Mail server').fill('127.0.0.1:9')
    await save()
    await page.getByText(/some wait for the next start/).waitFor()
    await about('Mail server').getByText('waits for the next start').waitFor()
    await page.getByText('Lenient').first().waitFor()
    await page.getByRole('button', { name: 'Rules: back to the default' }).click()
    await page.getByRole('button', { name: 'Mail server: back to the default' }).click()
    await save()
    expect(onDisk()).not.toHaveProperty('policy')
    expect(onDisk()).not.toHaveProperty('backend')
    await page.getByText('House').first().waitFor()
  })

  test('search, groups, reply texts with fields and preview, empty lists', async () => {
    await show('#/settings')
    await page.getByRole('searchbox', { name: 'Search settings' }).fill('graylist nonsense')
    await page.getByText('No setting speaks of').waitFor()
    await page.getByRole('searchbox', { name: 'Search settings' }).fill('reply text')
    await expect.poll(() => page.locator('.setting').count()).toBe(1)
    await field('Text for: no reverse name').fill('No name: ')
    await page.getByRole('group', { name: 'Fields for: no reverse name' }).getByRole('button', { name: 'Insert {client}' }).click()
    await page.getByText('No name: 192.0.2.7 See https://help.shop.example/r/k3f9').waitFor()
    await field('Text for: no reverse name').press('End')
    await field('Text for: no reverse name').pressSequentially(' {nobody}')
    await about('Reply texts').getByText(/ptr-missing: expected one line of printable ASCII/).waitFor()
    await field('Text for: no reverse name').fill('No name: {client}')
    await page.getByRole('searchbox', { name: 'Search settings' }).fill('')
    await page.getByRole('navigation', { name: 'Groups of settings' }).getByRole('link', { name: 'Keeping, doctor' }).click()
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Keeping, doctor')
    await page.getByRole('checkbox', { name: /Blacklists: None at all/ }).check()
    await save()
    expect(onDisk()).toMatchObject({ policy: { replies: { 'ptr-missing': 'No name: {client}' } }, doctor: { dnsbl: [] } })
  })

  test('the page is not left with unsaved changes unasked: links, keys, Back', async () => {
    await show('#/rules')
    await page.getByRole('link', { name: 'Settings' }).click()
    await field('Host name').fill('mx2.shop.example')
    const dialog = page.getByRole('dialog', { name: 'Leave without saving?' })
    await page.getByRole('link', { name: 'Live', exact: true }).click()
    await dialog.getByText('1 change of the settings would be lost.').waitFor()
    await dialog.getByRole('button', { name: 'Stay', exact: true }).last().click()
    expect(await field('Host name').inputValue()).toBe('mx2.shop.example')
    await page.goBack()
    await dialog.waitFor()
    await page.keyboard.press('Escape')
    expect(new URL(page.url()).hash).toBe('#/settings')
    await page.getByRole('heading', { name: 'This gate' }).focus()
    await page.keyboard.press('g')
    await page.keyboard.press('c')
    await dialog.getByRole('button', { name: 'Discard and leave' }).click()
    await page.getByRole('button', { name: 'Check', exact: true }).waitFor()
    expect(onDisk()).toMatchObject({ hostname: 'mx.shop.example' })
  })

  test('a file that somebody else changes takes the draft along; nothing is overwritten unseen', async () => {
    await show('#/settings')
    await field('Sessions are kept').fill('31')
    expect((await porch.cli('mode', 'observe')).code).toBe(0)
    await page.getByText('The file was changed meanwhile').waitFor()
    expect(await field('Sessions are kept').inputValue()).toBe('31')
    await save()
    expect(onDisk()).toMatchObject({ policy: { mode: 'observe' }, retentionDays: 31 })
  })

  test('torn, wrong and vanished: the gate goes on, the page says so and puts it right', async () => {
    await show('#/settings', { retentionDays: 30 })
    await field('Host name').waitFor()
    const good = onDisk()
    writeFileSync(porch.config, '{"retentionDays": 30, "pol')
    await page.getByText('The settings file cannot be used as it stands.').waitFor()
    await page.getByText(/not valid JSON/).last().waitFor()
    await page.getByRole('button', { name: 'Put back the last good copy' }).click()
    // Nothing differs from what runs: the file itself is what changes.
    await review().click()
    await page.getByText('The torn file is written anew').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByText('The settings file is whole again.').waitFor()
    expect(onDisk()).toEqual(good)
    writeFileSync(porch.config, JSON.stringify({ ...good, listne: 1 }))
    await page.getByText('listne: unknown key').first().waitFor()
    await page.getByRole('button', { name: 'Remove listne' }).click()
    await save()
    expect(onDisk()).toEqual(good)
    unlinkSync(porch.config)
    await page.getByText('there is no such file').waitFor()
    await page.getByRole('button', { name: 'Put back what the gate runs with' }).click()
    await save()
    expect(onDisk()).toEqual(good)
  })

  test('the file itself can be edited, with the same validation', async () => {
    await show('#/settings')
    await page.getByRole('button', { name: 'File', exact: true }).click()
    const text = page.getByRole('textbox', { name: 'The settings file, as JSON' })
    const json = JSON.parse(await text.inputValue()) as object
    await text.fill('{ "hostname": ')
    await page.getByText(/This is no JSON yet/).waitFor()
    await text.fill(JSON.stringify({ ...json, retentionDays: 'x', password: 'y' }))
    await page.getByText('retentionDays: expected a whole number').waitFor()
    await page.getByText('password: unknown key').first().waitFor()
    await text.fill(JSON.stringify({ ...json, retentionDays: 32 }))
    await save()
    expect(onDisk()).toEqual({ ...json, retentionDays: 32 })
  })

  test('a check by keyboard: the answers come in one by one, then the verdict under each rule set, the reply, the remedy', async () => {
    await show('#/check')
    // No sample sender of the practice mode: those have DNS answers of their own.
    dns.behave('www.americangreetings.com. MX', 'held')
    await page.getByRole('textbox', { name: 'Address' }).fill('216.33.111.151')
    await page.keyboard.press('Tab')
    await page.keyboard.type('www.americangreetings.com')
    await page.keyboard.press('Enter')
    // DNS has not answered all, and the page shows what it has.
    await page.getByText('216.33.97.70').first().waitFor()
    await page.getByText(/Asking DNS… \d answers so far/).first().waitFor()
    expect(await page.getByRole('region', { name: 'Under each rule set' }).count()).toBe(0)
    dns.release()
    const rules = page.getByRole('region', { name: 'Under each rule set' })
    await rules.waitFor()
    expect(await rules.getByRole('listitem').allTextContents()).toEqual([expect.stringMatching(/House.*in force.*Refused.*no reverse name, EHLO name leads elsewhere/), expect.stringMatching(/Standard.*Refused.*no reverse name$/), expect.stringMatching(/Lenient.*Refused/)])
    await page.getByRole('button', { name: 'Copy reply' }).click()
    expect(await clipboard(page)).toMatch(/^550 5\.7\.25 216\.33\.111\.151 has no reverse name/)
    await page.getByRole('button', { name: 'Copy records' }).first().click()
    expect(await clipboard(page)).toContain('151.111.33.216.in-addr.arpa. IN PTR www.americangreetings.com.')
    expect(new URL(page.url()).hash).toBe('#/check?client=216.33.111.151&ehlo=www.americangreetings.com')
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('BUTTON')
    const asked = dns.queries.length
    await page.reload()
    await rules.waitFor()
    expect(dns.queries.length).toBeGreaterThan(asked)
  })

  test('bad input is said at its field; hostile input stays text; the list of checks leads back', async () => {
    await show('#/check')
    await page.getByRole('textbox', { name: 'Address' }).fill('mail.acme.example')
    await page.keyboard.press('Enter')
    await page.getByText('Type the name that the sender says in EHLO.').waitFor()
    await page.getByRole('textbox', { name: 'EHLO name' }).fill('<img src=x onerror=alert(1)>\u202e')
    await page.keyboard.press('Enter')
    await page.getByText('"mail.acme.example" is a name; expected the address that connects').first().waitFor()
    await page.getByRole('textbox', { name: 'Address' }).fill('192.0.2.77')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: /192\.0\.2\.77/ }).waitFor()
    await page.getByText('<img src=x onerror=alert(1)>\\u{202e}').first().waitFor()
    expect(await page.locator('img[src=x]').count()).toBe(0)
    const history = page.getByRole('navigation', { name: 'Checks of this session' })
    await history.getByRole('button').first().waitFor()
    expect(await history.getByRole('button').count()).toBe(1)
  })

  test('my own server is judged as others would', async () => {
    await show('#/check')
    await page.getByRole('button', { name: 'Check my own server' }).click()
    await page.getByText('Mail for').waitFor()
    await page.getByText('comes here').waitFor()
    await page.getByRole('button', { name: 'Check 198.51.100.25' }).click()
    await page.getByText('198.51.100.25 is mx.shop.example, and its DNS is in order').waitFor()
  })

  describe.each([{ dark: false, width: 1600 }, { dark: true, width: 900 }])('axe finds nothing and nothing sticks out, dark: $dark', ({ dark, width }) => {
    test('Settings, review, leaving, file, wrong file; Check', async () => {
      await show('#/settings', { policy: { rules: 'standard' } }, { dark, width })
      const found: Record<string, string[]> = {}
      const look = async (name: string) => {
        found[name] = await violations(page)
        expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0)
      }
      await field('Host name').waitFor()
      await look('settings')
      await field('Strikes').fill('x')
      await page.getByText('1 problem').waitFor()
      await look('problem')
      await field('Strikes').fill('11')
      await review().click()
      await page.getByRole('dialog').waitFor()
      await look('review')
      await page.keyboard.press('Escape')
      await page.getByRole('link', { name: 'Live', exact: true }).click()
      await page.getByRole('dialog').waitFor()
      await look('leave')
      await page.keyboard.press('Escape')
      await page.getByRole('button', { name: 'File', exact: true }).click()
      await look('file')
      writeFileSync(porch.config, '{')
      await page.getByText('The settings file cannot be used as it stands.').waitFor()
      await look('torn')
      await page.getByRole('button', { name: 'Discard' }).click()
      await page.getByRole('link', { name: 'Check' }).click()
      await page.getByRole('textbox', { name: 'Address' }).fill('216.33.111.150')
      await page.getByRole('textbox', { name: 'EHLO name' }).fill('www.americangreetings.com')
      await page.keyboard.press('Enter')
      await page.getByRole('region', { name: 'Under each rule set' }).waitFor()
      await page.getByRole('button', { name: 'Check my own server' }).click()
      await page.getByText('Mail for').waitFor()
      await look('check')
      expect(found).toEqual({ settings: [], problem: [], review: [], leave: [], file: [], torn: [], check: [] })
    })
  })
})
