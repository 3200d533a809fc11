/** The palette, text from outside at its worst, and axe over everything of the Live page; in a real Chromium by role and label. */
import { describe, expect, test } from 'vitest'
import { answer, FOUNDING } from '../fakes/samplecast.ts'
import type { Role } from '../fakes/samplecast.ts'
import { autoBan, CLIENT, clipboard, explain, focusIn, hasChromium, listbox, openFounding, palette, pane, pick, rowOf, until, useConsolePage, violations, when } from './consolepage.ts'

/** 2,000 characters, markup, bidi and controls in every field that comes from outside; German words that no column is made for. */
const NASTY = `<b onmouseover="alert(1)">\u202e\u0007\u200b"'\`${'donaudampfschifffahrtsgesellschaftskapitaenswitwe.'.repeat(40)}`
const HOSTILE: Role = {
  ...FOUNDING, name: 'nasty', client: () => '192.0.2.77', ehlo: () => NASTY, ptr: () => [NASTY], iprev: 'fail', findings: ['ptr-unconfirmed', 'ehlo-mismatch'], reply: () => `550 5.7.25 ${NASTY}`, sender: () => NASTY,
  evidence: () => [answer('77.2.0.192.in-addr.arpa', 'PTR', 'found', [NASTY], { chain: [NASTY], server: NASTY }), answer(NASTY, 'A', 'found', [NASTY])],
  remedies: () => [{ title: NASTY, steps: [{ who: 'domain-owner', do: 'add', name: NASTY, type: 'A', value: NASTY }] }], sentence: () => NASTY,
}

