/** How the console gives way where there is little room, in a real Chromium: the status strip, alarms, and the columns of the Live list. */
import { describe, expect, test } from 'vitest'
import type { Locator, Page } from 'playwright-core'
import type { GateState } from '../../shared/api.ts'
import { autoBan, CLIENT, hasChromium, openFounding, rowOf, stillRow, useConsolePage } from './consolepage.ts'

const COUNTDOWN: Partial<GateState> = { mode: 'observe', modeUntil: new Date(Date.now() + 3_590_000).toISOString() }
const SICK: Partial<GateState> = { canary: { state: 'red', since: new Date().toISOString(), why: '3 of 4 known names were not answered', known: 4 } }
const IN_PRACTICE: Partial<GateState> = { ownHealth: { at: '2026-11-25T08:00:00.000Z', troubles: 0, running: false } }

const box = async (element: Locator) => (await element.boundingBox())!
const stripHeight = async (page: Page) => (await box(page.locator('.strip'))).height

describe.skipIf(!hasChromium)('little room', () => {
  const show = useConsolePage()

  test.each([
    ['in practice', 1280, true, IN_PRACTICE], ['in practice', 1400, true, IN_PRACTICE], ['live', 1280, false, {}], ['with a countdown', 1280, false, COUNTDOWN], ['with a countdown', 1400, false, COUNTDOWN],
    ['with a countdown', 1600, false, COUNTDOWN], ['with a sick DNS', 1280, false, SICK], ['with a sick DNS', 1400, false, SICK],
  ] as const)('the strip is one row, %s at %d px', async (_, width, practice, state) => {
    const { gate, page } = await show('#/live', { practice }, { width })
    gate.patch(state)
    if ('modeUntil' in state) await page.getByRole('button', { name: /back to Enforce in \d/ }).waitFor()
    if ('canary' in state) await page.locator('.fact.red').waitFor()
    expect(await stripHeight(page)).toBeLessThan(48)
  })

  test('at 900 px what the strip has no room for stands together in its second row', async () => {
    const { gate, page } = await show('#/live', {}, { width: 900 })
    gate.patch(COUNTDOWN)
    await page.getByRole('button', { name: /back to Enforce in \d/ }).waitFor()
    expect(await stripHeight(page)).toBeLessThan(80)
    const tops = await page.locator('.stripend > *').evaluateAll((facts) => facts.map((fact) => { const { top, height } = fact.getBoundingClientRect(); return Math.round(top + height / 2) }))
    expect(Math.max(...tops) - Math.min(...tops)).toBeLessThan(4)
  })

  test('a long alarm wraps beside its icon', async () => {
    const { gate, page } = await show()
    gate.patch({ alarms: [{ code: 'settings', severity: 'critical', since: new Date().toISOString(), text: `The settings file cannot be used: ${'expected one of enforce, observe, grace; '.repeat(8)}` }] })
    const alarm = page.getByRole('list', { name: 'What needs you' }).getByRole('listitem')
    await alarm.waitFor()
    const [icon, text] = [await box(alarm.locator('svg')), await box(alarm.locator('span').first())]
    expect([icon.x + icon.width <= text.x, Math.abs(icon.y - text.y) < 8]).toEqual([true, true])
  })

  test('with a detail open at 1400 px a client without a verified name is told by the one it claims', async () => {
    const { gate, page } = await show('#/live', {}, { width: 1400 })
    await openFounding(gate, page)
    expect(await page.getByRole('columnheader', { name: 'EHLO name' }).isVisible()).toBe(false)
    const client = rowOf(page, CLIENT).locator('.c-client')
    const name = client.getByText('www.americangreetings.com')
    expect(await name.isVisible()).toBe(true)
    expect((await box(name)).width).toBeGreaterThan(100)
    expect(await client.locator('.claimed:visible').textContent()).toBe('claimed')
    // One that is verified keeps its own.
    const verified = await stillRow(page, 'mail50.acme.example')
    expect(await verified.locator('.c-client .claimed:visible').count()).toBe(0)
  })

  test('a ban leaves the name its place', async () => {
    const { gate, page } = await show('#/live', {}, { width: 1400 })
    autoBan(gate)
    await openFounding(gate, page)
    const client = rowOf(page, CLIENT).locator('.c-client')
    await client.getByTitle('banned now').waitFor()
    expect((await box(client.getByText('www.americangreetings.com'))).width).toBeGreaterThan(100)
  })
})
