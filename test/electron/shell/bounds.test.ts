/** The window comes back where it was, unless nobody would see it there. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { keepBounds, keptBounds } from '../../../electron/shell/bounds.ts'

const folder = mkdtempSync(join(tmpdir(), 'porch-bounds-'))
afterAll(() => rmSync(folder, { recursive: true }))

const screens = [{ x: 0, y: 0, width: 1920, height: 1080 }, { x: 1920, y: 0, width: 1280, height: 1024 }]
const onSecond = { x: 2000, y: 100, width: 1000, height: 700, maximized: false }

describe('window bounds', () => {
  test('are kept and found again, in a folder that is made for them', () => {
    const file = join(folder, 'new/window.json')
    keepBounds(file, onSecond)
    expect(keptBounds(file, screens)).toEqual(onSecond)
  })

  test('are made to fit a screen that became smaller', () => {
    const file = join(folder, 'window.json')
    keepBounds(file, { ...onSecond, x: 10, y: 10, width: 3000, height: 2000 })
    expect(keptBounds(file, [{ x: 0, y: 0, width: 1280, height: 720 }])).toEqual({ x: 10, y: 10, width: 1280, height: 720, maximized: false })
  })

  test.each([
    ['the second screen is gone', onSecond, screens.slice(0, 1)],
    ['the title bar is above the screen', { ...onSecond, x: 0, y: -40 }, screens],
    ['only a sliver is left of it', { ...onSecond, x: -950 }, screens],
    ['there is no screen', onSecond, []],
  ])('are dropped when %s', (_why, bounds, there) => {
    const file = join(folder, 'window.json')
    keepBounds(file, bounds)
    expect(keptBounds(file, there)).toBeNull()
  })

  test.each(['', '{', 'null', '{"x":0}', '{"x":0,"y":0,"width":1e9,"height":700,"maximized":false}', '{"x":"0","y":0,"width":900,"height":700,"maximized":false}'])('are dropped when the file says %s', (text) => {
    const file = join(folder, 'torn.json')
    writeFileSync(file, text)
    expect(keptBounds(file, screens)).toBeNull()
  })

  test('that cannot be written are no trouble', () => {
    writeFileSync(join(folder, 'file'), '')
    expect(() => keepBounds(join(folder, 'file/window.json'), onSecond)).not.toThrow()
  })
})
