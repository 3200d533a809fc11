/** Notices in Chromium, second thoughts: taken back, edited on, typed text over a reload, what cannot be sent and why, templates from Settings, a long list. */
import { describe, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import type { ConsoleGate } from '../fakes/consolegate.ts'
import { hasChromium, palette, pick, role, rows, until, useConsolePage, violations } from './consolepage.ts'

describe.skipIf(!hasChromium)('notices, second thoughts', () => {
  const show = useConsolePage()
  const founding = () => role('founding')
  const pane = (page: Page) => page.getByRole('complementary', { name: 'Notice' })
  const editor = (page: Page) => page.getByRole('dialog', { name: 'Notify' })
  const preview = (page: Page) => editor(page).getByRole('region', { name: 'What will be sent' })
  const text = (page: Page) => editor(page).getByRole('textbox', { name: 'Text of this notice' })

  async function write(gate: ConsoleGate, page: Page) {
    const session = gate.finish(Date.now(), founding())
    await pick(page, '216.33.111.150')
    await page.keyboard.press('n')
    await preview(page).getByText('To: hostmaster@isp.example').waitFor()
    return session
  }
  async function send(page: Page) {
    await preview(page).getByRole('button', { name: 'Send to hostmaster@isp.example' }).click()
    await page.getByRole('button', { name: 'Yes, send' }).click()
    await until(() => editor(page).count()).toBe(0)
  }

  test('sent, taken back with Undo, edited on, sent: one notice, byte for byte as it was shown', async () => {
    const { gate, page } = await show('#/live')
    await write(gate, page)
    const shown = (await preview(page).getByLabel('What will be sent', { exact: true }).last().locator('div').allTextContents()).join('\n').replaceAll('\u00a0', '')
    await send(page)
    const [queued] = gate.notices.outbox.list()
    expect(queued?.nextTryAt).toBe((queued?.queuedAt ?? 0) + 10_000)
    expect(((await gate.notices.outbox.message(queued?.id ?? '')) ?? '').replace(/(?:\r\n)+$/, '').replaceAll('\r\n', '\n')).toBe(shown)
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByText('Taken back: the notice to hostmaster@isp.example is a draft again.').waitFor()
    expect(gate.notices.outbox.list()).toMatchObject([{ id: queued?.id, state: 'draft' }])
    await page.goto(`${gate.url}#/notices?tab=drafts`)
    await pick(page, 'hostmaster@isp.example')
    await pane(page).getByRole('button', { name: 'Edit…' }).click()
    await text(page).fill('Subject: About {client}\n\nSecond thoughts about {client}.\n')
    await preview(page).getByText('Second thoughts about 216.33.111.150.').waitFor()
    await preview(page).getByRole('button', { name: 'Keep as draft' }).click()
    await until(() => gate.notices.outbox.list().map(({ id, state, subject }) => [id, state, subject])).toEqual([[queued?.id, 'draft', 'About 216.33.111.150']])
    await page.keyboard.press('n')
    await until(() => text(page).inputValue()).toContain('Second thoughts')
    await preview(page).getByText('Second thoughts about 216.33.111.150.').waitFor()
    await send(page)
    expect(gate.notices.outbox.list()).toMatchObject([{ id: queued?.id, state: 'queued' }])
    await page.goto(`${gate.url}#/notices?tab=sent&open=${queued?.id ?? ''}`)
    await pane(page).getByRole('button', { name: 'Take back' }).click()
    await until(() => gate.notices.outbox.list()[0]?.state).toBe('draft')
    await page.getByRole('button', { name: 'Discard draft' }).click()
    await until(() => gate.notices.outbox.list()[0]?.state).toBe('cancelled')
    await page.getByRole('button', { name: 'Undo' }).last().click()
    await until(() => gate.notices.outbox.list()[0]?.state).toBe('draft')
  })

  test('what is leaving already cannot be taken back, and it says so', async () => {
    const { gate, page } = await show('#/live')
    await write(gate, page)
    await send(page)
    await gate.notices.tell('hostmaster@isp.example', { kind: 'hand-over' })
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByText('It has left already, or is leaving: that cannot be taken back.').waitFor()
  })

  test('typed text: Escape asks, a reload keeps it, discarding forgets it', async () => {
    const { gate, page } = await show('#/live')
    await write(gate, page)
    await text(page).fill('Subject: Mine\n\nMy own words about {client}.\n')
    await preview(page).getByText('My own words about 216.33.111.150.').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('alertdialog', { name: 'You have changed the text of this notice.' }).getByRole('button', { name: 'Go on writing' }).click()
    expect(await violations(page)).toEqual([])
    await page.reload()
    await editor(page).getByText('What you wrote before is here again.').waitFor()
    expect(await text(page).inputValue()).toContain('My own words')
    await preview(page).getByText('My own words about 216.33.111.150.').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Discard the changes' }).click()
    await until(() => editor(page).count()).toBe(0)
    await page.reload()
    await rows(page).first().waitFor()
    expect(await editor(page).count()).toBe(0)
  })

  test('mistakes lead to their line, fields are put in at the caret, the last message stays beside them', async () => {
    const { gate, page } = await show('#/live')
    await write(gate, page)
    await text(page).fill('Subject: Mine\n\nAbout {clint}.\n')
    await editor(page).getByRole('button', { name: /^Line 3: "\{clint\}" is no field/ }).click()
    expect(await text(page).evaluate((area: HTMLTextAreaElement) => area.value.slice(area.selectionStart, area.selectionEnd))).toBe('About {clint}.')
    await preview(page).getByText('the last one without a mistake').waitFor()
    await preview(page).getByText('To: hostmaster@isp.example').waitFor()
    expect(await preview(page).getByRole('button', { name: /^Send/ }).isDisabled()).toBe(true)
    await page.keyboard.type('About ')
    await editor(page).getByText('Fields', { exact: true }).click()
    await editor(page).getByRole('button', { name: 'Insert {client}: the sender’s address' }).click()
    expect(await text(page).inputValue()).toBe('Subject: Mine\n\nAbout {client}\n')
    await preview(page).getByText('About 216.33.111.150').waitFor()
  })

  test('whom a client names at other domains is no customer; the palette writes about an address', async () => {
    const { gate, page } = await show('#/live')
    const session = gate.finish(Date.now(), founding())
    Object.assign(gate.sessions.find(({ record }) => record.id === session.id)?.record ?? {}, { recipients: ['joe@shop.example', 'victim@elsewhere.example'] })
    await page.keyboard.press('Control+k')
    await palette(page).fill('216.33.111.150')
    await page.getByRole('option', { name: 'Write a notice about 216.33.111.150' }).click()
    await editor(page).getByRole('combobox', { name: 'What to send' }).selectOption('To our customer')
    await editor(page).getByRole('radio', { name: /joe@shop\.example/ }).waitFor()
    expect(await editor(page).getByText('victim@elsewhere.example').count()).toBe(0)
  })

  test('what is missing to send is said with the way there; with it, what the caps leave', async () => {
    const { gate, page } = await show('#/notices')
    await page.getByText('One contact once in 7 days; 0 of 20 sent within 24 hours.').waitFor()
    gate.notices.notices = { smtp: '127.0.0.1:587' }
    await page.getByText('Not set: notices.from.').waitFor()
    gate.notices.notices = undefined
    await page.getByText('Not set: notices.smtp and notices.from.').waitFor()
    await page.getByRole('link', { name: 'Open Settings' }).click()
    await page.getByRole('link', { name: 'Edit the templates of notices' }).click()
    const dialog = page.getByRole('dialog', { name: 'Templates of notices' })
    await dialog.getByText('Auto-Submitted: auto-generated').waitFor()
    expect(page.url()).toContain('#/notices?template=isp')
    await dialog.getByRole('textbox', { name: 'Text' }).fill('Subject: New\n\nNew words for {client}\n')
    await dialog.getByText(/^New words for \d/).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('alertdialog', { name: 'The changes are not kept.' }).waitFor()
    expect(await violations(page)).toEqual([])
    await page.getByRole('button', { name: 'Discard them' }).click()
    await until(() => dialog.count()).toBe(0)
    expect((await gate.notices.templates.list()).some(({ changed }) => changed)).toBe(false)
  })

  test('templates can be written before anybody was refused', async () => {
    const { page } = await show('#/notices?template=customer', { history: 0 })
    await page.getByText('With a made-up session of 216.33.111.150: nobody was refused so far').waitFor()
    await page.getByText('Subject: Why mail from cards@americangreetings.com did not reach you').waitFor()
  })

  test('who sank is counted, shown on demand with what speaks against it, and can be written to all the same', async () => {
    const { gate, page } = await show('#/notices')
    const { id, client, ehlo, sender } = gate.finish(Date.now(), founding(), false)
    gate.notices.proposed = { due: [], stuck: [], sunk: [{ client, score: -40, session: id, ehlo, sender, lastAt: Date.now(), reasons: [{ weight: -30, text: 'it writes as 9 different domains' }, { weight: 15, text: 'one step would repair its DNS' }] }] }
    await page.getByText('1 other refused sender, more like spam.').waitFor({ timeout: 15_000 })
    await page.getByRole('button', { name: 'Show', exact: true }).click()
    await pick(page, 'it writes as 9 different domains')
    await pane(page).getByText('More like spam').waitFor()
    expect(await violations(page)).toEqual([])
    await page.keyboard.press('n')
    await preview(page).getByText('To: hostmaster@isp.example').waitFor()
  })

  test('fixed shows then and now; five thousand notices scroll and are searched', async () => {
    const { gate, page } = await show('#/live')
    await write(gate, page)
    await send(page)
    await gate.notices.tell('hostmaster@isp.example', { kind: 'hand-over' }, { kind: 'accepted', reply: '250 ok' }, { kind: 'checked', outcome: 'fixed', text: 'Fixed, its mail passes. 150.111.33.216.in-addr.arpa. PTR: then nxdomain, now www.americangreetings.com.' })
    const [first] = gate.notices.outbox.list()
    for (let n = 0; n < 5000; n += 1) await gate.notices.outbox.put({ ...first!, id: n.toString(16).padStart(20, '0'), state: 'fixed', to: `noc${n}@isp.example`, createdAt: first!.createdAt - n }, 'x')
    await page.goto(`${gate.url}#/notices?tab=fixed&open=${first?.id ?? ''}`)
    expect(await pane(page).getByRole('row', { name: /150\.111\.33\.216\.in-addr\.arpa\. PTR/ }).textContent()).toMatch(/nxdomain.*www\.americangreetings\.com/)
    await page.getByText('5,001 entries').waitFor()
    expect(await rows(page).count()).toBeLessThan(100)
    await page.getByRole('searchbox', { name: 'Search notices' }).fill('noc4999@')
    await until(() => rows(page).count()).toBe(1)
    expect(page.url()).toContain('q=noc4999')
  })

  test.each([{ dark: false }, { dark: true }])('at 900 px axe finds nothing in the editor and the templates, dark: $dark', async ({ dark }) => {
    const { gate, page } = await show('#/live', {}, { dark, width: 900 })
    await write(gate, page)
    await editor(page).getByText('Fields', { exact: true }).click()
    expect(await violations(page)).toEqual([])
    await page.keyboard.press('Escape')
    await page.goto(`${gate.url}#/notices?template=domain-owner`)
    await page.getByRole('dialog', { name: 'Templates of notices' }).getByText('Auto-Submitted: auto-generated').waitFor()
    expect(await violations(page)).toEqual([])
  })
})
