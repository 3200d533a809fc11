/** Draws the console with sample senders into docs/screenshots: live in light and dark, rules, first start. PNGs of at most 150 KB each. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import type { Browser, Page } from 'playwright-core'
import { ConsoleGate } from '../fakes/consolegate.ts'
import type { ConsoleGateOptions } from '../fakes/consolegate.ts'
import { CAST, FOUNDING } from '../fakes/samplecast.ts'
import { paletted } from './palettepng.ts'
import { buildRenderer } from './renderer.ts'

const folder = fileURLToPath(new URL('../../docs/screenshots', import.meta.url))
const MOST_BYTES = 150_000

interface Shot {
  readonly name: string
  readonly dark: boolean
  readonly hash: string
  readonly gate: ConsoleGateOptions
  readonly ready: (page: Page) => Promise<void>
}

const openFounding = async (page: Page) => {
  await page.getByRole('row').filter({ hasText: '216.33.111.150' }).first().click()
  await page.getByText('What would repair it').waitFor()
}

const SHOTS: readonly Shot[] = [
  { name: 'live-light', dark: false, hash: '', gate: { history: 600, rules: 40 }, ready: openFounding },
  { name: 'live-dark', dark: true, hash: '', gate: { history: 600, rules: 40 }, ready: openFounding },
  { name: 'rules', dark: false, hash: '#/rules', gate: { rules: 60 }, ready: (page) => page.getByRole('grid').waitFor() },
  { name: 'first-start', dark: false, hash: '', gate: { practice: true }, ready: (page) => page.getByRole('heading', { name: 'Nobody has knocked yet' }).waitFor() },
]

async function draw(browser: Browser, shot: Shot): Promise<void> {
  const gate = new ConsoleGate(shot.gate)
  await gate.start()
  if (shot.name.startsWith('live')) for (const role of [...CAST].reverse()) gate.finish(Date.now() - 1000, role, false)
  if (shot.name.startsWith('live')) gate.finish(Date.now(), FOUNDING, false)
  const context = await browser.newContext({ viewport: { width: 1280, height: 760 }, colorScheme: shot.dark ? 'dark' : 'light', reducedMotion: 'reduce' })
  const page = await context.newPage()
  await page.goto(gate.url + shot.hash)
  await shot.ready(page)
  await page.mouse.move(0, 0)
  const path = join(folder, `${shot.name}.png`)
  const image = await paletted(await page.screenshot({ animations: 'disabled' }), page)
  await writeFile(path, image)
  await context.close()
  await gate.stop()
  const size = image.length
  console.log(`${shot.name}.png ${Math.round(size / 1000)} KB`)
  if (size > MOST_BYTES) throw new Error(`${shot.name}.png has ${size} octets, more than ${MOST_BYTES}`)
}

await buildRenderer()
await mkdir(folder, { recursive: true })
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-lcd-text', '--font-render-hinting=full'] })
for (const shot of SHOTS) await draw(browser, shot)
await browser.close()
