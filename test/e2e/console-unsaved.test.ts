/** Nothing is lost, covered or misread, in a real Chromium: texts that were typed, buttons below messages, the focus when a list is empty, whose verdict it is. */
import { describe, expect, test } from 'vitest'
import { hasChromium, until, useConsolePage } from './consolepage.ts'

describe.skipIf(!hasChromium)('nothing lost', () => {
  const show = useConsolePage()

  test('a text that is no JSON yet is not lost unasked either, and it says why there is no form', async () => {
    const { page } = await show('#/settings')
    await page.getByRole('button', { name: 'File', exact: true }).click()
    const text = page.getByRole('textbox', { name: 'The settings file, as JSON' })
    await text.fill('{ "hostname": ')
    await page.getByText('The form comes back once the text is JSON.').waitFor()
    await page.getByText('Text not saved, 1 problem').waitFor()
    await page.getByRole('link', { name: 'Live', exact: true }).click()
    const dialog = page.getByRole('dialog', { name: 'Leave without saving?' })
    await dialog.getByText('is not saved, and would be lost').waitFor()
    await dialog.getByRole('button', { name: 'Stay', exact: true }).last().click()
    expect(await text.inputValue()).toBe('{ "hostname": ')
    await page.getByRole('link', { name: 'Live', exact: true }).click()
    await dialog.getByRole('button', { name: 'Discard and leave' }).click()
    await page.getByRole('grid', { name: 'Sessions' }).waitFor()
  })

  test('messages leave the buttons below the form free', async () => {
    const { page } = await show('#/settings')
    await page.getByRole('textbox', { name: 'Host name', exact: true }).fill('mx2.shop.example')
    await page.getByRole('button', { name: 'Review and save…' }).click()
    await page.getByRole('dialog', { name: 'What will change' }).getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByText('Everything is saved.').waitFor()
    await page.getByRole('textbox', { name: 'Host name', exact: true }).fill('mx3.shop.example')
    await page.getByRole('button', { name: 'Undo' }).waitFor()
    await page.getByRole('button', { name: 'Discard' }).click({ timeout: 2000 })
    expect(await page.getByRole('textbox', { name: 'Host name', exact: true }).inputValue()).toBe('mx2.shop.example')
  })

  test('my own server does not stand above the verdict on another sender', async () => {
    const { page } = await show('#/check?client=216.33.111.150&ehlo=www.americangreetings.com')
    const verdict = page.getByRole('region', { name: 'Under each rule set' })
    await verdict.waitFor()
    await page.getByRole('button', { name: 'Check my own server' }).click()
    await page.getByRole('region', { name: 'My own server, as others see it' }).waitFor()
    expect(await verdict.count()).toBe(0)
    await page.getByRole('button', { name: 'Check', exact: true }).click()
    await verdict.waitFor()
    expect(await page.getByRole('region', { name: 'My own server, as others see it' }).count()).toBe(0)
  })

  test('to observe for an hour while it observes for good is nothing to do', async () => {
    const { gate, page } = await show('#/live')
    gate.patch({ mode: 'observe', modeAfter: 'observe' })
    await page.getByRole('button', { name: 'Mode Observe', exact: true }).click()
    const dialog = page.getByRole('dialog', { name: 'Change the mode' })
    await dialog.getByLabel('For how long').selectOption('1 hour')
    await dialog.getByText('there is nothing to do').waitFor()
    expect(await dialog.getByRole('button', { name: 'Change' }).isDisabled()).toBe(true)
    await page.keyboard.press('Escape')
    await page.keyboard.press('Control+k')
    await page.keyboard.type('panic')
    await page.keyboard.press('Enter')
    await page.getByText('Mode is observe already, for good: there is nothing to do.').waitFor()
    expect(gate.calls.filter((call) => call.startsWith('mode'))).toEqual([])
  })

  test('all lifted by keyboard, put back with u, and lifted again: the focus comes back with the rows', async () => {
    const { gate, page } = await show('#/rules', { rules: 10 })
    await page.getByRole('grid', { name: 'Rules' }).waitFor()
    await page.keyboard.press('j')
    for (const round of ['once', 'again']) {
      await page.keyboard.press('Control+a')
      await page.keyboard.press('Delete')
      await until(() => [round, gate.rules.some(({ kind }) => kind === 'ban')]).toEqual([round, false])
      await page.getByRole('heading', { name: 'Nobody is banned' }).waitFor()
      await page.keyboard.press('u')
      await page.getByRole('grid', { name: 'Rules' }).waitFor()
    }
  })
})
