/** The page Own health in a real Chromium: reached from the lamp, Check and the palette; findings by area, a look at once, axe in light and dark. */
import { describe, expect, test } from 'vitest'
import { hasChromium, palette, until, useConsolePage, violations } from './consolepage.ts'

describe.skipIf(!hasChromium)('own health', () => {
  const show = useConsolePage()

  test('findings by area with what to do, and only those that are not in order', async () => {
    const { page } = await show('#/health')
    await page.getByRole('heading', { name: '2 things to do, 1 could not be told.' }).waitFor()
    await page.getByRole('region', { name: 'Blacklists' }).getByText('hijacked or infected').waitFor()
    await page.getByRole('region', { name: 'Own name' }).getByRole('button', { name: 'Copy' }).waitFor()
    await page.getByRole('region', { name: 'Disk', exact: true }).waitFor()
    await page.getByRole('switch', { name: 'Only what is not in order' }).check()
    await until(() => page.getByRole('region', { name: 'Disk', exact: true }).count()).toBe(0)
    expect(await violations(page)).toEqual([])
  })

  test('a look at once says when it is done; Check leads there', async () => {
    const { page } = await show('#/check')
    await page.getByRole('link', { name: 'Own health', exact: true }).click()
    await page.getByRole('button', { name: 'Look now' }).click()
    await page.getByRole('status').filter({ hasText: 'Done. 2 things to do' }).waitFor({ state: 'attached' })
  })

  test('the lamp of the status strip says how many things there are to do, and leads there; so does the palette, by keyboard', async () => {
    const { page } = await show('#/live')
    await page.getByRole('link', { name: 'Own health: 2 to do' }).click()
    await page.getByRole('heading', { name: '2 things to do, 1 could not be told.' }).waitFor()
    await page.goto(`${page.url().split('#')[0] ?? ''}#/live`)
    await page.keyboard.press('Control+k')
    await palette(page).waitFor()
    await page.keyboard.type('doctor')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: '2 things to do, 1 could not be told.' }).waitFor()
    expect(new URL(page.url()).hash).toBe('#/health')
  })

  test('in practice the lamp does not call a set-up in order that is not looked at', async () => {
    const { gate, page } = await show('#/live', { practice: true })
    gate.patch({ ownHealth: { at: '2026-11-25T08:00:00.000Z', troubles: 0, running: false } })
    const lamp = page.getByRole('link', { name: 'Own health: not in practice' })
    await lamp.waitFor()
    expect(await lamp.getAttribute('title')).toContain('name, MX, blacklists, DNS, mail server and ports are not looked at')
    gate.patch({ practice: false })
    await page.getByRole('link', { name: 'Own health: in order' }).waitFor()
  })
})