describe.skipIf(!hasChromium)('palette, hostile text, axe', () => {
  const show = useConsolePage()

  test('palette: fuzzy, by keyboard alone; pages, the chosen row, modes, colours; the focus comes back', async () => {
    const { gate, page } = await show()
    gate.finish(Date.now(), FOUNDING)
    await rowOf(page, CLIENT).waitFor()
    await page.keyboard.press('j')
    await page.keyboard.press('Control+k')
    await palette(page).waitFor()
    const options = listbox(page).getByRole('option')
    expect(await options.first().textContent()).toContain('Chosen row')
    await page.keyboard.type('chk ag')
    expect(await options.first().textContent()).toContain('Check again')
    await page.keyboard.press('Enter')
    await pane(page).getByText('It does not pass yet.').last().waitFor()
    await until(() => palette(page).count()).toBe(0)
    await until(() => focusIn(page, '[role=grid]')).toBe(true)
    await page.keyboard.press('Control+k')
    await page.keyboard.type('panic')
    expect(await palette(page).getAttribute('aria-activedescendant')).toBe(await options.first().getAttribute('id'))
    await page.keyboard.press('Enter')
    await until(() => gate.calls).toContain('mode observe 3600000')
    await page.getByText('Mode is now observe for 1 hour.').waitFor()
    await page.keyboard.press('Control+k')
    await page.keyboard.type('dark')
    await page.keyboard.press('Enter')
    await until(() => page.evaluate(() => document.documentElement.getAttribute('data-mantine-color-scheme'))).toBe('dark')
    await page.keyboard.press('Control+k')
    await page.keyboard.press('ArrowUp')
    await until(() => options.last().getAttribute('aria-selected')).toBe('true')
    await page.keyboard.type('zzzz')
    await until(() => options.allTextContents()).toEqual(['Go to what you typedSearch for zzzz'])
    await page.keyboard.press('Escape')
    await until(() => focusIn(page, '[role=grid]')).toBe(true)
    await page.keyboard.press('Control+k')
    await page.keyboard.type('rules')
    await page.keyboard.press('Enter')
    await page.getByRole('grid', { name: 'Rules' }).waitFor()
    await page.keyboard.press('Control+k')
    await palette(page).waitFor()
    await page.keyboard.press('Control+k')
    await until(() => palette(page).count()).toBe(0)
  })

  test('palette: what was typed leads to a sender, to sessions, to one session', async () => {
    const { gate, page } = await show()
    const session = gate.finish(Date.now(), FOUNDING)
    await rowOf(page, CLIENT).waitFor()
    const go = async (typed: string, option: string) => {
      await page.keyboard.press('Control+k')
      await palette(page).fill(typed)
      await listbox(page).getByRole('option', { name: option }).waitFor()
      while (!(await listbox(page).getByRole('option', { name: option }).getAttribute('aria-selected'))?.includes('true')) await page.keyboard.press('ArrowDown')
      await page.keyboard.press('Enter')
    }
    await go(CLIENT, `Show the sessions of ${CLIENT}`)
    await until(() => new URL(page.url()).hash).toBe(`#/live?network=${CLIENT}`)
    await go('americangreetings.com', 'Show the sessions of americangreetings.com')
    await until(() => new URL(page.url()).hash).toBe('#/live?text=americangreetings.com')
    await go(session.id, `Open session ${session.id}`)
    await pane(page).getByText('What would repair it').waitFor()
    await go(CLIENT, `Open the sender ${CLIENT}`)
    await until(() => new URL(page.url()).hash).toMatch(/^#\/senders\?.*216\.33\.111\.150/)
  })

  test('hostile text of 2,000 characters in every field: nothing runs, nothing is hidden, nothing sticks out', async () => {
    const { gate, page } = await show('', {}, { width: 900 })
    gate.finish(Date.now(), HOSTILE)
    await pick(page, '192.0.2.77')
    await pane(page).getByText('What would repair it').waitFor()
    await pane(page).getByRole('button', { name: 'Check again' }).click()
    await pane(page).getByText('Nothing has changed.').waitFor()
    const text = (await page.locator('body').textContent()) ?? ''
    expect(text).toContain('\\u{202e}')
    for (const hidden of ['\u202e', '\u0007', '\u200b']) expect(text).not.toContain(hidden)
    expect(await page.locator('#root b').count()).toBe(0)
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(900)
    expect(await pane(page).evaluate((element) => [...element.querySelectorAll('.panebody, .panehead')].filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.className))).toEqual([])
    expect(await violations(page)).toEqual([])
    await when(page, 'Then').click()
    await pane(page).getByRole('button', { name: 'Copy as dig' }).click()
    await until(() => clipboard(page)).toContain('77.2.0.192.in-addr.arpa.')
    expect((await clipboard(page)).replace(/[\x20-\x7e\t\n]/g, '')).toBe('')
  })

  test.each([{ dark: false }, { dark: true }])('axe finds nothing in the pane, the menu, the palette, an explanation, a search; dark: $dark', async ({ dark }) => {
    const { gate, page } = await show('', {}, { dark })
    autoBan(gate)
    gate.finish(Date.now() - 2000, { ...FOUNDING, ehlo: () => 'other.americangreetings.com' })
    const found: Record<string, string[]> = {}
    const look = async (name: string) => (found[name] = await violations(page))
    await openFounding(gate, page)
    await pane(page).getByText('strikes in 60 minutes').waitFor()
    await look('then')
    await explain(page, 'PTR')
    await page.getByRole('tooltip').waitFor()
    await look('explained')
    gate.checks.repaired.add(CLIENT)
    await pane(page).getByRole('button', { name: 'Check again' }).click()
    await page.getByText(/passes now: the automatic ban/).first().waitFor()
    await look('both')
    await when(page, 'Now').click()
    await look('now')
    await pick(page, CLIENT, { button: 'right' })
    await page.getByRole('menu').waitFor()
    await look('menu')
    await page.keyboard.press('Escape')
    await page.keyboard.press('Control+k')
    await page.keyboard.type('a')
    await palette(page).waitFor()
    await look('palette')
    await page.keyboard.press('Escape')
    await page.getByRole('searchbox').fill('joe@shop.example from acme.example')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: /^Change the filter/ }).waitFor()
    await look('search')
    expect(found).toEqual({ then: [], explained: [], both: [], now: [], menu: [], palette: [], search: [] })
  })
})
