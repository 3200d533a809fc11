/** The console in a real Chromium, against the double of the gate: used by role and label, as an admin and a screen reader would. */
import { existsSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { chromium } from 'playwright-core'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import axe from 'axe-core'
import { buildRenderer } from './renderer.ts'
import { ConsoleGate } from '../fakes/consolegate.ts'
import type { ConsoleGateOptions } from '../fakes/consolegate.ts'
import { CAST, FOUNDING, HOSTILE_EHLO } from '../fakes/samplecast.ts'

const CHROMIUM = '/usr/bin/chromium'
const until = <T>(read: () => T | Promise<T>) => expect.poll(read, { timeout: 15_000 })
const role = (name: string) => CAST.find((one) => one.name === name)!

describe.skipIf(!existsSync(CHROMIUM))('console', () => {
  let browser: Browser
  let gate: ConsoleGate
  let context: BrowserContext
  let troubles: string[] = []

  beforeAll(async () => {
    await buildRenderer()
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
  })
  afterAll(() => browser.close())
  afterEach(async () => {
    await context.close()
    await gate.stop()
    // Whatever a page was driven to: no script error, and nothing that the content policy had to stop.
    expect(troubles).toEqual([])
  })

  async function show(hash = '', options: ConsoleGateOptions = {}, look: { dark?: boolean; width?: number } = {}): Promise<Page> {
    gate = new ConsoleGate({ history: 300, rules: 40, ...options })
    await gate.start()
    context = await browser.newContext({ viewport: { width: look.width ?? 1600, height: 900 }, colorScheme: look.dark === true ? 'dark' : 'light', permissions: ['clipboard-read', 'clipboard-write'] })
    troubles = []
    const page = await context.newPage()
    page.setDefaultTimeout(8000)
    page.on('pageerror', (error) => troubles.push(error.message))
    page.on('console', (message) => {
      if (message.type() === 'error' && !/WebSocket|Failed to load resource/.test(message.text())) troubles.push(message.text())
    })
    await page.goto(gate.url + hash)
    return page
  }

  const rows = (page: Page) => page.getByRole('grid').locator('.rows').getByRole('row')
  const rowOf = (page: Page, text: string) => rows(page).filter({ hasText: text }).first()
  const clipboard = (page: Page) => page.evaluate(() => navigator.clipboard.readText())
  const chosen = (page: Page) => page.locator('[role=row][aria-selected=true]')

  async function violations(page: Page): Promise<string[]> {
    await page.evaluate(axe.source)
    return page.evaluate(async () => {
      const { axe: run } = window as unknown as { axe: typeof import('axe-core') }
      const result = await run.run(document)
      return result.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`)
    })
  }

  test('sessions stream in, newest on top; an open one is under way until it ends', async () => {
    const page = await show()
    await rows(page).first().waitFor()
    const open = gate.open(FOUNDING)
    await rowOf(page, 'Under way').waitFor()
    expect(await rows(page).first().textContent()).toContain('216.33.111.150')
    gate.close(open.id)
    await rowOf(page, 'no reverse name').waitFor()
    await until(() => rows(page).filter({ hasText: 'Under way' }).count()).toBe(0)
  })

  test('a flood does not stutter into losses: scrolled down the list stands still and counts, then goes back to live', async () => {
    const page = await show('', { history: 3000 })
    const grid = page.getByRole('grid')
    await page.getByRole('switch', { name: 'Fold repeats' }).click()
    await rows(page).first().waitFor()
    await grid.evaluate((element) => { element.scrollTop = 2000 })
    const back = page.getByRole('button', { name: /back to live/ })
    await back.waitFor()
    const before = await rows(page).allTextContents()
    for (let n = 0; n < 1204; n += 1) gate.finish(Date.now(), role('confirmed'))
    await page.getByRole('button', { name: '1,204 new: back to live' }).waitFor()
    const timeless = (texts: string[]) => texts.map((text) => text.replace(/^\d+ \S+ ago|^now/, ''))
    expect(timeless(await rows(page).allTextContents())).toEqual(timeless(before))
    await back.click()
    await until(() => grid.evaluate((element) => element.scrollTop)).toBe(0)
    expect(await rows(page).first().textContent()).toContain('Accepted')
  })

  test('2,000 a second: the page keeps up and loses nothing', async () => {
    const page = await show()
    await rows(page).first().waitFor()
    const before = gate.sessions.length
    const stop = gate.burst(2000)
    await until(() => gate.sessions.length).toBeGreaterThan(before + 6000)
    stop()
    const last = gate.finish(Date.now(), { ...FOUNDING, client: () => '198.51.100.254' })
    await until(() => rows(page).first().getAttribute('id')).toBe(`session-${last.id}`)
  })

  test('what the gate left out for a slow console is loaded afterwards', async () => {
    const page = await show('', { history: 5 })
    await page.getByRole('switch', { name: 'Fold repeats' }).click()
    await until(() => rows(page).count()).toBe(5)
    gate.skip(7)
    await until(() => rows(page).count()).toBe(12)
  })

  test('older history loads on scroll, to its end', async () => {
    const page = await show('', { history: 1300 })
    const grid = page.getByRole('grid')
    await page.getByRole('switch', { name: 'Fold repeats' }).click()
    await until(async () => {
      await grid.evaluate((element) => { element.scrollTop = element.scrollHeight })
      return grid.getAttribute('aria-rowcount')
    }).toBe('1301')
    await page.getByText('That is all there is.').waitFor()
  })

  test('filters combine, stand in the address bar, survive a reload and can be cleared', async () => {
    const page = await show('', { history: 2000 })
    await rows(page).first().waitFor()
    await page.getByLabel('Disposition', { exact: true }).selectOption('rejected')
    await page.getByLabel('Finding', { exact: true }).selectOption('ehlo-not-fqdn')
    await page.keyboard.press('Escape')
    await page.getByRole('searchbox', { name: 'Search' }).fill('100.64.9.0/24')
    await page.keyboard.press('Enter')
    expect(new URL(page.url()).hash).toBe('#/live?disposition=rejected&finding=ehlo-not-fqdn&network=100.64.9.0%2F24')
    const matching = async () => (await rows(page).allTextContents()).every((text) => text.includes('100.64.9.') && text.includes('EHLO name not qualified'))
    expect([await rows(page).count() > 0, await matching()]).toEqual([true, true])
    await page.reload()
    await rows(page).first().waitFor()
    expect(await matching()).toBe(true)
    await page.getByRole('button', { name: 'Remove the filter finding EHLO name not qualified' }).click()
    await page.getByRole('button', { name: 'Clear all' }).click()
    await rowOf(page, 'Accepted').waitFor()
    await page.getByRole('searchbox').fill('nobody-is-called-this')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Nothing matches' }).waitFor()
  })

  test('detail: the sentence, the lookups, the remedies and the log, ready to copy', async () => {
    const page = await show()
    gate.finish(Date.now(), FOUNDING)
    await rowOf(page, '216.33.111.150').click()
    const pane = page.getByRole('complementary', { name: 'Session' })
    await pane.getByText('216.33.111.150 has no reverse name, and www.americangreetings.com leads to 216.33.97.70').waitFor()
    const lookups = await pane.getByRole('region', { name: 'Lookups', exact: true }).last().textContent()
    for (const part of ['150.111.33.216.in-addr.arpa', 'no reverse name', 'www.americangreetings.com', 'leads elsewhere', 'TTL 60 s', '127.0.0.1:53']) expect(lookups).toContain(part)
    await pane.getByRole('button', { name: 'Copy records' }).click()
    await pane.getByText('Copied').waitFor()
    expect(await clipboard(page)).toBe('150.111.33.216.in-addr.arpa. IN PTR www.americangreetings.com.\nwww.americangreetings.com. IN A 216.33.111.150\n')
    await pane.getByRole('button', { name: 'Copy log' }).click()
    await until(() => clipboard(page)).toContain('EHLO - inconsistent hostname / IP address www.americangreetings.com [216.33.111.150]')
    await page.keyboard.press('Escape')
    await until(() => pane.count()).toBe(0)
  })

  test('ban from the row: scope, whom it would hit, Enter, undo', async () => {
    const page = await show('', { history: 400 })
    const target = gate.finish(Date.now(), { ...role('confirmed'), client: () => '198.51.100.252', disposition: 'rejected' })
    await rowOf(page, target.client).getByRole('button', { name: 'Ban…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Ban' })
    await dialog.getByText('No good sender of the last 30 days is within.').waitFor()
    await dialog.getByRole('radio', { name: '198.51.100.0/24 its network' }).check()
    await dialog.getByText('Good senders of the last 30 days that this would hit').waitFor()
    await dialog.getByRole('radio', { name: '198.51.100.252 this address' }).check()
    await dialog.getByLabel('Why').fill('three calls')
    await page.keyboard.press('Enter')
    await page.getByText('198.51.100.252 is banned.').waitFor()
    expect(gate.rules.find((rule) => rule.scope === '198.51.100.252')).toMatchObject({ kind: 'ban', reason: 'three calls', by: 'admin' })
    expect(gate.calls).toContain(`add ban 198.51.100.252 ${96 * 3_600_000}`)
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByText('The ban of 198.51.100.252 is undone.').waitFor()
    expect(gate.rules.some((rule) => rule.scope === '198.51.100.252')).toBe(false)
  })

  test('whitelist a verified name from the right-click menu; a claimed one is not offered', async () => {
    const page = await show()
    gate.finish(Date.now(), role('elsewhere'))
    gate.finish(Date.now(), role('v6'))
    await rowOf(page, '2001:db8:100::1').click({ button: 'right' })
    await page.getByRole('menuitem', { name: 'Whitelist…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Whitelist' })
    await dialog.getByRole('radio', { name: 'mx.sechs.example verified name' }).check()
    await dialog.getByRole('button', { name: 'Whitelist' }).click()
    await page.getByText('mx.sechs.example is whitelisted for good.').waitFor()
    await rowOf(page, 'pool.elsewhere.example').getByRole('button', { name: 'Whitelist…' }).click()
    await dialog.getByText('The name is only claimed').waitFor()
    expect(await dialog.getByRole('radio').count()).toBe(2)
  })

  test('hostile text is only ever text, with nothing hidden in it', async () => {
    const page = await show()
    gate.finish(Date.now(), role('hostile'))
    await rowOf(page, '192.0.2.66').click()
    const pane = page.getByRole('complementary', { name: 'Session' })
    await pane.getByText('whoever runs the sending server must set one').waitFor()
    const text = (await page.locator('body').textContent()) ?? ''
    expect(text).toContain('<img src=x onerror=alert(1)>\\x07\\u{202e}gpj.exe\\x0d\\x0aRCPT TO:<all@shop.example>')
    expect(text).not.toContain(HOSTILE_EHLO)
    expect(await page.locator('#root img, #root script').count()).toBe(0)
  })

  test('everything with the keyboard alone, the focus never lost', async () => {
    const page = await show()
    await rows(page).first().waitFor()
    const grid = page.getByRole('grid')
    for (const key of ['j', 'j', 'k', 'ArrowDown']) await page.keyboard.press(key)
    await until(() => chosen(page).getAttribute('aria-rowindex')).toBe('3')
    expect(await grid.getAttribute('aria-activedescendant')).toBe(await chosen(page).getAttribute('id'))
    await page.keyboard.press('Enter')
    await page.getByRole('complementary', { name: 'Session' }).waitFor()
    await page.keyboard.press('b')
    await page.getByRole('dialog', { name: 'Ban' }).waitFor()
    await until(() => page.evaluate(() => document.activeElement?.getAttribute('type'))).toBe('radio')
    await page.keyboard.press('Escape')
    await until(() => grid.evaluate((element) => element === document.activeElement)).toBe(true)
    await page.keyboard.press('c')
    await page.getByText(/^Log copied/).waitFor()
    await page.keyboard.press('Escape')
    await until(() => page.getByRole('complementary').count()).toBe(0)
    await page.keyboard.press('w')
    await page.keyboard.press('Enter')
    await page.getByText(/is whitelisted for good/).waitFor()
    await page.keyboard.press('u')
    await page.getByText(/is undone/).waitFor()
    await page.keyboard.press('/')
    await page.keyboard.type('bj?')
    expect(await page.getByRole('searchbox').inputValue()).toBe('bj?')
    await page.keyboard.press('Escape')
    await page.keyboard.press('Escape')
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keys' }).waitFor()
    await page.keyboard.press('Escape')
    await until(() => page.getByRole('dialog').count()).toBe(0)
    await page.keyboard.press('g')
    await page.keyboard.press('r')
    await page.getByRole('grid', { name: 'Rules' }).waitFor()
    await page.keyboard.press('j')
    const bans = gate.rules.filter((rule) => rule.kind === 'ban').length
    await page.keyboard.press('Delete')
    await page.getByText(/is lifted/).waitFor()
    expect(gate.rules.filter((rule) => rule.kind === 'ban').length).toBe(bans - 1)
    await page.keyboard.press('u')
    await until(() => gate.rules.filter((rule) => rule.kind === 'ban').length).toBe(bans)
  })

  test('the chosen row never leaves the view by itself', async () => {
    const page = await show()
    await rows(page).first().waitFor()
    await page.keyboard.press('j')
    const id = await chosen(page).getAttribute('id')
    for (let n = 0; n < 200; n += 1) gate.finish(Date.now(), { ...FOUNDING, client: () => `10.9.8.${n}` })
    await page.getByRole('button', { name: /back to live/ }).waitFor()
    expect(await chosen(page).getAttribute('id')).toBe(id)
    expect(await chosen(page).isVisible()).toBe(true)
    await page.keyboard.press('Home')
    await rowOf(page, '10.9.8.199').waitFor()
  })

  test('gate gone and back: it says since when it is blind, then shows what it missed, once', async () => {
    const page = await show('', { history: 20 })
    await page.getByRole('switch', { name: 'Fold repeats' }).click()
    await until(() => rows(page).count()).toBe(20)
    gate.open(FOUNDING)
    await until(() => rows(page).count()).toBe(21)
    await gate.stop()
    await page.getByText(/No connection to the gate since \d\d:\d\d:\d\d/).waitFor()
    for (let n = 0; n < 9; n += 1) gate.finish()
    await gate.start()
    await page.getByRole('button', { name: 'Try now' }).click().catch(() => undefined)
    await until(() => page.getByText(/No connection/).count()).toBe(0)
    await until(() => rows(page).count()).toBe(30)
    const seen = await rows(page).evaluateAll((elements) => elements.map((element) => element.id))
    expect(new Set(seen).size).toBe(30)
    expect(seen.filter((id) => !id.endsWith(gate.sessions[0]!.record.id)).length).toBe(29)
  })

  test('a gate that does not know this browser any more says so', async () => {
    const page = await show()
    await rows(page).first().waitFor()
    gate.denied = true
    await gate.stop()
    await gate.start()
    await page.getByText('The gate does not know this browser any more.').waitFor()
  })

  test('rules by hand: the gate says what is wrong, and what was typed stays', async () => {
    const page = await show('#/rules')
    const scope = page.getByRole('textbox', { name: 'Address or network' })
    await scope.fill('192.0.2.7/24')
    await page.keyboard.press('Enter')
    await page.getByText(/"192.0.2.7\/24" is not an address or network/).waitFor()
    expect(await scope.inputValue()).toBe('192.0.2.7/24')
    await scope.fill('192.0.2.0/24')
    await page.getByLabel('How long').selectOption('For good')
    await page.getByRole('button', { name: 'Ban', exact: true }).click()
    await rowOf(page, '192.0.2.0/24').waitFor()
    expect(await rowOf(page, '192.0.2.0/24').textContent()).toContain('never')
    await page.getByRole('button', { name: 'Lift the ban of 192.0.2.0/24' }).click()
    await page.getByText('The ban of 192.0.2.0/24 is lifted.').waitFor()
    await page.getByRole('button', { name: 'Undo' }).last().click()
    await rowOf(page, '192.0.2.0/24').waitFor()
    await page.getByRole('tab', { name: /Whitelist/ }).click()
    await page.getByRole('searchbox', { name: 'Search rules' }).fill('partner4.')
    await until(() => rows(page).allTextContents()).toHaveLength(1)
  })

  test('the mode changes for an hour, with a sentence on what it does', async () => {
    const page = await show()
    await page.getByRole('button', { name: /^Mode/ }).click()
    const dialog = page.getByRole('dialog', { name: 'Change the mode' })
    await dialog.getByText('Nothing is refused for its DNS').waitFor()
    await dialog.getByRole('radio', { name: 'Observe' }).check()
    await dialog.getByLabel('For 1 hour only, then back').check()
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: /Mode Observe for another (1 h|59 min)/ }).waitFor()
    expect(gate.calls).toContain('mode observe 3600000')
  })

  test('practice: teaches when empty, plays the senders, shows the mail they left', async () => {
    const page = await show('', { history: 0, rules: 0, practice: true })
    await page.getByRole('heading', { name: 'Nobody has knocked yet' }).waitFor()
    await page.getByText('127.0.0.1:2525 and say EHLO').waitFor()
    await page.getByText('Practice mode: nothing leaves this machine.').waitFor()
    await page.getByRole('button', { name: 'Play sample senders' }).click()
    await rowOf(page, '216.33.111.150').waitFor()
    await page.getByRole('link', { name: 'Mailbox' }).click()
    await page.getByRole('button', { name: /Offer/ }).click()
    await page.getByText('Good morning, <b>1.eml</b>').waitFor()
  })

  test('what needs the admin stands on top until it clears', async () => {
    const page = await show()
    await page.getByText('Gate open').waitFor()
    gate.patch({
      alarms: [{ code: 'backend-down', severity: 'critical', text: 'The mail server does not answer', since: new Date().toISOString() }],
      journal: { queued: 9, dropped: 1204, trouble: null }, backend: { address: '127.0.0.1:2526', up: false, why: 'refused', latencyMs: null },
    })
    await page.getByText('The mail server does not answer').waitFor()
    await page.getByText('1,204 sessions not written').waitFor()
    await page.getByText('Mail server down').waitFor()
    gate.patch({ alarms: [] })
    await until(() => page.getByText('The mail server does not answer').count()).toBe(0)
  })

  describe.each([{ dark: false }, { dark: true }])('axe finds nothing, dark: $dark', ({ dark }) => {
    test('Live, detail, ban, menu, mode, keys', async () => {
      const page = await show('', {}, { dark })
      gate.finish(Date.now(), role('elsewhere'))
      gate.finish(Date.now(), FOUNDING)
      gate.patch({ alarms: [{ code: 'x', severity: 'warning', text: 'The certificate ends soon', since: new Date().toISOString() }], journal: { queued: 0, dropped: 3, trouble: null } })
      const found: Record<string, string[]> = {}
      const look = async (name: string) => (found[name] = await violations(page))
      await rowOf(page, '216.33.111.150').waitFor()
      await look('live')
      await rowOf(page, '216.33.111.150').click()
      await page.getByText('What would repair it').waitFor()
      await look('detail')
      await page.keyboard.press('b')
      await page.getByRole('dialog').waitFor()
      await look('ban')
      await page.keyboard.press('Escape')
      await rowOf(page, '216.33.111.150').click({ button: 'right' })
      await page.getByRole('menu').waitFor()
      await look('menu')
      await page.keyboard.press('Escape')
      await page.getByRole('button', { name: /^Mode/ }).click()
      await page.getByRole('dialog').waitFor()
      await look('mode')
      await page.keyboard.press('Escape')
      await page.keyboard.press('?')
      await page.getByRole('dialog', { name: 'Keys' }).waitFor()
      await look('keys')
      expect(found).toEqual({ live: [], detail: [], ban: [], menu: [], mode: [], keys: [] })
    })

    test('Rules, nothing found, first start, mailbox, blind', async () => {
      const page = await show('#/rules', { practice: true, history: 0 }, { dark })
      const found: Record<string, string[]> = {}
      const look = async (name: string) => (found[name] = await violations(page))
      await page.getByRole('grid').waitFor()
      await page.keyboard.press('j')
      await page.getByRole('textbox', { name: 'Address or network' }).fill('nonsense')
      await page.keyboard.press('Enter')
      await page.getByText(/is not an address/).waitFor()
      await look('rules')
      await page.getByRole('link', { name: 'Live' }).click()
      await page.getByRole('heading', { name: 'Nobody has knocked yet' }).waitFor()
      await look('first')
      await page.getByRole('button', { name: 'Play sample senders' }).click()
      await page.getByRole('link', { name: 'Mailbox' }).click()
      await page.getByRole('button', { name: /Offer/ }).click()
      await look('mailbox')
      await gate.stop()
      await page.getByText(/No connection/).waitFor()
      await look('blind')
      await gate.start()
      expect(found).toEqual({ rules: [], first: [], mailbox: [], blind: [] })
    })
  })

  test('900 px is enough: nothing sticks out, the row can be acted on', async () => {
    const page = await show('', {}, { width: 900 })
    gate.finish(Date.now(), role('german'))
    await rowOf(page, '198.18.7.9').click()
    await page.getByRole('complementary', { name: 'Session' }).getByText('did not answer').waitFor()
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(900)
    await rowOf(page, '198.18.7.9').getByRole('button', { name: 'Ban…' }).click()
    await page.getByRole('dialog', { name: 'Ban' }).waitFor()
  })
})
