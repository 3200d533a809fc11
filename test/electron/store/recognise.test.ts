/** A store of Porch is told from other files by its bytes, and nothing is left beside it. */
import { mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createAlarms } from '../../../electron/alarms.ts'
import { systemClock } from '../../../electron/clock.ts'
import { isStore } from '../../../electron/store/recognise.ts'
import { createStore } from '../../../electron/store/store.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'porch-recognise-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

test('a backup, and the same with its schema spread over many pages', async () => {
  const store = await createStore({ dataDir: dir, clock: systemClock, alarms: createAlarms(systemClock), retentionDays: () => 90 })
  const file = join(dir, 'copy')
  await store.backup(file)
  await store.close()
  const before = readdirSync(dir).sort()
  expect(isStore(file)).toBe(true)
  expect(readdirSync(dir).sort()).toEqual(before)
  const db = new Sqlite(file)
  for (let each = 0; each < 200; each++) db.exec(`CREATE TABLE later_${each} (${Array.from({ length: 20 }, (_, column) => `column_${column} TEXT NOT NULL`).join(', ')}) STRICT`)
  db.close()
  expect(isStore(file)).toBe(true)
})

test('what is none: text, another program’s database, a torn head, pages that name themselves', () => {
  const file = (name: string) => join(dir, name)
  writeFileSync(file('text'), 'SQLite format 3 is what this letter is about. '.repeat(100))
  new Sqlite(file('other')).exec('CREATE TABLE rules (id INTEGER); PRAGMA user_version = 8').close()
  new Sqlite(file('torn')).exec('CREATE TABLE rules (id INTEGER)').close()
  truncateSync(file('torn'), 60)
  const circle = Buffer.alloc(4096)
  circle.write('SQLite format 3\0', 'latin1')
  circle.writeUInt16BE(4096, 16)
  circle[100] = 5
  circle.writeUInt16BE(0xffff, 103)
  circle.writeUInt32BE(1, 108)
  writeFileSync(file('circle'), circle)
  for (const name of ['text', 'other', 'torn', 'circle']) expect([name, isStore(file(name))]).toEqual([name, false])
})
