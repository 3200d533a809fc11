/** The Senders page in Chromium: what an admin does there, by role and label. */
import { describe, expect, test } from 'vitest'
import { chosen, hasChromium, pick, role, rows, until, useConsolePage, violations } from './consolepage.ts'

const PASTED = 'Customer “Joe” <joe@shop.example> got nothing from americangreetings.com.'

describe.skipIf(!hasChromium)('the Senders page', () => {
  const show = useConsolePage()
  const founding = () => role('www.americangreetings.com')

  test('a customer’s sentence, pasted as it stands, shows the refused session in one step', async () => {
    const { gate, page } = await show('#/senders')
    gate.finish(Date.now() - 60_000, founding(), false)
    await page.getByRole('searchbox', { name: 'Search senders' }).fill(PASTED)
    await page.getByText('Understood as: mail to joe@shop.example from americangreetings.com (reverse-path, EHLO or reverse name)').waitFor()
    const pane = page.getByRole('complementary', { name: 'Sender' })
    await pane.getByRole('heading', { name: '216.33.111.150' }).waitFor()
    const sessions = pane.getByRole('region', { name: 'Sessions that the search finds' })
    await sessions.getByText('Rejected').first().waitFor()
    await sessions.getByText(/550 5\.7\.25/).first().waitFor()
    await pane.getByText('What would repair it').waitFor()
    // Of the cast these two wrote as cards@americangreetings.com.
    expect(await rows(page).locator('.s-sender .mono').allTextContents()).toEqual(['216.33.111.150', '192.0.2.9'])
    await sessions.getByRole('listitem').first().getByRole('link').click()
    await until(() => page.url()).toContain('#/live?network=216.33.111.150&session=')
  })

  test('a mail address that nobody wrote from or to: its domain is shown instead, and that is said', async () => {
    const { gate, page } = await show('#/senders')
    gate.finish(Date.now() - 60_000, founding(), false)
    await page.getByRole('searchbox', { name: 'Search senders' }).fill('nobody@americangreetings.com')
    await page.getByText('Found no mail from or to nobody@americangreetings.com. Shown instead: mail from or to americangreetings.com (address, EHLO or reverse name)').waitFor()
    await until(() => rows(page).locator('.s-sender .mono').allTextContents()).toEqual(['216.33.111.150', '192.0.2.9'])
  })

  test('refused ones first; the keyboard moves, opens, bans, closes; all of it stands in the address', async () => {
    const { gate, page } = await show('#/senders')
    await rows(page).first().waitFor()
    expect(await rows(page).first().textContent()).toContain('Refused')
    await page.keyboard.press('j')
    await page.keyboard.press('j')
    await until(() => chosen(page).getAttribute('id')).toBe('sender-1')
    await until(() => page.url()).toContain('sender=')
    await page.getByRole('complementary', { name: 'Sender' }).getByText('Attempts a day').waitFor()
    const address = await chosen(page).locator('.s-sender .mono').textContent()
    await page.keyboard.press('b')
    await page.getByRole('dialog', { name: 'Ban' }).waitFor()
    await page.keyboard.press('Enter')
    await until(() => gate.calls.some((call) => call.includes(`${address}`))).toBe(true)
    await until(() => chosen(page).textContent()).toContain('Banned')
    await page.reload()
    await until(() => chosen(page).textContent()).toContain(address ?? '?')
    await page.keyboard.press('Escape')
    await until(() => page.getByRole('complementary', { name: 'Sender' }).count()).toBe(0)
    expect(page.url()).not.toContain('sender=')
  })

  test('filters by state and finding, in the address; nothing found says so and clears', async () => {
    const { page } = await show('#/senders')
    await rows(page).first().waitFor()
    await page.getByLabel('State').selectOption('accepted')
    await until(async () => new Set(await rows(page).locator('.s-state').allTextContents())).toEqual(new Set(['Accepted']))
    await page.getByLabel('Finding').selectOption('ptr-missing')
    expect(page.url()).toContain('state=accepted&finding=ptr-missing')
    await page.getByRole('heading', { name: 'Nothing found' }).waitFor()
    await page.getByRole('button', { name: 'Clear search and filters' }).click()
    await rows(page).first().waitFor()
    await page.keyboard.press('/')
    await page.keyboard.type('198.51.100.0/24')
    await page.getByText('Understood as: everything from clients in 198.51.100.0/24').waitFor()
  })

  test('an address handed over by the Live page is looked up', async () => {
    const { gate, page } = await show('#/senders?q=216.33.111.150')
    gate.finish(Date.now(), founding(), false)
    await page.getByRole('complementary', { name: 'Sender' }).getByRole('heading', { name: '216.33.111.150' }).waitFor()
    await page.getByText('As a table').click()
    await page.getByRole('columnheader', { name: 'Refused', exact: true }).waitFor()
  })

  test('empty', async () => {
    const { page } = await show('#/senders', { history: 0 })
    await page.getByRole('heading', { name: 'Nobody has knocked yet' }).waitFor()
    expect(await violations(page)).toEqual([])
  })

  test.each([[false, 1600], [true, 1600], [false, 900], [true, 900]])('axe finds nothing (dark: %s, %s px)', async (dark, width) => {
    const { page } = await show('#/senders', {}, { dark, width })
    await pick(page, 'Refused')
    await page.getByText('Attempts a day').waitFor()
    expect(await violations(page)).toEqual([])
    if (process.env.SHOTS !== undefined) await page.screenshot({ path: `${process.env.SHOTS}/senders-${dark ? 'dark' : 'light'}-${width}.png` })
    await page.getByRole('searchbox', { name: 'Search senders' }).fill(PASTED)
    await page.getByText(/Understood as/).waitFor()
    await page.getByText('Sessions that the search finds').waitFor()
    expect(await violations(page)).toEqual([])
    if (process.env.SHOTS !== undefined) await page.screenshot({ path: `${process.env.SHOTS}/search-${dark ? 'dark' : 'light'}-${width}.png` })
  })
})
