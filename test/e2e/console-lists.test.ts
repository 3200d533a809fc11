/** Lists and suggestions of the Rules page in a real Chromium, against the double of the gate: import with preview, export, what could be better. */
import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { SUGGESTED } from '../fakes/samplesuggestions.ts'
import { clipboard, hasChromium, role, rowOf, until, useConsolePage } from './consolepage.ts'

const undo = (page: Page) => page.getByRole('button', { name: 'Undo' }).last().click()

describe.skipIf(!hasChromium)('lists', () => {
  const show = useConsolePage()

  test('import: recognised, previewed line by line, whom it would hit; done in one go, undone in one', async () => {
    const { gate, page } = await show('#/rules', { rules: 10 })
    gate.finish(Date.now(), { ...role('confirmed'), client: () => '198.51.100.4' })
    await page.getByRole('button', { name: 'Import…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Import rules' })
    await dialog.getByRole('textbox', { name: 'List' }).fill('198.51.100.0/24 # spam\n192.0.2.1/24\n10.0.0.5\n')
    const plan = dialog.getByRole('region', { name: 'What it would do' })
    await plan.getByText('Recognised as: Plain list').waitFor()
    for (const text of ['2 bans', '1 new', '1 replace what is there', '1 bad line, left out', 'line 2: "192.0.2.1/24": has host bits set']) await plan.getByText(text).waitFor()
    await plan.getByText(/good senders? of the last 30 days would be hit/).waitFor()
    const go = dialog.getByRole('button', { name: 'Import 2 rules' })
    expect(await go.isDisabled()).toBe(true)
    await dialog.getByLabel('Import the good lines all the same').check()
    await dialog.getByLabel('Where it does not say how long').selectOption('For good')
    await go.click()
    await page.getByText('2 rules imported.').waitFor()
    await rowOf(page, '198.51.100.0/24').waitFor()
    expect(gate.rules.find(({ scope }) => scope === '198.51.100.0/24')).toMatchObject({ reason: 'spam', until: null })
    await undo(page)
    await page.getByText('The import of 2 rules is undone.').waitFor()
    expect(gate.rules.some(({ scope }) => scope === '198.51.100.0/24')).toBe(false)
    expect(gate.rules.find(({ scope }) => scope === '10.0.0.5')?.reason).toBe('asked three times, never repaired')
  })

  test('import of a file, chosen or dropped; what is no text is refused', async () => {
    const { gate, page } = await show('#/rules', { rules: 0 })
    await page.getByRole('button', { name: 'Import…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Import rules' })
    const choose = dialog.locator('input[type=file]')
    await choose.setInputFiles({ name: 'x.bin', mimeType: 'application/octet-stream', buffer: Buffer.from([1, 0, 2]) })
    await dialog.getByRole('alert').getByText('This is not a text file.').waitFor()
    const many = Array.from({ length: 5000 }, (_, n) => `10.${n >> 16}.${(n >> 8) & 255}.${n & 255} # list`).join('\n')
    gate.work.slow = 20
    await choose.setInputFiles({ name: 'list.txt', mimeType: 'text/plain', buffer: Buffer.from(many) })
    await dialog.getByText('list.txt,').waitFor()
    await dialog.getByRole('button', { name: 'Import 5,000 rules' }).click()
    await dialog.getByText(/Importing: [\d,]+ of 5,000…/).waitFor()
    await page.getByText('5,000 rules imported.').waitFor({ timeout: 40_000 })
    await page.getByRole('tab', { name: 'Bans (5,000)' }).waitFor()
    await page.getByRole('button', { name: 'Import…' }).click()
    const dropped = await page.evaluateHandle(() => {
      const data = new DataTransfer()
      data.items.add(new File(['table inet filter {\n set bad {\n  type ipv4_addr\n  elements = { 203.0.113.7 }\n }\n}\n'], 'rules.nft'))
      return data
    })
    await dialog.getByRole('textbox', { name: 'List' }).dispatchEvent('drop', { dataTransfer: dropped })
    await dialog.getByText('Recognised as: nftables').waitFor()
    await dialog.getByRole('button', { name: 'Import 1 rule' }).waitFor()
  })

  test.each([['Plain list', 'txt', '10.0.0.3 # customer called'], ['CSV', 'csv', '10.0.0.3,ban,customer called,'], ['nftables', 'nft', '10.0.0.3'], ['fail2ban', 'sh', 'banip 10.0.0.3']])('export as %s to a file', async (format, ending, line) => {
    const { page } = await show('#/rules', { rules: 10 })
    await page.getByRole('button', { name: 'Export…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Export rules' })
    await dialog.getByRole('radio', { name: format }).check()
    const [download] = await Promise.all([page.waitForEvent('download'), dialog.getByRole('button', { name: 'Download' }).click()])
    expect(download.suggestedFilename()).toMatch(new RegExp(`^porch-bans-\\d{4}-\\d\\d-\\d\\d\\.${ending}$`))
    expect(await readFile(await download.path(), 'utf8')).toContain(line)
    await page.getByText(`Saved as ${download.suggestedFilename()}.`).waitFor()
  })

  test('what is selected goes to the clipboard', async () => {
    const { page } = await show('#/rules?tab=allow', { rules: 20 })
    await rowOf(page, '.partner4.example').getByRole('checkbox').check()
    await page.getByRole('button', { name: 'Export selected…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Export rules' })
    await dialog.getByRole('radio', { name: 'Plain list' }).check()
    await dialog.getByRole('button', { name: 'Copy to the clipboard' }).click()
    await page.getByText('1 rule copied.').waitFor()
    expect(await clipboard(page)).toBe('.partner4.example # 10 strikes in 60 minutes\n')
  })

  test('suggestions: whom they would touch, done one by one or all at once, dismissed and taken back', async () => {
    const { gate, page } = await show('#/rules?tab=suggestions', { rules: 20 })
    gate.work.suggested = SUGGESTED
    await page.reload()
    const network = page.getByRole('listitem').filter({ hasText: '10.0.0.0/24' })
    await network.getByText('mail.good.example').waitFor()
    await page.getByText('Nobody of these was refused in the last 30 days.').waitFor()
    await page.getByRole('button', { name: 'Ban the network 10.0.0.0/24' }).click()
    await page.getByText('10.0.0.0/24 is banned in place of 2 bans.').waitFor()
    const has = (scope: string) => gate.rules.some((rule) => rule.scope === scope)
    expect([has('10.0.0.0/24'), has('10.0.0.0'), has('10.0.0.1')]).toEqual([true, false, false])
    await undo(page)
    await until(() => [has('10.0.0.0/24'), has('10.0.0.0'), has('10.0.0.1')]).toEqual([false, true, true])
    await page.getByRole('button', { name: 'Whitelist all 2' }).click()
    await page.getByText('2 suggestions done.').waitFor()
    expect([has('.google.com'), has('.yahoo.com')]).toEqual([true, true])
    await page.getByRole('button', { name: 'Lift all 2' }).click()
    await page.getByText('2 unused bans lifted.').waitFor()
    expect([has('10.0.0.5'), has('10.0.0.6')]).toEqual([false, false])
    await page.getByRole('button', { name: 'Dismiss the suggestion for 198.51.100.7' }).click()
    await page.getByText('Dismissed (1)').waitFor()
    await page.reload()
    await page.getByText('Dismissed (1)').click()
    await page.getByRole('button', { name: 'Suggest 198.51.100.7 again' }).click()
    await page.getByRole('button', { name: 'Ban 198.51.100.7' }).click()
    await page.getByText('198.51.100.7 is banned.').waitFor()
  })
})
