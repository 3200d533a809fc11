/** The shop's own introduction on the help page, from a file that may be anything. */
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { shopWords } from '../../../electron/help/words.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'porch-words-'))
})
afterEach(() => rmSync(dir, { recursive: true }))

test('is read anew when it changes; missing, empty or too long it is none', async () => {
  const words = shopWords(dir)
  const file = join(dir, 'help.txt')
  expect(await words()).toBeNull()
  const texts: readonly (readonly [string, string | null])[] = [['Our policy\n', 'Our policy'], ['  \n\n', null], ['x'.repeat(20_001), null], ['Grüße\n\nund so', 'Grüße\n\nund so']]
  for (const [index, [text, shown]] of texts.entries()) {
    writeFileSync(file, text)
    utimesSync(file, 1000 + index, 1000 + index)
    expect(await words()).toBe(shown)
    expect(await words()).toBe(shown)
  }
  rmSync(file)
  expect(await words()).toBeNull()
})
