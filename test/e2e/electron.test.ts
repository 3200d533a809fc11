/**
 * The desktop in a real Electron: one smoke test of what the double cannot show. Runs whenever a runtime and a display are there (xvfb will
 * do); otherwise it says loudly that it did not.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { _electron } from 'playwright-core'
import { expect, test } from 'vitest'
import { electronBinary } from '../../build/desktop.mjs'

const ROOT = resolve(import.meta.dirname, '../..')
const binary = electronBinary(ROOT, process.env, process.platform)
const hasDisplay = process.platform !== 'linux' || process.env.DISPLAY !== undefined || process.env.WAYLAND_DISPLAY !== undefined
const missing = binary === null ? 'no Electron runtime is here (node_modules/electron/dist, or ELECTRON_OVERRIDE_DIST_PATH)' : hasDisplay ? null : 'there is no display (try xvfb-run)'

if (missing !== null) process.stderr.write(`\n*** NOT TESTED: the desktop in a real Electron, because ${missing}. The double in Chromium was tested instead. ***\n\n`)

test.skipIf(missing !== null)(`the real program shows its gate, keeps Node out of the page, and quits${missing === null ? '' : ` (NOT RUN: ${missing})`}`, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'porch-electron-'))
  writeFileSync(join(folder, 'porch.json'), JSON.stringify({ listen: ['127.0.0.1:0'], console: '127.0.0.1:0' }))
  const root = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  const app = await _electron.launch({ executablePath: binary!, args: [ROOT, '--data', folder, ...root] })
  try {
    const page = await app.firstWindow()
    await page.getByText(/127\.0\.0\.1:\d+/).first().waitFor()
    expect(page.url()).toMatch(/^porch:\/\/console\//)
    expect(await page.evaluate('[typeof require, typeof process, typeof module]')).toEqual(['undefined', 'undefined', 'undefined'])
    expect(await app.evaluate(({ BrowserWindow, Menu }) => [BrowserWindow.getAllWindows().length, Menu.getApplicationMenu()?.items.length])).toEqual([1, 5])
  } finally {
    await app.close()
    rmSync(folder, { recursive: true, force: true })
  }
})
