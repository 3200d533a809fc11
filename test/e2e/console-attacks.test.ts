/**
 * RELIABILITY, "Console and desktop", attacked in a real Chromium against a real gate: another site's page that knows where the
 * console is, hostile text in every field that comes from outside, scripts that the content policy must stop, secrets that
 * must not be told. (The door itself is attacked octet by octet in test/electron/console/server.test.ts.)
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chromium } from 'playwright-core'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { startNameserver } from '../fakes/nameserver.ts'
import type { FakeNameserver } from '../fakes/nameserver.ts'
import { smtpClient } from './client.ts'
import { startPorch } from './porch.ts'
import type { Porch } from './porch.ts'
import { buildRenderer } from './renderer.ts'

const CHROMIUM = '/usr/bin/chromium'
const missing = existsSync(CHROMIUM) ? null : 'Chromium is not installed (run build/debian.sh)'
if (missing !== null) console.warn(`SKIPPED: test/e2e/console-attacks.test.ts: ${missing}`)

/** Runs if any of it ever becomes markup; the marks would turn the line around or hide its end. */
const HTML = '<img src=x onerror=globalThis.owned=1>'
const SECRET = 'hunter2-is-not-told'

describe.skipIf(missing !== null)(`the console under attack ${missing ?? ''}`, () => {
  let browser: Browser
  let context: BrowserContext
  let page: Page
  let dns: FakeNameserver
  let porch: Porch
  let evil: Server
  let evilUrl: string
  let stderr = ''
  const troubles: string[] = []

  beforeAll(async () => {
    await buildRenderer()
    dns = await startNameserver('1.2.0.192.in-addr.arpa 60 PTR <b>host\\.name.example\n')
    porch = await startPorch({ hostname: 'mx.shop.example', dns: { servers: [dns.address] }, notices: { smtp: '127.0.0.1:9', from: 'a@shop.example', user: 'porch', passwordFile: 'secret.txt' }, shop: { name: HTML } })
    writeFileSync(join(porch.dir, 'secret.txt'), SECRET)
    porch.process.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
    evil = createServer((_request, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>evil</title>'))
    await new Promise<void>((resolve) => evil.listen(0, '127.0.0.1', resolve))
    evilUrl = `http://127.0.0.1:${(evil.address() as AddressInfo).port}/`
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
    context = await browser.newContext({ viewport: { width: 1600, height: 900 } })
    page = await context.newPage()
    page.setDefaultTimeout(15_000)
    page.on('pageerror', (error) => troubles.push(error.message))
    await page.goto(porch.ready.console)
    await page.getByRole('link', { name: 'Settings' }).waitFor()
  })
  afterAll(async () => {
    await browser.close()
    evil.close()
    await porch.stop()
    await dns.close()
  })

  test('the token is nowhere a script could read it, nor in the address', async () => {
    const seen = await page.evaluate(() => JSON.stringify([document.cookie, location.href, document.documentElement.outerHTML, { ...localStorage }, { ...sessionStorage }]))
    const token = new URL(porch.ready.console).searchParams.get('token') ?? ''
    expect([token.length > 30, seen.includes(token), await page.evaluate(() => document.cookie)]).toEqual([true, false, ''])
    const [cookie] = await context.cookies()
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict', value: token })
  })

  test('no script that is not a file of ours ever runs, and the page has none inline', async () => {
    const html = await (await context.request.get(new URL(porch.ready.console).origin)).text()
    expect([...html.matchAll(/<script(?![^>]*\bsrc=)[^>]*>/g), ...html.matchAll(/\son\w+=|javascript:/g)].map(([text]) => text)).toEqual([])
    const ran = await page.evaluate(async () => {
      const script = document.createElement('script')
      script.textContent = 'globalThis.owned = 1'
      document.head.append(script)
      const link = document.createElement('a')
      link.href = 'javascript:globalThis.owned=2'
      document.body.append(link)
      link.click()
      const holder = document.createElement('div')
      holder.innerHTML = '<img src=x onerror="globalThis.owned=3">'
      document.body.append(holder)
      await new Promise((resolve) => holder.querySelector('img')?.addEventListener('error', resolve))
      let evaluated: unknown = null
      try {
        evaluated = (0, eval)('globalThis.owned = 4')
      } catch {
        // As it should be.
      }
      script.remove()
      link.remove()
      holder.remove()
      return [(globalThis as { owned?: number }).owned, evaluated]
    })
    expect(ran).toEqual([undefined, null])
  })

  test('another site’s page gets no WebSocket, reads nothing, changes nothing, frames nothing', async () => {
    const other = await context.newPage()
    await other.goto(evilUrl)
    const origin = new URL(porch.ready.console).origin
    const got = await other.evaluate(async (target) => {
      const socket = await new Promise((resolve) => {
        const tried = new WebSocket(`${target.replace('http', 'ws')}/ws`)
        tried.onopen = () => resolve('open')
        tried.onerror = () => resolve('refused')
      })
      const read = (path: string, init: RequestInit) => fetch(`${target}${path}`, init).then(({ type }) => (type === 'opaque' ? 'opaque' : 'read'), () => 'refused')
      const frame = document.createElement('iframe')
      frame.src = target
      const framed = await new Promise((resolve) => {
        frame.onload = () => resolve(frame.contentDocument === null ? 'closed' : 'open')
        document.body.append(frame)
      })
      return {
        socket, framed,
        state: await read('/rpc/state/get', { method: 'POST', credentials: 'include', body: '{}', headers: { 'content-type': 'application/json' } }),
        ban: await read('/rpc/rules/add', { method: 'POST', credentials: 'include', mode: 'no-cors', body: JSON.stringify({ json: { kind: 'ban', scope: '192.0.2.1', reason: 'evil' } }) }),
        metrics: await read('/metrics', { credentials: 'include' }),
      }
    }, origin)
    expect(got).toMatchObject({ socket: 'refused', state: 'refused', metrics: 'refused', framed: 'closed' })
    expect((await porch.cli('rules', '--json')).stdout).toBe('')
    expect((await other.frames()[1]?.content().catch(() => '')) ?? '').not.toContain('id="root"')
    await other.close()
  })

  test('hostile text in every field from outside is only ever text', async () => {
    const client = await smtpClient({ port: porch.port })
    await client.reply()
    await client.say(`EHLO ${HTML}\u202emoc.elpmaxe`)
    await client.say('EHLO attacker.example')
    await client.say('MAIL FROM:<"<script>globalThis.owned=5</script>"@a.example>')
    await client.say('RCPT TO:<joe@shop.example>')
    await client.say('QUIT')
    client.end()
    await porch.session(({ client: address }) => address === '127.0.0.1')
    for (const [scope, reason] of [['192.0.2.1', `${HTML}\u202e`], ['192.0.2.2', '=HYPERLINK("http://evil.example")']] as const) expect((await porch.cli('ban', scope, '--reason', reason)).code).toBe(0)
    writeFileSync(porch.config, `{"${HTML}\u202e": 1}`)
    const origin = new URL(porch.ready.console).origin
    for (const [hash, shown] of [['#/rules', HTML], ['#/settings', `${HTML}\\u{202e}`], [`#/check?client=${encodeURIComponent(HTML)}&ehlo=${encodeURIComponent(`${HTML}\u202e`)}`, 'is not an address'], ['#/live', HTML]] as const) {
      await page.goto(`${origin}/${hash}`)
      await page.reload()
      await page.getByText(shown).filter({ visible: true }).first().waitFor()
      expect([hash, await page.locator('img[src=x], main script').count(), await page.evaluate(() => (globalThis as { owned?: number }).owned)]).toEqual([hash, 0, undefined])
      expect([hash, await page.evaluate(() => /[\u202a-\u202e\u2066-\u2069]/.test(document.body.innerText))]).toEqual([hash, false])
    }
  })

  test('an exported list carries no formula for a spreadsheet', async () => {
    await page.waitForFunction(() => document.readyState === 'complete')
    const token = new URL(porch.ready.console).searchParams.get('token') ?? ''
    const reply = await fetch(`${new URL(porch.ready.console).origin}/rpc/rules/export`, { method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body: JSON.stringify({ json: { format: 'csv' } }) })
    const { json } = (await reply.json()) as { json: { text: string } }
    expect(json.text).toContain('HYPERLINK')
    for (const cell of json.text.split(/[,\n]/)) expect(cell).not.toMatch(/^"?[=+@\t\r-]/)
  })

  test('nothing secret in the settings that are told, nor in what the gate writes', async () => {
    const token = new URL(porch.ready.console).searchParams.get('token') ?? ''
    writeFileSync(porch.config, `{"notices": {"password": "${SECRET}"`)
    const ask = async () => (await fetch(`${new URL(porch.ready.console).origin}/rpc/settings/get`, { method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body: '{}' })).text()
    expect(await ask()).not.toContain(SECRET)
    writeFileSync(porch.config, JSON.stringify({ notices: { password: SECRET, passwordFile: 'secret.txt' } }))
    const told = await ask()
    expect([told.includes('secret.txt'), told.includes(SECRET), told.includes(token)]).toEqual([true, false, false])
    await expect.poll(() => stderr).toContain('notices.password: unknown key')
    expect([stderr.includes(SECRET), stderr.includes(token), readFileSync(join(porch.dir, 'secret.txt'), 'utf8')]).toEqual([false, false, SECRET])
    expect(troubles).toEqual([])
  })
})
