/**
 * A notice by mouse and key against the real gate in a real Chromium: a sender is refused, the contact comes from a registry, the very
 * message that is shown arrives at the submission server; and what a hostile sender and a hostile registry say stays text all the way.
 */
import { existsSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chromium } from 'playwright-core'
import type { Browser, Page } from 'playwright-core'
import { startBackend } from '../fakes/backend.ts'
import type { FakeBackend } from '../fakes/backend.ts'
import { startNameserver } from '../fakes/nameserver.ts'
import type { FakeNameserver } from '../fakes/nameserver.ts'
import { card, json, startRdapServer } from '../fakes/rdapserver.ts'
import type { RdapServer } from '../fakes/rdapserver.ts'
import { smtpClient } from './client.ts'
import { noteTroubles, pick, rowOf, until, violations } from './consolepage.ts'
import { startPorch } from './porch.ts'
import type { Porch } from './porch.ts'
import { buildRenderer } from './renderer.ts'

const CHROMIUM = '/usr/bin/chromium'
const missing = existsSync(CHROMIUM) ? null : 'Chromium is not installed (run build/debian.sh)'
if (missing !== null) console.warn(`SKIPPED: test/e2e/console-notices-gate.test.ts: ${missing}`)

const HTML = '<img src=x onerror=globalThis.owned=1>'
const NETWORK = {
  objectClassName: 'ip network', startAddress: '127.0.0.0', endAddress: '127.0.0.255', name: `${HTML}\u202e`, handle: 'NET-1',
  entities: [{ roles: ['registrant'], entities: [{ roles: ['abuse'], vcardArray: card(`${HTML}\r\nBcc: x@y.example\u202e`, 'abuse@isp.example') }, { roles: ['technical'], vcardArray: card('NOC', `noc@isp.example\r\nBcc: x@y.example`) }] }],
}

describe.skipIf(missing !== null)(`a notice and the gate ${missing ?? ''}`, () => {
  let browser: Browser
  let page: Page
  let porch: Porch
  let dns: FakeNameserver
  let backend: FakeBackend
  let registry: RdapServer
  const troubles: string[] = []
  const editor = () => page.getByRole('dialog', { name: 'Notify' })
  const preview = () => editor().getByRole('region', { name: 'What will be sent' })

  async function knock(ehlo: string, sender: string): Promise<void> {
    const client = await smtpClient({ port: porch.port })
    await client.reply()
    for (const line of [`EHLO ${ehlo}`, `MAIL FROM:<${sender}>`, 'RCPT TO:<joe@shop.example>', 'QUIT']) await client.say(line)
    client.end()
  }

  beforeAll(async () => {
    await buildRenderer()
    dns = await startNameserver('mail.acme.example 60 A 198.51.100.99\n')
    backend = await startBackend()
    registry = await startRdapServer({ '/ip/127.0.0.1': json(NETWORK) })
    porch = await startPorch({
      hostname: 'mx.shop.example', domains: ['shop.example'], backend: backend.address, dns: { servers: [dns.address], canary: [] }, policy: { exempt: [] }, bans: { strikes: 10_000 },
      notices: { smtp: backend.address, from: 'postmaster@shop.example', rdap: registry.base }, shop: { name: 'INTIMIDATOR Hosting', phone: '+1 303 555 0100' },
    })
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
    page = await browser.newPage({ viewport: { width: 1600, height: 950 } })
    page.setDefaultTimeout(20_000)
    noteTroubles(page, troubles)
    await page.goto(porch.ready.console)
  })
  afterAll(async () => {
    await browser.close()
    await porch.stop()
    await registry.close()
    await backend.close()
    await dns.close()
  })

  test('refused, found in the registry, sent as it was shown, followed up', async () => {
    await knock('mail.acme.example', 'ann@acme.example')
    await pick(page, 'mail.acme.example')
    await page.keyboard.press('n')
    await editor().getByRole('radio', { name: /abuse@isp\.example/ }).waitFor()
    await preview().getByText('To: abuse@isp.example').waitFor()
    await preview().getByText('1.0.0.127.in-addr.arpa. IN PTR mail.acme.example.').waitFor()
    const shown = (await preview().getByLabel('What will be sent', { exact: true }).last().locator('div').allTextContents()).join('\n').replaceAll('\u00a0', '')
    await preview().getByRole('button', { name: 'Send to abuse@isp.example' }).click()
    await page.getByRole('button', { name: 'Yes, send' }).click()
    await page.getByText('The notice to abuse@isp.example is on its way.').waitFor()
    expect(backend.messages.length).toBe(0)
    await page.goto(`${page.url().split('#')[0] ?? ''}#/notices?tab=sent`)
    await pick(page, 'abuse@isp.example')
    const pane = page.getByRole('complementary', { name: 'Notice' })
    await pane.getByText(/^It leaves in \d+ s\./).waitFor()
    await until(() => backend.messages.length).toBe(1)
    await pane.getByText('Sent. Porch checks the sender’s DNS by itself', { exact: false }).waitFor()
    expect(backend.messages[0]?.data.toString('latin1').replaceAll('\r\n', '\n').trimEnd()).toBe(shown.trimEnd())
    await pane.getByText(/Another one cannot go there now: the cap for one contact is reached/).waitFor()
    await pane.getByText('Next check').waitFor()
    expect(await violations(page)).toEqual([])
    await page.getByRole('link', { name: 'Senders' }).click()
    await rowOf(page, 'notified').waitFor()
  })

  test('hostile names, reverse-paths and registries are only ever text, also in the editor and in the message', async () => {
    await knock(`${HTML}\u202emoc.elpmaxe`, '"<script>globalThis.owned=5</script>"@evil.example')
    await page.getByRole('link', { name: 'Live' }).click()
    await pick(page, HTML)
    await page.keyboard.press('n')
    await editor().getByText(HTML, { exact: false }).first().waitFor()
    await editor().getByRole('radio', { name: 'Another address' }).check()
    await editor().getByRole('textbox', { name: 'Mail address' }).fill('noc@colo.example')
    await preview().getByText('To: noc@colo.example').waitFor()
    const lines = await preview().getByLabel('What will be sent', { exact: true }).last().locator('div').allTextContents()
    expect(lines.filter((line) => /^(Bcc|RCPT)/i.test(line))).toEqual([])
    expect(lines.some((line) => line.includes(HTML))).toBe(true)
    expect(await page.locator('img[src=x], main script, [role=dialog] script').count()).toBe(0)
    expect(await page.evaluate(() => [(globalThis as { owned?: number }).owned, /[\u202a-\u202e\u2066-\u2069]/.test(document.body.innerText)])).toEqual([undefined, false])
    expect(troubles).toEqual([])
  })
})
