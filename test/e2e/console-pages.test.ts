/** The rest of the console in a real Chromium: rules, mode, practice, alarms; axe-core on every page and dialog in light and dark; a narrow window. */
import { describe, expect, test } from 'vitest'
import { FOUNDING } from '../fakes/samplecast.ts'
import { hasChromium, role, rowOf, rows, until, useConsolePage, violations } from './consolepage.ts'

describe.skipIf(!hasChromium)('console', () => {
  const show = useConsolePage()

  test('rules by hand: the gate says what is wrong, and what was typed stays', async () => {
    const { page } = await show('#/rules')
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
    const { gate, page } = await show()
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
    const { page } = await show('', { history: 0, rules: 0, practice: true })
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
    const { gate, page } = await show()
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
      const { gate, page } = await show('', {}, { dark })
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
      const { gate, page } = await show('#/rules', { practice: true, history: 0 }, { dark })
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
    const { gate, page } = await show('', {}, { width: 900 })
    gate.finish(Date.now(), role('german'))
    await rowOf(page, '198.18.7.9').click()
    await page.getByRole('complementary', { name: 'Session' }).getByText('did not answer').waitFor()
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(900)
    await rowOf(page, '198.18.7.9').getByRole('button', { name: 'Ban…' }).click()
    await page.getByRole('dialog', { name: 'Ban' }).waitFor()
  })
})
