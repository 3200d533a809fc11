/** The Reports page in a real browser, against the gate double: spans, tables, files, paper, keyboard, what if, forgetting; axe finds nothing. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { hasChromium, until, useConsolePage, violations } from './consolepage.ts'

const DAY_MS = 86_400_000
/** 300 sessions over some 40 days. */
const OPTIONS = { spacing: (40 * DAY_MS) / 300 }
const part = (page: Page, name: string) => page.getByRole('region', { name, exact: true })
const tile = async (page: Page, name: string) => Number((await page.locator('.tiles > div').filter({ has: page.locator('dt', { hasText: new RegExp(`^${name}$`) }) }).locator('strong').innerText()).replaceAll(',', ''))

async function saved(page: Page, press: () => Promise<void>): Promise<{ name: string; bytes: Buffer }> {
  const [download] = await Promise.all([page.waitForEvent('download'), press()])
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) }
}

describe.skipIf(!hasChromium)('reports', () => {
  const show = useConsolePage()

  test('a month, the table behind the plot, a day of it by the keyboard, and back; all of it in the address', async () => {
    const { gate, page } = await show('#/reports', OPTIONS)
    await page.getByRole('heading', { level: 2, name: new Date().toLocaleDateString('en-GB', { month: 'long', year: 'numeric' }) }).waitFor()
    const month = new Date().getMonth()
    const mine = gate.sessions.filter(({ record }) => new Date(record.at).getMonth() === month)
    await until(() => tile(page, 'Sessions')).toBe(mine.length)
    const outcomes = part(page, 'What became of sessions').first()
    expect(await outcomes.getByRole('img').getAttribute('aria-label')).toMatch(/as a plot: .*accepted/)
    expect(await outcomes.locator('canvas').count()).toBeGreaterThan(0)
    await expect.poll(() => outcomes.getByRole('table').count()).toBe(0)
    await outcomes.getByRole('button', { name: 'As a table' }).click()
    const rows = outcomes.getByRole('table').locator('tbody tr')
    expect(await rows.count()).toBe(new Date(new Date().getFullYear(), month + 1, 0).getDate())
    expect(page.url()).toContain('tables=1')
    const today = rows.nth(new Date().getDate() - 1).getByRole('link')
    await today.focus()
    await page.keyboard.press('Enter')
    await until(() => page.url()).toContain('span=day')
    await page.getByRole('heading', { level: 2, name: new Date().toLocaleDateString('en-GB', { weekday: 'long' }), exact: false }).waitFor()
    expect(await outcomes.getByRole('table').locator('tbody tr').count()).toBeGreaterThanOrEqual(23)
    await page.keyboard.press('[')
    await until(() => page.url()).toContain('date=')
    await page.reload()
    await page.locator('.reporthead h2').waitFor()
    expect(page.url()).toContain('span=day')
    await page.locator('label').filter({ hasText: /^Year$/ }).click()
    await page.getByRole('heading', { level: 2, name: /^\d{4}$/ }).waitFor()
    await page.getByRole('button', { name: 'This year' }).click()
    await until(() => tile(page, 'Sessions')).toBe(gate.sessions.filter(({ record }) => new Date(record.at).getFullYear() === new Date().getFullYear()).length)
  })

  test('back at the present by keys, a day is today', async () => {
    const { page } = await show('#/reports', OPTIONS)
    const title = page.locator('.reporthead h2')
    await title.waitFor()
    const month = await title.innerText()
    await page.keyboard.press('[')
    await until(() => title.innerText()).not.toBe(month)
    await page.keyboard.press(']')
    await until(() => title.innerText()).toBe(month)
    await page.locator('label').filter({ hasText: /^Day$/ }).click()
    await until(() => title.innerText()).toContain(new Date().toLocaleDateString('en-GB', { day: 'numeric', month: 'long' }))
  })

  test('top lists lead to Senders and Live; findings to Live', async () => {
    const { page } = await show('#/reports?span=year', OPTIONS)
    const senders = part(page, 'Top senders')
    const first = senders.locator('tbody').getByRole('link', { name: /in Senders$/ }).first()
    const domain = await first.innerText()
    expect(await first.getAttribute('href')).toBe(`#/senders?q=.${domain}`)
    const network = part(page, 'Top networks').locator('tbody').getByRole('link', { name: /in Live$/ }).first()
    expect(await network.getAttribute('href')).toMatch(/^#\/live\?network=\d+/)
    await part(page, 'What was found').getByRole('link', { name: /No reverse name/ }).click()
    await until(() => page.url()).toContain('#/live?finding=ptr-missing')
  })

  test('files: every figure as CSV, no cell a formula; a plot as PNG in light colours', async () => {
    const { gate, page } = await show('#/reports?span=year', OPTIONS, { dark: true })
    const all = await saved(page, () => page.getByRole('button', { name: 'Export CSV' }).click())
    expect(all.name).toBe(`porch-year-${new Date().getFullYear()}-01-01.csv`)
    const lines = all.bytes.toString('utf8').trim().split('\r\n').map((line) => line.split(','))
    const column = lines[0]!.indexOf('sessions')
    expect(lines.slice(1).reduce((sum, cells) => sum + Number(cells[column]), 0)).toBe(gate.sessions.filter(({ record }) => new Date(record.at).getFullYear() === new Date().getFullYear()).length)
    const senders = await saved(page, () => page.getByRole('button', { name: 'Top senders as CSV' }).click())
    for (const line of senders.bytes.toString('utf8').split('\r\n')) expect(line).not.toMatch(/^[=+\-@]/)
    const png = await saved(page, () => page.getByRole('button', { name: 'What became of sessions as an image (PNG)' }).click())
    expect([png.bytes.subarray(1, 4).toString(), png.bytes.readUInt32BE(16), png.bytes.readUInt32BE(20)]).toEqual(['PNG', 1200, 528])
  })

  test('on paper: light, all tables, no buttons; afterwards as before', async () => {
    const { page } = await show('#/reports', OPTIONS, { dark: true })
    await page.locator('.plot canvas').first().waitFor()
    const ground = () => page.evaluate(() => getComputedStyle(document.querySelector('.reports')!.closest('main')!).backgroundColor)
    const dark = await ground()
    await page.emulateMedia({ media: 'print' })
    await until(ground).toBe('rgb(255, 255, 255)')
    expect(await page.locator('.behind table').first().isVisible()).toBe(true)
    expect([await page.getByRole('button', { name: 'As a table' }).first().isVisible(), await page.getByRole('navigation').isVisible(), await page.getByRole('button', { name: 'Judge again' }).isVisible()]).toEqual([false, false, false])
    const pdf = await page.pdf({ format: 'A4' })
    expect(pdf.subarray(0, 4).toString()).toBe('%PDF')
    await page.emulateMedia({ media: 'screen' })
    await until(ground).toBe(dark)
    expect(await page.locator('.behind table').first().isVisible()).toBe(false)
  })

  test('what if: progress, Cancel, the list, and one click on the whitelist', async () => {
    const { gate, page } = await show('#/reports?rules=lenient', OPTIONS)
    const whatIf = part(page, 'What if')
    await whatIf.getByRole('button', { name: 'Judge again' }).click()
    await whatIf.getByRole('button', { name: 'Cancel' }).click()
    await whatIf.getByText('Cancelled. Nothing was changed.').waitFor()
    await whatIf.getByRole('combobox', { name: 'Days back' }).selectOption('90')
    await until(() => page.url()).toContain('days=90')
    await whatIf.getByRole('button', { name: 'Judge again' }).click()
    await whatIf.getByRole('table').first().waitFor()
    const row = whatIf.locator('.whom tbody tr').first()
    await row.getByRole('button', { name: /^Whitelist / }).click()
    await row.getByText('Whitelisted').waitFor()
    expect(gate.rules.some(({ kind, reason }) => kind === 'allow' && reason.includes('what if'))).toBe(true)
  })

  test('a mail address is forgotten from the palette, after a question', async () => {
    const { gate, page } = await show('#/live', OPTIONS)
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox', { name: 'Commands' }).fill('forget')
    await page.keyboard.press('Enter')
    const field = page.getByRole('textbox', { name: 'Mail address' })
    await until(() => field.evaluate((element) => element === document.activeElement)).toBe(true)
    await field.fill('nobody')
    await page.keyboard.press('Enter')
    await page.getByRole('alert').getByText('expected a mail address').waitFor()
    const [address = ''] = gate.sessions.flatMap(({ record }) => record.recipients)
    await field.fill(address.toUpperCase())
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog')
    await dialog.getByText('This cannot be undone', { exact: false }).waitFor()
    await page.keyboard.press('Escape')
    expect(gate.calls.filter((call) => call.startsWith('forget'))).toEqual([])
    await until(() => field.evaluate((element) => element === document.activeElement)).toBe(true)
    await page.keyboard.press('Enter')
    await dialog.getByRole('button', { name: 'Forget it' }).click()
    await page.getByText(/is forgotten: it was named in/).waitFor()
    expect(await field.inputValue()).toBe('')
  })

  test('empty, failed, still counting, the future', async () => {
    const { gate, page } = await show('#/reports?date=2020-02-02', OPTIONS)
    await page.getByRole('heading', { name: 'Nothing was counted in this time' }).waitFor()
    await page.getByRole('button', { name: 'Go to the present' }).click()
    await page.locator('.tiles').waitFor()
    gate.reports.uncounted = 1234
    await page.getByRole('button', { name: 'The month before' }).click()
    await page.getByText('1,234 sessions are still being counted').waitFor()
    gate.reports.uncounted = 0
    gate.reports.fails = true
    await page.goto(`${gate.url}#/reports?span=week&date=2021-01-01`)
    await page.reload()
    await page.getByRole('heading', { name: 'The report could not be loaded.' }).waitFor()
    gate.reports.fails = false
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByRole('heading', { name: 'Week of 28 December 2020' }).waitFor()
    await page.goto(`${gate.url}#/reports?span=year&date=2090-01-01`)
    await page.getByText('This is yet to come.', { exact: false }).waitFor()
  })

  test.each([[false, 1600], [true, 1600], [false, 900], [true, 900]])('axe finds nothing (dark: %s, %i px)', async (dark, width) => {
    const { page } = await show('#/reports?span=year&tables=1', OPTIONS, { dark, width })
    await page.locator('.plot canvas').first().waitFor()
    await part(page, 'What if').getByRole('button', { name: 'Judge again' }).click()
    await part(page, 'What if').getByRole('table').first().waitFor()
    expect(await violations(page)).toEqual([])
    // Nothing is wider than the page.
    expect(await page.locator('.reportbody').evaluate((element) => element.scrollWidth - element.clientWidth)).toBeLessThanOrEqual(0)
  })
})
