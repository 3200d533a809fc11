/** Every script in this folder, as written and octet by octet: how the client cuts its octets must change nothing. */
import { readFileSync, readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { play } from './play.ts'
import { parseScript } from './script.ts'

const folder = new URL('./scripts/', import.meta.url)
const names = readdirSync(folder).filter((name) => name.endsWith('.txt')).sort()

test('there are scripts', () => { expect(names.length).toBeGreaterThanOrEqual(60) })

describe.each(names)('%s', (name) => {
  const script = parseScript(readFileSync(new URL(name, folder), 'utf8'))
  test('as written', () => play(script, 'whole'))
  // Where the cut is the very point (`@ once`: takes long; `@ early`: talks before the banner) there is no second way to play it.
  if (!script.once && !script.early) test('octet by octet', () => play(script, 'octets'))
})
